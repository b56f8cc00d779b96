//! Route 53: hosted zones.

use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall, elbv2};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};
use crate::simulator::world::SimulatedAccount;
use crate::simulator::world::seed::Seed;

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let account = call.place.account;
    let count = account.workload.hosted_zones;
    Some(match &*call.operation.name {
        "ListHostedZones" => {
            Ok(SimulatedResponse::list("HostedZones", count, move |zone| hosted_zone(account, zone))
                .with_additional(marker(call)))
        }
        "GetHostedZone" => find(call).map(|zone| {
            SimulatedResponse::members(json!({"HostedZone": hosted_zone(account, zone), "VPCs": []}))
        }),
        "ListResourceRecordSets" => {
            find(call).map(|zone| SimulatedResponse::items("ResourceRecordSets", records(account, zone)))
        }
        _ => return None,
    })
}

/// Returns the marker of the request, which the response repeats.
fn marker(call: &SimulatedCall<'_>) -> Value {
    call.text("Marker").map_or_else(|| json!({}), |marker| json!({"Marker": marker}))
}

fn seed(account: &SimulatedAccount, zone: usize) -> Seed {
    Seed::of(&["hosted zone", account.id.as_str()]).with(zone)
}

fn zone_id(account: &SimulatedAccount, zone: usize) -> String {
    format!("Z{}", seed(account, zone).base32(20))
}

fn zone_name(account: &SimulatedAccount, zone: usize) -> String {
    let prefix = &account.workload.prefix;
    match zone {
        0 => format!("{prefix}.blue-heron.example."),
        zone => format!("{prefix}-{}.internal.", zone + 1),
    }
}

fn is_private(zone: usize) -> bool {
    zone > 0
}

fn find(call: &SimulatedCall<'_>) -> Result<usize, SimulatedError> {
    let account = call.place.account;
    let wanted = call.text("Id").or_else(|| call.text("HostedZoneId")).unwrap_or_default();
    let id = wanted.trim_start_matches("/hostedzone/");
    (0..account.workload.hosted_zones).find(|zone| zone_id(account, *zone) == id).ok_or_else(|| {
        SimulatedError::new(404, "NoSuchHostedZone", format!("No hosted zone found with ID: {id}"))
    })
}

fn hosted_zone(account: &SimulatedAccount, zone: usize) -> Value {
    json!({
        "Id": format!("/hostedzone/{}", zone_id(account, zone)),
        "Name": zone_name(account, zone),
        "CallerReference": seed(account, zone).uuid(),
        "Config": {"Comment": "managed by code", "PrivateZone": is_private(zone)},
        "ResourceRecordSetCount": records(account, zone).len()
    })
}

fn records(account: &SimulatedAccount, zone: usize) -> Vec<Value> {
    let name = zone_name(account, zone);
    let servers: Vec<_> = (0..4)
        .map(|number| {
            let block = seed(account, zone).with(number).below(2048);
            json!({"Value": format!("ns-{block}.awsdns-{:02}.example.", number * 16)})
        })
        .collect();
    let mut records = vec![
        json!({"Name": name, "Type": "NS", "TTL": 172_800, "ResourceRecords": servers}),
        json!({
            "Name": name,
            "Type": "SOA",
            "TTL": 900,
            "ResourceRecords": [{"Value": "ns-1.awsdns-01.example. hostmaster.example. 1 7200 900 1209600 86400"}]
        }),
        json!({
            "Name": format!("www.{name}"),
            "Type": "A",
            "TTL": 300,
            "ResourceRecords": [{"Value": "203.0.113.10"}]
        }),
    ];
    records.extend(aliases(account, zone, &name));
    records
}

/// Returns the records that point to load balancers: one to the account's first, and one to a deleted one.
fn aliases(account: &SimulatedAccount, zone: usize, zone_name: &str) -> Vec<Value> {
    let Some(region) = account.workload.busy_in.first() else { return Vec::new() };
    let place = AccountRegion { account, region: region.as_str() };
    if is_private(zone) || place.amounts().load_balancers == 0 {
        return Vec::new();
    }
    let alias = |name: &str, host: String| {
        json!({
            "Name": format!("{name}.{zone_name}"),
            "Type": "A",
            "AliasTarget": {
                "HostedZoneId": "Z215JYRZR1TBD5",
                "DNSName": format!("dualstack.{host}."),
                "EvaluateTargetHealth": false
            }
        })
    };
    let deleted = format!("{}-deleted-1.{}.elb.amazonaws.com", account.workload.prefix, place.region);
    vec![alias("old", deleted), alias("shop", elbv2::dns_name(place, 0))]
}

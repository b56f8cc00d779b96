//! Elastic Load Balancing v2: load balancers, each with a listener and a target group.

use serde_json::{Value, json};

use super::tagged_resources::TaggedResources;
use super::{AccountRegion, SimulatedCall, ec2};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The tag `Name` of load balancers and target groups.
const TAG_NAME: &str = "balancer";

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let place = call.place;
    let count = place.amounts().load_balancers;
    Some(match &*call.operation.name {
        "DescribeLoadBalancers" => {
            let (arns, names) = (call.texts("LoadBalancerArns"), call.texts("Names"));
            let wanted = |number: &usize| {
                (arns.is_empty() || arns.contains(&&*balancer_arn(place, *number)))
                    && (names.is_empty() || names.contains(&&*name(place, *number)))
            };
            let numbers: Vec<_> = (0..count).filter(wanted).collect();
            Ok(SimulatedResponse::list("LoadBalancers", numbers.len(), move |index| {
                balancer(place, numbers[index])
            }))
        }
        "DescribeTargetGroups" => {
            let of = call.text("LoadBalancerArn");
            let numbers: Vec<_> = (0..count)
                .filter(|number| of.is_none_or(|arn| arn == balancer_arn(place, *number)))
                .collect();
            Ok(SimulatedResponse::list("TargetGroups", numbers.len(), move |index| {
                target_group(place, numbers[index])
            }))
        }
        "DescribeTargetHealth" => {
            find(call, "TargetGroupArn", target_group_arn, "TargetGroupNotFound").map(|number| {
                SimulatedResponse::members(json!({"TargetHealthDescriptions": health(place, number)}))
            })
        }
        "DescribeListeners" => {
            if call.text("LoadBalancerArn").is_none() {
                return Some(Ok(SimulatedResponse::items("Listeners", Vec::new())));
            }
            find(call, "LoadBalancerArn", balancer_arn, "LoadBalancerNotFound")
                .map(|number| SimulatedResponse::items("Listeners", vec![listener(place, number)]))
        }
        "DescribeTags" => {
            let arns: Vec<_> = call.texts("ResourceArns").into_iter().map(str::to_owned).collect();
            let described = arns.iter().map(|arn| json!({"ResourceArn": arn, "Tags": place.tags(TAG_NAME)}));
            Ok(SimulatedResponse::items("TagDescriptions", described.collect()))
        }
        _ => return None,
    })
}

/// Returns the load balancers and target groups with their tags.
pub(super) fn tagged(place: AccountRegion<'_>) -> [TaggedResources<'_>; 2] {
    let count = place.amounts().load_balancers;
    let of = move |arn: fn(AccountRegion<'_>, usize) -> String| {
        move |number| (arn(place, number), place.tags(TAG_NAME))
    };
    [
        TaggedResources::new("elasticloadbalancing:loadbalancer", count, of(balancer_arn)),
        TaggedResources::new("elasticloadbalancing:targetgroup", count, of(target_group_arn)),
    ]
}

/// Returns whether a load balancer is a network load balancer, as every third is.
fn is_network(number: usize) -> bool {
    number % 3 == 2
}

fn name(place: AccountRegion<'_>, number: usize) -> String {
    place.name(number)
}

/// Returns the path in the ARN of a load balancer: `app/shop-checkout/50dc6c495c0c9188`.
fn path(place: AccountRegion<'_>, number: usize) -> String {
    let kind = if is_network(number) { "net" } else { "app" };
    format!("{kind}/{}/{}", name(place, number), place.seed("elb", number).hex(16))
}

fn balancer_arn(place: AccountRegion<'_>, number: usize) -> String {
    place.arn("elasticloadbalancing", &format!("loadbalancer/{}", path(place, number)))
}

fn target_group_arn(place: AccountRegion<'_>, number: usize) -> String {
    let id = place.seed("target-group", number).hex(16);
    place.arn("elasticloadbalancing", &format!("targetgroup/{}/{id}", name(place, number)))
}

fn find(
    call: &SimulatedCall<'_>,
    member: &str,
    arn: fn(AccountRegion<'_>, usize) -> String,
    not_found: &str,
) -> Result<usize, SimulatedError> {
    let wanted = call.text(member).unwrap_or_default();
    (0..call.place.amounts().load_balancers)
        .find(|number| arn(call.place, *number) == wanted)
        .ok_or_else(|| SimulatedError::new(400, not_found, format!("'{wanted}' was not found")))
}

/// Returns the host of a load balancer.
pub(super) fn dns_name(place: AccountRegion<'_>, number: usize) -> String {
    let random = place.seed("dns", number).below(1 << 30);
    format!("{}-{random}.{}.elb.amazonaws.com", name(place, number), place.region)
}

fn balancer(place: AccountRegion<'_>, number: usize) -> Value {
    let internal = number % 4 == 3;
    let kind = if is_network(number) { "network" } else { "application" };
    json!({
        "LoadBalancerArn": balancer_arn(place, number),
        "DNSName": dns_name(place, number),
        "CanonicalHostedZoneId": format!("Z{}", place.seed("elb zone", 0).base32(13)),
        "CreatedTime": place.seed("elb-created", number).moment(),
        "LoadBalancerName": name(place, number),
        "Scheme": if internal { "internal" } else { "internet-facing" },
        "VpcId": ec2::main_vpc_id(place),
        "State": {"Code": "active"},
        "Type": kind,
        "AvailabilityZones": (0..3).map(|number| {
            let (subnet, zone) = ec2::subnet_and_zone(place, number);
            json!({"ZoneName": zone, "SubnetId": subnet, "LoadBalancerAddresses": []})
        }).collect::<Vec<_>>(),
        "SecurityGroups": [ec2::web_group_id(place)],
        "IpAddressType": "ipv4"
    })
}

fn target_group(place: AccountRegion<'_>, number: usize) -> Value {
    let (protocol, port) = if is_network(number) { ("TCP", 443) } else { ("HTTP", 8080) };
    json!({
        "TargetGroupArn": target_group_arn(place, number),
        "TargetGroupName": name(place, number),
        "Protocol": protocol,
        "Port": port,
        "VpcId": ec2::main_vpc_id(place),
        "HealthCheckProtocol": protocol,
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": true,
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 5,
        "UnhealthyThresholdCount": 2,
        "HealthCheckPath": "/health",
        "Matcher": {"HttpCode": "200"},
        "LoadBalancerArns": [balancer_arn(place, number)],
        "TargetType": "instance",
        "ProtocolVersion": "HTTP1",
        "IpAddressType": "ipv4"
    })
}

fn health(place: AccountRegion<'_>, number: usize) -> Value {
    let target = |index: usize| {
        let id = ec2::target_id(place, 2 * number + index)?;
        Some(json!({
            "Target": {"Id": id, "Port": 8080},
            "HealthCheckPort": "8080",
            "TargetHealth": {"State": "healthy"}
        }))
    };
    (0..2).filter_map(target).collect()
}

fn listener(place: AccountRegion<'_>, number: usize) -> Value {
    let id = place.seed("listener", number).hex(16);
    let arn = place.arn("elasticloadbalancing", &format!("listener/{}/{id}", path(place, number)));
    let certificate = place.arn("acm", &format!("certificate/{}", place.seed("certificate", number).uuid()));
    let target = target_group_arn(place, number);
    json!({
        "ListenerArn": arn,
        "LoadBalancerArn": balancer_arn(place, number),
        "Port": 443,
        "Protocol": if is_network(number) { "TLS" } else { "HTTPS" },
        "Certificates": [{"CertificateArn": certificate}],
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "DefaultActions": [{
            "Type": "forward",
            "TargetGroupArn": target,
            "Order": 1,
            "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": target, "Weight": 1}]}
        }]
    })
}

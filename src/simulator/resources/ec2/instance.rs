//! Instances, in the reservations they were launched with.

use serde_json::{Value, json};

use super::filter;
use super::network::{address_in, main_vpc, subnet_for, subnet_id, subnet_zone, vpc_id};
use super::network_interface;
use super::security_group;
use super::volume;
use crate::simulator::reply::{Answer, Reply};
use crate::simulator::resources::{Call, Place};

const TYPES: [(&str, u32, &str); 6] = [
    ("t3.medium", 1, "x86_64"),
    ("m6i.large", 1, "x86_64"),
    ("m7g.large", 2, "arm64"),
    ("c7g.xlarge", 4, "arm64"),
    ("r6i.2xlarge", 4, "x86_64"),
    ("t4g.small", 2, "arm64"),
];

/// How often a launch asked for two instances.
const PAIR_EVERY: usize = 7;
/// Which launch of each row it is.
const PAIR_AT: usize = 3;

/// The first instance of a reservation.
fn first(reservation: usize) -> usize {
    reservation + (reservation + PAIR_EVERY - 1 - PAIR_AT) / PAIR_EVERY
}

/// How many instances there are in a region.
pub(super) fn count(place: Place<'_>) -> usize {
    first(place.amounts().reservations)
}

pub(super) fn instance_id(place: Place<'_>, instance: usize) -> String {
    place.id("i", instance)
}

/// The id of the instance that serves the `number`th thing behind a load balancer.
pub(in crate::simulator::resources) fn target_id(place: Place<'_>, number: usize) -> Option<String> {
    let count = count(place);
    (count > 0).then(|| instance_id(place, number % count))
}

/// Some instances are stopped.
pub(super) fn is_running(place: Place<'_>, instance: usize) -> bool {
    place.seed("stopped", instance).below(8) > 0
}

pub(super) fn launch_time(place: Place<'_>, instance: usize) -> String {
    place.seed("launch", instance).moment()
}

/// The private address and host name of an instance.
pub(super) fn private_address(place: Place<'_>, instance: usize) -> (String, String) {
    let address = address_in(subnet_for(place, instance), instance);
    let host = format!("ip-{}.{}.compute.internal", address.replace('.', "-"), place.region);
    (address, host)
}

/// `DescribeInstances`: reservations, of which filters and ids leave some instances.
pub(super) fn reservations<'call>(call: &Call<'call>) -> Answer<'call> {
    let place = call.place;
    let count = place.amounts().reservations;
    let ids = call.texts("InstanceIds");
    let filters = filter::of(call);
    if ids.is_empty() && filters.is_empty() {
        return Ok(Reply::list("Reservations", count, move |index| reservation(place, index)));
    }
    let kept = |instance: &Value| {
        let named = ids.is_empty() || instance["InstanceId"].as_str().is_some_and(|id| ids.contains(&id));
        named && filters.iter().all(|filter| filter.keeps(instance))
    };
    let mut reservations: Vec<_> = (0..count).map(|index| reservation(place, index)).collect();
    for reservation in &mut reservations {
        if let Some(instances) = reservation["Instances"].as_array_mut() {
            instances.retain(kept);
        }
    }
    reservations.retain(|reservation| reservation["Instances"] != json!([]));
    Ok(Reply::items("Reservations", reservations))
}

fn reservation(place: Place<'_>, reservation: usize) -> Value {
    let launched = first(reservation)..first(reservation + 1);
    json!({
        "ReservationId": place.id("r", reservation),
        "OwnerId": place.account_id(),
        "Groups": [],
        "Instances": launched.clone().map(|number| instance(place, number, number - launched.start)).collect::<Vec<_>>()
    })
}

fn instance(place: Place<'_>, number: usize, launch_index: usize) -> Value {
    let subnet = subnet_for(place, number);
    let (instance_type, cores, architecture) = *place.seed("type", number).pick(&TYPES);
    let running = is_running(place, number);
    let (address, host) = private_address(place, number);
    let (group_id, group_name) = security_group::application(place);
    let name = place.name(number);
    let launched = launch_time(place, number);
    json!({
        "Architecture": architecture,
        "BlockDeviceMappings": volume::attachments(place, number),
        "ClientToken": place.seed("client-token", number).uuid(),
        "EbsOptimized": true,
        "EnaSupport": true,
        "Hypervisor": "xen",
        "IamInstanceProfile": {
            "Arn": place.global_arn("iam", "instance-profile/application"),
            "Id": format!("AIPA{}", place.seed("profile", 0).base32(17))
        },
        "NetworkInterfaces": [network_interface::of_instance(place, number)],
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SecurityGroups": [{"GroupId": group_id, "GroupName": group_name}],
        "SourceDestCheck": true,
        "StateReason": if running { Value::Null } else { json!({
            "Code": "Client.UserInitiatedShutdown",
            "Message": "Client.UserInitiatedShutdown: User initiated shutdown"
        }) },
        "Tags": place.tags(&name),
        "VirtualizationType": "hvm",
        "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": if architecture == "arm64" { 1 } else { 2 }},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
        "HibernationOptions": {"Configured": false},
        "MetadataOptions": {
            "State": "applied",
            "HttpTokens": if place.seed("imds", number).below(5) == 0 { "optional" } else { "required" },
            "HttpPutResponseHopLimit": 2,
            "HttpEndpoint": "enabled",
            "HttpProtocolIpv6": "disabled",
            "InstanceMetadataTags": "disabled"
        },
        "EnclaveOptions": {"Enabled": false},
        "BootMode": "uefi-preferred",
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "UsageOperationUpdateTime": launched,
        "PrivateDnsNameOptions": {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": false,
            "EnableResourceNameDnsAAAARecord": false
        },
        "MaintenanceOptions": {"AutoRecovery": "default", "RebootMigration": "default"},
        "CurrentInstanceBootMode": "uefi",
        "InstanceId": instance_id(place, number),
        "ImageId": super::image::base_image(place, architecture),
        "State": if running { json!({"Code": 16, "Name": "running"}) } else { json!({"Code": 80, "Name": "stopped"}) },
        "PrivateDnsName": host,
        "PublicDnsName": "",
        "StateTransitionReason": if running { "" } else { "User initiated" },
        "KeyName": key_name(place),
        "AmiLaunchIndex": launch_index,
        "ProductCodes": [],
        "InstanceType": instance_type,
        "LaunchTime": launched,
        "Placement": {"GroupName": "", "Tenancy": "default", "AvailabilityZone": subnet_zone(place, subnet)},
        "Monitoring": {"State": "disabled"},
        "SubnetId": subnet_id(place, subnet),
        "VpcId": vpc_id(place, main_vpc(place)),
        "PrivateIpAddress": address
    })
}

fn key_name(place: Place<'_>) -> String {
    format!("{}-operators", place.account.workload.prefix)
}

pub(super) fn key_pair_count(place: Place<'_>) -> usize {
    usize::from(place.amounts().reservations > 0)
}

pub(super) fn key_pair(place: Place<'_>, number: usize) -> Value {
    json!({
        "KeyPairId": place.id("key", number),
        "KeyType": "ed25519",
        "Tags": [],
        "CreateTime": place.seed("key-created", number).moment(),
        "KeyName": key_name(place),
        "KeyFingerprint": format!("SHA256:{}", place.seed("fingerprint", number).base36(43))
    })
}

//! Instances, in the reservations that they were launched with.

use serde_json::{Value, json};

use super::ids::{first, instance_id, launch_time};
use super::network::{address_in, main_vpc, subnet_for, subnet_id, subnet_zone, vpc_id};
use super::{filter, network_interface, security_group, volume};
use crate::simulator::resources::{AccountRegion, SimulatedCall, secrets};
use crate::simulator::response::SimulatedResponse;

const TYPES: [(&str, u32, &str); 6] = [
    ("t3.medium", 1, "x86_64"),
    ("m6i.large", 1, "x86_64"),
    ("m7g.large", 2, "arm64"),
    ("c7g.xlarge", 4, "arm64"),
    ("r6i.2xlarge", 4, "x86_64"),
    ("t4g.small", 2, "arm64"),
];

/// The interval of instances without tags.
const FORGOTTEN_EVERY: usize = 20;

/// Returns whether an instance is running; some are stopped.
pub(super) fn is_running(place: AccountRegion<'_>, instance: usize) -> bool {
    place.seed("stopped", instance).below(8) > 0
}

/// Returns the private address and host name of an instance.
pub(super) fn private_address(place: AccountRegion<'_>, instance: usize) -> (String, String) {
    let address = address_in(subnet_for(place, instance), instance);
    let host = format!("ip-{}.{}.compute.internal", address.replace('.', "-"), place.region);
    (address, host)
}

/// Returns the response of `DescribeInstances`: the reservations with the instances that match filters and ids.
pub(super) fn reservations<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    let place = call.place;
    let count = place.amounts().reservations;
    let ids = call.texts("InstanceIds");
    let filters = filter::of(call);
    if ids.is_empty() && filters.is_empty() {
        return SimulatedResponse::list("Reservations", count, move |index| reservation(place, index));
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
    SimulatedResponse::items("Reservations", reservations)
}

fn reservation(place: AccountRegion<'_>, reservation: usize) -> Value {
    let launched = first(reservation)..first(reservation + 1);
    let start = launched.start;
    let mut described = json!({
        "ReservationId": place.id("r", reservation),
        "OwnerId": place.account_id(),
        "Groups": []
    });
    // Assigned here, since `json!` would copy them.
    described["Instances"] = launched.map(|number| instance(place, number, number - start)).collect();
    described
}

fn instance(place: AccountRegion<'_>, number: usize, launch_index: usize) -> Value {
    let (instance_type, cores, architecture) = *place.seed("type", number).pick(&TYPES);
    let mut instance = json!({
        "Architecture": architecture,
        "ClientToken": place.seed("client-token", number).uuid(),
        "CpuOptions": {"CoreCount": cores, "ThreadsPerCore": if architecture == "arm64" { 1 } else { 2 }},
        "IamInstanceProfile": {
            "Arn": place.global_arn("iam", "instance-profile/application"),
            "Id": format!("AIPA{}", place.seed("profile", 0).base32(17))
        },
        "ImageId": super::image::base_image(place, architecture),
        "InstanceId": instance_id(place, number),
        "InstanceType": instance_type,
        "AmiLaunchIndex": launch_index,
        "KeyName": key_name(place),
        "UsageOperationUpdateTime": launch_time(place, number),
        "LaunchTime": launch_time(place, number)
    });
    instance["BlockDeviceMappings"] = volume::attachments(place, number);
    instance["MetadataOptions"] = metadata_options(place, number);
    if !is_forgotten(place, number) {
        instance["Tags"] = tags(place, number);
    }
    for part in [everywhere(), state(is_running(place, number)), network(place, number)] {
        if let (Value::Object(members), Value::Object(part)) = (&mut instance, part) {
            members.extend(part);
        }
    }
    instance
}

/// Returns whether an instance has no tags, as some instances in every larger account.
fn is_forgotten(place: AccountRegion<'_>, number: usize) -> bool {
    number % FORGOTTEN_EVERY == FORGOTTEN_EVERY - 1 && !place.account.workload.uniform
}

/// Returns the tags of an instance; one of them contains an access key id.
fn tags(place: AccountRegion<'_>, number: usize) -> Value {
    let mut tags = place.tags(&place.name(number));
    if let Value::Array(tags) = &mut tags
        && place.stage() == "staging"
        && number == 0
    {
        tags.push(json!({"Key": "deployed-with", "Value": secrets::TAG}));
    }
    tags
}

/// Returns the user data of an instance, the script of its first start.
pub(super) fn attribute<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    let id = call.text("InstanceId").unwrap_or_default();
    let mut members = json!({"InstanceId": id});
    if call.text("Attribute") == Some("userData") {
        members["UserData"] = json!({"Value": secrets::USER_DATA});
    }
    SimulatedResponse::members(members)
}

fn metadata_options(place: AccountRegion<'_>, number: usize) -> Value {
    json!({
        "State": "applied",
        "HttpTokens": if place.seed("imds", number).below(5) == 0 { "optional" } else { "required" },
        "HttpPutResponseHopLimit": 2,
        "HttpEndpoint": "enabled",
        "HttpProtocolIpv6": "disabled",
        "InstanceMetadataTags": "disabled"
    })
}

/// Returns the common members of all instances.
fn everywhere() -> Value {
    json!({
        "EbsOptimized": true,
        "EnaSupport": true,
        "Hypervisor": "xen",
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SourceDestCheck": true,
        "VirtualizationType": "hvm",
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
        "HibernationOptions": {"Configured": false},
        "EnclaveOptions": {"Enabled": false},
        "BootMode": "uefi-preferred",
        "CurrentInstanceBootMode": "uefi",
        "PlatformDetails": "Linux/UNIX",
        "UsageOperation": "RunInstances",
        "PrivateDnsNameOptions": {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": false,
            "EnableResourceNameDnsAAAARecord": false
        },
        "MaintenanceOptions": {"AutoRecovery": "default", "RebootMigration": "default"},
        "Monitoring": {"State": "disabled"},
        "ProductCodes": [],
        "PublicDnsName": ""
    })
}

fn state(running: bool) -> Value {
    if running {
        return json!({"State": {"Code": 16, "Name": "running"}, "StateTransitionReason": ""});
    }
    json!({
        "State": {"Code": 80, "Name": "stopped"},
        "StateTransitionReason": "User initiated",
        "StateReason": {
            "Code": "Client.UserInitiatedShutdown",
            "Message": "Client.UserInitiatedShutdown: User initiated shutdown"
        }
    })
}

fn network(place: AccountRegion<'_>, number: usize) -> Value {
    let subnet = subnet_for(place, number);
    let (address, host) = private_address(place, number);
    let (group_id, group_name) = security_group::application(place);
    let mut network = json!({
        "SecurityGroups": [{"GroupId": group_id, "GroupName": group_name}],
        "PrivateDnsName": host,
        "PrivateIpAddress": address,
        "Placement": {"GroupName": "", "Tenancy": "default", "AvailabilityZone": subnet_zone(place, subnet)},
        "SubnetId": subnet_id(place, subnet),
        "VpcId": vpc_id(place, main_vpc(place))
    });
    network["NetworkInterfaces"] = Value::Array(vec![network_interface::of_instance(place, number)]);
    network
}

fn key_name(place: AccountRegion<'_>) -> String {
    format!("{}-operators", place.account.workload.prefix)
}

pub(super) fn key_pair_count(place: AccountRegion<'_>) -> usize {
    usize::from(place.amounts().reservations > 0)
}

pub(super) fn key_pair(place: AccountRegion<'_>, number: usize) -> Value {
    json!({
        "KeyPairId": place.id("key", number),
        "KeyType": "ed25519",
        "Tags": [],
        "CreateTime": place.seed("key-created", number).moment(),
        "KeyName": key_name(place),
        "KeyFingerprint": format!("SHA256:{}", place.seed("fingerprint", number).base36(43))
    })
}

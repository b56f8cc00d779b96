//! EC2: instances and related resources.

mod address;
mod filter;
mod ids;
mod image;
mod instance;
mod network;
mod network_interface;
mod security_group;
mod volume;

use serde_json::{Value, json};

use super::{AccountRegion, SimulatedCall};
use crate::simulator::error_response::SimulatedError;
use crate::simulator::response::{SimulatedResponse, SimulatedResult};

/// The resources that an operation lists: the member of the list, their number, the function that creates one, the
/// request member with ids, and the member with the id.
struct Ec2ResourceKind {
    member: &'static str,
    count: fn(AccountRegion<'_>) -> usize,
    item: fn(AccountRegion<'_>, usize) -> Value,
    names: &'static str,
    id: &'static str,
    /// The part of the error code for an unknown id: `InvalidVpcID.NotFound`.
    not_found: &'static str,
}

#[rustfmt::skip]
const KINDS: &[(&str, Ec2ResourceKind)] = &[
    ("DescribeAddresses", Ec2ResourceKind { member: "Addresses", count: address::count, item: address::address, names: "AllocationIds", id: "AllocationId", not_found: "InvalidAllocationID.NotFound" }),
    ("DescribeImages", Ec2ResourceKind { member: "Images", count: image::count, item: image::image, names: "ImageIds", id: "ImageId", not_found: "InvalidAMIID.NotFound" }),
    ("DescribeInternetGateways", Ec2ResourceKind { member: "InternetGateways", count: network::vpc_count, item: network::internet_gateway, names: "InternetGatewayIds", id: "InternetGatewayId", not_found: "InvalidInternetGatewayID.NotFound" }),
    ("DescribeKeyPairs", Ec2ResourceKind { member: "KeyPairs", count: instance::key_pair_count, item: instance::key_pair, names: "KeyNames", id: "KeyName", not_found: "InvalidKeyPair.NotFound" }),
    ("DescribeNetworkInterfaces", Ec2ResourceKind { member: "NetworkInterfaces", count: network_interface::count, item: network_interface::network_interface, names: "NetworkInterfaceIds", id: "NetworkInterfaceId", not_found: "InvalidNetworkInterfaceID.NotFound" }),
    ("DescribeRouteTables", Ec2ResourceKind { member: "RouteTables", count: network::vpc_count, item: network::route_table, names: "RouteTableIds", id: "RouteTableId", not_found: "InvalidRouteTableID.NotFound" }),
    ("DescribeSecurityGroupRules", Ec2ResourceKind { member: "SecurityGroupRules", count: security_group::rule_count, item: security_group::rule, names: "SecurityGroupRuleIds", id: "SecurityGroupRuleId", not_found: "InvalidSecurityGroupRuleId.NotFound" }),
    ("DescribeSecurityGroups", Ec2ResourceKind { member: "SecurityGroups", count: security_group::count, item: security_group::security_group, names: "GroupIds", id: "GroupId", not_found: "InvalidGroup.NotFound" }),
    ("DescribeSnapshots", Ec2ResourceKind { member: "Snapshots", count: volume::snapshot_count, item: volume::snapshot, names: "SnapshotIds", id: "SnapshotId", not_found: "InvalidSnapshot.NotFound" }),
    ("DescribeSubnets", Ec2ResourceKind { member: "Subnets", count: network::subnet_count, item: network::subnet, names: "SubnetIds", id: "SubnetId", not_found: "InvalidSubnetID.NotFound" }),
    ("DescribeVolumes", Ec2ResourceKind { member: "Volumes", count: volume::count, item: volume::volume, names: "VolumeIds", id: "VolumeId", not_found: "InvalidVolume.NotFound" }),
    ("DescribeVpcs", Ec2ResourceKind { member: "Vpcs", count: network::vpc_count, item: network::vpc, names: "VpcIds", id: "VpcId", not_found: "InvalidVpcID.NotFound" }),
];

pub(super) fn answer<'call>(call: &SimulatedCall<'call>) -> Option<SimulatedResult<'call>> {
    let name = &*call.operation.name;
    if let Some((_, kind)) = KINDS.iter().find(|(operation, _)| *operation == name) {
        return Some(list(call, kind));
    }
    Some(match name {
        "DescribeInstances" => Ok(instance::reservations(call)),
        "DescribeInstanceAttribute" => Ok(instance::attribute(call)),
        "DescribeRegions" => Ok(regions(call)),
        "DescribeAvailabilityZones" => Ok(zones(call.place)),
        _ => return None,
    })
}

/// Returns a list, limited to ids or filters of the request.
fn list<'call>(call: &SimulatedCall<'call>, kind: &'static Ec2ResourceKind) -> SimulatedResult<'call> {
    let place = call.place;
    let count = (kind.count)(place);
    let names = call.texts(kind.names);
    let filters = filter::of(call);
    if names.is_empty() && filters.is_empty() {
        return Ok(SimulatedResponse::list(kind.member, count, move |index| (kind.item)(place, index)));
    }
    let mut items: Vec<_> = (0..count).map(|index| (kind.item)(place, index)).collect();
    if let Some(missing) = names.iter().find(|name| items.iter().all(|item| item[kind.id] != **name)) {
        let message = format!("The ID '{missing}' does not exist");
        return Err(SimulatedError::new(400, kind.not_found, message));
    }
    items.retain(|item| {
        let chosen = names.is_empty() || item[kind.id].as_str().is_some_and(|id| names.contains(&id));
        chosen && filters.iter().all(|filter| filter.keeps(item))
    });
    Ok(SimulatedResponse::items(kind.member, items))
}

fn regions<'call>(call: &SimulatedCall<'call>) -> SimulatedResponse<'call> {
    let names = call.texts("RegionNames");
    let regions = call.place.account.regions.iter().map(crate::names::Region::as_str);
    let items = regions.filter(|region| names.is_empty() || names.contains(region)).map(|region| {
        json!({
            "OptInStatus": "opt-in-not-required",
            "RegionName": region,
            "Endpoint": format!("ec2.{region}.amazonaws.com")
        })
    });
    SimulatedResponse::items("Regions", items.collect())
}

fn zones(place: AccountRegion<'_>) -> SimulatedResponse<'_> {
    SimulatedResponse::list("AvailabilityZones", 3, move |number| {
        json!({
            "OptInStatus": "opt-in-not-required",
            "Messages": [],
            "RegionName": place.region,
            "ZoneName": place.zone(number),
            "ZoneId": format!("{}-az{}", short(place.region), number + 1),
            "GroupName": place.region,
            "NetworkBorderGroup": place.region,
            "ZoneType": "availability-zone",
            "State": "available"
        })
    })
}

/// Returns the abbreviation of a region in zone ids: `euc1` for `eu-central-1`.
fn short(region: &str) -> String {
    let mut parts = region.split('-');
    let continent = parts.next().unwrap_or_default();
    let rest: String = parts.filter_map(|part| part.chars().next()).collect();
    format!("{continent}{rest}")
}

/// Returns the id of the VPC of the workload.
pub(super) fn main_vpc_id(place: AccountRegion<'_>) -> String {
    network::vpc_id(place, network::main_vpc(place))
}

/// Returns a subnet and its zone for the `number`th resource that needs one.
pub(super) fn subnet_and_zone(place: AccountRegion<'_>, number: usize) -> (String, String) {
    let subnet = network::subnet_for(place, number);
    (network::subnet_id(place, subnet), network::subnet_zone(place, subnet))
}

pub(super) use self::ids::target_id;
pub(super) use self::security_group::{database_id as database_group_id, web_id as web_group_id};

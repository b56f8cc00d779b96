//! VPCs and their subnets, gateways and route tables.
//!
//! VPC 0 is the default VPC, with a public subnet in each of three zones; every other VPC has a public
//! and a private subnet in each.

use serde_json::{Value, json};

use crate::simulator::resources::AccountRegion;

const DEFAULT_SUBNETS: usize = 3;
const SUBNETS: usize = 6;

/// The VPC and zone of a subnet.
pub(super) struct SubnetPlace {
    pub(super) vpc: usize,
    zone: usize,
    public: bool,
}

pub(super) fn vpc_count(place: AccountRegion<'_>) -> usize {
    1 + place.amounts().vpcs
}

/// Returns the number of the VPC of the workload.
pub(super) fn main_vpc(place: AccountRegion<'_>) -> usize {
    usize::from(place.amounts().vpcs > 0)
}

pub(super) fn vpc_id(place: AccountRegion<'_>, vpc: usize) -> String {
    place.id("vpc", vpc)
}

/// Returns the first two bytes of a VPC's addresses.
pub(super) fn vpc_net(vpc: usize) -> String {
    if vpc == 0 { "172.31".to_owned() } else { format!("10.{}", 10 * vpc) }
}

pub(super) fn vpc(place: AccountRegion<'_>, vpc: usize) -> Value {
    let cidr = format!("{}.0.0/16", vpc_net(vpc));
    let association = format!("vpc-cidr-assoc-0{}", place.seed("vpc-cidr", vpc).hex(16));
    let mut described = json!({
        "OwnerId": place.account_id(),
        "InstanceTenancy": "default",
        "CidrBlockAssociationSet": [{
            "AssociationId": association,
            "CidrBlock": cidr,
            "CidrBlockState": {"State": "associated"}
        }],
        "IsDefault": vpc == 0,
        "VpcId": vpc_id(place, vpc),
        "State": "available",
        "CidrBlock": cidr,
        "DhcpOptionsId": place.id("dopt", 0)
    });
    if vpc > 0 {
        described["Tags"] = place.tags(&place.name(vpc));
    }
    described
}

pub(super) fn subnet_count(place: AccountRegion<'_>) -> usize {
    DEFAULT_SUBNETS + SUBNETS * place.amounts().vpcs
}

pub(super) fn subnet_place(subnet: usize) -> SubnetPlace {
    match subnet.checked_sub(DEFAULT_SUBNETS) {
        None => SubnetPlace { vpc: 0, zone: subnet, public: true },
        Some(rest) => {
            SubnetPlace { vpc: 1 + rest / SUBNETS, zone: rest % SUBNETS % 3, public: rest % SUBNETS < 3 }
        }
    }
}

/// Returns a subnet for the `number`th resource that needs one; a private one if there are private subnets.
pub(super) fn subnet_for(place: AccountRegion<'_>, number: usize) -> usize {
    if main_vpc(place) == 0 { number % DEFAULT_SUBNETS } else { DEFAULT_SUBNETS + 3 + number % 3 }
}

pub(super) fn subnet_id(place: AccountRegion<'_>, subnet: usize) -> String {
    place.id("subnet", subnet)
}

pub(super) fn subnet_zone(place: AccountRegion<'_>, subnet: usize) -> String {
    place.zone(subnet_place(subnet).zone)
}

/// Returns a private address for the `number`th resource in a subnet.
pub(super) fn address_in(subnet: usize, number: usize) -> String {
    let place = subnet_place(subnet);
    format!("{}.{}.{}", vpc_net(place.vpc), third_byte(subnet) + number / 200 % 16, 10 + number % 200)
}

/// Returns the third byte of a subnet's addresses: subnets have 4,096 addresses each.
fn third_byte(subnet: usize) -> usize {
    16 * match subnet.checked_sub(DEFAULT_SUBNETS) {
        None => subnet,
        Some(rest) => rest % SUBNETS,
    }
}

pub(super) fn subnet(place: AccountRegion<'_>, subnet: usize) -> Value {
    let at = subnet_place(subnet);
    let id = subnet_id(place, subnet);
    let mut described = json!({
        "AvailabilityZoneId": format!("{}-az{}", super::short(place.region), at.zone + 1),
        "MapCustomerOwnedIpOnLaunch": false,
        "OwnerId": place.account_id(),
        "AssignIpv6AddressOnCreation": false,
        "Ipv6CidrBlockAssociationSet": [],
        "SubnetArn": place.arn("ec2", &format!("subnet/{id}")),
        "EnableDns64": false,
        "Ipv6Native": false,
        "PrivateDnsNameOptionsOnLaunch": {
            "HostnameType": "ip-name",
            "EnableResourceNameDnsARecord": false,
            "EnableResourceNameDnsAAAARecord": false
        },
        "SubnetId": id,
        "State": "available",
        "VpcId": vpc_id(place, at.vpc),
        "CidrBlock": format!("{}.{}.0/20", vpc_net(at.vpc), third_byte(subnet)),
        "AvailableIpAddressCount": 4091 - place.seed("subnet-use", subnet).below(60),
        "AvailabilityZone": place.zone(at.zone),
        "DefaultForAz": at.vpc == 0,
        "MapPublicIpOnLaunch": at.vpc == 0
    });
    if at.vpc > 0 {
        let kind = if at.public { "public" } else { "private" };
        let name = format!("{}-{kind}-{}", place.name(at.vpc), place.zone(at.zone));
        described["Tags"] = place.tags(&name);
    }
    described
}

pub(super) fn internet_gateway(place: AccountRegion<'_>, vpc: usize) -> Value {
    json!({
        "Attachments": [{"State": "available", "VpcId": vpc_id(place, vpc)}],
        "InternetGatewayId": place.id("igw", vpc),
        "OwnerId": place.account_id(),
        "Tags": []
    })
}

/// Returns the main route table of a VPC.
pub(super) fn route_table(place: AccountRegion<'_>, vpc: usize) -> Value {
    let id = place.id("rtb", vpc);
    json!({
        "Associations": [{
            "Main": true,
            "RouteTableAssociationId": place.id("rtbassoc", vpc),
            "RouteTableId": id,
            "AssociationState": {"State": "associated"}
        }],
        "PropagatingVgws": [],
        "RouteTableId": id,
        "Routes": [
            {
                "DestinationCidrBlock": format!("{}.0.0/16", vpc_net(vpc)),
                "GatewayId": "local",
                "Origin": "CreateRouteTable",
                "State": "active"
            },
            {
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": place.id("igw", vpc),
                "Origin": "CreateRoute",
                "State": "active"
            }
        ],
        "Tags": [],
        "VpcId": vpc_id(place, vpc),
        "OwnerId": place.account_id()
    })
}

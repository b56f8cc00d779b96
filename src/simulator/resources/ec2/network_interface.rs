//! Network interfaces: one for every instance, one for every load balancer.

use serde_json::{Value, json};

use super::ids::{count as instance_count, instance_id, launch_time};
use super::instance::private_address;
use super::network::{address_in, main_vpc, subnet_for, subnet_id, subnet_zone, vpc_id};
use super::security_group;
use crate::simulator::resources::AccountRegion;

/// The number of the first address of load balancers, above those of instances.
const LOAD_BALANCERS_FROM: usize = 3000;

pub(super) fn count(place: AccountRegion<'_>) -> usize {
    instance_count(place) + place.amounts().load_balancers
}

pub(super) fn interface_id(place: AccountRegion<'_>, interface: usize) -> String {
    place.id("eni", interface)
}

pub(super) fn attachment_id(place: AccountRegion<'_>, interface: usize) -> String {
    place.id("eni-attach", interface)
}

fn mac_address(place: AccountRegion<'_>, interface: usize) -> String {
    let digits = place.seed("mac", interface).hex(10);
    let pairs: Vec<_> = digits.as_bytes().chunks(2).map(String::from_utf8_lossy).collect();
    format!("02:{}", pairs.join(":"))
}

/// Returns an instance's network interface, as in the description of the instance.
pub(super) fn of_instance(place: AccountRegion<'_>, instance: usize) -> Value {
    let (address, host) = private_address(place, instance);
    let (group_id, group_name) = security_group::application(place);
    json!({
        "Attachment": {
            "AttachTime": launch_time(place, instance),
            "AttachmentId": attachment_id(place, instance),
            "DeleteOnTermination": true,
            "DeviceIndex": 0,
            "Status": "attached",
            "NetworkCardIndex": 0
        },
        "Description": "",
        "Groups": [{"GroupId": group_id, "GroupName": group_name}],
        "Ipv6Addresses": [],
        "MacAddress": mac_address(place, instance),
        "NetworkInterfaceId": interface_id(place, instance),
        "OwnerId": place.account_id(),
        "PrivateDnsName": host,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": true, "PrivateDnsName": host, "PrivateIpAddress": address}],
        "SourceDestCheck": true,
        "Status": "in-use",
        "SubnetId": subnet_id(place, subnet_for(place, instance)),
        "VpcId": vpc_id(place, main_vpc(place)),
        "InterfaceType": "interface"
    })
}

pub(super) fn network_interface(place: AccountRegion<'_>, interface: usize) -> Value {
    match interface.checked_sub(instance_count(place)) {
        None => for_instance(place, interface),
        Some(balancer) => for_load_balancer(place, interface, balancer),
    }
}

fn for_instance(place: AccountRegion<'_>, instance: usize) -> Value {
    let mut described = described(place, instance, instance, "");
    described["Attachment"] = json!({
        "AttachTime": launch_time(place, instance),
        "AttachmentId": attachment_id(place, instance),
        "DeleteOnTermination": true,
        "DeviceIndex": 0,
        "NetworkCardIndex": 0,
        "InstanceId": instance_id(place, instance),
        "InstanceOwnerId": place.account_id(),
        "Status": "attached"
    });
    described
}

fn for_load_balancer(place: AccountRegion<'_>, interface: usize, balancer: usize) -> Value {
    let description = format!("ELB app/{}/{}", place.name(balancer), place.seed("elb", balancer).hex(16));
    let mut described = described(place, interface, LOAD_BALANCERS_FROM + balancer, &description);
    described["Attachment"] = json!({
        "AttachTime": place.seed("elb-created", balancer).moment(),
        "AttachmentId": attachment_id(place, interface),
        "DeleteOnTermination": false,
        "DeviceIndex": 1,
        "InstanceOwnerId": "amazon-elb",
        "Status": "attached"
    });
    described
}

fn described(place: AccountRegion<'_>, interface: usize, host: usize, description: &str) -> Value {
    let subnet = subnet_for(place, interface);
    let address = address_in(subnet, host);
    let name = format!("ip-{}.{}.compute.internal", address.replace('.', "-"), place.region);
    let (group_id, group_name) = security_group::application(place);
    json!({
        "AvailabilityZone": subnet_zone(place, subnet),
        "Description": description,
        "Groups": [{"GroupId": group_id, "GroupName": group_name}],
        "InterfaceType": "interface",
        "Ipv6Addresses": [],
        "MacAddress": mac_address(place, interface),
        "NetworkInterfaceId": interface_id(place, interface),
        "OwnerId": place.account_id(),
        "PrivateDnsName": name,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": true, "PrivateDnsName": name, "PrivateIpAddress": address}],
        "RequesterManaged": !description.is_empty(),
        "SourceDestCheck": true,
        "Status": "in-use",
        "SubnetId": subnet_id(place, subnet),
        "TagSet": [],
        "VpcId": vpc_id(place, main_vpc(place))
    })
}

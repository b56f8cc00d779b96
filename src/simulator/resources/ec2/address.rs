//! Elastic IP addresses; some are attached to instances, some are unused.

use serde_json::{Value, json};

use super::ids::{count as instance_count, instance_id};
use super::instance::private_address;
use super::network_interface::interface_id;
use crate::simulator::resources::AccountRegion;

pub(super) fn count(place: AccountRegion<'_>) -> usize {
    place.amounts().addresses
}

/// Returns an address of a block that is reserved for documentation (RFC 5737).
fn public_address(place: AccountRegion<'_>, number: usize) -> String {
    format!("203.0.113.{}", 1 + (place.seed("public", 0).below(200) + number) % 254)
}

pub(super) fn address(place: AccountRegion<'_>, number: usize) -> Value {
    let mut described = json!({
        "AllocationId": place.id("eipalloc", number),
        "Domain": "vpc",
        "Tags": place.tags(&place.name(number)),
        "PublicIpv4Pool": "amazon",
        "NetworkBorderGroup": place.region,
        "PublicIp": public_address(place, number)
    });
    if number < instance_count(place) && number.is_multiple_of(2) {
        described["AssociationId"] = json!(place.id("eipassoc", number));
        described["InstanceId"] = json!(instance_id(place, number));
        described["NetworkInterfaceId"] = json!(interface_id(place, number));
        described["NetworkInterfaceOwnerId"] = json!(place.account_id());
        described["PrivateIpAddress"] = json!(private_address(place, number).0);
    }
    described
}

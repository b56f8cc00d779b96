//! Detection of link-local addresses, where the metadata services with this machine's credentials are.

use std::net::IpAddr;

/// Returns whether an address is link-local, or belongs to a metadata service that is not
/// (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html).
pub(crate) fn is_link_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => {
            // The task and pod services of ECS and EKS share the prefix of EC2's metadata service.
            address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0x0ec2]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_link_local;

    #[test]
    fn metadata_services_are_told_from_the_rest_of_the_world() {
        for address in [
            "169.254.169.254",
            "169.254.170.2",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fd00:ec2::254",
            "fd00:ec2::23",
        ] {
            assert!(is_link_local(address.parse().expect("an address")), "{address}");
        }
        for address in ["192.0.2.1", "127.0.0.1", "10.0.0.1", "2001:db8::1", "fd00::1"] {
            assert!(!is_link_local(address.parse().expect("an address")), "{address}");
        }
    }
}

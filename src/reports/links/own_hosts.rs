//! The addresses by which a resource itself is reached.

use super::forms::same_host;
use super::references::ResourceReference;
use crate::reports::members::squashed;

/// The members with IP addresses of a resource: service, kind, and paths.
///
/// Other resources that have the same address refer to one of these. The first row that has an address owns it: an
/// elastic IP address moves from interface to interface, and an interface from instance to instance.
const OWN_ADDRESSES: [(&str, &str, &[&str]); 4] = [
    ("ec2", "address", &["PublicIp", "PrivateIpAddress"]),
    (
        "ec2",
        "network_interface",
        &[
            "Association.PublicIp",
            "Ipv6Addresses[].Ipv6Address",
            "PrivateIpAddress",
            "PrivateIpAddresses[].Association.PublicIp",
            "PrivateIpAddresses[].PrivateIpAddress",
        ],
    ),
    ("ec2", "instance", &["Ipv6Address", "PrivateIpAddress", "PublicIpAddress"]),
    ("ec2", "customer_gateway", &["IpAddress"]),
];

/// The endings of the domains in which AWS names resources.
const DOMAINS: [&str; 9] = [
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazoncognito.com",
    ".awsapprunner.com",
    ".awsglobalaccelerator.com",
    ".cloudfront.net",
    ".elasticbeanstalk.com",
    ".on.aws",
    ".amplifyapp.com",
];

/// Kinds whose hosts are those of other resources.
const REFERRING: [(&str, &str); 2] = [("route53", "resource_record_set"), ("sns", "subscription")];

/// Returns whether a path of a resource is an IP address of the resource itself.
pub(super) fn is_own_address(service: &str, kind: &str, path: &str) -> bool {
    OWN_ADDRESSES.iter().any(|(of, name, paths)| *of == service && *name == kind && paths.contains(&path))
}

/// Returns the rank of a kind among those with IP addresses: the first is the one that other kinds get theirs from.
pub(super) fn address_rank(service: &str, kind: &str) -> Option<usize> {
    OWN_ADDRESSES.iter().position(|(of, name, _)| *of == service && *name == kind)
}

/// Returns the host by which a resource is reached, if a host in a text of the resource is that.
///
/// It is in a member of the resource itself, `DNSName`, or in its endpoint, `Endpoint.Address`. Members further below
/// name other resources, such as the origins of a distribution.
pub(super) fn own_host(
    service: &str,
    kind: &str,
    reference: &ResourceReference<'_>,
    host: &str,
) -> Option<String> {
    let host = same_host(host);
    let is_of_aws = DOMAINS.iter().any(|domain| host.ends_with(domain));
    if !is_of_aws || REFERRING.contains(&(service, kind)) {
        return None;
    }
    let member = squashed(reference.member);
    let ends = |endings: &[&str]| endings.iter().any(|ending| member.ends_with(ending));
    let above =
        reference.path.strip_suffix(reference.member).map(|path| path.trim_end_matches(['.', '[', ']']));
    let above = squashed(above.and_then(|path| path.rsplit('.').next()).unwrap_or_default());
    let is_own = if above.is_empty() {
        ends(&[
            "dnsname",
            "domainname",
            "endpoint",
            "endpointaddress",
            "hostname",
            "domain",
            "cname",
            "url",
            "uri",
        ])
    } else if above.trim_end_matches(['[', ']']).ends_with("endpoint") {
        ends(&["address", "value", "dnsname"])
    } else {
        above == "dnsentries" && member == "dnsname"
    };
    is_own.then_some(host)
}

/// The hosts whose first label is the ID or name of a resource: the label after it, service, and kinds.
///
/// Sources: "Virtual hosting of buckets" and "Website endpoints" in the Amazon S3 user guide; "Invoke REST APIs" in the
/// API Gateway developer guide.
const NAMED_IN_HOST: [(&str, &[(&str, &str)]); 2] =
    [("s3", &[("s3", "bucket")]), ("execute-api", &[("apigateway", "rest_api"), ("apigatewayv2", "api")])];

/// Returns the ID or name in a host, and the kinds that can have it.
pub(super) fn named_in_host(host: &str) -> Option<(&str, &'static [(&'static str, &'static str)])> {
    let rest = host.strip_suffix(".cn").unwrap_or(host).strip_suffix(".amazonaws.com")?;
    NAMED_IN_HOST.iter().find_map(|(label, kinds)| {
        // The name of a bucket can have dots, and the label can have a suffix: `s3-website-eu-west-1`.
        let start = rest.rfind(&format!(".{label}"))?;
        let after = rest[start + 1 + label.len()..].chars().next();
        let is_label = after.is_none_or(|letter| letter == '.' || letter == '-');
        (is_label && start > 0).then_some((&rest[..start], *kinds))
    })
}

#[cfg(test)]
mod tests {
    use super::super::references::ResourceReference;
    use super::{address_rank, is_own_address, named_in_host, own_host};

    fn own(kind: &str, path: &str, text: &str) -> Option<String> {
        let member = path.rsplit('.').next().unwrap_or(path);
        let member = member.trim_end_matches("[]");
        let host = text.rsplit("//").next().unwrap_or(text);
        own_host("any", kind, &ResourceReference { path, member, text, siblings: None, grant: None }, host)
    }

    #[test]
    fn resource_has_the_host_of_its_own_members() {
        let host = "Web-1.eu-west-1.elb.amazonaws.com";
        assert_eq!(
            own("load_balancer", "DNSName", host).as_deref(),
            Some("web-1.eu-west-1.elb.amazonaws.com")
        );
        assert!(own("db_instance", "Endpoint.Address", host).is_some());
        assert!(own("cache_cluster", "CacheNodes[].Endpoint.Address", host).is_some());
        assert!(own("vpc_endpoint", "DnsEntries[].DnsName", host).is_some());
        assert!(own("api", "ApiEndpoint", "https://a1.execute-api.eu-west-1.amazonaws.com").is_some());
    }

    #[test]
    fn resource_refers_to_hosts_further_below() {
        let host = "web-1.eu-west-1.elb.amazonaws.com";
        assert_eq!(own("resource_record_set", "AliasTarget.DNSName", host), None);
        assert_eq!(own("distribution", "Origins.Items[].DomainName", host), None);
        assert_eq!(own("certificate", "DomainName", "www.example.com"), None);
        assert_eq!(own("load_balancer", "Description", host), None);
    }

    #[test]
    fn addresses_belong_to_the_most_movable_resource() {
        assert!(address_rank("ec2", "address") < address_rank("ec2", "network_interface"));
        assert!(is_own_address("ec2", "network_interface", "Association.PublicIp"));
        assert!(!is_own_address("ec2", "nat_gateway", "NatGatewayAddresses[].PublicIp"));
    }

    #[test]
    fn hosts_contain_names() {
        let name = |host| named_in_host(host).map(|(name, kinds)| (name, kinds[0].1));
        assert_eq!(name("my.logs.s3.eu-west-1.amazonaws.com"), Some(("my.logs", "bucket")));
        assert_eq!(name("logs.s3-website-eu-west-1.amazonaws.com"), Some(("logs", "bucket")));
        assert_eq!(name("logs.s3.amazonaws.com"), Some(("logs", "bucket")));
        assert_eq!(name("a1b2c3.execute-api.eu-west-1.amazonaws.com"), Some(("a1b2c3", "rest_api")));
        assert_eq!(name("s3.amazonaws.com"), None);
        assert_eq!(name("web-1.eu-west-1.elb.amazonaws.com"), None);
    }
}

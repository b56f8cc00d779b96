//! The string functions of the rule language.
//!
//! They behave like `botocore/endpoint_provider.py` where the specification is not precise.

use std::net::Ipv6Addr;

use crate::arn;
use crate::util::percent_encoding::{RESERVED, RESERVED_IN_PATH};
use std::rc::Rc;

use percent_encoding::utf8_percent_encode;

/// The parts of an Amazon resource name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ArnParts {
    pub(super) partition: Box<str>,
    pub(super) service: Box<str>,
    /// Empty for resources without a region.
    pub(super) region: Box<str>,
    /// Empty for resources without an account.
    pub(super) account_id: Box<str>,
    /// The resource, split at `:` and `/`.
    pub(super) resource_id: Rc<[Box<str>]>,
}

/// The parts of an endpoint URL.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) scheme: Box<str>,
    /// Host and port.
    pub(super) authority: Box<str>,
    /// Only the host; an IPv6 address without its brackets.
    pub(super) host: Box<str>,
    /// The path as it was written.
    pub(super) path: Box<str>,
    /// The path with one slash at its end, without dot segments, percent-encoded.
    pub(super) normalized_path: Box<str>,
    /// The host is an IP address.
    pub(super) is_ip: bool,
}

/// Implements `aws.parseArn`.
pub(super) fn parse_arn(text: &str) -> Option<ArnParts> {
    let arn::Arn { partition, service, region, account: account_id, resource } = arn::Arn::parse(text)?;
    Some(ArnParts {
        partition: partition.into(),
        service: service.into(),
        region: region.into(),
        account_id: account_id.into(),
        resource_id: resource.split([':', '/']).map(Into::into).collect(),
    })
}

/// Implements `parseURL`: http and https URLs without a query.
pub(super) fn parse_url(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !query.is_empty() {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host(authority)?;
    let is_ip = is_ipv4(host) || host.parse::<Ipv6Addr>().is_ok();
    Some(Url {
        scheme: scheme.into(),
        authority: authority.into(),
        host: host.into(),
        path: path.into(),
        normalized_path: normalize_path(path).into(),
        is_ip,
    })
}

/// Returns the host of `user@host:port`; `None` when it is empty or the port is not valid.
fn host(authority: &str) -> Option<&str> {
    let host_and_port = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host_and_port.strip_prefix('[') {
        Some(bracketed) => {
            let (host, after) = bracketed.split_once(']')?;
            (host, if after.is_empty() { "" } else { after.strip_prefix(':')? })
        }
        None => host_and_port.split_once(':').unwrap_or((host_and_port, "")),
    };
    (!host.is_empty() && (port.is_empty() || port.parse::<u16>().is_ok())).then_some(host)
}

fn normalize_path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let mut normalized = String::from("/");
    for segment in segments {
        normalized.extend(utf8_percent_encode(segment, RESERVED_IN_PATH));
        normalized.push('/');
    }
    normalized
}

/// Returns whether a host has the form of an IPv4 address; as in botocore, without the limit of 255.
fn is_ipv4(host: &str) -> bool {
    host.split('.').count() == 4
        && host
            .split('.')
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Implements `uriEncode`.
pub(super) fn uri_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Implements `isValidHostLabel`: a label of a host name as in RFC 1123, or several separated by dots.
pub(super) fn is_valid_host_label(text: &str, allow_subdomains: bool) -> bool {
    if allow_subdomains {
        return text.split('.').all(|label| is_valid_host_label(label, false));
    }
    (1..=63).contains(&text.len())
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Implements `aws.isVirtualHostableS3Bucket`: whether a bucket's name can be part of a host name.
pub(super) fn is_virtual_hostable_bucket(name: &str, allow_subdomains: bool) -> bool {
    name.len() >= 3
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        && !is_ipv4(name)
        && is_valid_host_label(name, allow_subdomains)
}

/// Implements `substring`: a part of an ASCII text, counted from its start or, with `reverse`, from its end.
pub(super) fn substring(text: &str, start: usize, stop: usize, reverse: bool) -> Option<&str> {
    if start >= stop || text.len() < stop || !text.is_ascii() {
        return None;
    }
    if reverse { text.get(text.len() - stop..text.len() - start) } else { text.get(start..stop) }
}

#[cfg(test)]
mod tests {
    use super::{
        is_valid_host_label, is_virtual_hostable_bucket, parse_arn, parse_url, substring, uri_encode,
    };

    #[test]
    fn arn_has_six_parts_with_optional_region_and_account() {
        let arn = parse_arn("arn:aws:s3:::bucket/key:part").expect("an ARN");
        assert_eq!((&*arn.partition, &*arn.service, &*arn.region, &*arn.account_id), ("aws", "s3", "", ""));
        assert_eq!(arn.resource_id.iter().map(|part| &**part).collect::<Vec<_>>(), ["bucket", "key", "part"]);
        assert_eq!(parse_arn("arn:aws:s3::"), None);
        assert_eq!(parse_arn("arn:aws::::bucket"), None);
        assert_eq!(parse_arn("bucket"), None);
    }

    #[test]
    fn a_url_has_a_host_and_no_query() {
        let url = parse_url("HTTPS://example.com:8443/a//./b/../c d").expect("a URL");
        assert_eq!((&*url.scheme, &*url.authority, &*url.host), ("https", "example.com:8443", "example.com"));
        assert_eq!((&*url.path, &*url.normalized_path), ("/a//./b/../c d", "/a/c%20d/"));
        for unusable in
            ["example.com", "ftp://example.com", "https://", "https://h?q=1", "https://h:port", "http://[::1"]
        {
            assert_eq!(parse_url(unusable), None, "{unusable}");
        }
    }

    #[test]
    fn ip_addresses_are_recognised() {
        for (url, is_ip) in [
            ("http://127.0.0.1:4566", true),
            ("http://[::1]:4566/path", true),
            ("http://localhost:4566", false),
            ("https://1.2.3.example", false),
        ] {
            assert_eq!(parse_url(url).map(|url| url.is_ip), Some(is_ip), "{url}");
        }
    }

    #[test]
    fn a_host_label_has_letters_digits_and_inner_hyphens() {
        assert!(is_valid_host_label("us-east-1", false));
        assert!(!is_valid_host_label("", false));
        assert!(!is_valid_host_label("-a", false));
        assert!(!is_valid_host_label("a_b", false));
        assert!(!is_valid_host_label(&"a".repeat(64), false));
        assert!(!is_valid_host_label("a.b", false));
        assert!(is_valid_host_label("a.b", true));
        assert!(!is_valid_host_label("a..b", true));
    }

    #[test]
    fn a_bucket_in_the_host_name_is_lower_case_and_no_ip_address() {
        assert!(is_virtual_hostable_bucket("my-bucket", false));
        assert!(!is_virtual_hostable_bucket("my.bucket", false));
        assert!(is_virtual_hostable_bucket("my.bucket", true));
        assert!(!is_virtual_hostable_bucket("My-Bucket", false));
        assert!(!is_virtual_hostable_bucket("ab", false));
        assert!(!is_virtual_hostable_bucket("10.0.0.1", true));
    }

    #[test]
    fn a_substring_is_counted_from_either_end() {
        assert_eq!(substring("bucket--use1-az1--x-s3", 0, 6, true), Some("--x-s3"));
        assert_eq!(substring("abcdef", 1, 3, false), Some("bc"));
        assert_eq!(substring("abc", 2, 2, false), None);
        assert_eq!(substring("abc", 0, 4, false), None);
        assert_eq!(substring("äbc", 0, 2, false), None);
    }

    #[test]
    fn uri_encoding_leaves_only_unreserved_characters() {
        assert_eq!(uri_encode("a b/c~d"), "a%20b%2Fc~d");
    }
}

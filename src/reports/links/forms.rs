//! The forms of texts: what a text can identify, by its letters alone.

use std::net::IpAddr;

use crate::arn::Arn;
use crate::names::AccountId;

/// The longest text that can identify a resource, in bytes. Names and ARNs have at most 2,048 letters.
const LONGEST: usize = 2_048;
/// The fewest letters of the random part of an ID.
const RANDOM: usize = 8;

/// What a text can identify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextForm<'text> {
    /// An ARN.
    Arn(Arn<'text>),
    /// A URL, with its host.
    Url(&'text str),
    /// The ID of an account.
    Account,
    /// An IP address.
    Address(IpAddr),
    /// The name of a host in the domain name system.
    Host,
    /// An ID with a random part, which is unique without its type.
    Id,
    /// A JSON document.
    Document,
    /// Any other text: a name, or no identifier at all.
    Plain,
}

impl<'text> TextForm<'text> {
    /// Returns the form of a text.
    pub(super) fn of(text: &'text str) -> Self {
        if text.starts_with('{') {
            return Self::Document;
        }
        // Most texts are words, which this finds out in one pass.
        let is_space = |byte: u8| byte.is_ascii_whitespace();
        let is_part = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b':';
        let bytes = text.as_bytes();
        if bytes.len() > LONGEST
            || bytes.len() < 3
            || !bytes.iter().any(|byte| is_part(*byte))
            || bytes.iter().any(|byte| is_space(*byte))
        {
            return Self::Plain;
        }
        if let Some(arn) = Arn::parse(text) {
            return Self::Arn(arn);
        }
        if let Some((_, rest)) = text.split_once("://") {
            return Self::Url(host_of(rest));
        }
        if is_image(text) {
            return Self::Url(host_of(text));
        }
        if AccountId::parse(text).is_some() {
            return Self::Account;
        }
        if let Ok(address) = text.parse() {
            return Self::Address(address);
        }
        if is_id(text) {
            return Self::Id;
        }
        if is_host(text) { Self::Host } else { Self::Plain }
    }
}

/// Returns the host at the start of the part of a URL behind its scheme, without user and port.
fn host_of(rest: &str) -> &str {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest[..end].rsplit('@').next().unwrap_or_default();
    authority.split(':').next().unwrap_or_default()
}

/// Returns a host in the form in which hosts are compared: in lower case, without the dot at the end, and without the
/// prefix by which Route 53 reaches a load balancer over both versions of IP.
pub(super) fn same_host(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    match host.strip_prefix("dualstack.") {
        Some(rest) => rest.to_owned(),
        None => host,
    }
}

/// Returns whether a text is the name of a host, with or without a port.
fn is_host(text: &str) -> bool {
    let host = text.split(':').next().unwrap_or_default().trim_end_matches('.');
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*\\".contains(&byte);
    last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()) && host.bytes().all(is_letter)
}

/// Returns whether a text is an ID with a random part: `i-0abc…`, a UUID, or capital letters and digits.
fn is_id(text: &str) -> bool {
    if is_uuid(text) {
        return true;
    }
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if text.len() >= 10 && text.bytes().all(is_capital) {
        return has_digit(text) && has_letter(text);
    }
    let Some((prefix, random)) = text.rsplit_once('-') else { return false };
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    prefix.starts_with(|letter: char| letter.is_ascii_lowercase())
        && prefix.bytes().all(|byte| is_small(byte) || byte == b'-')
        && random.len() >= RANDOM
        && random.bytes().all(is_small)
        && has_digit(random)
}

/// Returns whether a text is a UUID.
fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    text.len() == 36
        && lengths.eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Returns whether a text is an image in a registry of AWS, `<account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>`.
fn is_image(text: &str) -> bool {
    text.split_once('/').is_some_and(|(host, _)| host.contains(".dkr.ecr.") && is_host(host))
}

/// Returns whether an ID has parts, unlike those of capital letters and digits.
pub(super) fn has_separators(id: &str) -> bool {
    id.contains('-')
}

/// Returns the part of an ID before its random part, `sg-`, if the random part is hexadecimal: IDs of one kind have the
/// same.
pub(super) fn prefix(id: &str) -> Option<&str> {
    let (prefix, random) = id.rsplit_once('-')?;
    let is_random = random.len() >= RANDOM && random.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_random && !is_uuid(id)).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::{TextForm, prefix, same_host};

    #[test]
    fn ids_have_a_random_part() {
        for id in [
            "i-0123456789abcdef0",
            "vpce-svc-0123456789abcdef0",
            "11111111-2222-3333-4444-555555555555",
            "Z0123456789ABC",
            "mrk-0123456789abcdef0123456789abcdef",
            "ws-abc123xyz",
        ] {
            assert_eq!(TextForm::of(id), TextForm::Id, "{id}");
        }
        for text in
            ["orders", "eu-west-1", "prod-cluster-blue", "my-production", "RUNNING", "IPV4", "a b-01234567"]
        {
            assert_eq!(TextForm::of(text), TextForm::Plain, "{text}");
        }
    }

    #[test]
    fn hosts_and_addresses_are_distinguished() {
        assert_eq!(TextForm::of("web-1.eu-west-1.elb.amazonaws.com."), TextForm::Host);
        assert_eq!(TextForm::of("db.example.com:5432"), TextForm::Host);
        assert_eq!(TextForm::of("https://u@api.example.com:443/x?y"), TextForm::Url("api.example.com"));
        assert!(matches!(TextForm::of("203.0.113.7"), TextForm::Address(_)));
        assert!(matches!(TextForm::of("2001:db8::1"), TextForm::Address(_)));
        let image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders:1.2";
        assert_eq!(TextForm::of(image), TextForm::Url("111111111111.dkr.ecr.eu-west-1.amazonaws.com"));
        for text in ["10.0.0.0/16", "1.2.3", "nodejs18.x", "t3.micro-1.2"] {
            assert_eq!(TextForm::of(text), TextForm::Plain, "{text}");
        }
    }

    #[test]
    fn other_forms_are_recognized() {
        assert_eq!(TextForm::of("111111111111"), TextForm::Account);
        assert!(matches!(TextForm::of("arn:aws:sns:eu-west-1:111111111111:t"), TextForm::Arn(_)));
        assert_eq!(TextForm::of("{\"Version\": 1}"), TextForm::Document);
        assert_eq!(TextForm::of(&"x".repeat(3_000)), TextForm::Plain);
    }

    #[test]
    fn kinds_share_the_prefix_of_their_ids() {
        assert_eq!(prefix("sg-0123456789abcdef0"), Some("sg"));
        assert_eq!(prefix("vpce-svc-0123456789abcdef0"), Some("vpce-svc"));
        assert_eq!(prefix("11111111-2222-3333-4444-555555555555"), None);
        assert_eq!(prefix("ws-abc123xyz"), None);
    }

    #[test]
    fn hosts_are_compared_without_case_and_dot() {
        assert_eq!(same_host("dualstack.Web-1.ELB.amazonaws.com."), "web-1.elb.amazonaws.com");
    }
}

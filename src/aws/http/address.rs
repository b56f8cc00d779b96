//! The URLs that specs and packages may be fetched from.
//!
//! Everything but loopback must be https. The metadata services of EC2 and ECS do not support https, so
//! credentials cannot be fetched in place of a spec, whatever a host name resolves to.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use http::Uri;

use super::link_local::is_link_local;

/// Returns whether a text looks like a URL: it starts with a scheme.
pub(crate) fn is_address(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "+-.".contains(sign);
    // A single letter is a Windows drive.
    text.trim_start()
        .split_once(":/")
        .is_some_and(|(scheme, _)| scheme.len() > 1 && scheme.chars().all(is_sign))
}

/// Parses a URL and checks that something may be fetched from it. The error is a sentence.
pub(crate) fn parse_url(text: &str) -> Result<Uri, String> {
    // The authority follows two slashes; one slash is taken for a typo of two.
    if text.split(['/', '?', '#']).take(3).any(|part| part.contains('@')) {
        return Err("the URL must not hold a user name or password".to_owned());
    }
    let url: Uri = text.parse().map_err(|cause| format!("{} is not a URL: {cause}", shown(text)))?;
    // If a password contains a slash, the user parses as the host, and the start of the password as its port.
    let port = url.authority().and_then(|authority| authority.as_str().rsplit_once(':'));
    let is_odd = |port: &str| !port.ends_with(']') && port.bytes().any(|byte| !byte.is_ascii_digit());
    if port.is_some_and(|(_, port)| is_odd(port)) {
        return Err(format!("{} is not a URL: its port is not a number", shown(text)));
    }
    check(&url)?;
    Ok(url)
}

/// Redacts a URL for output: without user and password, and without the query, which is the credential of a
/// presigned URL.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    let (address, query) = match text.find(['?', '#']) {
        Some(end) if text[end..].starts_with('?') => (&text[..end], "?[redacted]"),
        Some(end) => (&text[..end], ""),
        None => (text, ""),
    };
    let user = address.find(":/").zip(address.rfind('@')).filter(|(start, end)| start < end);
    match user {
        Some((start, end)) => format!("{}://[redacted]{}{query}", &address[..start], &address[end..]).into(),
        None if address.len() == text.len() => text.into(),
        None => format!("{address}{query}").into(),
    }
}

/// Displays a parsed URL redacted by [`shown`].
#[derive(Clone, Copy)]
pub(crate) struct ShownAddress<'url>(pub(crate) &'url Uri);

impl fmt::Display for ShownAddress<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&shown(&self.0.to_string()))
    }
}

/// Checks that something may be fetched from this URL.
fn check(url: &Uri) -> Result<(), String> {
    let host = host(url);
    let shown = ShownAddress(url);
    if host.is_empty() {
        return Err(format!("{shown} has no host"));
    }
    if host.parse::<IpAddr>().is_ok_and(is_link_local) {
        return Err(format!("{shown} is a link-local address, and nothing is fetched from those"));
    }
    match url.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_loopback(url) => Ok(()),
        _ => Err(format!("{shown} is not https, which is required for every host but this machine")),
    }
}

fn host(url: &Uri) -> &str {
    url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Returns whether a URL points to a loopback address of this machine.
pub(crate) fn is_loopback(url: &Uri) -> bool {
    let host = host(url);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{is_address, parse_url, shown};

    #[test]
    fn https_and_this_machine_may_be_asked() {
        for url in [
            "https://example.com/s3.json?a=b",
            "http://127.0.0.1:8000/s3.json",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert!(parse_url(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn an_address_is_shown_without_what_lets_in() {
        for (address, expected) in [
            ("https://example.com/s3.json", "https://example.com/s3.json"),
            (
                "https://b.s3.amazonaws.com/a.json?X-Amz-Signature=x#y",
                "https://b.s3.amazonaws.com/a.json?[redacted]",
            ),
            ("HTTPS://me:pw@host/a", "HTTPS://[redacted]@host/a"),
            ("https://me:p/w@host/a?b", "https://[redacted]@host/a?[redacted]"),
            ("https://host/a#b", "https://host/a"),
            ("a file@home", "a file@home"),
        ] {
            assert_eq!(shown(address), expected);
        }
    }

    #[test]
    fn text_with_scheme_is_address() {
        for text in
            ["https://a", "HTTPS://me:pw@host/", "ftp://a", "s3://b/k", " https://a", "https:/me:pw@host"]
        {
            assert!(is_address(text), "{text}");
        }
        for text in ["s3", "./a.json", "C:\\a.json", "C:/a.json", "://", "a b://c", "-"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn other_addresses_are_refused_with_the_reason() {
        for (url, cause) in [
            ("http://example.com/s3.json", "is not https"),
            ("https://169.254.169.254/latest/", "link-local"),
            ("http://169.254.170.2/v2/credentials", "link-local"),
            ("https://[::ffff:169.254.169.254]/", "link-local"),
            ("https://[fd00:ec2::254]/", "link-local"),
            ("https://[fe80::1]/", "link-local"),
            ("https://", "is not a URL"),
            ("https://me:secret@example.com/", "must not hold a user name or password"),
            ("https:/me:secret@example.com/", "must not hold a user name or password"),
            ("HTTPS://me:secret@example.com/", "must not hold a user name or password"),
            ("https://me:sec/secret@example.com/", "is not a URL"),
            ("ftp://example.com/a?sig=secret", "ftp://example.com/a?[redacted] is not https"),
            ("http://example.com/a?X-Amz-Signature=secret", "http://example.com/a?[redacted] is not https"),
            ("https://exa mple.com/a?sig=secret", "is not a URL"),
        ] {
            let message = parse_url(url).expect_err("refused");
            assert!(message.contains(cause) && !message.contains("secret"), "{message}");
        }
    }
}

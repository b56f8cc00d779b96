//! Which addresses on the web a spec may be fetched from.
//!
//! Everything but loopback has to be https, which the metadata services of EC2 and ECS do not
//! speak: credentials cannot be mistaken for a spec, whatever a name resolves to.

use std::net::IpAddr;

use http::Uri;

use crate::reserved::is_link_local;

/// Reads an address and checks that it may be asked. The error is a sentence.
pub(super) fn parse_url(text: &str) -> Result<Uri, String> {
    // Whatever is wrong, a password in the address must not end up in a log.
    if text.split(['/', '?', '#']).nth(2).is_some_and(|authority| authority.contains('@')) {
        return Err("a URL of a scan spec must not hold a user name or password".to_owned());
    }
    let url: Uri = text.parse().map_err(|cause| format!("{text} is not a URL: {cause}"))?;
    check(&url)?;
    Ok(url)
}

/// Whether a request may go to this address.
fn check(url: &Uri) -> Result<(), String> {
    let host = host(url);
    if host.is_empty() {
        return Err(format!("{url} names no host"));
    }
    if host.parse::<IpAddr>().is_ok_and(is_link_local) {
        return Err(format!("{url} is a link-local address, where no scan spec is fetched from"));
    }
    match url.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_loopback(url) => Ok(()),
        _ => Err(format!("{url} is not https, and only this machine may be asked without encryption")),
    }
}

fn host(url: &Uri) -> &str {
    url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Whether an address is this machine's own.
pub(super) fn is_loopback(url: &Uri) -> bool {
    let host = host(url);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::parse_url;

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
        ] {
            let message = parse_url(url).expect_err("refused");
            assert!(message.contains(cause) && !message.contains("secret"), "{message}");
        }
    }
}

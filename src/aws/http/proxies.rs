//! The proxies of the environment, and the hosts that are called without one.
//!
//! The SDK's HTTP client reads the variables too, but prefers those in upper case, and knows neither ports nor suffixes
//! of addresses in `NO_PROXY`. Here they mean what they mean to botocore, which uses Python's `urllib.request`
//! (`getproxies_environment`, `proxy_bypass_environment`). In addition, `ALL_PROXY` and networks (`10.0.0.0/8`) work, as
//! in curl.

use std::net::IpAddr;

use aws_smithy_http_client::proxy::ProxyConfig;
use http::Uri;

use crate::error::Failure;

/// The proxies of both schemes, and the hosts without one.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// The proxy of `http` URLs.
    pub(super) http: Option<ProxyServer>,
    /// The proxy of `https` URLs.
    pub(super) https: Option<ProxyServer>,
    bypass: Vec<String>,
}

/// A proxy.
#[derive(Clone)]
pub(super) struct ProxyServer {
    pub(super) config: ProxyConfig,
    /// Whether the proxy itself is connected with TLS.
    pub(super) uses_tls: bool,
}

impl std::fmt::Debug for ProxyServer {
    /// Prints no URL, which may have a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ProxyServer").field("uses_tls", &self.uses_tls).finish_non_exhaustive()
    }
}

impl Proxies {
    /// Reads the variables. Those in lower case take precedence, also if they are empty.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the variable if its value is no URL of a proxy.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        let value = |upper: &'static str| {
            let value = variable(&upper.to_ascii_lowercase()).or_else(|| variable(upper));
            value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let proxy = |upper, value: Option<String>, of_scheme: ProxyConstructor| {
            value.map(|value| parse(upper, &value, of_scheme)).transpose()
        };
        // A server that runs the program as a CGI script sets HTTP_PROXY to a header of the request (CVE-2016-1000110).
        let of_http = match variable("REQUEST_METHOD") {
            Some(_) => variable("http_proxy").filter(|value| !value.is_empty()),
            None => value("HTTP_PROXY"),
        };
        let all = value("ALL_PROXY");
        let bypass = value("NO_PROXY").unwrap_or_default();
        let bypass = bypass.split(',').map(|rule| rule.trim().to_ascii_lowercase());
        Ok(Self {
            http: match proxy("HTTP_PROXY", of_http, ProxyConfig::http::<Uri>)? {
                Some(proxy) => Some(proxy),
                None => proxy("ALL_PROXY", all.clone(), ProxyConfig::http::<Uri>)?,
            },
            https: match proxy("HTTPS_PROXY", value("HTTPS_PROXY"), ProxyConfig::https::<Uri>)? {
                Some(proxy) => Some(proxy),
                None => proxy("ALL_PROXY", all, ProxyConfig::https::<Uri>)?,
            },
            bypass: bypass.filter(|rule| !rule.is_empty()).collect(),
        })
    }

    /// Returns whether a URL is called without a proxy (`NO_PROXY`).
    #[must_use]
    pub fn bypasses(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let Some(authority) = uri.authority() else { return false };
        let host = authority.host().to_ascii_lowercase();
        let with_port = authority.port().map(|port| format!("{host}:{port}"));
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        self.bypass.iter().any(|rule| {
            if let (Some(address), Some(is_within)) = (address, network(rule)) {
                return is_within(address);
            }
            let name = rule.trim_start_matches('.');
            let is_below = |host: &str| {
                host == name || host.strip_suffix(name).is_some_and(|before| before.ends_with('.'))
            };
            rule == "*" || is_below(&host) || with_port.as_deref().is_some_and(is_below)
        })
    }
}

/// A constructor of the SDK for a proxy of one scheme.
type ProxyConstructor = fn(Uri) -> Result<ProxyConfig, aws_smithy_http_client::proxy::ProxyError>;

fn parse(variable: &str, value: &str, of_scheme: ProxyConstructor) -> Result<ProxyServer, Failure> {
    let url = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let unusable = || {
        // The value may have a password.
        Failure::usage(format!("{variable} is no URL of an HTTP proxy"))
            .hint(format!("set {variable} to a URL such as http://proxy.example.com:3128, or unset it"))
    };
    let uri = url.parse::<Uri>().map_err(|_| unusable())?;
    let uses_tls = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(unusable()),
    };
    let config = of_scheme(uri).map_err(|_| unusable())?;
    Ok(ProxyServer { config, uses_tls })
}

/// Returns a test whether an address is in the network that a rule describes; `None` for other rules.
fn network(rule: &str) -> Option<impl Fn(IpAddr) -> bool> {
    let (address, length) =
        rule.split_once('/').map_or((rule, None), |(address, length)| (address, Some(length)));
    let network = address.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok()?;
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    };
    let longest: u32 = if network.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(length) => length.parse().ok().filter(|length| *length <= longest)?,
        None => longest,
    };
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or_default();
    Some(move |address: IpAddr| {
        address.is_ipv4() == network.is_ipv4() && (bits(address) ^ bits(network)) & mask == 0
    })
}

#[cfg(test)]
mod tests {
    use super::Proxies;
    use crate::error::Failure;

    fn proxies(variables: &[(&str, &str)]) -> Result<Proxies, Failure> {
        Proxies::read(|name| {
            variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn networks_and_addresses_bypass_proxy() {
        for (rule, url, expected) in [
            ("10.0.0.0/8", "https://10.1.2.3/", true),
            ("10.0.0.0/8", "https://11.1.2.3/", false),
            ("0.0.0.0/0", "https://11.1.2.3/", true),
            ("127.0.0.1", "http://127.0.0.1:80/", true),
            ("fd00::/8", "http://[fd00:ec2::254]/latest", true),
            ("::1", "http://[::1]:8080/", true),
            ("::1", "http://[::2]:8080/", false),
            ("10.0.0.0/33", "https://10.1.2.3/", false),
            ("a,*", "https://sts.amazonaws.com/", true),
        ] {
            let proxies = proxies(&[("NO_PROXY", rule)]).expect("proxies");
            assert_eq!(proxies.bypasses(url), expected, "{rule} {url}");
        }
    }

    #[test]
    fn variables_in_lower_case_take_precedence() {
        let found = proxies(&[
            ("no_proxy", "a.example"),
            ("NO_PROXY", "b.example"),
            ("https_proxy", ""),
            ("HTTPS_PROXY", "http://127.0.0.1:1"),
            ("HTTP_PROXY", "https://me:secret@127.0.0.1:1"),
        ]);
        let found = found.expect("proxies");
        assert!(found.bypasses("https://a.example/") && !found.bypasses("https://b.example/"));
        assert!(found.https.is_none() && found.http.as_ref().is_some_and(|proxy| proxy.uses_tls));
        assert!(!format!("{found:?}").contains("secret"));
        let all = proxies(&[("ALL_PROXY", "127.0.0.1:1"), ("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "x y")]);
        assert!(all.is_ok_and(|all| all.http.is_some() && all.https.is_some()));
    }

    #[test]
    fn unusable_proxy_is_named_without_password() {
        for value in ["socks5://me:secret@127.0.0.1:1", "http://secret host"] {
            let text = proxies(&[("HTTPS_PROXY", value)]).expect_err("no proxy").to_string();
            assert!(text.contains("HTTPS_PROXY is no URL") && !text.contains("secret"), "{text}");
        }
    }
}

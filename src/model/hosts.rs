//! Host names that AWS's own services answer under: the last check before a request is signed or sent.
//!
//! Endpoint rules, region names, discovered endpoints and redirects decide where requests go, and all of
//! them are data. Whatever they say, a request goes to a service of AWS or to an address that the user has
//! configured. The names are the program's own and not the catalog's, since a catalog is data as well.

use std::fmt;

use http::Uri;
use http::uri::Scheme;

/// The ends of AWS's host names (`dnsSuffix` and `dualStackDnsSuffix` in botocore's `partitions.json`).
const SUFFIXES: &[&str] = &[
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.amazonwebservices.com.cn",
    "api.amazonwebservices.eu",
    "api.aws",
    "api.aws.hci.ic.gov",
    "api.aws.ic.gov",
    "api.aws.scloud",
    "api.cloud-aws.adc-e.uk",
    "c2s.ic.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
    "sc2s.sgov.gov",
];

/// Services whose host names end otherwise: the label before the region and the rest of the name
/// (`endpoint-rule-set-1.json` of the service in botocore's data).
const ELSEWHERE: &[(&str, &str)] = &[("neptune-graph", "on.aws")];

/// Labels below which customers of AWS have names for servers of their own, so that what is sent there
/// is read by them.
const OF_CUSTOMERS: &[(&str, &str)] = &[
    ("appsync-api", "docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html"),
    ("compute", "docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"),
    ("compute-1", "docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"),
    ("elb", "docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"),
    ("execute-api", "docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html"),
    ("lambda-url", "docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html"),
    ("vpce", "docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html"),
];

/// What operations put before the host without a dot, also before one that is configured (`hostPrefix` in
/// botocore's `service-2.json` of lakeformation, logs, medical-imaging, omics, servicediscovery, signer and
/// stepfunctions).
const PREFIXES: &[&str] = &[
    "analytics-",
    "control-storage-",
    "data-",
    "query-",
    "runtime-",
    "storage-",
    "stream-",
    "sync-",
    "tags-",
    "workflows-",
];

/// An address that no request may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForeignHost(String);

impl fmt::Display for ForeignHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no host of AWS, and no request is sent there", self.0.escape_debug())
    }
}

impl std::error::Error for ForeignHost {}

/// Checks that a URL leads to a service of AWS by TLS, or to the host of an endpoint that the user has
/// `configured` or a host below it.
pub(crate) fn check(url: &str, configured: Option<&str>) -> Result<(), ForeignHost> {
    let uri: Uri = url.parse().map_err(|_| foreign(url))?;
    if configured.is_some_and(|configured| is_below(&uri, configured)) || is_service(&uri) {
        Ok(())
    } else {
        Err(foreign(url))
    }
}

/// The error for a URL that leads elsewhere.
pub(crate) fn foreign(url: &str) -> ForeignHost {
    ForeignHost(shown(url))
}

/// Whether a URL leads to a service of AWS, by TLS.
pub(crate) fn is_service(uri: &Uri) -> bool {
    let Some(authority) = uri.authority() else { return false };
    uri.scheme() == Some(&Scheme::HTTPS)
        && !authority.as_str().contains('@')
        && authority.port_u16().is_none_or(|port| port == 443)
        && is_name_of_service(&authority.host().to_ascii_lowercase())
}

/// Whether a URL has the scheme, the port and the host of an endpoint that is configured, or a host below
/// that: a bucket or an account may stand before it.
pub(crate) fn is_below(uri: &Uri, configured: &str) -> bool {
    let Ok(configured) = configured.parse::<Uri>() else { return false };
    let (Some(authority), Some(its)) = (uri.authority(), configured.authority()) else { return false };
    let (host, its_host) = (authority.host().to_ascii_lowercase(), its.host().to_ascii_lowercase());
    let scheme = |uri: &Uri| uri.scheme_str().map(str::to_ascii_lowercase);
    scheme(uri) == scheme(&configured)
        && authority.port_u16() == its.port_u16()
        && host.strip_suffix(&*its_host).is_some_and(|rest| {
            rest.is_empty()
                || PREFIXES.contains(&rest)
                || rest.strip_suffix('.').is_some_and(|rest| rest.split('.').all(is_label))
        })
}

/// Whether a host, in small letters, has a name of AWS's services.
fn is_name_of_service(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    if !labels.iter().all(|label| is_label(label)) {
        return false;
    }
    let is_elsewhere = |(service, rest): &(&str, &str)| {
        let before = host.strip_suffix(rest).and_then(|before| before.strip_suffix('.'));
        // The region stands between.
        before.is_some_and(|before| before.rsplit('.').nth(1) == Some(*service))
    };
    let ends_with = |suffix: &&str| host.strip_suffix(*suffix).is_some_and(|before| before.ends_with('.'));
    let is_of_customer = labels.iter().skip(1).any(|label| OF_CUSTOMERS.iter().any(|(its, _)| its == label));
    (SUFFIXES.iter().any(ends_with) || ELSEWHERE.iter().any(is_elsewhere)) && !is_of_customer
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// What an error says of a URL: scheme and host, without what may be a secret before or after.
fn shown(url: &str) -> String {
    const LONGEST: usize = 100;
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host: String = host.chars().take(LONGEST).collect();
    if scheme.is_empty() { host } else { format!("{scheme}://{host}") }
}

#[cfg(test)]
mod tests {
    use super::{ELSEWHERE, OF_CUSTOMERS, SUFFIXES, check};
    use crate::model::catalog::Catalog;

    #[test]
    fn services_of_every_partition_are_hosts_of_aws() {
        for url in [
            "https://sqs.eu-west-1.amazonaws.com",
            "https://sqs.eu-west-1.amazonaws.com:443/",
            "https://logs.s3.eu-west-1.amazonaws.com/key",
            "https://SQS.eu-west-1.AmazonAWS.com",
            "https://123456789012.s3-control.cn-north-1.amazonaws.com.cn",
            "https://ec2.us-east-1.api.aws",
            "https://elb.us-east-1.amazonaws.com",
            "https://execute-api.us-east-1.amazonaws.com",
            "https://ce.us-iso-east-1.c2s.ic.gov",
            "https://g-1.neptune-graph.us-east-1.on.aws",
            "https://neptune-graph.us-east-1.on.aws",
        ] {
            assert_eq!(check(url, None), Ok(()), "{url}");
        }
    }

    #[test]
    fn everything_else_is_foreign() {
        for url in [
            "https://evil.com",
            "https://sqs.evil.com/#.eu-west-1.amazonaws.com",
            "https://sqs.evil.com/?.amazonaws.com",
            "https://sqs.evil.com\\.amazonaws.com",
            "https://sqs.a@169.254.169.254/.amazonaws.com",
            "https://sqs.amazonaws.com@evil.com/",
            "https://x@sqs.eu-west-1.amazonaws.com/",
            "https://evilamazonaws.com",
            "https://amazonaws.com",
            "https://.amazonaws.com",
            "https://sqs.amazonaws.com.evil.com",
            "https://sqs.eu-west-1.amazonaws.com.",
            "https://sqs.eu-west-1.amazonaws.com:8443",
            "http://sqs.eu-west-1.amazonaws.com",
            "ftp://sqs.eu-west-1.amazonaws.com",
            "https://169.254.169.254/",
            "https://[fd00:ec2::254]/",
            "https://127.0.0.1/",
            "https://api1234.execute-api.us-east-1.amazonaws.com",
            "https://balancer.us-east-1.elb.amazonaws.com",
            "https://ec2-192-0-2-1.compute-1.amazonaws.com",
            "https://vpce-1.vpce-svc-1.us-east-1.vpce.amazonaws.com",
            "https://abcdef.lambda-url.us-east-1.on.aws",
            "https://neptune-graph.lambda-url.us-east-1.on.aws",
            "sqs.eu-west-1.amazonaws.com",
            "",
        ] {
            assert!(check(url, None).is_err(), "{url}");
        }
    }

    /// Requests may go to the endpoint that the user has configured, and to names below it over HTTPS.
    #[test]
    fn request_guard_accepts_configured_endpoint() {
        for (url, configured, expected) in [
            ("http://127.0.0.1:4566/", "http://127.0.0.1:4566", true),
            ("http://localhost:4566/x", "http://LOCALHOST:4566/", true),
            ("https://logs.minio.example/", "https://minio.example", true),
            ("https://a.b.minio.example/", "https://minio.example/path", true),
            ("http://minio.example/", "https://minio.example", false),
            ("https://minio.example:444/", "https://minio.example", false),
            ("https://evil-minio.example/", "https://minio.example", false),
            ("https://query-minio.example/", "https://minio.example", true),
            ("https://minio.example.evil/", "https://minio.example", false),
            ("https://sqs.eu-west-1.amazonaws.com/", "https://minio.example", true),
            ("https://evil.com/", "", false),
        ] {
            assert_eq!(check(url, Some(configured)).is_ok(), expected, "{url} {configured}");
        }
    }

    #[test]
    fn the_error_names_the_host_and_nothing_that_may_be_a_secret() {
        let told = check("https://me:password@evil.com/path?token=x", None).expect_err("foreign").to_string();
        assert_eq!(told, "`https://evil.com` is no host of AWS, and no request is sent there");
    }

    #[test]
    fn the_names_are_those_of_the_partitions() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let document: serde_json::Value = serde_json::from_str(catalog.partitions()).expect("JSON");
        let mut suffixes: Vec<&str> = document["partitions"]
            .as_array()
            .expect("partitions")
            .iter()
            .flat_map(|partition| ["dnsSuffix", "dualStackDnsSuffix"].map(|key| &partition["outputs"][key]))
            .map(|suffix| suffix.as_str().expect("a suffix"))
            .collect();
        suffixes.sort_unstable();
        suffixes.dedup();
        assert_eq!(suffixes, SUFFIXES);
        assert!(ELSEWHERE.is_sorted() && OF_CUSTOMERS.is_sorted());
        assert!(OF_CUSTOMERS.iter().all(|(_, source)| source.starts_with("docs.aws.amazon.com/")));
    }
}

//! The host names of AWS's services: the last check before a request is signed or sent.
//!
//! Endpoint rules, region names, discovered endpoints and redirects determine the hosts of requests, and all of
//! them are data. Regardless of them, a request is sent only to a service of AWS or to an endpoint that the user
//! has configured. The names are part of the program and not of the catalog, since a catalog is data as well.

use http::Uri;
use http::uri::Scheme;

/// The suffixes of AWS's host names (`dnsSuffix` and `dualStackDnsSuffix` in botocore's `partitions.json`).
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

/// Services whose host names have another suffix: the label before the region and the rest of the name
/// (`endpoint-rule-set-1.json` of the service in botocore's data).
const OTHER_SUFFIXES: &[(&str, &str)] = &[("neptune-graph", "on.aws"), ("osm", "on.aws")];

/// Other domains of AWS to which endpoint rules lead, for services that are not called (`endpoint-rule-set-1.json` of
/// neptune-graph, signin and uxc in botocore's data).
const OTHER_DOMAINS: &[&str] = &[
    "amazonaws-eusc.eu",
    "amazonaws-us-gov.com",
    "amazonaws.cn",
    "aws.amazon.com",
    "c2shome.ic.gov",
    "csphome.adc-e.uk",
    "csphome.hci.ic.gov",
    "on.aws",
    "sc2shome.sgov.gov",
    "signin.aws",
];

/// Labels below which AWS customers have host names of their servers, so that customers would receive requests
/// sent there.
const CUSTOMER_LABELS: &[(&str, &str)] = &[
    ("appsync-api", "docs.aws.amazon.com/appsync/latest/devguide/custom-domain-name.html"),
    ("compute", "docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"),
    ("compute-1", "docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"),
    ("elb", "docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"),
    ("execute-api", "docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html"),
    ("lambda-url", "docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html"),
    ("vpce", "docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html"),
];

/// The prefixes that operations add to the host without a dot, also to a configured one (`hostPrefix` in
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

/// The error for an address that requests must not be sent to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an AWS host; no request is sent there", .0.escape_debug())]
pub(crate) struct ForeignHost(String);

/// Checks that a URL is a TLS address of an AWS service, or that its host is that of the `configured` endpoint or
/// below it.
pub(crate) fn check(url: &str, configured: Option<&str>) -> Result<(), ForeignHost> {
    let uri: Uri = url.parse().map_err(|_| foreign(url))?;
    if is_allowed(&uri, configured) { Ok(()) } else { Err(foreign(url)) }
}

/// Returns whether [`check`] accepts a URL.
pub(crate) fn is_allowed(uri: &Uri, configured: Option<&str>) -> bool {
    configured.is_some_and(|configured| is_below(uri, configured)) || is_service(uri)
}

/// Returns the error for a URL with another host.
pub(crate) fn foreign(url: &str) -> ForeignHost {
    ForeignHost(shown(url))
}

/// Returns whether a domain, in lower case, is AWS's or below one of AWS's.
pub(crate) fn is_aws_domain(domain: &str) -> bool {
    SUFFIXES.iter().chain(OTHER_DOMAINS).any(|known| {
        domain.strip_suffix(*known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// Returns whether a URL is a TLS address of an AWS service.
pub(crate) fn is_service(uri: &Uri) -> bool {
    let Some(authority) = uri.authority() else { return false };
    uri.scheme() == Some(&Scheme::HTTPS)
        && !authority.as_str().contains('@')
        && authority.port_u16().is_none_or(|port| port == 443)
        && is_service_host(&authority.host().to_ascii_lowercase())
}

/// Returns whether a URL has the scheme, the port and the host of a configured endpoint, or a host below that: it
/// may have a bucket or an account as a prefix.
pub(crate) fn is_below(uri: &Uri, configured: &str) -> bool {
    let Ok(configured) = configured.parse::<Uri>() else { return false };
    let (Some(authority), Some(allowed)) = (uri.authority(), configured.authority()) else { return false };
    let (host, allowed_host) = (authority.host().to_ascii_lowercase(), allowed.host().to_ascii_lowercase());
    let scheme = |uri: &Uri| uri.scheme_str().map(str::to_ascii_lowercase);
    scheme(uri) == scheme(&configured)
        && authority.port_u16() == allowed.port_u16()
        && host.strip_suffix(&*allowed_host).is_some_and(|rest| {
            rest.is_empty()
                || PREFIXES.contains(&rest)
                || rest.strip_suffix('.').is_some_and(|rest| rest.split('.').all(is_label))
        })
}

/// Returns whether a host, in lower case, is a host name of an AWS service.
fn is_service_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    if !labels.iter().all(|label| is_label(label)) {
        return false;
    }
    let has_other_suffix = |(service, rest): &(&str, &str)| {
        let before = host.strip_suffix(rest).and_then(|before| before.strip_suffix('.'));
        // The region is between them.
        before.is_some_and(|before| before.rsplit('.').nth(1) == Some(*service))
    };
    let ends_with = |suffix: &&str| host.strip_suffix(*suffix).is_some_and(|before| before.ends_with('.'));
    let is_customer_host =
        labels.iter().skip(1).any(|label| CUSTOMER_LABELS.iter().any(|(known, _)| known == label));
    (SUFFIXES.iter().any(ends_with) || OTHER_SUFFIXES.iter().any(has_other_suffix)) && !is_customer_host
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Returns the scheme and host of a URL for messages, without parts that may contain a secret.
fn shown(url: &str) -> String {
    const MAX_LENGTH: usize = 100;
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host: String = host.chars().take(MAX_LENGTH).collect();
    if scheme.is_empty() { host } else { format!("{scheme}://{host}") }
}

#[cfg(test)]
mod tests {
    use super::{CUSTOMER_LABELS, OTHER_SUFFIXES, SUFFIXES, check};
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
        let message =
            check("https://me:password@evil.com/path?token=x", None).expect_err("foreign").to_string();
        assert_eq!(message, "`https://evil.com` is not an AWS host; no request is sent there");
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
        assert!(OTHER_SUFFIXES.is_sorted() && CUSTOMER_LABELS.is_sorted());
        assert!(CUSTOMER_LABELS.iter().all(|(_, source)| source.starts_with("docs.aws.amazon.com/")));
    }
}

//! The role of the host name of a failed DNS lookup, derived from the URL of the request.

use super::error::CallError;
use super::missing_host::HostOf;
use crate::model::catalog::{Operation, Service};
use crate::model::endpoint::EndpointResolver;
use crate::names::Region;

/// Sets the role of the missing host of an error, if it has one. `url` is the URL of the request.
pub(super) fn explain(
    mut error: CallError,
    url: &str,
    endpoints: &EndpointResolver,
    service: &Service,
    operation: &Operation,
    region: &Region,
) -> CallError {
    let Some(missing) = &mut error.missing_host else { return error };
    let host = host(url);
    missing.of = if *missing.name != *host {
        HostOf::Proxy
    } else if endpoints.is_configured(service) {
        HostOf::Configured
    } else {
        let own = endpoints.service_url(service, operation, region);
        if own.is_some_and(|own| self::host(&own) == host) { HostOf::Service } else { HostOf::Resource }
    };
    // The message of an inferred error already names the endpoint.
    if error.inferred.is_none() && host.parse::<std::net::IpAddr>().is_err() {
        error.message = format!("the host name {} does not exist: {}", missing.name, error.message);
    }
    error
}

/// Returns the host of a URL, without a port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use serde_json::{Map, Value, json};

    use super::{HostOf, explain, host};
    use crate::aws::client::missing_host::MissingHost;
    use crate::aws::client::{CallError, CallErrorKind};
    use crate::model::catalog::{Catalog, Function};
    use crate::model::endpoint::{EndpointResolver, EndpointSettings, OverrideUrls, Partitions};
    use crate::names::{AccountId, Region};

    static CATALOG: LazyLock<Catalog> =
        LazyLock::new(|| Catalog::embedded().expect("the embedded catalog opens"));

    fn resolver(settings: EndpointSettings) -> EndpointResolver {
        let partitions = Partitions::parse(CATALOG.partitions()).expect("partitions");
        EndpointResolver::new(Arc::new(partitions), settings)
    }

    /// Returns the role of a call's host and the message; `name` is the missing host where it is another one.
    fn of(
        settings: EndpointSettings,
        service: &str,
        function: &str,
        input: &Value,
        name: Option<&str>,
    ) -> (HostOf, String) {
        let endpoints = resolver(settings);
        let service = CATALOG.service(service).expect("loads").expect("exists");
        let function = Function::find(&service, function).expect("exists");
        let input: Map<String, Value> = input.as_object().cloned().unwrap_or_default();
        let (region, account) = (Region::new("eu-west-1"), AccountId::new("123456789012"));
        let endpoint = endpoints
            .resolve(&service, function.operation(), &input, &region, Some(&account))
            .expect("an endpoint");
        let name = name.unwrap_or_else(|| host(&endpoint.url));
        let error = CallError {
            missing_host: Some(Box::new(MissingHost { name: name.into(), of: HostOf::Proxy })),
            ..CallError::new(CallErrorKind::Connection, "dns error")
        };
        let error = explain(error, &endpoint.url, &endpoints, &service, function.operation(), &region);
        (error.missing_host.expect("a host").of, error.message)
    }

    #[test]
    fn the_name_of_a_service_stands_for_it_and_any_other_does_not() {
        let bucket = json!({"Bucket": "logs"});
        for (service, function, input, expected, name) in [
            ("apprunner", "list_services", json!({}), HostOf::Service, "apprunner.eu-west-1.amazonaws.com"),
            ("iam", "list_roles", json!({}), HostOf::Service, "iam.amazonaws.com"),
            (
                "iotsitewise",
                "list_assets",
                json!({}),
                HostOf::Service,
                "api.iotsitewise.eu-west-1.amazonaws.com",
            ),
            ("s3", "list_buckets", json!({}), HostOf::Service, "s3.eu-west-1.amazonaws.com"),
            ("s3", "get_bucket_policy_status", bucket, HostOf::Resource, "logs.s3.eu-west-1.amazonaws.com"),
            (
                "s3control",
                "list_access_points",
                json!({"AccountId": "123456789012"}),
                HostOf::Resource,
                "123456789012.s3-control.eu-west-1.amazonaws.com",
            ),
            (
                "neptune-graph",
                "list_queries",
                json!({"graphIdentifier": "g-0123456789", "maxResults": 1}),
                HostOf::Resource,
                "g-0123456789.eu-west-1.neptune-graph.amazonaws.com",
            ),
        ] {
            let (of, message) = of(EndpointSettings::default(), service, function, &input, None);
            assert_eq!(of, expected, "{service} {function}");
            assert_eq!(message, format!("the host name {name} does not exist: dns error"));
        }
    }

    #[test]
    fn the_name_of_a_proxy_says_nothing_about_a_service() {
        let (of, message) =
            of(EndpointSettings::default(), "sqs", "list_queues", &json!({}), Some("proxy.example.com"));
        assert_eq!(of, HostOf::Proxy);
        assert!(message.contains("proxy.example.com"), "{message}");
    }

    #[test]
    fn a_name_that_is_configured_says_nothing_about_a_service() {
        let with = |overrides| EndpointSettings { overrides, ..EndpointSettings::default() };
        for (settings, expected) in [
            (EndpointSettings { use_fips: true, ..EndpointSettings::default() }, HostOf::Configured),
            (EndpointSettings { use_dual_stack: true, ..EndpointSettings::default() }, HostOf::Configured),
            (with(OverrideUrls::for_all("http://emulator.internal:4566")), HostOf::Configured),
            // The simulator replaces all of AWS, and an address has no name that could be missing.
            (with(OverrideUrls::for_all("http://127.0.0.1:4566")), HostOf::Service),
        ] {
            assert_eq!(of(settings, "sqs", "list_queues", &json!({}), None).0, expected);
        }
    }

    #[test]
    fn the_host_of_a_url_is_found() {
        for (url, expected) in [
            ("https://sqs.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com"),
            ("http://127.0.0.1:4566/path", "127.0.0.1"),
            ("http://localhost:80?x", "localhost"),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}

//! The SDK's signer decides what a signature is: requests are signed by both.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_runtime::auth::sigv4::SigV4Signer;
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_smithy_runtime_api::client::auth::{AuthSchemeEndpointConfig, Sign as _};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, Layer};
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use http::Request;
use serde_json::{Map, Value};

use super::sign;
use crate::aws::client::http_request::request_to;
use crate::model::catalog::example::example;
use crate::model::catalog::{Catalog, Function, Signing};
use crate::model::protocol::{WireRequest, encode_request};

/// A request and how it is signed.
struct Case {
    request: Request<SdkBody>,
    config: SigV4OperationSigningConfig,
    credentials: Credentials,
    time: SystemTime,
}

impl Case {
    fn new(url: &str, request: &WireRequest, signing: Signing) -> Self {
        Self {
            request: request_to(url, request).expect("a request"),
            config: SigV4OperationSigningConfig {
                name: Some(SigningName::from_static("ec2")),
                region: Some(SigningRegion::from(Region::from_static("eu-west-1"))),
                signing_options: options(signing),
                ..SigV4OperationSigningConfig::default()
            },
            credentials: Credentials::new("AKID", "secret", Some("a/token+==".into()), None, "test"),
            time: SystemTime::UNIX_EPOCH + Duration::from_secs(1_784_886_301),
        }
    }

    fn get(url: &str) -> Self {
        let request = WireRequest {
            method: "GET".into(),
            path_and_query: String::new(),
            headers: vec![
                ("X-Amz-Target".into(), "Things.List".into()),
                ("User-Agent".into(), "a  b".into()),
            ],
            body: Vec::new(),
        };
        Self::new(url, &request, Signing::SigV4)
    }

    fn clone_of_request(&self) -> Request<SdkBody> {
        let mut request = Request::new(self.request.body().try_clone().expect("a body in memory"));
        *request.method_mut() = self.request.method().clone();
        *request.uri_mut() = self.request.uri().clone();
        *request.headers_mut() = self.request.headers().clone();
        request
    }

    /// Returns the headers that the request has after it was signed, in order.
    fn signed(&self) -> Option<Vec<(String, String)>> {
        let mut request = self.clone_of_request();
        sign(&mut request, &self.credentials, &self.config, self.time)?;
        Some(headers(&HttpRequest::try_from(request).expect("a request")))
    }

    /// Returns the headers that the SDK's signer gives the request.
    fn signed_by_sdk(&self) -> Vec<(String, String)> {
        let mut layer = Layer::new("test");
        layer.store_put(self.config.clone());
        let mut request = HttpRequest::try_from(self.clone_of_request()).expect("a request");
        let components = RuntimeComponentsBuilder::for_tests()
            .with_time_source(Some(SharedTimeSource::new(StaticTimeSource::new(self.time))))
            .build()
            .expect("components");
        SigV4Signer::new()
            .sign_http_request(
                &mut request,
                &Identity::from(self.credentials.clone()),
                AuthSchemeEndpointConfig::empty(),
                &components,
                &ConfigBag::of_layers(vec![layer]),
            )
            .expect("a signature");
        headers(&request)
    }
}

fn options(signing: Signing) -> SigningOptions {
    crate::aws::client::smithy_plugin::signing_options(signing)
}

fn headers(request: &HttpRequest) -> Vec<(String, String)> {
    let mut headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    headers.sort();
    headers
}

#[test]
fn every_operation_gets_the_signature_of_the_sdk() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let mut compared = 0;
    // A name, an ARN, and texts that are encoded in paths and queries.
    for text in ["web-1", "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0a1", "a b+c/d~e*é%41=&", "../x//y/."]
    {
        for entry in catalog.entries() {
            let service = catalog.service(&entry.name).expect("loads").expect("exists");
            for function in Function::all(&service) {
                let operation = function.operation();
                let signing = service.signing(operation);
                let Ok(request) = encode_request(&service, operation, &parameters(&function, text)) else {
                    continue;
                };
                let url =
                    format!("https://{}.eu-west-1.amazonaws.com{}", service.name, request.path_and_query);
                let case = Case::new(&url, &request, signing);
                match case.signed() {
                    Some(signed) => assert_eq!(signed, case.signed_by_sdk(), "{function}: {url}"),
                    // Empty segments and dots.
                    None => assert!(text.starts_with('.'), "{function} is left to the SDK: {url}"),
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 28_000, "{compared}");
}

/// Returns a text for each parameter that is required, or is in the path or the query.
fn parameters(function: &Function, text: &str) -> Map<String, Value> {
    let service = function.service();
    let members = service.input(function.operation()).map_or(&[][..], |input| &input.members);
    members
        .iter()
        .map(|member| (member.name.to_string(), example(service, &member.reference, text)))
        .collect()
}

#[test]
fn other_urls_get_the_signature_of_the_sdk() {
    for url in [
        "https://ec2.eu-west-1.amazonaws.com",
        "https://ec2.eu-west-1.amazonaws.com:443/",
        "http://127.0.0.1:4566/base/path",
        "http://[::1]:80/",
        "https://lambda.eu-west-1.amazonaws.com/a/?b",
        "https://lambda.eu-west-1.amazonaws.com/?b=2&a=1&a=0&c",
        "https://lambda.eu-west-1.amazonaws.com/a.b/c%2Fd?x=%C3%A9%2B",
    ] {
        let mut case = Case::get(url);
        assert_eq!(case.signed(), Some(case.signed_by_sdk()), "{url}");
        case.credentials = Credentials::new("AKID", "secret", None, None, "test");
        assert_eq!(case.signed(), Some(case.signed_by_sdk()), "{url} without a token");
        case.config.signing_options = options(Signing::S3SigV4);
        assert_eq!(case.signed(), Some(case.signed_by_sdk()), "{url} with S3's options");
    }
}

#[test]
fn unusual_requests_are_left_to_the_sdk() {
    for url in [
        "https://lambda.eu-west-1.amazonaws.com//a",
        "https://lambda.eu-west-1.amazonaws.com/a/../b",
        "https://lambda.eu-west-1.amazonaws.com/?a=%41",
        "https://lambda.eu-west-1.amazonaws.com/?a=%c3%a9",
        "https://lambda.eu-west-1.amazonaws.com/?a=+",
        "https://lambda.eu-west-1.amazonaws.com/?a=%ff",
        "https://lambda.eu-west-1.amazonaws.com/?a&&b",
        "https://user@lambda.eu-west-1.amazonaws.com/",
    ] {
        assert_eq!(Case::get(url).signed(), None, "{url}");
    }
    for (name, value) in [("x-a", " b"), ("x-a", "b  c"), ("x-amz-target", "twice")] {
        let mut case = Case::get("https://lambda.eu-west-1.amazonaws.com/");
        case.request.headers_mut().append(name, value.parse().expect("a header"));
        assert_eq!(case.signed(), None, "{name}: {value}");
    }
}

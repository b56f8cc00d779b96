//! The last check of every request before it is sent: its host must be allowed.
//!
//! The catalog-driven client checks its endpoints itself. The typed clients and the credential providers
//! of the SDK resolve their own, from regions and profiles, and share this HTTP client.

use std::env;
use std::net::IpAddr;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::service_config::ServiceConfigKey;
use http::Uri;

use super::profiles::Profiles;
use super::source_response;
use crate::aws::http::link_local::is_link_local;
use crate::error::Failure;
use crate::model::hosts;

/// The services that typed clients and credential providers call, by their service IDs in the SDK.
const TYPED: [&str; 5] = ["STS", "Organizations", "S3", "SSO", "SSO OIDC"];

/// The hosts that requests may be sent to in addition to AWS's services.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    /// Configured endpoints that replace AWS's.
    endpoints: Vec<String>,
    /// Sources of credentials. Signed requests are never sent there.
    sources: Vec<String>,
}

impl Allowed {
    /// Returns the hosts that the environment and the profiles configure.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for an endpoint in the environment that is no URL.
    pub(super) fn configured(config: &SdkConfig, profiles: &Profiles) -> Result<Self, Failure> {
        let is_endpoint = |name: &str| {
            name.strip_prefix("AWS_ENDPOINT_URL").is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        let is_source = |name: &str| {
            matches!(name, "AWS_EC2_METADATA_SERVICE_ENDPOINT" | "AWS_CONTAINER_CREDENTIALS_FULL_URI")
        };
        let mut allowed = Self { endpoints: profiles.endpoints(), sources: profiles.metadata_services() };
        allowed.endpoints.extend(TYPED.iter().filter_map(|service| service_endpoint(config, service)));
        allowed.endpoints.extend(config.endpoint_url().map(str::to_owned));
        for (name, value) in env::vars_os() {
            let (Some(name), Ok(value)) = (name.to_str(), value.into_string()) else { continue };
            if is_endpoint(name) {
                if !value.is_empty() && !is_url(&value) {
                    return Err(Failure::usage(format!("{name} is no URL: `{}`", value.escape_debug()))
                        .hint(format!("set {name} to a URL with http:// or https://, or unset it")));
                }
                allowed.endpoints.push(value);
            } else if is_source(name) {
                allowed.sources.push(value.trim().to_owned());
            }
        }
        Ok(allowed)
    }

    /// Returns whether a request may be sent.
    fn allows(&self, request: &HttpRequest) -> bool {
        let Ok(uri) = request.uri().parse::<Uri>() else { return false };
        if hosts::is_service(&uri) || self.endpoints.iter().any(|endpoint| hosts::is_below(&uri, endpoint)) {
            return true;
        }
        // The SDK itself ensures that a container's credentials endpoint is on this machine or uses TLS.
        !is_signed(request)
            && (is_local(&uri) || self.sources.iter().any(|source| hosts::is_below(&uri, source)))
    }
}

fn is_url(text: &str) -> bool {
    let uri = text.parse::<Uri>();
    uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}

/// Returns the endpoint that is configured for one service.
fn service_endpoint(config: &SdkConfig, service_id: &str) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service_id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    config.service_config()?.load_config(key)
}

/// Returns whether a request carries AWS credentials.
fn is_signed(request: &HttpRequest) -> bool {
    let headers = request.headers();
    headers.get("authorization").is_some_and(|value| value.starts_with("AWS4"))
        || headers.contains_key("x-amz-security-token")
        || headers.contains_key("x-amz-sso_bearer_token")
}

/// Returns whether an address is this machine or one of its metadata services.
fn is_local(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || is_link_local(address),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// An HTTP client that sends requests only to allowed hosts.
#[derive(Debug)]
pub(super) struct GuardedHttp {
    client: SharedHttpClient,
    allowed: Arc<Allowed>,
}

impl GuardedHttp {
    /// Wraps `client` so that requests to other hosts fail.
    pub(super) fn around(client: SharedHttpClient, allowed: Allowed) -> SharedHttpClient {
        SharedHttpClient::new(Self { client, allowed: Arc::new(allowed) })
    }
}

impl HttpClient for GuardedHttp {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(GuardedConnector {
            connector: self.client.http_connector(settings, components),
            allowed: Arc::clone(&self.allowed),
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_base_client_config(&self.client, components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_final_config(&self.client, components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.client.connector_metadata()
    }
}

#[derive(Debug)]
struct GuardedConnector {
    connector: SharedHttpConnector,
    allowed: Arc<Allowed>,
}

impl HttpConnector for GuardedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if self.allowed.allows(&request) {
            let is_source = request.uri().parse::<Uri>().is_ok_and(|uri| !hosts::is_service(&uri));
            let is_source = is_source && !is_signed(&request);
            let response = self.connector.call(request);
            return if is_source {
                HttpConnectorFuture::new(async move { source_response::in_sdk_form(response.await?).await })
            } else {
                response
            };
        }
        let error = hosts::foreign(request.uri());
        HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())))
    }
}

#[cfg(test)]
mod tests {
    use aws_config::Region as SdkRegion;
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_types::body::SdkBody;

    use super::{Allowed, GuardedHttp};
    use crate::aws::credentials::fake::{FakeAws, caller_identity};
    use crate::aws::credentials::profiles::Profiles;
    use crate::error::chain;

    fn request(uri: &str, header: Option<(&'static str, &'static str)>) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(uri.to_owned()).expect("a URI");
        if let Some((name, value)) = header {
            request.headers_mut().insert(name, value);
        }
        request
    }

    const SIGNED: Option<(&str, &str)> = Some(("authorization", "AWS4-HMAC-SHA256 Credential=AKIA/x"));
    const TOKEN: Option<(&str, &str)> = Some(("x-amz-security-token", "token"));

    fn allowed() -> Allowed {
        Allowed {
            endpoints: vec!["http://127.0.0.1:4566".to_owned()],
            sources: vec!["https://credentials.example/role".to_owned()],
        }
    }

    #[test]
    fn signed_request_goes_only_to_aws_and_configured_endpoints() {
        for header in [SIGNED, TOKEN] {
            for (uri, expected) in [
                ("https://sts.eu-west-1.amazonaws.com/", true),
                ("http://127.0.0.1:4566/", true),
                ("http://127.0.0.1:4567/", false),
                ("http://169.254.169.254/", false),
                ("https://credentials.example/role", false),
                ("https://sts.evil.example/", false),
                ("http://sts.eu-west-1.amazonaws.com/", false),
            ] {
                assert_eq!(allowed().allows(&request(uri, header)), expected, "{uri}");
            }
        }
    }

    #[test]
    fn sources_of_credentials_are_asked_without_a_signature() {
        for uri in [
            "http://169.254.169.254/latest/api/token",
            "http://[fd00:ec2::254]/latest/api/token",
            "http://169.254.170.2/v2/credentials/x",
            "http://localhost:911/",
            "https://credentials.example/role",
        ] {
            assert!(allowed().allows(&request(uri, Some(("authorization", "Bearer of-the-pod")))), "{uri}");
        }
        assert!(!allowed().allows(&request("http://credentials.example/role", None)));
        assert!(!allowed().allows(&request("https://evil.example/", None)));
    }

    #[tokio::test]
    async fn endpoints_are_taken_from_profiles() {
        let config = "[profile a]\nendpoint_url = http://a.example\n\
                      [profile b]\nec2_metadata_service_endpoint = http://imds.example";
        let profiles = Profiles::of(config, Some("a")).await.expect("profiles");
        let allowed = Allowed { endpoints: profiles.endpoints(), sources: profiles.metadata_services() };
        for (uri, expected) in [("http://a.example/", true), ("http://x.example/", false)] {
            assert_eq!(allowed.allows(&request(uri, SIGNED)), expected, "{uri}");
        }
        assert!(allowed.allows(&request("http://imds.example/", None)));
        assert!(!allowed.allows(&request("http://imds.example/", SIGNED)));
    }

    #[tokio::test]
    async fn a_typed_client_is_led_nowhere_by_its_region() {
        let arn = "arn:aws:sts::123456789012:assumed-role/Admin/me";
        let fake = FakeAws::new(move |_| (200, caller_identity("123456789012", arn)));
        for (region, expected) in
            [("eu-west-1", true), ("x@evil.example/#", false), ("evil.example/#", false)]
        {
            let config = fake.config("eu-west-1").into_builder().region(SdkRegion::new(region));
            let http = fake.config("eu-west-1").http_client().expect("a client");
            let config = config.http_client(GuardedHttp::around(http, Allowed::default())).build();
            let sent = fake.sent().len();
            let outcome = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
            assert_eq!(outcome.is_ok(), expected, "{region}");
            assert_eq!(fake.sent().len() - sent, usize::from(expected), "{region}");
            if let Err(error) = outcome {
                assert!(!chain(&error).is_empty());
            }
        }
    }
}

//! The dynamic client: any catalogued operation, through the official SDK's orchestrator.

use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::TokenError;
use aws_credential_types::provider::future::ProvideToken as TokenFuture;
use aws_credential_types::provider::token::{ProvideToken, SharedTokenProvider};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime::client::auth::http::BearerAuthScheme;
use aws_smithy_runtime::client::auth::no_auth::NoAuthRuntimePluginV2;
use aws_smithy_runtime::client::defaults::{DefaultPluginParams, default_plugins};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::{self, AuthSchemeAndEndpointOrchestrationV2};
use aws_smithy_runtime::client::stalled_stream_protection::StalledStreamProtectionInterceptor;
use aws_smithy_runtime_api::client::auth::SharedAuthScheme;
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::interceptors::context::Input;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{RuntimePlugins, StaticRuntimePlugin};
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use serde_json::{Map, Value};

use super::attempts::AttemptTracker;
use super::call_request::CallRequest;
use super::discovery::{self, DiscoveredEndpoints};
use super::error::{self, CallError, CallErrorKind};
use super::request_limiter::{OutgoingCall, RequestLimiter};
use super::response::ResponsePage;
use super::smithy_plugin::Exchange;
use super::unlimited::OpenWay;
use super::{handlers, host_role};
use crate::aws::http::ResponseLimit;
use crate::model::catalog::{Function, Service, Signing};
use crate::model::endpoint::{EndpointResolver, ResolvedEndpoint};
use crate::model::protocol;
use crate::names::{AccountId, Region};

/// How long one attempt may take, connecting and reading included: botocore's read time-out.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// Calls operations of any service. Cheap to clone; all clones share connections and caches.
#[derive(Clone)]
pub struct AwsClient {
    config: SdkConfig,
    endpoints: Arc<EndpointResolver>,
    response_limit: ResponseLimit,
}

/// The client as one account's credentials see AWS.
#[derive(Clone)]
pub struct AccountClient {
    account: AccountId,
    endpoints: Arc<EndpointResolver>,
    discovered: DiscoveredEndpoints,
    plugins: RuntimePlugins,
    sleep: SharedAsyncSleep,
    response_limit: ResponseLimit,
    admission: Arc<dyn RequestLimiter>,
}

impl AwsClient {
    /// A client that uses the HTTP client, retry policy, time source, application name and bearer
    /// tokens of `config`, and finds endpoints with `endpoints`.
    #[must_use]
    pub fn new(config: SdkConfig, endpoints: Arc<EndpointResolver>) -> Self {
        Self { config, endpoints, response_limit: ResponseLimit::default() }
    }

    /// The same client, which unpacks no body to more than `response_limit`. What is received has the limit of
    /// the HTTP client.
    #[must_use]
    pub fn limited_to(self, response_limit: ResponseLimit) -> Self {
        Self { response_limit, ..self }
    }

    /// The client for one account. Everything it wants to send may be sent at once, until it is
    /// told otherwise with [`AccountClient::admitted_by`].
    #[must_use]
    pub fn account(&self, account: &AccountId, credentials: SharedCredentialsProvider) -> AccountClient {
        let defaults = DefaultPluginParams::new()
            .with_retry_partition_name("aws-auto-inventory")
            .with_behavior_version(BehaviorVersion::latest())
            .with_is_aws_sdk(true);
        let plugins = RuntimePlugins::new()
            .with_client_plugins(default_plugins(defaults))
            .with_client_plugin(self.plugin(credentials))
            .with_client_plugin(NoAuthRuntimePluginV2::new());
        let time = self.config.time_source().unwrap_or_default();
        AccountClient {
            account: account.clone(),
            endpoints: Arc::clone(&self.endpoints),
            discovered: DiscoveredEndpoints::new(time),
            plugins,
            sleep: self.config.sleep_impl().unwrap_or_else(|| SharedAsyncSleep::new(TokioSleep::new())),
            response_limit: self.response_limit,
            admission: Arc::new(OpenWay::new(account)),
        }
    }

    fn plugin(&self, credentials: SharedCredentialsProvider) -> StaticRuntimePlugin {
        let config = &self.config;
        let mut layer = Layer::new("AwsClient");
        layer.store_put(AuthSchemeAndEndpointOrchestrationV2);
        layer.store_put(aws_runtime::user_agent::ApiMetadata::new("catalog", env!("CARGO_PKG_VERSION")));
        layer.store_put(config.retry_config().cloned().unwrap_or_else(RetryConfig::standard));
        let timeouts = config.timeout_config().cloned().unwrap_or_else(|| TimeoutConfig::builder().build());
        let mut timeouts = timeouts.to_builder();
        timeouts.set_operation_attempt_timeout(Some(ATTEMPT_TIMEOUT));
        layer.store_put(timeouts.build());
        layer.store_or_unset(config.app_name().cloned());
        layer.store_or_unset(config.stalled_stream_protection());

        let mut components = RuntimeComponentsBuilder::new("AwsClient")
            .with_http_client(config.http_client())
            // The providers of role sessions and of the base identity are caches themselves.
            .with_identity_cache(Some(IdentityCache::no_cache()))
            .with_time_source(config.time_source())
            .with_identity_resolver(
                aws_runtime::auth::sigv4::SCHEME_ID,
                SharedIdentityResolver::new(credentials),
            )
            .with_auth_scheme(SharedAuthScheme::new(aws_runtime::auth::sigv4::SigV4AuthScheme::new()))
            .with_auth_scheme(SharedAuthScheme::new(BearerAuthScheme::new()));
        let tokens = config.token_provider().unwrap_or_else(|| SharedTokenProvider::new(NoToken));
        components.set_identity_resolver(HTTP_BEARER_AUTH_SCHEME_ID, SharedIdentityResolver::new(tokens));
        for interceptor in [
            SharedInterceptor::permanent(ConnectionPoisoningInterceptor::new()),
            SharedInterceptor::permanent(StalledStreamProtectionInterceptor::default()),
            SharedInterceptor::permanent(aws_runtime::service_clock_skew::ServiceClockSkewInterceptor::new()),
            SharedInterceptor::permanent(aws_runtime::request_info::RequestInfoInterceptor::new()),
            SharedInterceptor::permanent(aws_runtime::user_agent::UserAgentInterceptor::new()),
            SharedInterceptor::permanent(aws_runtime::invocation_id::InvocationIdInterceptor::new()),
        ] {
            components.push_interceptor(interceptor);
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}

impl AccountClient {
    /// The same client, whose requests wait for their turn at `admission`.
    #[must_use]
    pub fn admitted_by(self, admission: Arc<dyn RequestLimiter>) -> Self {
        Self { admission, ..self }
    }

    /// The account whose credentials this client uses.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Whether an answer of the service shows that the names of its region can be had: not where it alone
    /// has an endpoint URL of its own.
    #[must_use]
    pub fn shows_region(&self, service: &Service) -> bool {
        !self.endpoints.is_set_apart(service)
    }

    /// One request and its answer.
    ///
    /// S3 may say that a bucket lives elsewhere, and a discovered endpoint may have moved; then the
    /// request is sent again, once.
    pub async fn page(
        &self,
        function: &Function,
        region: &Region,
        parameters: &Map<String, Value>,
    ) -> Result<ResponsePage, CallError> {
        self.send(CallRequest { function, region, parameters, listing: None }).await
    }

    /// [`AccountClient::page`], of which one list may be wanted as text.
    pub(super) async fn send(&self, question: CallRequest<'_>) -> Result<ResponsePage, CallError> {
        let CallRequest { function, region, .. } = question;
        let service = function.service();
        let (first, region) = match self.send_once(question).await {
            Err(error) if &*service.name == "s3" => match other_region(&error, region) {
                Some(other) => (error.attempts, other),
                None => return Err(error),
            },
            Err(error) if discovery::is_wrong_endpoint(&error) && self.discovered.forget(service, region) => {
                (error.attempts, region.clone())
            }
            outcome => return outcome,
        };
        // What was sent in vain was sent all the same.
        match self.send_once(CallRequest { region: &region, ..question }).await {
            Ok(answer) => Ok(ResponsePage { attempts: answer.attempts + first, ..answer }),
            Err(error) => Err(CallError { attempts: error.attempts + first, ..error }),
        }
    }

    async fn send_once(&self, question: CallRequest<'_>) -> Result<ResponsePage, CallError> {
        let mut endpoint = self.resolve(&question)?;
        if let Some(url) = self.discover(question.function, question.region).await? {
            endpoint.url = url;
        }
        self.exchange(question, &endpoint).await
    }

    fn resolve(&self, question: &CallRequest<'_>) -> Result<ResolvedEndpoint, CallError> {
        let CallRequest { function, region, parameters, .. } = question;
        self.endpoints
            .resolve(function.service(), function.operation(), parameters, region, Some(&self.account))
            .map_err(|cause| CallError::new(CallErrorKind::Endpoint, cause.to_string()))
    }

    /// The endpoint that the service has for this account, where it has one for each; asked for when
    /// none is known.
    async fn discover(&self, function: &Function, region: &Region) -> Result<Option<String>, CallError> {
        let service = function.service();
        let Some(source) = discovery::source(function) else { return Ok(None) };
        // A URL that somebody has configured is the last word; a wrong one is told by `resolve`.
        if !matches!(self.endpoints.override_for(service), Ok(None)) {
            return Ok(None);
        }
        if let Some(url) = self.discovered.get(service, region) {
            return Ok(Some(url));
        }
        let nothing = Map::new();
        let question = CallRequest { function: &source, region, parameters: &nothing, listing: None };
        let endpoint = self.resolve(&question)?;
        let answer = self.exchange(question, &endpoint).await.map_err(|mut error| {
            error.message = format!("the endpoint cannot be discovered ({source}): {}", error.message);
            error
        })?;
        self.discovered
            .keep(service, region, &answer.members)
            .map(Some)
            .map_err(|problem| CallError::new(CallErrorKind::Endpoint, format!("{source} {problem}")))
    }

    async fn exchange(
        &self,
        question: CallRequest<'_>,
        endpoint: &ResolvedEndpoint,
    ) -> Result<ResponsePage, CallError> {
        let CallRequest { function, region, parameters, .. } = question;
        let (service, operation) = (function.service(), function.operation());
        let mut request = protocol::encode_request(service, operation, parameters)
            .map_err(|cause| CallError::new(CallErrorKind::Request, cause.to_string()))?;
        handlers::fix_request(function, &mut request);

        let host = endpoint_name(&endpoint.url, &self.account, parameters);
        let shows_region = self.shows_region(service);
        let lane = self.admission.lane(&OutgoingCall { function, region, endpoint: &host, shows_region });
        let explain =
            |error| host_role::explain(error, &endpoint.url, &self.endpoints, service, operation, region);
        let journey = AttemptTracker::begin(lane).await.map_err(explain)?;
        let configured = self.endpoints.override_for(service).ok().flatten();
        let exchange = Exchange::new(&question, endpoint, &journey, &self.sleep, self.response_limit)
            .guarded(configured);
        let plugins = self.plugins.clone().with_operation_plugin(exchange);
        // On the heap, since far more calls wait for their turn than are under way: what waits is small.
        let outcome = Box::pin(orchestrator::invoke(
            &service.service_id,
            &operation.name,
            Input::erase(request),
            &plugins,
        ))
        .await;
        let attempts = journey.attempts();
        match outcome {
            Ok(output) => {
                let mut answer = output.downcast::<ResponsePage>().map_err(|_| {
                    CallError::new(CallErrorKind::Answer, "the orchestrator gave back something else")
                })?;
                answer.attempts = attempts;
                Ok(answer)
            }
            Err(error) => {
                let mut error = explain(error::from_orchestrator(error));
                error.attempts = attempts;
                if error.kind == CallErrorKind::Credentials && service.signing(operation) == Signing::Bearer {
                    error.message = format!(
                        "{} takes a person's bearer token in place of an account's credentials: {}; sign in \
                         with `aws sso login` and a profile that has an sso_session",
                        service.name, error.message
                    );
                }
                Err(error)
            }
        }
    }
}

/// Says that there is no token, where nothing is configured that could give one.
#[derive(Debug)]
struct NoToken;

impl ProvideToken for NoToken {
    fn provide_token<'a>(&'a self) -> TokenFuture<'a>
    where
        Self: 'a,
    {
        TokenFuture::ready(Err(TokenError::not_loaded("none is configured")))
    }
}

/// Scheme and host of a URL, without the label that stands for the bucket or the account: what is
/// left answers for all of them, or for none.
fn endpoint_name(url: &str, account: &AccountId, parameters: &Map<String, Value>) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let host = rest.split('/').next().unwrap_or_default();
    let bucket = parameters.get("Bucket").and_then(Value::as_str);
    let own = [Some(account.as_str()), bucket];
    let host = own
        .into_iter()
        .flatten()
        .find_map(|label| host.strip_prefix(label)?.strip_prefix('.'))
        .unwrap_or(host);
    format!("{scheme}://{host}")
}

/// The region that S3 names in a redirect or refusal, when it is not the one that was asked.
fn other_region(error: &CallError, asked: &Region) -> Option<Region> {
    let misdirected = matches!(error.status, Some(301 | 307 | 400));
    let region = error.bucket_region.as_deref()?;
    if !misdirected || region == asked.as_str() {
        return None;
    }
    Region::parse(region)
        .inspect_err(|error| tracing::warn!(target: "scan::http", "S3 names another region: {error}"))
        .ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::{endpoint_name, other_region};
    use crate::aws::client::{CallError, CallErrorKind};
    use crate::names::{AccountId, Region};

    #[test]
    fn s3_leads_to_another_region_and_to_nothing_else() {
        let here = Region::new("us-east-1");
        for (status, named, expected) in [
            (301, "eu-west-1", Some("eu-west-1")),
            (400, "eu-west-1", Some("eu-west-1")),
            (403, "eu-west-1", None),
            (301, "us-east-1", None),
            (301, "evil.example/#", None),
            (307, "a@169.254.169.254/", None),
            (301, "eu-west-1\r", None),
        ] {
            let mut error = CallError::new(CallErrorKind::Service, "moved");
            (error.status, error.bucket_region) = (Some(status), Some(named.into()));
            let other = other_region(&error, &here);
            assert_eq!(other.as_ref().map(Region::as_str), expected, "{status} {named:?}");
        }
    }

    #[test]
    fn an_endpoint_is_the_same_for_all_buckets_and_accounts() {
        let account = AccountId::new("123456789012");
        let parameters = Map::from_iter([("Bucket".to_owned(), json!("logs.example"))]);
        for (url, name) in [
            ("https://sqs.eu-west-1.amazonaws.com", "https://sqs.eu-west-1.amazonaws.com"),
            ("https://logs.example.s3.eu-west-1.amazonaws.com", "https://s3.eu-west-1.amazonaws.com"),
            ("https://s3.eu-west-1.amazonaws.com/logs.example", "https://s3.eu-west-1.amazonaws.com"),
            (
                "https://123456789012.s3-control.eu-west-1.amazonaws.com",
                "https://s3-control.eu-west-1.amazonaws.com",
            ),
            ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ] {
            assert_eq!(endpoint_name(url, &account, &parameters), name);
        }
    }
}

//! The dynamic client: any catalogued operation, through the official SDK's orchestrator.

use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_runtime::client::orchestrator;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::context::Input;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugins;
use aws_types::SdkConfig;
use serde_json::{Map, Value};

use super::attempts::AttemptTracker;
use super::call_request::CallRequest;
use super::client_plugin::client_plugins;
use super::direct::{DirectWay, Outgoing};
use super::discovery::{self, DiscoveredEndpoints};
use super::error::{self, CallError, CallErrorKind};
use super::learned_headers::HeadersByKind;
use super::replay::replaying;
use super::request_limiter::{OutgoingCall, RequestLimiter};
use super::response::{self, ResponsePage};
use super::smithy_plugin::{Exchange, signing_config};
use super::unlimited::OpenWay;
use super::{handlers, host_role};
use crate::aws::http::ResponseLimit;
use crate::model::catalog::{Function, Service, Signing};
use crate::model::endpoint::{EndpointResolver, ResolvedEndpoint};
use crate::model::protocol;
use crate::names::{AccountId, Region};

/// Calls operations of any service. Cheap to clone; all clones share connections and caches.
#[derive(Clone)]
pub struct AwsClient {
    config: SdkConfig,
    endpoints: Arc<EndpointResolver>,
    response_limit: ResponseLimit,
    has_direct_way: bool,
    headers: HeadersByKind,
}

/// The client for one account and its credentials.
#[derive(Clone)]
pub struct AccountClient {
    account: AccountId,
    endpoints: Arc<EndpointResolver>,
    discovered: DiscoveredEndpoints,
    plugins: RuntimePlugins,
    direct: Option<Arc<DirectWay>>,
    sleep: SharedAsyncSleep,
    response_limit: ResponseLimit,
    admission: Arc<dyn RequestLimiter>,
}

impl AwsClient {
    /// Creates a client with the HTTP client, retry policy, time source, application name and bearer tokens of
    /// `config`, and with `endpoints` as its endpoint resolver.
    #[must_use]
    pub fn new(config: SdkConfig, endpoints: Arc<EndpointResolver>) -> Self {
        let response_limit = ResponseLimit::default();
        Self { config, endpoints, response_limit, has_direct_way: true, headers: HeadersByKind::default() }
    }

    /// Limits the decompressed size of bodies to `response_limit`. The HTTP client limits the received size.
    #[must_use]
    pub fn limited_to(self, response_limit: ResponseLimit) -> Self {
        Self { response_limit, ..self }
    }

    /// Sends every attempt through the SDK's orchestrator, also the first.
    #[must_use]
    pub fn without_direct_way(self) -> Self {
        Self { has_direct_way: false, ..self }
    }

    /// Returns the client for one account. Its requests are not limited unless a limiter is set with
    /// [`AccountClient::admitted_by`].
    #[must_use]
    pub fn account(&self, account: &AccountId, credentials: SharedCredentialsProvider) -> AccountClient {
        let identities = SharedIdentityResolver::new(credentials);
        let sleep = self.config.sleep_impl().unwrap_or_else(|| SharedAsyncSleep::new(TokioSleep::new()));
        let direct = self
            .has_direct_way
            .then(|| DirectWay::new(&self.config, identities.clone(), self.headers.clone(), sleep.clone()));
        let time = self.config.time_source().unwrap_or_default();
        AccountClient {
            account: account.clone(),
            endpoints: Arc::clone(&self.endpoints),
            discovered: DiscoveredEndpoints::new(time),
            plugins: client_plugins(&self.config, identities),
            direct: direct.flatten().map(Arc::new),
            sleep,
            response_limit: self.response_limit,
            admission: Arc::new(OpenWay::new(account)),
        }
    }
}

impl AccountClient {
    /// Sets the request limiter: requests wait for a permit of `admission`.
    #[must_use]
    pub fn admitted_by(self, admission: Arc<dyn RequestLimiter>) -> Self {
        Self { admission, ..self }
    }

    /// Returns the account whose credentials this client uses.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Returns whether a response of the service proves that host names of its region can be resolved. That is not
    /// the case where only this service has a configured endpoint URL.
    #[must_use]
    pub fn shows_region(&self, service: &Service) -> bool {
        !self.endpoints.is_set_apart(service)
    }

    /// Sends one request and returns the page of its response.
    ///
    /// S3 may redirect to the bucket's region, and a discovered endpoint may have changed; then the request is
    /// sent again.
    pub async fn page(
        &self,
        function: &Function,
        region: &Region,
        parameters: &Map<String, Value>,
    ) -> Result<ResponsePage, CallError> {
        self.send(CallRequest { function, region, parameters, listing: None }).await
    }

    /// Sends a request like [`AccountClient::page`], with the option of returning one list as text.
    pub(super) async fn send(&self, call: CallRequest<'_>) -> Result<ResponsePage, CallError> {
        let CallRequest { function, region, .. } = call;
        let service = function.service();
        let (first, region) = match self.send_once(call).await {
            Err(error) if &*service.name == "s3" => match other_region(&error, region) {
                Some(other) => (error.attempts, other),
                None => return Err(error),
            },
            Err(error) if discovery::is_wrong_endpoint(&error) && self.discovered.forget(service, region) => {
                (error.attempts, region.clone())
            }
            outcome => return outcome,
        };
        // The attempts of the failed first request count as well.
        match self.send_once(CallRequest { region: &region, ..call }).await {
            Ok(response) => Ok(ResponsePage { attempts: response.attempts + first, ..response }),
            Err(error) => Err(CallError { attempts: error.attempts + first, ..error }),
        }
    }

    async fn send_once(&self, call: CallRequest<'_>) -> Result<ResponsePage, CallError> {
        let mut endpoint = self.resolve(&call)?;
        if let Some(url) = self.discover(call.function, call.region).await? {
            endpoint.url = url;
        }
        self.exchange(call, &endpoint).await
    }

    fn resolve(&self, call: &CallRequest<'_>) -> Result<ResolvedEndpoint, CallError> {
        let CallRequest { function, region, parameters, .. } = call;
        self.endpoints
            .resolve(function.service(), function.operation(), parameters, region, Some(&self.account))
            .map_err(|cause| CallError::new(CallErrorKind::Endpoint, cause.to_string()))
    }

    /// Returns the discovered endpoint of the service for this account, where the operation requires endpoint
    /// discovery. Discovers it when none is known.
    async fn discover(&self, function: &Function, region: &Region) -> Result<Option<String>, CallError> {
        let service = function.service();
        let Some(source) = discovery::source(function) else { return Ok(None) };
        // A configured URL takes precedence; `resolve` reports an invalid one.
        if !matches!(self.endpoints.override_for(service), Ok(None)) {
            return Ok(None);
        }
        if let Some(url) = self.discovered.get(service, region) {
            return Ok(Some(url));
        }
        let no_parameters = Map::new();
        let call = CallRequest { function: &source, region, parameters: &no_parameters, listing: None };
        let endpoint = self.resolve(&call)?;
        let response = self.exchange(call, &endpoint).await.map_err(|mut error| {
            error.message = format!("cannot discover the endpoint ({source}): {}", error.message);
            error
        })?;
        self.discovered
            .keep(service, region, &response.members)
            .map(Some)
            .map_err(|problem| CallError::new(CallErrorKind::Endpoint, format!("{source}: {problem}")))
    }

    async fn exchange(
        &self,
        call: CallRequest<'_>,
        endpoint: &ResolvedEndpoint,
    ) -> Result<ResponsePage, CallError> {
        let CallRequest { function, region, parameters, .. } = call;
        let (service, operation) = (function.service(), function.operation());
        let mut request = protocol::encode_request(service, operation, parameters)
            .map_err(|cause| CallError::new(CallErrorKind::Request, cause.to_string()))?;
        handlers::fix_request(function, &mut request);

        let host = endpoint_name(&endpoint.url, &self.account, parameters);
        let shows_region = self.shows_region(service);
        let lane = self.admission.lane(&OutgoingCall { function, region, endpoint: &host, shows_region });
        let explain =
            |error| host_role::explain(error, &endpoint.url, &self.endpoints, service, operation, region);
        let tracker = AttemptTracker::start(lane).await.map_err(explain)?;
        let configured = self.endpoints.override_for(service).ok().flatten();
        let mut replay = None;
        let direct = self.direct.as_ref().filter(|_| service.signing(operation).is_sigv4());
        if let Some(direct) = direct {
            let signing = signing_config(&call, endpoint);
            let outgoing =
                Outgoing { request: &request, endpoint, configured: configured.as_deref(), signing };
            let decode = |answer: &_| response::read(function, call.listing, answer, self.response_limit);
            // Boxed, since far more calls wait for a permit than are in progress: a waiting future stays small.
            match Box::pin(direct.send(outgoing, &tracker, decode)).await {
                Ok(page) => return Ok(ResponsePage { attempts: tracker.attempts(), ..page }),
                Err(first) => replay = first.map(|first| replaying(first, direct.http())),
            }
        }
        let mut exchange =
            Exchange::new(&call, endpoint, &tracker, &self.sleep, self.response_limit).guarded(configured);
        if let Some(direct) = direct.filter(|direct| !direct.is_open()) {
            exchange = exchange.teaching(direct);
        }
        let mut plugins = self.plugins.clone().with_operation_plugin(exchange);
        if let Some(replay) = replay {
            plugins = plugins.with_operation_plugin(replay);
        }
        let outcome = Box::pin(orchestrator::invoke(
            &service.service_id,
            &operation.name,
            Input::erase(request),
            &plugins,
        ))
        .await;
        let attempts = tracker.attempts();
        match outcome {
            Ok(output) => {
                let mut response = output.downcast::<ResponsePage>().map_err(|_| {
                    CallError::new(CallErrorKind::Answer, "the orchestrator returned a value of another type")
                })?;
                response.attempts = attempts;
                Ok(response)
            }
            Err(error) => {
                let mut error = explain(error::from_orchestrator(error));
                error.attempts = attempts;
                if error.kind == CallErrorKind::Credentials && service.signing(operation) == Signing::Bearer {
                    error.message = format!(
                        "{} requires a user's bearer token instead of an account's credentials: {}; sign in \
                         with `aws sso login` and a profile with an sso_session",
                        service.name, error.message
                    );
                }
                Err(error)
            }
        }
    }
}

/// Returns scheme and host of a URL, without the label of the bucket or the account: the remaining endpoint is the
/// same for all of them.
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

/// Returns the region that S3 names in a redirect or error, when it differs from the requested one.
fn other_region(error: &CallError, requested: &Region) -> Option<Region> {
    let misdirected = matches!(error.status, Some(301 | 307 | 400));
    let region = error.bucket_region.as_deref()?;
    if !misdirected || region == requested.as_str() {
        return None;
    }
    Region::parse(region)
        .inspect_err(
            |error| tracing::warn!(target: "scan::http", "S3 names an invalid bucket region: {error}"),
        )
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

//! The direct way: first attempts without the SDK's orchestrator.
//!
//! Nearly all requests are answered at the first attempt, for which the orchestrator needs more processor time than
//! signing, sending and decoding together. A first attempt with a good response ends here. The outcome of any
//! other is handed over: the orchestrator replays it as its own first attempt (see [`Replay`](super::replay)), so
//! that it alone classifies errors, retries, closes connections and corrects the clock.

use std::fmt;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationId;
use aws_smithy_async::future::timeout::Timeout;
use aws_smithy_async::rt::sleep::{AsyncSleep as _, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime::client::auth::no_auth::NO_AUTH_SCHEME_ID;
use aws_smithy_runtime::client::http::body::minimum_throughput::MinimumThroughputDownloadBody;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::SharedAuthScheme;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::connection::CaptureSmithyConnection;
use aws_smithy_runtime_api::client::http::{
    HttpClient as _, HttpConnector as _, HttpConnectorSettings, SharedHttpClient,
};
use aws_smithy_runtime_api::client::identity::{ResolveIdentity as _, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;

use super::attempts::{ATTEMPT_TIMEOUT, AttemptTracker};
use super::http_request::request_to;
use super::joined_body::joined;
use super::learned_headers::{CredentialsKind, HeadersByKind, LearnedHeaders};
use super::replay::FirstAttempt;
use super::signature::sign;
use crate::model::endpoint::ResolvedEndpoint;
use crate::model::hosts;
use crate::model::protocol::WireRequest;
use crate::util::uuid::random_uuid;

/// The largest body that is sent this way: smaller than the kernel's buffer for a connection, so that sending it
/// cannot stall.
const MAX_BODY: usize = 16 * 1024;

/// The difference between the clocks above which AWS may reject a signature, with a margin: it accepts five minutes
/// (AWS, "Signature Version 4 request elements"; aws-runtime `service_clock_skew.rs` uses four).
const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_mins(4);

const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");

/// Sends first attempts of requests of one account.
pub(super) struct DirectWay {
    identities: SharedIdentityResolver,
    http: SharedHttpClient,
    connector: HttpConnectorSettings,
    components: RuntimeComponents,
    stalled_streams: Option<StalledStreamProtectionConfig>,
    sleep: SharedAsyncSleep,
    time: SharedTimeSource,
    /// The headers of a request with such credentials, which the orchestrator has sent.
    learned: OnceLock<Arc<LearnedHeaders>>,
    /// The kind of the account's credentials.
    kind: OnceLock<CredentialsKind>,
    /// The headers that the accounts of the run have learned.
    of_run: HeadersByKind,
    clock_is_wrong: AtomicBool,
}

/// A request that is ready to be sent.
pub(super) struct Outgoing<'request> {
    pub(super) request: &'request WireRequest,
    pub(super) endpoint: &'request ResolvedEndpoint,
    /// The endpoint that the user has configured for the service.
    pub(super) configured: Option<&'request str>,
    pub(super) signing: SigV4OperationSigningConfig,
}

impl DirectWay {
    /// Creates the direct way for the HTTP client, timeouts and time source of `config`, with the credentials of
    /// `identities` and the headers that the accounts of the run learn. Returns nothing without an HTTP client, and
    /// where whole operations have a timeout, which only the orchestrator enforces.
    pub(super) fn new(
        config: &SdkConfig,
        identities: SharedIdentityResolver,
        of_run: HeadersByKind,
        sleep: SharedAsyncSleep,
    ) -> Option<Self> {
        let http = config.http_client()?;
        let timeouts = config.timeout_config();
        if timeouts.is_some_and(|timeouts| timeouts.operation_timeout().is_some()) {
            return None;
        }
        let mut connector = HttpConnectorSettings::builder();
        connector.set_connect_timeout(timeouts.and_then(TimeoutConfig::connect_timeout));
        // A longer one never ends before that of the attempt, but each request would have another timer.
        let read_timeout = timeouts.and_then(TimeoutConfig::read_timeout);
        connector.set_read_timeout(read_timeout.filter(|limit| *limit < ATTEMPT_TIMEOUT));
        let time = config.time_source().unwrap_or_default();
        // The connector and the signer use only the time; the rest is what a complete set requires.
        let components = RuntimeComponentsBuilder::new("DirectWay")
            .with_http_client(Some(http.clone()))
            .with_sleep_impl(Some(sleep.clone()))
            .with_time_source(Some(time.clone()))
            .with_identity_cache(Some(IdentityCache::no_cache()))
            .with_identity_resolver(SCHEME_ID, identities.clone())
            .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
            .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
                NO_AUTH_SCHEME_ID,
            ])))
            .with_endpoint_resolver(Some(StaticUriEndpointResolver::uri("http://invalid")))
            .with_retry_strategy(Some(NeverRetryStrategy::new()))
            .build()
            .inspect_err(|error| tracing::warn!(target: "scan::http", %error, "no direct requests"))
            .ok()?;
        Some(Self {
            identities,
            http,
            connector: connector.build(),
            components,
            stalled_streams: config
                .stalled_stream_protection()
                .filter(StalledStreamProtectionConfig::download_enabled),
            sleep,
            time,
            learned: OnceLock::new(),
            kind: OnceLock::new(),
            of_run,
            clock_is_wrong: AtomicBool::new(false),
        })
    }

    /// Returns whether the constant headers are known.
    pub(super) fn is_open(&self) -> bool {
        self.learned.get().is_some()
    }

    /// Learns the constant headers from a first attempt of the orchestrator.
    pub(super) fn learn(&self, request: &HttpRequest) {
        if let (Some(kind), Some(learned)) = (self.kind.get(), LearnedHeaders::of(request)) {
            self.of_run.add(kind, self.learned.get_or_init(|| Arc::new(learned)));
        }
    }

    /// Returns the constant headers of requests with these credentials, if an account of the run has learned them.
    fn learned(&self, credentials: &Credentials) -> Option<&LearnedHeaders> {
        if self.learned.get().is_none() {
            let learned = self.of_run.get(self.kind.get_or_init(|| CredentialsKind::of(credentials)))?;
            let _ = self.learned.set(learned);
        }
        self.learned.get().map(Arc::as_ref)
    }

    /// Returns the HTTP client.
    pub(super) fn http(&self) -> SharedHttpClient {
        self.http.clone()
    }

    /// Sends the first attempt and decodes its response.
    ///
    /// # Errors
    ///
    /// What was received if it is not a good response; nothing if the request was not sent.
    pub(super) async fn send<Page, Problem>(
        &self,
        outgoing: Outgoing<'_>,
        tracker: &AttemptTracker,
        decode: impl FnOnce(&HttpResponse) -> Result<Page, Problem>,
    ) -> Result<Page, Option<FirstAttempt>> {
        let Some((request, connection, invocation)) = self.prepare(outgoing, tracker).await else {
            return Err(None);
        };
        tracker.attempt_began();
        let limit = tracker.patience().map_or(ATTEMPT_TIMEOUT, |patience| patience.time);
        let outcome = match Timeout::new(self.receive(request), self.sleep.sleep(limit)).await {
            Ok(outcome) => outcome,
            // In the orchestrator's words.
            Err(_) => Err(ConnectorError::timeout(
                format!("operation attempt timeout (single attempt) occurred after {limit:?}").into(),
            )),
        };
        if let Ok(response) = &outcome
            && response.body().bytes().is_some()
        {
            if let Ok(page) = decode(response) {
                tracker.attempt_ended(Ok(()));
                return Ok(page);
            }
            self.compare_clocks(response);
        }
        tracker.attempt_handed_over();
        Err(Some(FirstAttempt { outcome, connection, invocation }))
    }

    /// Makes the signed request, with the handle of its connection and its ID. Returns nothing where the
    /// orchestrator has to send the request, or to report why it cannot be sent.
    async fn prepare(
        &self,
        outgoing: Outgoing<'_>,
        tracker: &AttemptTracker,
    ) -> Option<(HttpRequest, CaptureSmithyConnection, InvocationId)> {
        // A response adds to a quota that retries have reduced, which only the orchestrator can do.
        let is_usual = outgoing.request.body.len() <= MAX_BODY
            && tracker.lane().retry_quota().is_full()
            && !self.clock_is_wrong.load(Ordering::Relaxed);
        if !is_usual {
            return None;
        }
        let config = ConfigBag::of_layers(Vec::new());
        let identity = self.identities.resolve_identity(&self.components, &config).await.ok()?;
        let credentials = identity.data::<Credentials>()?;
        let learned = self.learned(credentials)?;

        let Outgoing { request, endpoint, configured, signing } = outgoing;
        let mut request = request_to(&url(&endpoint.url, &request.path_and_query)?, request).ok()?;
        if !hosts::is_allowed(request.uri(), configured) {
            return None;
        }
        for (name, value) in &endpoint.headers {
            let name = HeaderName::try_from(name.as_str()).ok()?;
            request.headers_mut().append(name, HeaderValue::try_from(value.as_str()).ok()?);
        }
        learned.add_user_agents(request.headers_mut());
        sign(&mut request, credentials, &signing, self.time.now())?;
        let invocation = random_uuid();
        request.headers_mut().insert(INVOCATION_ID, HeaderValue::try_from(invocation.as_str()).ok()?);
        learned.add_sdk_request(request.headers_mut());
        let connection = CaptureSmithyConnection::new();
        let mut request = HttpRequest::try_from(request).ok()?;
        request.add_extension(connection.clone());
        Some((request, connection, InvocationId::new(invocation)))
    }

    /// Sends a request and reads the response. If the body cannot be read, the response has one that fails in the
    /// same way.
    async fn receive(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let connector = self.http.http_connector(&self.connector, &self.components);
        let mut response = connector.call(request).await?;
        let mut body = mem::replace(response.body_mut(), SdkBody::taken());
        if let Some(stalled) = &self.stalled_streams {
            let (time, sleep) = (self.time.clone(), self.sleep.clone());
            body = SdkBody::from_body_1_x(MinimumThroughputDownloadBody::new(
                time,
                sleep,
                body,
                stalled.clone().into(),
            ));
        }
        *response.body_mut() = match body.collect().await {
            Ok(read) => SdkBody::from(joined(read.aggregate())),
            Err(error) => failing_body(error),
        };
        Ok(response)
    }

    /// Leaves all further requests to the orchestrator if AWS's clock differs from this machine's: it signs them
    /// with AWS's time.
    fn compare_clocks(&self, response: &HttpResponse) {
        let Some(date) = response.headers().get("date") else { return };
        let Ok(date) = DateTime::from_str(date, Format::HttpDate) else { return };
        let Ok(theirs) = SystemTime::try_from(date) else { return };
        let ours = self.time.now();
        let difference = ours.duration_since(theirs).unwrap_or_else(|after| after.duration());
        if difference > MAX_CLOCK_DIFFERENCE {
            self.clock_is_wrong.store(true, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for DirectWay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DirectWay").finish_non_exhaustive()
    }
}

/// Returns the URL of a path below an endpoint, as the orchestrator forms it. Returns nothing for an endpoint with a
/// query, which the orchestrator skips.
fn url(endpoint: &str, path_and_query: &str) -> Option<String> {
    if endpoint.contains(['?', '#']) {
        return None;
    }
    let endpoint = endpoint.strip_suffix('/').unwrap_or(endpoint);
    let path_and_query = path_and_query.strip_prefix('/').unwrap_or(path_and_query);
    Some(format!("{endpoint}/{path_and_query}"))
}

/// Returns a body that fails with `error`.
fn failing_body(error: BoxError) -> SdkBody {
    let nothing: [Result<Frame<Bytes>, BoxError>; 1] = [Err(error)];
    SdkBody::from_body_1_x(StreamBody::new(stream::iter(nothing)))
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_types::body::SdkBody;

    use super::url;

    #[test]
    fn urls_are_those_of_the_sdk() {
        for endpoint in [
            "https://ec2.eu-west-1.amazonaws.com",
            "https://ec2.eu-west-1.amazonaws.com/",
            "http://127.0.0.1:4566/base",
            "http://127.0.0.1:4566/base/",
            "http://[::1]:4566",
        ] {
            for path in ["/", "/?a=b", "/2015-03-31/functions/?Marker=x%2Fy", "//a", "/a/"] {
                let request = http::Request::builder().uri(path).body(SdkBody::empty()).expect("a request");
                let mut request = HttpRequest::try_from(request).expect("a request");
                request.uri_mut().set_endpoint(endpoint).expect("an endpoint");
                assert_eq!(url(endpoint, path).as_deref(), Some(request.uri()), "{endpoint} {path}");
            }
        }
        assert_eq!(url("https://ec2.eu-west-1.amazonaws.com?a", "/"), None);
    }
}

//! A fake AWS without a network, for tests: a function responds to each request, and all requests are recorded.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::test_util::ManualTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;

use super::Caller;
use crate::names::{AccountId, Partition};

/// The secret key of the base credentials, which must never appear in any text.
pub(crate) const SECRET: &str = "base-secret-access-key";

/// The request ID of every response.
pub(crate) const REQUEST_ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

/// A request as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// The whole URI.
    pub(crate) uri: String,
    /// The `X-Amz-Target` header, for services that have one.
    pub(crate) target: String,
    /// The `Authorization` header, or an empty text.
    pub(crate) authorization: String,
    /// The body.
    pub(crate) body: String,
}

type FakeResponse = dyn Fn(&Sent) -> (u16, String) + Send + Sync;

/// The fake AWS: its responses, the recorded requests and its clock.
#[derive(Clone)]
pub(crate) struct FakeAws {
    respond: Arc<FakeResponse>,
    sent: Arc<Mutex<Vec<Sent>>>,
    /// The time between a request and its response.
    latency: Duration,
    /// The clock of everything that uses [`FakeAws::config`].
    pub(crate) time: ManualTimeSource,
}

impl FakeAws {
    /// Creates a fake that responds to each request with a status and a body.
    pub(crate) fn new(respond: impl Fn(&Sent) -> (u16, String) + Send + Sync + 'static) -> Self {
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        Self {
            respond: Arc::new(respond),
            sent: Arc::default(),
            latency: Duration::ZERO,
            time: ManualTimeSource::new(start),
        }
    }

    /// Sets the time between a request and its response.
    pub(crate) fn delayed(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Returns the response of the fake to a request.
    pub(crate) fn respond(&self, request: &Sent) -> (u16, String) {
        (self.respond)(request)
    }

    /// Returns a configuration whose requests are handled by the fake.
    pub(crate) fn config(&self, region: &'static str) -> SdkConfig {
        let connector = SharedHttpConnector::new(self.clone());
        let credentials = Credentials::new("AKIDBASE", SECRET, None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .retry_config(RetryConfig::disabled())
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(self.time.clone())
            .build()
    }

    /// Returns all requests so far.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().expect("no test panicked here").clone()
    }
}

impl HttpConnector for FakeAws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sent = Sent {
            uri: request.uri().to_owned(),
            target: request.headers().get("x-amz-target").unwrap_or_default().to_owned(),
            authorization: request.headers().get("authorization").unwrap_or_default().to_owned(),
            body: String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned(),
        };
        let ((status, body), latency) = ((self.respond)(&sent), self.latency);
        self.sent.lock().expect("no test panicked here").push(sent);
        HttpConnectorFuture::new(async move {
            // Long enough for all other callers to arrive and wait.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            if latency > Duration::ZERO {
                tokio::time::sleep(latency).await;
            }
            let status = status.try_into().expect("a valid status");
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            response.headers_mut().insert("x-amzn-requestid", REQUEST_ID);
            Ok(response)
        })
    }
}

impl std::fmt::Debug for FakeAws {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("FakeAws")
    }
}

/// Returns an STS response to `GetCallerIdentity`.
pub(crate) fn caller_identity(account: &str, arn: &str) -> String {
    format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{arn}</Arn><UserId>AIDATEST</UserId>\
         <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
}

/// Returns an error response of the query protocol.
pub(crate) fn query_error(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         </ErrorResponse>"
    )
}

/// Returns an STS response to `AssumeRole`: a session that expires at `expiration` (ISO 8601).
pub(crate) fn assumed_role(access_key_id: &str, expiration: &str) -> String {
    format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{access_key_id}</AccessKeyId>\
         <SecretAccessKey>session-secret</SecretAccessKey><SessionToken>session-token</SessionToken>\
         <Expiration>{expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    )
}

/// Returns the caller identity of a user in account 111111111111.
pub(crate) fn caller() -> Caller {
    Caller {
        account: AccountId::new("111111111111"),
        arn: "arn:aws:iam::111111111111:user/me".to_owned(),
        user_id: "AIDATEST".to_owned(),
        partition: Partition::new("aws"),
    }
}

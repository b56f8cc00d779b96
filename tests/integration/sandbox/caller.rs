//! The program's client for AWS, led to a [`Loopback`] whatever host it calls.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use aws_auto_inventory::aws::client::{AccountClient, AwsClient, CallError, ResponsePage};
use aws_auto_inventory::model::catalog::{Catalog, Function};
use aws_auto_inventory::model::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use aws_auto_inventory::names::{AccountId, RegionName};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;

use http::Uri;
use serde_json::{Map, Value};

use super::loopback::{Loopback, MEANT_FOR};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("a catalog"));

/// Calls functions as a scan does, in `us-east-1`.
pub(crate) struct Caller(AccountClient);

impl Caller {
    /// A client of AWS's own endpoints whose requests all arrive at `loopback`.
    pub(crate) fn of(loopback: &Loopback) -> Self {
        Self::with_time(loopback, SharedTimeSource::default())
    }

    /// As [`Caller::of`], with a separate clock.
    pub(crate) fn with_time(loopback: &Loopback, time: SharedTimeSource) -> Self {
        Self::new(loopback, EndpointSettings::default(), time)
    }

    /// As [`Caller::of`], with every attempt sent by the SDK's orchestrator.
    pub(crate) fn of_sdk(loopback: &Loopback) -> Self {
        let client = Self::client(loopback, EndpointSettings::default(), SharedTimeSource::default());
        Self::from_client(&client.without_direct_way())
    }

    /// As [`Caller::of`], for a user who has configured an endpoint.
    pub(crate) fn with_endpoint(loopback: &Loopback, url: &str) -> Self {
        Self::new(loopback, EndpointSettings::default().with_url(url), SharedTimeSource::default())
    }

    fn new(loopback: &Loopback, settings: EndpointSettings, time: SharedTimeSource) -> Self {
        Self::from_client(&Self::client(loopback, settings, time))
    }

    fn client(loopback: &Loopback, settings: EndpointSettings, time: SharedTimeSource) -> AwsClient {
        let partitions = Partitions::parse(CATALOG.partitions()).expect("the partitions");
        let inner = aws_smithy_http_client::Builder::new().build_http();
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(LedAstray { inner, address: loopback.address() })
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(time)
            .build();
        AwsClient::new(config, Arc::new(EndpointResolver::new(Arc::new(partitions), settings)))
    }

    fn from_client(client: &AwsClient) -> Self {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        let account = AccountId::new("123456789012");
        Self(client.account(&account, SharedCredentialsProvider::new(credentials)))
    }

    /// The first page of an answer, with the number of attempts it took.
    pub(crate) async fn page(
        &self,
        service: &str,
        function: &str,
        parameters: Value,
    ) -> Result<ResponsePage, CallError> {
        let model = CATALOG.service(service).expect("loads").expect("a service");
        let function = Function::find(&model, function).expect("a function");
        let Value::Object(parameters) = parameters else { panic!("parameters are an object") };
        let mut pages = self.0.pages(&function, &RegionName::new("us-east-1").region(), parameters);
        pages.next().await.map(|page| page.expect("a first page"))
    }

    /// The members of the first page.
    pub(crate) async fn members(&self, service: &str, function: &str, parameters: Value) -> Value {
        let answer = self.page(service, function, parameters).await;
        Value::Object(answer.map_or_else(|error| panic!("{error}"), |answer| answer.members))
    }

    /// Calls a function without parameters whose answer does not matter.
    pub(crate) async fn ask(&self, service: &str, function: &str) {
        self.members(service, function, Value::Object(Map::new())).await;
    }
}

/// Sends every request to one address, with the address that it was meant for in a header.
#[derive(Clone, Debug)]
struct LedAstray<Inner> {
    inner: Inner,
    address: SocketAddr,
}

impl HttpClient for LedAstray<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(LedAstray { inner, address: self.address })
    }
}

impl HttpConnector for LedAstray<SharedHttpConnector> {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let uri: Uri = request.uri().parse().expect("a URI");
        let origin = format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default());
        request.headers_mut().insert(MEANT_FOR, origin);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        request.set_uri(format!("http://{}{path}", self.address)).expect("a URI");
        self.inner.call(request)
    }
}

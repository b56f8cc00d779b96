//! The replay of a first attempt in the SDK's orchestrator.

use std::sync::{Mutex, PoisonError};

use aws_runtime::invocation_id::{InvocationId, InvocationIdGenerator, SharedInvocationIdGenerator};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connection::CaptureSmithyConnection;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::config_bag::{ConfigBag, Layer};

/// What came of a first attempt that did not end its request.
#[derive(Debug)]
pub(super) struct FirstAttempt {
    /// The response, whose body is in memory or fails as it did, or the error of the connection.
    pub(super) outcome: Result<HttpResponse, ConnectorError>,
    /// The connection that it used, so that it can be closed.
    pub(super) connection: CaptureSmithyConnection,
    /// The ID of the request, which all its attempts have.
    pub(super) invocation: InvocationId,
}

/// Returns the plugin of a request whose first attempt is `first`. Further attempts are sent by `further`.
pub(super) fn replaying(first: FirstAttempt, further: SharedHttpClient) -> StaticRuntimePlugin {
    let mut layer = Layer::new("Replay");
    layer.store_put(SharedInvocationIdGenerator::new(SameInvocation(first.invocation.clone())));
    let components = RuntimeComponentsBuilder::new("Replay")
        .with_http_client(Some(Replay { first: Mutex::new(Some(first)), further }));
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

/// An HTTP client whose first response is one that was received before, and which sends all further requests.
#[derive(Debug)]
struct Replay {
    first: Mutex<Option<FirstAttempt>>,
    further: SharedHttpClient,
}

/// The generator of one ID.
#[derive(Debug)]
struct SameInvocation(InvocationId);

impl HttpClient for Replay {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        match self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(first) => SharedHttpConnector::new(Once(Mutex::new(Some(first)))),
            None => self.further.http_connector(settings, components),
        }
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.further.validate_base_client_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.further.connector_metadata()
    }
}

/// The connector with the one response.
#[derive(Debug)]
struct Once(Mutex<Option<FirstAttempt>>);

impl HttpConnector for Once {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some(first) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return HttpConnectorFuture::ready(Err(ConnectorError::user(
                "this response was replayed".into(),
            )));
        };
        if let Some(capture) = request.extension::<CaptureSmithyConnection>() {
            let connection = first.connection;
            capture.set_connection_retriever(move || connection.get());
        }
        HttpConnectorFuture::ready(first.outcome)
    }
}

impl InvocationIdGenerator for SameInvocation {
    fn generate(&self) -> Result<Option<InvocationId>, BoxError> {
        Ok(Some(self.0.clone()))
    }
}

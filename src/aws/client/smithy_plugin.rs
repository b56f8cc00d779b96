//! The plugin that runs one HTTP exchange through the SDK's orchestrator, with this program's encoding and
//! decoding.

use std::borrow::Cow;
use std::sync::Arc;

use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_runtime::client::auth::no_auth::NO_AUTH_SCHEME_ID;
use aws_smithy_runtime::client::retries::classifiers::{
    ModeledAsRetryableClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthSchemeOptionResolver};
use aws_smithy_runtime_api::client::endpoint::{
    EndpointFuture, EndpointResolverParams, ResolveEndpoint, SharedEndpointResolver,
};
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef, Error,
    FinalizerInterceptorContextRef, Input, InterceptorContext, Output,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, SharedInterceptor, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, Metadata, OrchestratorError};
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer, Layer};
use aws_smithy_types::endpoint::Endpoint;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SigningName;
use aws_types::region::{Region as SdkRegion, SigningRegion};

use super::attempts::{AttemptTracker, PacedRetries, PacedSleep};
use super::call_request::CallRequest;
use super::direct::DirectWay;
use super::error::{self, AnswerError};
use super::host_guard::HostGuard;
use super::http_request::http_request;
use super::response::{self, ResponsePage};
use crate::aws::http::ResponseLimit;
use crate::aws_error::retry_action;
use crate::model::catalog::{Function, Signing};
use crate::model::endpoint::ResolvedEndpoint;
use crate::model::protocol::{ListingOf, WireRequest};

/// The plugin of one exchange.
#[derive(Debug)]
pub(super) struct Exchange {
    config: FrozenLayer,
    components: RuntimeComponentsBuilder,
}

impl Exchange {
    /// Sets up the exchange of a request with `endpoint`. `tracker` tracks its attempts.
    pub(super) fn new(
        call: &CallRequest<'_>,
        endpoint: &ResolvedEndpoint,
        tracker: &AttemptTracker,
        sleep: &SharedAsyncSleep,
        limit: ResponseLimit,
    ) -> Self {
        let CallRequest { function, region, listing, .. } = *call;
        let (service, operation) = (function.service(), function.operation());

        let mut layer = Layer::new("Exchange");
        layer.store_put(SharedRequestSerializer::new(Serializer));
        layer.store_put(SharedResponseDeserializer::new(Deserializer {
            function: function.clone(),
            listing: listing.cloned(),
            limit,
        }));
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(tracker.lane().retry_quota().partition());
        if let Some(patience) = tracker.patience() {
            layer.store_put(TimeoutConfig::builder().operation_attempt_timeout(patience.time).build());
        }
        layer.store_put(Metadata::new(operation.name.to_string(), service.service_id.to_string()));
        layer.store_put(SdkRegion::new(region.to_string()));
        layer.store_put(signing_config(call, endpoint));

        let scheme_id = match service.signing(operation) {
            Signing::SigV4 | Signing::S3SigV4 => aws_runtime::auth::sigv4::SCHEME_ID,
            Signing::Bearer => aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID,
            Signing::Unsigned => NO_AUTH_SCHEME_ID,
        };
        let mut components = RuntimeComponentsBuilder::new("Exchange");
        components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
            StaticAuthSchemeOptionResolver::new(vec![scheme_id]),
        )));
        components
            .set_endpoint_resolver(Some(SharedEndpointResolver::new(FixedEndpoint(sdk_endpoint(endpoint)))));
        components.push_interceptor(SharedInterceptor::permanent(AttemptObserver(tracker.clone())));
        components.set_retry_strategy(Some(PacedRetries::new(tracker.clone())));
        components
            .set_sleep_impl(Some(SharedAsyncSleep::new(PacedSleep::new(sleep.clone(), tracker.clone()))));
        components.push_retry_classifier(TransientErrorClassifier::<AnswerError>::new());
        components.push_retry_classifier(ModeledAsRetryableClassifier::<AnswerError>::new());
        components.push_retry_classifier(AnswerRetries);
        components.push_retry_classifier(aws_runtime::service_clock_skew::ServiceClockSkewClassifier::<
            AnswerError,
        >::new());
        Self { config: layer.freeze(), components }
    }

    /// Restricts the exchange to AWS's hosts and those of the `configured` endpoint.
    pub(super) fn guarded(mut self, configured: Option<String>) -> Self {
        self.components.push_interceptor(SharedInterceptor::permanent(HostGuard { configured }));
        self
    }

    /// Lets the direct way learn from the first attempt.
    pub(super) fn teaching(mut self, direct: &Arc<DirectWay>) -> Self {
        self.components.push_interceptor(SharedInterceptor::permanent(Lesson(Arc::clone(direct))));
        self
    }
}

impl RuntimePlugin for Exchange {
    fn config(&self) -> Option<FrozenLayer> {
        Some(self.config.clone())
    }

    fn runtime_components(&self, _: &RuntimeComponentsBuilder) -> Cow<'_, RuntimeComponentsBuilder> {
        Cow::Borrowed(&self.components)
    }
}

/// Returns the signing options: S3 signs the path as it is sent and requires the body's hash in a header.
pub(super) fn signing_options(signing: Signing) -> SigningOptions {
    let mut options = SigningOptions::default();
    if signing == Signing::S3SigV4 {
        options.double_uri_encode = false;
        options.normalize_uri_path = false;
        options.content_sha256_header = true;
    }
    options
}

/// Returns how a request is signed. The rules may specify another signing name than the model: S3 Express, access
/// grants.
pub(super) fn signing_config(
    call: &CallRequest<'_>,
    endpoint: &ResolvedEndpoint,
) -> SigV4OperationSigningConfig {
    let CallRequest { function, region, .. } = *call;
    let service = function.service();
    let scheme = endpoint.auth_schemes.iter().find(|scheme| scheme.name == "sigv4");
    let signing_name = scheme.and_then(|scheme| scheme.signing_name.clone());
    let signing_name = signing_name.unwrap_or_else(|| service.signing_name.to_string());
    let signing_region = scheme.and_then(|scheme| scheme.signing_region.clone());
    let signing_region = signing_region.unwrap_or_else(|| region.to_string());
    SigV4OperationSigningConfig {
        name: Some(SigningName::from(signing_name)),
        region: Some(SigningRegion::from(SdkRegion::new(signing_region))),
        signing_options: signing_options(service.signing(function.operation())),
        ..SigV4OperationSigningConfig::default()
    }
}

fn sdk_endpoint(endpoint: &ResolvedEndpoint) -> Endpoint {
    let builder = Endpoint::builder().url(endpoint.url.clone());
    endpoint
        .headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(name.clone(), value.clone()))
        .build()
}

/// The endpoint that the rules returned before the orchestrator was invoked.
#[derive(Debug)]
struct FixedEndpoint(Endpoint);

impl ResolveEndpoint for FixedEndpoint {
    fn resolve_endpoint<'a>(&'a self, _: &'a EndpointResolverParams) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(self.0.clone()))
    }
}

/// Tracks the attempts, and provides the endpoint parameters that the orchestrator requires.
#[derive(Debug)]
struct AttemptObserver(AttemptTracker);

#[dyn_dispatch_hint]
impl Intercept for AttemptObserver {
    fn name(&self) -> &'static str {
        "AttemptObserver"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_, Input, Output, Error>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(EndpointResolverParams::new(()));
        Ok(())
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_, Input, Output, Error>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.attempt_began();
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_, Input, Output, Error>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // An endpoint that exceeds the timeout may be slow rather than unresponsive: later attempts have the full
        // timeout.
        if self.0.patience().is_some_and(|patience| self.0.attempts() >= patience.attempts) {
            let without_timeout = TimeoutConfig::builder().disable_operation_attempt_timeout().build();
            config.interceptor_state().store_put(without_timeout);
        }
        match context.output_or_error() {
            Some(Err(failure)) => self.0.attempt_ended(Err(&error::from_attempt(failure))),
            _ => self.0.attempt_ended(Ok(())),
        }
        Ok(())
    }
}

/// Shows the first attempt, as it is sent, to the direct way.
#[derive(Debug)]
struct Lesson(Arc<DirectWay>);

#[dyn_dispatch_hint]
impl Intercept for Lesson {
    fn name(&self) -> &'static str {
        "Lesson"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_, Input, Output, Error>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if config.load::<RequestAttempts>().is_some_and(|attempts| attempts.attempts() == 1) {
            self.0.learn(context.request());
        }
        Ok(())
    }
}

/// The retry classifier of error responses: [`crate::aws_error`] decides, which also classifies the response.
#[derive(Debug)]
struct AnswerRetries;

impl ClassifyRetry for AnswerRetries {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let response = error.as_operation_error().and_then(|error| error.downcast_ref::<AnswerError>());
        retry_action(response.and_then(AnswerError::retry), context)
    }

    fn name(&self) -> &'static str {
        "AnswerRetries"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

#[derive(Debug)]
struct Serializer;

impl SerializeRequest for Serializer {
    fn serialize_input(&self, input: Input, _: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        http_request(&input.downcast::<WireRequest>().map_err(|_| "not a wire request")?)
    }
}

#[derive(Debug)]
struct Deserializer {
    function: Function,
    listing: Option<ListingOf>,
    limit: ResponseLimit,
}

impl DeserializeResponse for Deserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        _: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let response: Result<ResponsePage, AnswerError> =
            response::read(&self.function, self.listing.as_ref(), response, self.limit);
        response.map(Output::erase).map_err(|error| OrchestratorError::operation(Error::erase(error)))
    }
}

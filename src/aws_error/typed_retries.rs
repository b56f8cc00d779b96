//! The retry classifier of the SDK's typed clients (STS, Organizations, S3), with the same rules as all other
//! calls.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::ErrorKind;

use super::ErrorResponse;
use super::retry::{Retry, retry};

/// The header in which AWS requests a pause, in milliseconds.
const RETRY_AFTER: &str = "x-amz-retry-after";

/// A retry classifier for operations that fail with `E`. It runs in addition to the SDK's own classifiers, and
/// after them.
pub struct TypedRetries<E> {
    service: &'static str,
    errors: PhantomData<fn() -> E>,
}

impl<E> TypedRetries<E> {
    /// Creates a classifier for operations of `service`, by boto3's name.
    #[must_use]
    pub const fn new(service: &'static str) -> Self {
        Self { service, errors: PhantomData }
    }
}

impl<E> fmt::Debug for TypedRetries<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TypedRetries").field("service", &self.service).finish_non_exhaustive()
    }
}

impl<E> ClassifyRetry for TypedRetries<E>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else { return RetryAction::NoActionIndicated };
        let Some(error) =
            OrchestratorError::as_operation_error(error).and_then(|error| error.downcast_ref::<E>())
        else {
            return RetryAction::NoActionIndicated;
        };
        let response = ErrorResponse {
            service: self.service,
            function: "",
            code: error.code().unwrap_or_default(),
            message: error.message().unwrap_or_default(),
            status: context.response().map(|response| response.status().as_u16()),
        };
        retry_action(retry(&response), context)
    }

    fn name(&self) -> &'static str {
        "TypedRetries"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// Converts the decision to the SDK's retry action, with the pause that the response requests.
pub(crate) fn retry_action(decision: Option<Retry>, context: &InterceptorContext) -> RetryAction {
    let kind = match decision {
        Some(Retry::Throttled) => ErrorKind::ThrottlingError,
        Some(Retry::Transient) => ErrorKind::TransientError,
        None => return RetryAction::NoActionIndicated,
    };
    let header = context.response().and_then(|response| response.headers().get(RETRY_AFTER));
    let retry_after = header.and_then(|pause| pause.parse().ok()).map(Duration::from_millis);
    RetryAction::RetryIndicated(RetryReason::RetryableError { kind, retry_after })
}

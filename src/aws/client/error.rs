//! The error of a failed call: the error response of the service, or the reason why there was no response.

use std::error::Error;
use std::fmt;

use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_smithy_runtime_api::client::interceptors::context;
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};
use serde::{Deserialize, Serialize};

use super::missing_host::{HostOf, MissingHost};
use crate::aws::http::TooLarge;
use crate::aws::http::unknown_host::UnknownHost;
use crate::aws_error::{self, ErrorMeaning, ErrorResponse, Retry};
use crate::error::{chain, find_cause};
use crate::model::catalog::Function;
use crate::util::own_keys;

/// The kinds of failed calls. The engine maps them to the status words of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// The service returned an error; `code` is its code.
    Service,
    /// The response did not arrive in time.
    Timeout,
    /// There was no connection, or it was lost.
    Connection,
    /// The credentials could not be loaded.
    Credentials,
    /// The endpoint rules return no endpoint, or a part of the host name is not valid.
    Endpoint,
    /// The request could not be encoded from the parameters.
    Request,
    /// The response does not conform to the protocol.
    Answer,
    /// The pages of the response never end.
    Pagination,
}

/// The source that the outcome of an unsent call is inferred from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InferredFrom {
    /// The session in the account could not be opened.
    Session,
    /// The account was suspended or closed while the run was interrupted.
    Account,
    /// The endpoint did not respond to other calls.
    Endpoint,
    /// A service control policy has denied other calls in the region.
    Region,
}

/// A failed call, with all data of its ledger line.
#[derive(Clone, Debug)]
pub struct CallError {
    /// The kind of failure.
    pub kind: CallErrorKind,
    /// The service's error code: `AccessDenied`.
    pub code: Option<String>,
    /// The error message: the service's own where it responded.
    pub message: String,
    /// AWS's ID of the request.
    pub request_id: Option<String>,
    /// The HTTP status of the response.
    pub status: Option<u16>,
    /// The bucket's region, where S3 reports that it is in another region.
    pub bucket_region: Option<Box<str>>,
    /// The host name that does not exist, where that is the cause of a failed connection.
    pub missing_host: Option<Box<MissingHost>>,
    /// The function that was called, where a service responded.
    pub function: Option<Box<Function>>,
    /// The number of attempts.
    pub attempts: u32,
    /// The source of an inferred error: the request was not sent, and other calls determine its outcome.
    pub inferred: Option<InferredFrom>,
}

impl CallError {
    /// Returns whether the response came from AWS and not from a portal or proxy: all responses of AWS have a
    /// request ID.
    #[must_use]
    pub fn is_from_aws(&self) -> bool {
        self.kind == CallErrorKind::Service && self.request_id.is_some()
    }

    /// Creates an error without a response.
    pub(crate) fn new(kind: CallErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            request_id: None,
            status: None,
            bucket_region: None,
            missing_host: None,
            function: None,
            attempts: 0,
            inferred: None,
        }
    }

    /// Returns the parts of the service's response that its meaning is derived from.
    pub(crate) fn response(&self) -> ErrorResponse<'_> {
        let function = self.function.as_ref();
        ErrorResponse {
            service: function.map_or("", |function| &function.service().name),
            function: function.map_or("", |function| function.name()),
            code: self.code.as_deref().unwrap_or_default(),
            message: &self.message,
            status: self.status,
        }
    }

    /// Returns the meaning of the service's error; `None` where no service responded.
    pub(crate) fn meaning(&self) -> Option<ErrorMeaning> {
        (self.kind == CallErrorKind::Service).then(|| aws_error::decide(&self.response()).meaning)
    }
}

impl CallError {
    /// Masks the program's own keys in texts of the server.
    fn mask(&mut self) {
        let Self { code, message, request_id, bucket_region, .. } = self;
        own_keys::mask(message);
        [code, request_id].into_iter().flatten().for_each(own_keys::mask);
        if let Some(region) = bucket_region {
            *region = own_keys::masked(region).into();
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        aws_error::write_text(formatter, self.code.as_deref(), &self.message, self.request_id.as_deref())
    }
}

impl Error for CallError {}

/// The error type inside the SDK's orchestrator, whose retry classifiers read its code.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub(super) struct AnswerError {
    metadata: ErrorMetadata,
    error: Box<CallError>,
    retryable: bool,
}

impl AnswerError {
    /// Wraps an error response; `retryable` if another attempt may succeed regardless of the error code.
    pub(super) fn new(mut error: CallError, retryable: bool) -> Self {
        error.mask();
        let mut metadata = ErrorMetadata::builder().message(error.message.clone());
        if let Some(code) = &error.code {
            metadata = metadata.code(code.clone());
        }
        let metadata = metadata.build();
        Self { metadata, error: Box::new(error), retryable }
    }

    /// Marks the error as retryable.
    pub(super) fn retryable(self) -> Self {
        Self { retryable: true, ..self }
    }

    /// Returns the reason why another attempt may succeed, from the error tables.
    pub(super) fn retry(&self) -> Option<Retry> {
        match self.error.kind {
            CallErrorKind::Service => aws_error::retry(&self.error.response()),
            _ => None,
        }
    }
}

impl ProvideErrorMetadata for AnswerError {
    fn meta(&self) -> &ErrorMetadata {
        &self.metadata
    }
}

impl ProvideErrorKind for AnswerError {
    fn retryable_error_kind(&self) -> Option<ErrorKind> {
        self.retryable.then_some(ErrorKind::ServerError)
    }

    fn code(&self) -> Option<&str> {
        self.metadata.code()
    }
}

/// Converts an error of the orchestrator.
pub(super) fn from_orchestrator(error: SdkError<context::Error, HttpResponse>) -> CallError {
    let error = match error {
        SdkError::ServiceError(service) => match service.into_err().downcast::<AnswerError>() {
            Ok(response) => return *response.error.clone(),
            Err(_) => {
                return CallError::new(
                    CallErrorKind::Answer,
                    "the orchestrator returned an error of an unknown type",
                );
            }
        },
        error => error,
    };
    let mut failure = too_large(&error).unwrap_or_else(|| CallError::new(kind(&error), cause(&error)));
    failure.status = error.raw_response().map(|response| response.status().as_u16());
    failure.missing_host = missing_host(&error).map(Box::new);
    failure
}

/// Converts the outcome of one attempt to the error that the call would return if it were the last attempt.
pub(super) fn from_attempt(error: &OrchestratorError<context::Error>) -> CallError {
    let response = error.as_operation_error().and_then(|error| error.downcast_ref::<AnswerError>());
    if let Some(response) = response {
        return *response.error.clone();
    }
    if let Some(too_large) = too_large(error) {
        return too_large;
    }
    let is_timeout = error.is_timeout_error()
        || error
            .as_connector_error()
            .is_some_and(aws_smithy_runtime_api::client::result::ConnectorError::is_timeout);
    let kind = if is_credentials_error(error) {
        CallErrorKind::Credentials
    } else if is_timeout {
        CallErrorKind::Timeout
    } else if error.is_connector_error() || error.is_response_error() {
        CallErrorKind::Connection
    } else {
        CallErrorKind::Request
    };
    CallError { missing_host: missing_host(error).map(Box::new), ..CallError::new(kind, chain(error)) }
}

/// Returns the host name that does not exist, if that is the cause. Its role is determined where the request is
/// known.
fn missing_host(error: &(dyn Error + 'static)) -> Option<MissingHost> {
    let unknown = UnknownHost::among_causes(error)?;
    Some(MissingHost { name: unknown.name().into(), of: HostOf::Proxy })
}

fn kind(error: &SdkError<context::Error, HttpResponse>) -> CallErrorKind {
    match error {
        _ if is_credentials_error(error) => CallErrorKind::Credentials,
        SdkError::TimeoutError(_) => CallErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => CallErrorKind::Timeout,
        SdkError::ConstructionFailure(_) => CallErrorKind::Request,
        _ => CallErrorKind::Connection,
    }
}

/// Returns the texts of the causes, without the orchestrator's own text, which only names the phase.
fn cause(error: &SdkError<context::Error, HttpResponse>) -> String {
    error.source().map_or_else(|| error.to_string(), chain)
}

/// Returns whether an attempt failed because its response exceeds the size limit.
pub(super) fn is_too_large(error: &OrchestratorError<context::Error>) -> bool {
    find_cause::<TooLarge>(error).is_some()
}

/// Returns the error of a call whose response exceeds the size limit; `None` for all other errors.
fn too_large(error: &(dyn Error + 'static)) -> Option<CallError> {
    let too_large = find_cause::<TooLarge>(error)?;
    Some(CallError::new(CallErrorKind::Answer, too_large.to_string()))
}

fn is_credentials_error(error: &(dyn Error + 'static)) -> bool {
    find_cause::<CredentialsError>(error).is_some() || find_cause::<TokenError>(error).is_some()
}

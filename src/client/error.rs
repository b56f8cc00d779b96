//! Why a call failed: what the service answered, or why there was no answer.

use std::error::Error;
use std::fmt;

use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_smithy_runtime_api::client::interceptors::context;
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};

use crate::failure::chain;
use crate::own_keys;

/// What kind of failure a call met. Which status the ledger gives it is decided elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallErrorKind {
    /// The service answered with an error; `code` has its code.
    Service,
    /// The answer did not come in time.
    Timeout,
    /// No connection, or one that broke.
    Connection,
    /// The credentials could not be had.
    Credentials,
    /// The endpoint rules know no endpoint, or a part of the host name is wrong.
    Endpoint,
    /// The request could not be written from the parameters.
    Request,
    /// The answer is not what the protocol says.
    Answer,
    /// The pages of the answer never end.
    Pagination,
}

/// A call that failed, with everything a ledger line wants to say about it.
#[derive(Clone, Debug)]
pub struct CallError {
    /// What kind of failure it is.
    pub kind: CallErrorKind,
    /// The service's error code: `AccessDenied`.
    pub code: Option<String>,
    /// What happened, in the service's words where it answered.
    pub message: String,
    /// AWS's id of the request.
    pub request_id: Option<String>,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// The bucket's region, where S3 says that another region was meant.
    pub bucket_region: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// The request was not sent: what is said here was concluded from the fate of others.
    pub inferred: bool,
}

impl CallError {
    /// A failure without an answer.
    pub(crate) fn new(kind: CallErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: None,
            message: message.into(),
            request_id: None,
            status: None,
            bucket_region: None,
            attempts: 0,
            inferred: false,
        }
    }
}

impl CallError {
    /// Takes keys of our own out of what a server said.
    fn mask(&mut self) {
        let Self { code, message, request_id, bucket_region, .. } = self;
        own_keys::mask(message);
        [code, request_id, bucket_region].into_iter().flatten().for_each(own_keys::mask);
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(formatter, "{code}: ")?;
        }
        formatter.write_str(&self.message)?;
        if let Some(request_id) = &self.request_id {
            write!(formatter, " (request id {request_id})")?;
        }
        Ok(())
    }
}

impl Error for CallError {}

/// The error that travels through the SDK's orchestrator, whose retry classifiers read its code.
#[derive(Debug)]
pub(super) struct AnswerError {
    metadata: ErrorMetadata,
    error: Box<CallError>,
    retryable: bool,
}

impl AnswerError {
    pub(super) fn new(mut error: CallError, retryable: bool) -> Self {
        error.mask();
        let mut metadata = ErrorMetadata::builder().message(error.message.clone());
        if let Some(code) = &error.code {
            metadata = metadata.code(code.clone());
        }
        let metadata = metadata.build();
        Self { metadata, error: Box::new(error), retryable }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(formatter)
    }
}

impl Error for AnswerError {}

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

/// From the orchestrator's error to ours.
pub(super) fn from_orchestrator(error: SdkError<context::Error, HttpResponse>) -> CallError {
    let error = match error {
        SdkError::ServiceError(service) => match service.into_err().downcast::<AnswerError>() {
            Ok(answer) => return *answer.error.clone(),
            Err(_) => return CallError::new(CallErrorKind::Answer, "an error of an unknown type"),
        },
        error => error,
    };
    let mut failure = CallError::new(kind(&error), cause(&error));
    failure.status = error.raw_response().map(|response| response.status().as_u16());
    failure
}

/// From the outcome of one attempt to the error that the call would end with if it were the last.
pub(super) fn from_attempt(error: &OrchestratorError<context::Error>) -> CallError {
    let answer = error.as_operation_error().and_then(|error| error.downcast_ref::<AnswerError>());
    if let Some(answer) = answer {
        return *answer.error.clone();
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
    CallError::new(kind, chain(error))
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

/// The texts below the orchestrator's own, which only names the phase.
fn cause(error: &SdkError<context::Error, HttpResponse>) -> String {
    error.source().map_or_else(|| error.to_string(), chain)
}

fn is_credentials_error(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<CredentialsError>() || error.is::<TokenError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

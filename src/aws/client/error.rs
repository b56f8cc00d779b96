//! Why a call failed: what the service answered, or why there was no answer.

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

/// What the outcome of a call that was not sent is inferred from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InferredFrom {
    /// The session in the account could not be opened.
    Session,
    /// The account was suspended or closed while the run was interrupted.
    Account,
    /// The endpoint has not answered other calls.
    Endpoint,
    /// A service control policy has denied other calls in the region.
    Region,
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
    pub bucket_region: Option<Box<str>>,
    /// The host name that does not exist, where that is why there is no connection.
    pub missing_host: Option<Box<MissingHost>>,
    /// The function that was called, where a service answered.
    pub function: Option<Box<Function>>,
    /// How often the request was sent.
    pub attempts: u32,
    /// The request was not sent: what is said here is inferred from what happened to others.
    pub inferred: Option<InferredFrom>,
}

impl CallError {
    /// Whether AWS itself answered, by the id that all its answers have, and not a portal or a proxy in its
    /// place.
    #[must_use]
    pub fn is_from_aws(&self) -> bool {
        self.kind == CallErrorKind::Service && self.request_id.is_some()
    }

    /// A failure without an answer.
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

    /// The response of the service, as far as it says what it means.
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

    /// What the service's error means; `None` where no service answered.
    pub(crate) fn meaning(&self) -> Option<ErrorMeaning> {
        (self.kind == CallErrorKind::Service).then(|| aws_error::decide(&self.response()).meaning)
    }
}

impl CallError {
    /// Takes keys of our own out of what a server said.
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

/// The error that travels through the SDK's orchestrator, whose retry classifiers read its code.
#[derive(Debug)]
pub(super) struct AnswerError {
    metadata: ErrorMetadata,
    error: Box<CallError>,
    retryable: bool,
}

impl AnswerError {
    /// What the service answered; `retryable` where it may do better at the next attempt whatever it says.
    pub(super) fn new(mut error: CallError, retryable: bool) -> Self {
        error.mask();
        let mut metadata = ErrorMetadata::builder().message(error.message.clone());
        if let Some(code) = &error.code {
            metadata = metadata.code(code.clone());
        }
        let metadata = metadata.build();
        Self { metadata, error: Box::new(error), retryable }
    }

    /// The same error, of which the next attempt may be free.
    pub(super) fn retryable(self) -> Self {
        Self { retryable: true, ..self }
    }

    /// Why another attempt may help, as the tables of errors say.
    pub(super) fn retry(&self) -> Option<Retry> {
        match self.error.kind {
            CallErrorKind::Service => aws_error::retry(&self.error.response()),
            _ => None,
        }
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
    let mut failure = too_large(&error).unwrap_or_else(|| CallError::new(kind(&error), cause(&error)));
    failure.status = error.raw_response().map(|response| response.status().as_u16());
    failure.missing_host = missing_host(&error).map(Box::new);
    failure
}

/// From the outcome of one attempt to the error that the call would end with if it were the last.
pub(super) fn from_attempt(error: &OrchestratorError<context::Error>) -> CallError {
    let answer = error.as_operation_error().and_then(|error| error.downcast_ref::<AnswerError>());
    if let Some(answer) = answer {
        return *answer.error.clone();
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

/// The host name that does not exist, if that is the cause. What it stands for is found out where the
/// request is known.
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

/// The texts below the orchestrator's own, which only names the phase.
fn cause(error: &SdkError<context::Error, HttpResponse>) -> String {
    error.source().map_or_else(|| error.to_string(), chain)
}

/// Whether an attempt failed because its response is longer than what is read of one.
pub(super) fn is_too_large(error: &OrchestratorError<context::Error>) -> bool {
    find_cause::<TooLarge>(error).is_some()
}

/// The failure of a call whose response is longer than what is read of one; `None` for all other errors.
fn too_large(error: &(dyn Error + 'static)) -> Option<CallError> {
    let too_large = find_cause::<TooLarge>(error)?;
    Some(CallError::new(CallErrorKind::Answer, too_large.to_string()))
}

fn is_credentials_error(error: &(dyn Error + 'static)) -> bool {
    find_cause::<CredentialsError>(error).is_some() || find_cause::<TokenError>(error).is_some()
}

//! What a typed SDK call answered instead of a result, reduced to what people can use.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use super::{ErrorMeaning, ErrorResponse, decide, write_text};
use crate::error::chain;
use crate::util::own_keys;
use crate::util::plural::plural;

/// The error of a typed SDK call: the service's code, message and request id, or what happened on
/// the way there. It holds no request, so no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceError {
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    status: Option<u16>,
}

impl ServiceError {
    /// Takes from an SDK error what is worth keeping.
    pub fn new<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let answer = error.as_service_error();
        let message = match (answer.and_then(ProvideErrorMetadata::message), error.raw_response()) {
            (Some(message), _) => message.to_owned(),
            // The SDK's own words for an error that it cannot read are of use to nobody.
            (None, Some(response)) if !response.status().is_success() => unreadable(response),
            (None, _) => chain(error),
        };
        let said = |text: &str| own_keys::masked(text).into_owned();
        Self {
            code: answer.and_then(ProvideErrorMetadata::code).map(said),
            message: said(&message),
            request_id: error.request_id().map(said),
            status: error.raw_response().map(|response| response.status().as_u16()),
        }
    }

    /// An error that no service answered.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), request_id: None, status: None }
    }

    /// The service's error code: `AccessDenied`. `None` when no service answered.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The service's message, or what happened on the way to it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The id by which AWS finds the call.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What it means; `None` when no service answered.
    #[must_use]
    pub fn meaning(&self) -> Option<ErrorMeaning> {
        // An answer without a code has its HTTP status for one, as everywhere.
        let status = self.status.map(|status| status.to_string());
        let code = self.code().or(status.as_deref())?;
        let response =
            ErrorResponse { code, message: &self.message, status: self.status, ..ErrorResponse::default() };
        Some(decide(&response).meaning)
    }

    /// Whether the service refused for want of permission.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::Denied)
    }

    /// Whether the credentials of the call are past their time.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::Expired)
    }

    /// Whether a session's policies and tags are larger together than STS can pack.
    #[must_use]
    pub fn is_packed_too_large(&self) -> bool {
        matches!(self.code(), Some("PackedPolicyTooLarge" | "PackedPolicyTooLargeException"))
    }

    /// Whether the service was asked too often.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::Throttled)
    }

    /// Whether AWS does not know the credentials of the call.
    #[must_use]
    pub fn is_unknown_key(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::UnknownKey)
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_text(formatter, self.code.as_deref(), &self.message, self.request_id.as_deref())
    }
}

impl Error for ServiceError {}

/// The status of an error that is in no form the SDK knows, and how long its body is: what cannot be read is not
/// quoted.
fn unreadable(response: &HttpResponse) -> String {
    let length = response.body().bytes().unwrap_or_default().len();
    let status = response.status().as_u16();
    match length {
        0 => format!("HTTP status {status}"),
        length => {
            let length = plural(length, "byte");
            format!("HTTP status {status}, with a body of {length} that is no error of AWS")
        }
    }
}

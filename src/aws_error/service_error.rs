//! The error of a typed SDK call, reduced to code, message, request ID and status.

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

/// The error of a typed SDK call: the service's code, message and request ID, or the text of a local error. It
/// contains no request, and so no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceError {
    /// The service, by boto3's name; empty where it does not matter for the meaning.
    service: &'static str,
    code: Option<String>,
    message: String,
    request_id: Option<String>,
    status: Option<u16>,
}

impl ServiceError {
    /// Extracts code, message, request ID and status of an SDK error.
    pub fn new<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        Self::of("", error)
    }

    /// As [`new`](Self::new), for a service whose errors have their own meanings, by boto3's name.
    pub fn of<E>(service: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let response = error.as_service_error();
        let message = match (response.and_then(ProvideErrorMetadata::message), error.raw_response()) {
            (Some(message), _) => message.to_owned(),
            // The SDK's text for an error that it cannot parse contains no information.
            (None, Some(response)) if !response.status().is_success() => unreadable(response),
            (None, _) => chain(error),
        };
        let masked = |text: &str| own_keys::masked(text).into_owned();
        Self {
            service,
            code: response.and_then(ProvideErrorMetadata::code).map(masked),
            message: masked(&message),
            request_id: error.request_id().map(masked),
            status: error.raw_response().map(|response| response.status().as_u16()),
        }
    }

    /// Creates an error without a response of a service.
    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self { service: "", code: None, message: message.into(), request_id: None, status: None }
    }

    /// Returns the service's error code: `AccessDenied`. `None` when no service responded.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the service's message, or the text of a local error.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns AWS's request ID.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the meaning of the error; `None` when no service responded.
    #[must_use]
    pub fn meaning(&self) -> Option<ErrorMeaning> {
        // The HTTP status replaces a missing code, as everywhere.
        let status = self.status.map(|status| status.to_string());
        let code = self.code().or(status.as_deref())?;
        let (service, message, status) = (self.service, &*self.message, self.status);
        let response = ErrorResponse { service, code, message, status, ..ErrorResponse::default() };
        Some(decide(&response).meaning)
    }

    /// Returns whether a permission is missing.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::Denied)
    }

    /// Returns whether the credentials of the call have expired.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::Expired)
    }

    /// Returns whether the session policies and tags exceed the size that STS can pack.
    #[must_use]
    pub fn is_packed_too_large(&self) -> bool {
        matches!(self.code(), Some("PackedPolicyTooLarge" | "PackedPolicyTooLargeException"))
    }

    /// Returns whether the request was throttled.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.meaning() == Some(ErrorMeaning::Throttled)
    }

    /// Returns whether AWS does not recognize the credentials of the call.
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

/// Describes an error that the SDK cannot parse, by its status and the length of its body, which is not quoted.
fn unreadable(response: &HttpResponse) -> String {
    let length = response.body().bytes().unwrap_or_default().len();
    let status = response.status().as_u16();
    match length {
        0 => format!("HTTP status {status}"),
        length => {
            let length = plural(length, "byte");
            format!("HTTP status {status}, with a body of {length} that is not an AWS error")
        }
    }
}

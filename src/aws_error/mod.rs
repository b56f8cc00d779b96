//! What an error of AWS means: one decision, which classification, retries, pace, role sessions and checks
//! all read.
//!
//! The decision is made from the code, the message and the HTTP status, in this order; what comes first
//! is the more certain:
//!
//! 1. the code of credentials that have expired;
//! 2. throttling, by HTTP status, code or wording (`throttling`);
//! 3. a policy that is named, or an action that is not allowed (`policy`);
//! 4. wordings of one service, or of one code (`wordings`);
//! 5. wordings that every service uses (`general`), unless the code says for certain that it means
//!    something else;
//! 6. the code (`codes`), or the form of its name (`patterns`).
//!
//! What nothing of this knows is a failure: an error is never taken for an absence on a guess.

mod codes;
mod fold;
mod general;
mod patterns;
mod policy;
mod retry;
mod service_error;
mod throttling;
mod typed_retries;
mod wordings;

pub use fold::fold;
pub use policy::names_an_action;
pub use retry::{Retry, retry};
pub use service_error::ServiceError;
pub use typed_retries::TypedRetries;
pub(crate) use typed_retries::retry_action;

use std::fmt;

use codes::code_meaning;
use patterns::pattern_meaning;

/// Writes an error of AWS as all messages have it: `Code: message (request id …)`.
pub(crate) fn write_text(
    formatter: &mut fmt::Formatter<'_>,
    code: Option<&str>,
    message: &str,
    request_id: Option<&str>,
) -> fmt::Result {
    if let Some(code) = code {
        write!(formatter, "{code}: ")?;
    }
    formatter.write_str(message)?;
    match request_id {
        Some(request_id) => write!(formatter, " (request id {request_id})"),
        None => Ok(()),
    }
}

/// What an error means, whatever was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorMeaning {
    /// A policy denies the call, or none allows it.
    Denied,
    /// There are too many requests.
    Throttled,
    /// The service failed, and may succeed at the next attempt.
    Transient,
    /// The credentials have expired.
    Expired,
    /// AWS, or the region, does not know the access key.
    UnknownKey,
    /// The account has not opted in to the region, or is not signed up for the service.
    OptInRequired,
    /// The region is not activated for the account.
    RegionDisabled,
    /// The account itself is not in order: not signed up, not verified, blocked or suspended.
    AccountProblem,
    /// The account has not enabled the service or feature.
    NotEnabled,
    /// The service or operation is not offered: not in the region, not to the account, or not any more.
    NotAvailable,
    /// Nothing is configured: no policy, no tags, no lifecycle.
    NothingConfigured,
    /// Something that the parameters name does not exist.
    NotFound,
    /// Any other error.
    Failure,
}

/// An error response, as far as it says what it means.
#[derive(Clone, Copy, Debug, Default)]
pub struct ErrorResponse<'error> {
    /// boto3's name of the service; empty where it is not known.
    pub service: &'error str,
    /// The function: `list_queues`; empty where it is not known.
    pub function: &'error str,
    /// The error code: `AccessDenied`, or the HTTP status where there is none.
    pub code: &'error str,
    /// The message.
    pub message: &'error str,
    /// The HTTP status, where it is known.
    pub status: Option<u16>,
}

/// What an error means, and what to do about it where a row of the tables says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The meaning.
    pub meaning: ErrorMeaning,
    /// How to enable what is not enabled, or who may.
    pub remedy: Option<&'static str>,
}

impl From<ErrorMeaning> for Decision {
    fn from(meaning: ErrorMeaning) -> Self {
        Self { meaning, remedy: None }
    }
}

/// Decides what an error response means.
#[must_use]
pub fn decide(response: &ErrorResponse<'_>) -> Decision {
    let code = bare_code(response.code);
    let by_code = code_meaning(code).or_else(|| pattern_meaning(code));
    if by_code == Some(ErrorMeaning::Expired) {
        return ErrorMeaning::Expired.into();
    }
    let message = fold(response.message);
    if throttling::is_throttled(by_code, code, &message, response.status) {
        return ErrorMeaning::Throttled.into();
    }
    if policy::is_named(&message) {
        return ErrorMeaning::Denied.into();
    }
    if let Some(row) = wordings::find(response.service, response.function, code, &message) {
        return Decision { meaning: row.meaning, remedy: Some(row.remedy).filter(|text| !text.is_empty()) };
    }
    if general::may_refine(by_code)
        && let Some(meaning) = general::meaning(response.service, &message)
    {
        return meaning.into();
    }
    match by_code {
        Some(ErrorMeaning::Throttled) => ErrorMeaning::Failure.into(),
        by_code => by_code.unwrap_or(ErrorMeaning::Failure).into(),
    }
}

/// The code without the side that EC2 says it is on: `Client.RequestLimitExceeded`.
pub(crate) fn bare_code(code: &str) -> &str {
    code.strip_prefix("Client.").or_else(|| code.strip_prefix("Server.")).unwrap_or(code)
}

#[cfg(test)]
mod tests;

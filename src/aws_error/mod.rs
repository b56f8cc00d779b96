//! The meaning of AWS errors: one decision that classification, retries, rate limits, role sessions and checks
//! share.
//!
//! The decision is based on the code, the message and the HTTP status, in this order, from the most to the least
//! certain:
//!
//! 1. the code of expired credentials;
//! 2. throttling, by HTTP status, code or wording (`throttling`);
//! 3. a policy or an action that the message names as not allowed (`policy`);
//! 4. wordings of one service, or of one code (`wordings`);
//! 5. wordings that every service uses (`general`), unless the code has a certain other meaning;
//! 6. the code (`codes`), or the form of its name (`patterns`).
//!
//! Any other error is a failure: an error is never guessed to mean that something does not exist.

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

/// Writes an AWS error in the common form of all messages: `Code: message (request id …)`.
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

/// The meaning of an error, independent of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorMeaning {
    /// A policy denies the call, or none allows it.
    Denied,
    /// The request was throttled.
    Throttled,
    /// The service failed, and may succeed at the next attempt.
    Transient,
    /// The credentials have expired.
    Expired,
    /// AWS, or the region, does not recognize the access key.
    UnknownKey,
    /// The account has not opted in to the region, or is not signed up for the service.
    OptInRequired,
    /// The region is not activated for the account.
    RegionDisabled,
    /// The account itself has a problem: not signed up, not verified, blocked or suspended.
    AccountProblem,
    /// The account has not enabled the service or feature.
    NotEnabled,
    /// The service or operation is not offered: not in the region, not to the account, or no longer.
    NotAvailable,
    /// Nothing is configured: no policy, no tags, no lifecycle.
    NothingConfigured,
    /// A resource that the parameters name does not exist.
    NotFound,
    /// Any other error.
    Failure,
}

/// The parts of an error response that its meaning is derived from.
#[derive(Clone, Copy, Debug, Default)]
pub struct ErrorResponse<'error> {
    /// The service, by boto3's name; empty where it is not known.
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

/// The meaning of an error, with the fix if the tables have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The meaning.
    pub meaning: ErrorMeaning,
    /// The way to enable the service or feature, or the account where it is enabled.
    pub remedy: Option<&'static str>,
}

impl From<ErrorMeaning> for Decision {
    fn from(meaning: ErrorMeaning) -> Self {
        Self { meaning, remedy: None }
    }
}

/// Determines the meaning of an error response.
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

/// Returns the code without EC2's prefix: `Client.RequestLimitExceeded`.
pub(crate) fn bare_code(code: &str) -> &str {
    code.strip_prefix("Client.").or_else(|| code.strip_prefix("Server.")).unwrap_or(code)
}

#[cfg(test)]
mod tests;

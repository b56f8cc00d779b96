//! The decision which errors are retried.
//!
//! Everything that boto3 retries: the codes and statuses of `botocore/retries/standard.py`, those of
//! `botocore/data/_retry.json` for all services and for single ones, and the errors that models declare as
//! retryable. In addition, every error that is classified as throttled.

use super::{ErrorMeaning, ErrorResponse, bare_code, code_meaning, decide, pattern_meaning};

/// The reason for a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The request was throttled.
    Throttled,
    /// The service failed.
    Transient,
}

/// The HTTP statuses that are retried (`botocore/retries/standard.py`, `_TRANSIENT_STATUS_CODES`).
const STATUSES: &[u16] = &[500, 502, 503, 504];

/// Returns the reason for a retry of an error, if it is retried.
#[must_use]
pub fn retry(response: &ErrorResponse<'_>) -> Option<Retry> {
    let code = bare_code(response.code);
    let by_code = code_meaning(code).or_else(|| pattern_meaning(code));
    match decide(response).meaning {
        ErrorMeaning::Throttled => Some(Retry::Throttled),
        // A quota of resources, with a code that botocore treats as throttling.
        _ if by_code == Some(ErrorMeaning::Throttled) => Some(Retry::Throttled),
        ErrorMeaning::Transient => Some(Retry::Transient),
        _ if response.status.is_some_and(|status| STATUSES.contains(&status)) => Some(Retry::Transient),
        _ => None,
    }
}

//! Which errors another attempt may help.
//!
//! Everything that boto3 tries again: the codes and statuses of `botocore/retries/standard.py`, those of
//! `botocore/data/_retry.json` for all services and for single ones, and the errors that models declare as
//! retryable. And whatever is called throttled: a line that says so was tried again.

use super::{ErrorMeaning, ErrorResponse, bare_code, code_meaning, decide, pattern_meaning};

/// Why another attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// There were too many requests, and later there may be fewer.
    Throttled,
    /// The service failed.
    Transient,
}

/// `botocore/retries/standard.py`, `_TRANSIENT_STATUS_CODES`.
const STATUSES: &[u16] = &[500, 502, 503, 504];

/// Why another attempt may help, if it may.
#[must_use]
pub fn retry(response: &ErrorResponse<'_>) -> Option<Retry> {
    let code = bare_code(response.code);
    let by_code = code_meaning(code).or_else(|| pattern_meaning(code));
    match decide(response).meaning {
        ErrorMeaning::Throttled => Some(Retry::Throttled),
        // A quota of resources, under a code that botocore takes for throttling.
        _ if by_code == Some(ErrorMeaning::Throttled) => Some(Retry::Throttled),
        ErrorMeaning::Transient => Some(Retry::Transient),
        _ if response.status.is_some_and(|status| STATUSES.contains(&status)) => Some(Retry::Transient),
        _ => None,
    }
}

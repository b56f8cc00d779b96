//! Detection of throttling: by HTTP status, by code, or by wording where the code is ambiguous.

use super::ErrorMeaning;

/// HTTP statuses that mean throttling for any code: 429 (RFC 6585), and 509 of older services (botocore,
/// `_retry.json`, `limit_exceeded`).
const STATUSES: &[u16] = &[429, 509];

/// Wordings of throttling. S3 and others return `ServiceUnavailable`, `InternalFailure` or `ServerException` with
/// them.
const WORDS: &[&str] = &[
    "rate exceeded",
    "rate limit exceeded",
    "reduce your request rate",
    "request rate is too high",
    "too many requests",
    "request was throttled",
    "request is throttled",
    "requests were throttled",
    "due to request throttling",
    "request limit exceeded",
    "please slow down",
];

/// Codes that some services also use for a quota of resources, which the message reveals.
const AMBIGUOUS: &[&str] = &["LimitExceededException"];

/// Wordings of quotas of resources, not of requests: waiting does not help.
const QUOTAS: &[&str] = &[
    "maximum number of",
    "limit on the number of",
    "limit for the number of",
    "number of resources",
    "service quota",
    "resource limit",
    "resource quota",
    "cannot create",
    "could not be created",
    "too many tags",
];

/// Returns whether the response means throttling. `by_code` is the meaning of its code.
pub(super) fn is_throttled(
    by_code: Option<ErrorMeaning>,
    code: &str,
    message: &str,
    status: Option<u16>,
) -> bool {
    if status.is_some_and(|status| STATUSES.contains(&status)) {
        return true;
    }
    let contains_any = |words: &[&str]| words.iter().any(|words| message.contains(words));
    match by_code {
        Some(ErrorMeaning::Throttled) => {
            !(AMBIGUOUS.contains(&code) && contains_any(QUOTAS)) || contains_any(WORDS)
        }
        // These codes are certain: their messages are not searched for throttling.
        Some(ErrorMeaning::UnknownKey | ErrorMeaning::NothingConfigured | ErrorMeaning::NotFound) => false,
        _ => contains_any(WORDS),
    }
}

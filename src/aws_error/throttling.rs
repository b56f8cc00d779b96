//! Too many requests: by HTTP status, by code, or by wording under codes that say less.

use super::ErrorMeaning;

/// HTTP statuses that mean it whatever the code is: 429 (RFC 6585), and 509 of older services (botocore,
/// `_retry.json`, `limit_exceeded`).
const STATUSES: &[u16] = &[429, 509];

/// S3 and others answer `ServiceUnavailable`, `InternalFailure` or `ServerException` with these words.
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

/// Codes that some services use for a quota of resources, told by the message.
const AMBIGUOUS: &[&str] = &["LimitExceededException"];

/// Quotas of resources and not of requests: waiting does not help.
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

/// Whether the response says that there are too many requests. `by_code` is what its code means.
pub(super) fn is_throttled(
    by_code: Option<ErrorMeaning>,
    code: &str,
    message: &str,
    status: Option<u16>,
) -> bool {
    if status.is_some_and(|status| STATUSES.contains(&status)) {
        return true;
    }
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    match by_code {
        Some(ErrorMeaning::Throttled) => !(AMBIGUOUS.contains(&code) && says(QUOTAS)) || says(WORDS),
        // An access key or a policy that is in the way may well be told beside it; the rest is not.
        Some(ErrorMeaning::UnknownKey | ErrorMeaning::NothingConfigured | ErrorMeaning::NotFound) => false,
        _ => says(WORDS),
    }
}

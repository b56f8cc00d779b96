//! The meaning of error codes by patterns of their names, for codes that are not in the tables: services add new
//! ones.

use super::ErrorMeaning;

/// A pattern: the parts of names that match it, and its meaning.
type NamePattern = (&'static [&'static str], ErrorMeaning);

/// All patterns; the first that matches decides. Names that a pattern would misinterpret are in the table of
/// codes, which takes precedence.
const PATTERNS: &[NamePattern] = &[
    (
        &["Throttl", "TooManyRequest", "RequestLimitExceeded", "RateLimit", "RateExceeded", "SlowDown"],
        ErrorMeaning::Throttled,
    ),
    (&["AccessDenied", "NotAuthorized", "Unauthorized", "Forbidden"], ErrorMeaning::Denied),
    (
        &[
            "NotFound",
            "NoSuch",
            "DoesNotExist",
            "DoesntExist",
            "NotExist",
            "NonExistent",
            "Nonexistent",
            "UnknownResource",
        ],
        ErrorMeaning::NotFound,
    ),
    (
        &[
            "InternalError",
            "InternalFailure",
            "InternalServer",
            "InternalService",
            "ServiceUnavailable",
            "TemporarilyUnavailable",
        ],
        ErrorMeaning::Transient,
    ),
];

/// Returns the meaning of a code by the pattern of its name, if one matches.
pub(super) fn pattern_meaning(code: &str) -> Option<ErrorMeaning> {
    PATTERNS
        .iter()
        .find(|(parts, _)| parts.iter().any(|part| code.contains(part)))
        .map(|(_, meaning)| *meaning)
}

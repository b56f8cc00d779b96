//! Codes by the form of their names, for those that no table has: services invent new ones.

use super::ErrorMeaning;

/// A form of names: what they contain, and what that means.
type NamePattern = (&'static [&'static str], ErrorMeaning);

/// The first form that fits decides. Names that a form would take for something else stand in the table of
/// codes, which is read first.
const FORMS: &[NamePattern] = &[
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

/// What the form of a code's name says, if it says anything.
pub(super) fn pattern_meaning(code: &str) -> Option<ErrorMeaning> {
    FORMS.iter().find(|(parts, _)| parts.iter().any(|part| code.contains(part))).map(|(_, meaning)| *meaning)
}

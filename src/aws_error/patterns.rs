//! Codes by the form of their names, for those that no table has: services invent new ones.

use super::Meaning;

/// A form of names: what they contain, and what that means.
type Form = (&'static [&'static str], Meaning);

/// The first form that fits decides. Names that a form would take for something else stand in the table of
/// codes, which is read first.
const FORMS: &[Form] = &[
    (
        &["Throttl", "TooManyRequest", "RequestLimitExceeded", "RateLimit", "RateExceeded", "SlowDown"],
        Meaning::Throttled,
    ),
    (&["AccessDenied", "NotAuthorized", "Unauthorized", "Forbidden"], Meaning::Denied),
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
        Meaning::NotFound,
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
        Meaning::Transient,
    ),
];

/// What the form of a code's name says, if it says anything.
pub(super) fn pattern_meaning(code: &str) -> Option<Meaning> {
    FORMS.iter().find(|(parts, _)| parts.iter().any(|part| code.contains(part))).map(|(_, meaning)| *meaning)
}

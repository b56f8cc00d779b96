//! Wordings of services that are not enabled or not offered, which every service may use with any code.
//!
//! Messages that name a policy are decided earlier, so that no denial is hidden; and a wording counts only
//! together with its subject. That a key or an encryption is not enabled has no meaning for the service.

use super::ErrorMeaning;

/// Wordings of services that have been discontinued, or are not offered in a region.
const NOT_AVAILABLE: &[&str] = &[
    "end of support",
    "has been discontinued",
    "is not supported in this region",
    "not supported in the called region",
    "not supported in the current region",
    "not supported in the region",
    "not supported in region",
    "not available in this region",
    "not available in this aws region",
    "not supported in this aws region",
    "not available in the current region",
    "not available in the current aws region",
    "not available in the region",
    "not available in region",
    "not available in your region",
    "not yet available in",
    "operation not available in",
    "operation is disabled in this region",
    "no longer available",
    "no longer supported",
    "no longer offered",
    "only available in the us-",
];

/// Wordings of services that have not been enabled.
const NOT_ENABLED: &[&str] = &[
    "is not enabled",
    "are not enabled",
    "not been enabled",
    "has not enabled",
    "have not enabled",
    "is not activated",
    "not been activated",
    "is not subscribed",
    "are not subscribed",
    "not been subscribed",
    "is not onboarded",
    "are not onboarded",
    "not been onboarded",
    "not yet onboarded",
    "is not registered",
    "not been registered",
    "is not initialized",
    "not been initialized",
    "is not signed up",
    "not signed up for",
    "is not opted in",
    "not opted in",
    "has not opted in",
    "must opt in",
    "opt in to",
    "opt-in required",
    "is not set up",
    "not been set up",
    "must enable",
    "must first enable",
    "must be enabled",
    "needs to be enabled",
    "please enable",
    "please onboard",
    "please subscribe",
    "please sign up",
    "please opt in",
    "please register",
    "must subscribe",
    "must sign up",
    "must be subscribed",
    "subscription is required",
    "subscription required",
    "requires a subscription",
    "is not turned on",
    "not been turned on",
    "is disabled for this account",
    "is disabled for your account",
    "is disabled in this account",
];

/// Subjects that a wording of [`NOT_ENABLED`] has to be about: the service, for the account, the organization or
/// the region.
const SUBJECTS: &[&str] = &[
    "account",
    "organization",
    "this service",
    "the service",
    "in this region",
    "in the region",
    "this feature",
];

/// Other subjects that may be disabled, with other consequences: unreadable data, and identities.
const OTHER_SUBJECTS: &[&str] = &[
    "kms key",
    "key arn",
    "arn:aws:kms",
    "encryption key",
    "customer master key",
    "cmk",
    "access key",
    "mfa",
    "user:",
    "principal",
    "iam policy",
    "iam role",
    "trust policy",
];

/// Services whose common name differs from boto3's.
const NAMES: &[(&str, &str)] = &[
    ("ce", "costexplorer"),
    ("securityhub", "securityhub"),
    ("inspector2", "inspector"),
    ("macie2", "macie"),
    ("ds", "directoryservice"),
    ("fms", "firewallmanager"),
    ("discovery", "applicationdiscovery"),
    ("mgh", "migrationhub"),
    ("mgn", "applicationmigration"),
    ("drs", "disasterrecovery"),
    ("amp", "prometheus"),
    ("qbusiness", "qbusiness"),
    ("resource-explorer-2", "resourceexplorer"),
];

/// Returns whether a wording may refine the meaning of a code. It may not where the code is certain: where nothing
/// is configured, where the account has a problem, or where the failure has been reviewed.
pub(super) fn may_refine(by_code: Option<ErrorMeaning>) -> bool {
    matches!(by_code, None | Some(ErrorMeaning::Denied | ErrorMeaning::NotFound | ErrorMeaning::Transient))
}

/// Returns the general meaning of a folded message.
pub(super) fn meaning(service: &str, message: &str) -> Option<ErrorMeaning> {
    let contains_any = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if contains_any(OTHER_SUBJECTS) {
        return None;
    }
    if contains_any(NOT_AVAILABLE) {
        return Some(ErrorMeaning::NotAvailable);
    }
    (contains_any(NOT_ENABLED) && (contains_any(SUBJECTS) || names_the_service(service, message)))
        .then_some(ErrorMeaning::NotEnabled)
}

/// Returns whether a message contains the name of the service, with or without spaces.
fn names_the_service(service: &str, message: &str) -> bool {
    let other = NAMES.iter().find(|(name, _)| *name == service).map(|(_, other)| *other);
    let name: String = service.chars().filter(char::is_ascii_alphabetic).collect();
    // Shorter names occur inside other words.
    let own = Some(name.as_str()).filter(|name| name.len() > 3);
    let mut names = other.into_iter().chain(own).peekable();
    if names.peek().is_none() {
        return false;
    }
    let squashed: String = message.chars().filter(char::is_ascii_alphanumeric).collect();
    names.any(|name| squashed.contains(name))
}

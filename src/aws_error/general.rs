//! Wordings that every service may use, whatever the code: not enabled, not offered.
//!
//! A policy that is named comes before, so that no denial is hidden; and a wording counts only beside what
//! it is about. That a key or an encryption is not enabled says nothing about the service.

use super::ErrorMeaning;

/// What services that are ended, or not offered in a region, say.
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

/// What services that have not been enabled say.
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

/// What is not enabled has to be the service, for the account, the organization or the region.
const SUBJECTS: &[&str] = &[
    "account",
    "organization",
    "this service",
    "the service",
    "in this region",
    "in the region",
    "this feature",
];

/// What else may be disabled, with other consequences: data that cannot be read, and identities.
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

/// Names of services that their users know by another than boto3 does.
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

/// Whether wordings may say more than a code does. They may not where the code is certain: where nothing is
/// configured, where the account is not in order, or where the failure has been reviewed.
pub(super) fn may_refine(by_code: Option<ErrorMeaning>) -> bool {
    matches!(by_code, None | Some(ErrorMeaning::Denied | ErrorMeaning::NotFound | ErrorMeaning::Transient))
}

/// What a folded message says in general.
pub(super) fn meaning(service: &str, message: &str) -> Option<ErrorMeaning> {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if says(OTHER_SUBJECTS) {
        return None;
    }
    if says(NOT_AVAILABLE) {
        return Some(ErrorMeaning::NotAvailable);
    }
    (says(NOT_ENABLED) && (says(SUBJECTS) || names_the_service(service, message)))
        .then_some(ErrorMeaning::NotEnabled)
}

/// Whether a message speaks of the service by name, with or without spaces.
fn names_the_service(service: &str, message: &str) -> bool {
    let other = NAMES.iter().find(|(name, _)| *name == service).map(|(_, other)| *other);
    let name: String = service.chars().filter(char::is_ascii_alphabetic).collect();
    // Shorter ones are found in other words.
    let own = Some(name.as_str()).filter(|name| name.len() > 3);
    let mut names = other.into_iter().chain(own).peekable();
    if names.peek().is_none() {
        return false;
    }
    let squashed: String = message.chars().filter(char::is_ascii_alphanumeric).collect();
    names.any(|name| squashed.contains(name))
}

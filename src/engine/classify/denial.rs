//! Which policy refused.
//!
//! The wordings: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

use crate::run::DeniedBy;

/// What a message names as its reason. The more particular stands first: a message may mention the
/// identity policy beside it.
const REASONS: &[(&str, DeniedBy)] = &[
    ("service control policy", DeniedBy::Scp),
    ("session policy", DeniedBy::SessionPolicy),
    ("permissions boundary", DeniedBy::Boundary),
    ("resource control policy", DeniedBy::ResourcePolicy),
    ("resource-based policy", DeniedBy::ResourcePolicy),
    ("vpc endpoint policy", DeniedBy::ResourcePolicy),
    ("identity-based policy", DeniedBy::Iam),
    ("is not authorized to perform", DeniedBy::Iam),
];

/// What a folded message names as the reason of a denial.
pub(super) fn by(message: &str) -> DeniedBy {
    let reason = REASONS.iter().find(|(words, _)| message.contains(words));
    reason.map_or(DeniedBy::Unknown, |(_, by)| *by)
}

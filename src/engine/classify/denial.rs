//! The kind of policy that denied a call.
//!
//! The wordings of the messages: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

use crate::run::DeniedBy;

/// Phrases of messages and the kind of policy that they mean. More specific phrases come first: a message may also
/// mention the identity policy.
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

/// Returns the kind of policy that a folded message gives as the reason of a denial.
pub(super) fn by(message: &str) -> DeniedBy {
    let reason = REASONS.iter().find(|(words, _)| message.contains(words));
    reason.map_or(DeniedBy::Unknown, |(_, by)| *by)
}

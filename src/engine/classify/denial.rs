//! Refusals, and by what.
//!
//! The wordings: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

use super::{Classification, ServiceAnswer};
use crate::engine::status::{DeniedBy, Status};

const CODES: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedFault",
    "AllAccessDisabled",
    "AuthorizationError",
    "AuthorizationErrorException",
    "AuthorizationException",
    "Client.UnauthorizedOperation",
    "Forbidden",
    "ForbiddenException",
    "NotAuthorized",
    "NotAuthorizedException",
    "UnauthorizedException",
    "UnauthorizedOperation",
    "403",
];

/// Under whatever code.
const WORDS: &[&str] = &["is not authorized to perform", "with an explicit deny"];

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

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    if !CODES.contains(&answer.code) && !answer.says(WORDS) {
        return None;
    }
    let reason = REASONS.iter().find(|(words, _)| answer.says(&[words]));
    let by = reason.map_or(DeniedBy::Unknown, |(_, by)| *by);
    Some(Classification { status: Status::Denied, by: Some(by) })
}

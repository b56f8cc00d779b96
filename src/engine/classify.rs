//! From an error to the ledger's status: what it means for the inventory, and who refused.
//!
//! Wordings are AWS's (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html)
//! and those that users of inventory tools report.

use super::status::{DeniedBy, Status};
use crate::client::{CallError, CallErrorKind};

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedException",
    "NotAuthorizedException",
    "NotAuthorized",
    "AccessDeniedFault",
    "AuthorizationException",
    "Forbidden",
    "ForbiddenException",
    "AllAccessDisabled",
    "Client.UnauthorizedOperation",
    "403",
];

const REGION_DISABLED: &[&str] = &[
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "AuthFailure",
    "OptInRequired",
    "RegionDisabledException",
];

const EXPIRED: &[&str] = &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

const THROTTLED: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "LimitExceededException",
    "429",
];

const NOT_AVAILABLE: &[&str] = &[
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
    "OperationNotSupportedException",
    "InvalidAction",
    "NotSupportedException",
    "NoSuchEntityInRegion",
    "MethodNotAllowed",
    "GoneException",
    "EndOfSupportException",
    "SubscriptionRequiredException",
    "ServiceUnavailableInRegionException",
];

/// Codes that say: there is nothing here, which is an answer and no failure.
const ABSENT: &[&str] = &[
    "LifecyclePolicyNotFoundException",
    "NoSuchBucketPolicy",
    "NoSuchConfiguration",
    "NoSuchCORSConfiguration",
    "NoSuchEntity",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "NoSuchTagSetError",
    "NoSuchWebsiteConfiguration",
    "ObjectLockConfigurationNotFoundError",
    "OwnershipControlsNotFoundError",
    "PolicyNotFound",
    "PolicyNotFoundException",
    "ReplicationConfigurationNotFoundError",
    "RepositoryPolicyNotFoundException",
    "ResourcePolicyNotFoundException",
    "ServerSideEncryptionConfigurationNotFoundError",
];

/// Whether an error says that there is nothing: a bucket without tags, a role without a policy.
#[must_use]
pub(super) fn is_absent(error: &CallError) -> bool {
    error.kind == CallErrorKind::Service && error.code.as_deref().is_some_and(|code| ABSENT.contains(&code))
}

/// What an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The status in the ledger.
    pub status: Status,
    /// What refused, when the status is `denied`.
    pub by: Option<DeniedBy>,
}

impl From<Status> for Classification {
    fn from(status: Status) -> Self {
        Self { status, by: None }
    }
}

/// What `error` means for the inventory.
#[must_use]
pub fn classify(error: &CallError) -> Classification {
    match error.kind {
        CallErrorKind::Service => classify_answer(error),
        CallErrorKind::Connection if is_unknown_host(&error.message) => Status::NotAvailable.into(),
        CallErrorKind::Connection | CallErrorKind::Timeout => Status::Unreachable.into(),
        CallErrorKind::Credentials => Status::Expired.into(),
        CallErrorKind::Endpoint => Status::NotAvailable.into(),
        CallErrorKind::Request | CallErrorKind::Answer | CallErrorKind::Pagination => Status::Failed.into(),
    }
}

fn classify_answer(error: &CallError) -> Classification {
    let code = error.code.as_deref().unwrap_or_default();
    let message = error.message.as_str();
    if ABSENT.contains(&code) {
        Status::Empty.into()
    } else if EXPIRED.contains(&code) {
        Status::Expired.into()
    } else if THROTTLED.contains(&code) {
        Status::Throttled.into()
    } else if REGION_DISABLED.contains(&code) {
        Status::RegionDisabled.into()
    } else if DENIED.contains(&code) || is_denial(message) {
        Classification { status: Status::Denied, by: Some(denied_by(message)) }
    } else if NOT_AVAILABLE.contains(&code) || is_retired(message) {
        Status::NotAvailable.into()
    } else {
        Status::Failed.into()
    }
}

/// What a denial's message names as its reason.
fn denied_by(message: &str) -> DeniedBy {
    let message = message.to_ascii_lowercase();
    let names = |text: &str| message.contains(text);
    if names("service control policy") {
        DeniedBy::Scp
    } else if names("session policy") {
        DeniedBy::SessionPolicy
    } else if names("permissions boundary") {
        DeniedBy::Boundary
    } else if names("resource-based policy")
        || names("resource control policy")
        || names("vpc endpoint policy")
    {
        DeniedBy::ResourcePolicy
    } else if names("identity-based policy") || names("is not authorized to perform") {
        DeniedBy::Iam
    } else {
        DeniedBy::Unknown
    }
}

fn is_denial(message: &str) -> bool {
    message.contains("is not authorized to perform") || message.contains("with an explicit deny")
}

/// Services that AWS has ended say so in the message and not in the code.
fn is_retired(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    [
        "no longer available",
        "has been discontinued",
        "end of support",
        "is not supported in this region",
        "not available in this region",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// A service that is absent from a region has no name there.
fn is_unknown_host(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["failed to lookup address", "dns error", "name or service not known", "no such host"]
        .iter()
        .any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::{DeniedBy, Status, classify};
    use crate::client::{CallError, CallErrorKind};

    fn answer(code: &str, message: &str) -> CallError {
        CallError { code: Some(code.to_owned()), ..CallError::new(CallErrorKind::Service, message) }
    }

    #[test]
    fn denials_name_who_refused() {
        let who = "User: arn:aws:sts::123456789012:assumed-role/Audit/scan is not authorized to perform: ";
        for (reason, by) in [
            ("ec2:DescribeInstances with an explicit deny in a service control policy", DeniedBy::Scp),
            (
                "sqs:ListQueues because no session policy allows the sqs:ListQueues action",
                DeniedBy::SessionPolicy,
            ),
            (
                "sqs:ListQueues because no permissions boundary allows the sqs:ListQueues action",
                DeniedBy::Boundary,
            ),
            (
                "kms:DescribeKey because no resource-based policy allows the kms:DescribeKey action",
                DeniedBy::ResourcePolicy,
            ),
            ("iam:ListUsers because no identity-based policy allows the iam:ListUsers action", DeniedBy::Iam),
            ("iam:ListUsers", DeniedBy::Iam),
        ] {
            let outcome = classify(&answer("AccessDenied", &format!("{who}{reason}")));
            assert_eq!((outcome.status, outcome.by), (Status::Denied, Some(by)), "{reason}");
        }
        assert_eq!(classify(&answer("AccessDenied", "Access Denied")).by, Some(DeniedBy::Unknown));
    }

    #[test]
    fn each_code_has_its_meaning() {
        for (code, status) in [
            ("UnrecognizedClientException", Status::RegionDisabled),
            ("OptInRequired", Status::RegionDisabled),
            ("ExpiredToken", Status::Expired),
            ("ThrottlingException", Status::Throttled),
            ("RequestLimitExceeded", Status::Throttled),
            ("UnauthorizedOperation", Status::Denied),
            ("UnknownOperationException", Status::NotAvailable),
            ("NoSuchTagSet", Status::Empty),
            ("ValidationException", Status::Failed),
        ] {
            assert_eq!(classify(&answer(code, "")).status, status, "{code}");
        }
    }

    #[test]
    fn a_service_without_a_name_in_the_region_is_not_available_there() {
        let lookup = "dispatch failure: io error: dns error: failed to lookup address information";
        assert_eq!(classify(&CallError::new(CallErrorKind::Connection, lookup)).status, Status::NotAvailable);
        let refused = CallError::new(CallErrorKind::Connection, "connection refused");
        assert_eq!(classify(&refused).status, Status::Unreachable);
    }
}

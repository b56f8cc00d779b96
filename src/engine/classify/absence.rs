//! Errors that say: there is nothing here, which is an answer and no failure.

use super::{Classification, ServiceAnswer};
use crate::engine::status::Status;

/// Codes of S3 (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList), and of the
/// services whose models declare them for what need not exist.
const CODES: &[&str] = &[
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

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    CODES.contains(&answer.code).then(|| Status::Empty.into())
}

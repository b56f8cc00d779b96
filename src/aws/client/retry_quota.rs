//! The quota that the retries of one limit are taken from.

use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};

/// A retry quota: the SDK's token bucket, with the name that the SDK finds it by. Clones share the bucket.
#[derive(Clone, Debug)]
pub struct RetryQuota {
    partition: RetryPartition,
    bucket: TokenBucket,
}

impl RetryQuota {
    /// Creates a quota with the tokens of `bucket`.
    #[must_use]
    pub fn new(name: String, bucket: TokenBucket) -> Self {
        Self { partition: RetryPartition::custom(name).token_bucket(bucket.clone()).build(), bucket }
    }

    /// Returns the quota as the SDK's retry strategy finds it.
    pub(super) fn partition(&self) -> RetryPartition {
        self.partition.clone()
    }

    /// Returns whether no retry has taken anything of it that was not returned.
    pub(super) fn is_full(&self) -> bool {
        self.bucket.is_full()
    }
}

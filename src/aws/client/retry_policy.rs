//! The retry policy of a run: a plain value that can be printed.

use std::fmt;
use std::time::Duration;

use aws_smithy_runtime::client::retries::TokenBucket;
use aws_smithy_types::retry::RetryConfig;
use serde::{Deserialize, Serialize};

use super::retry_quota::RetryQuota;
use crate::util::plural::plural;

/// The retry policy of a run. The SDK's standard mode implements it: retryable errors, exponential backoff,
/// jitter, a quota.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// The maximum number of retries of a request.
    pub max_retries: u32,
    /// The maximum pause before the first retry, in seconds. The maximum doubles with each further retry; the
    /// pause is random (jitter).
    pub first_pause: f64,
    /// The maximum of all pauses, in seconds.
    pub longest_pause: f64,
    /// The quota that the retries of one account, region and service share; successful requests return part of it.
    pub quota: usize,
    /// The cost of a retry, which is returned to the quota when the retry succeeds.
    pub retry_cost: u32,
    /// The cost of a retry after no response at all.
    pub timeout_cost: u32,
    /// The cost of a retry after throttling. It is zero: throttled requests are slowed down instead, so that they
    /// cannot aggravate an outage, and aborting them would lose results.
    pub throttling_cost: u32,
}

impl Default for RetryPolicy {
    /// Returns five retries; the pauses, the quota and its costs are the SDK's (aws-smithy-types `retry.rs`,
    /// aws-smithy-runtime `token_bucket.rs`).
    fn default() -> Self {
        Self {
            max_retries: 5,
            first_pause: 1.0,
            longest_pause: 20.0,
            quota: 500,
            retry_cost: 5,
            timeout_cost: 10,
            throttling_cost: 0,
        }
    }
}

impl RetryPolicy {
    /// Converts the policy to the SDK's retry configuration.
    #[must_use]
    pub fn config(&self) -> RetryConfig {
        let seconds = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        RetryConfig::standard()
            .with_max_attempts(self.max_retries.saturating_add(1))
            .with_initial_backoff(seconds(self.first_pause))
            .with_max_backoff(seconds(self.longest_pause))
    }

    /// Creates a full quota with this name.
    #[must_use]
    pub fn full_quota(&self, name: String) -> RetryQuota {
        let bucket = TokenBucket::builder()
            .capacity(self.quota)
            .retry_cost(self.retry_cost)
            .timeout_retry_cost(self.timeout_cost)
            .throttling_retry_cost(self.throttling_cost);
        RetryQuota::new(name, bucket.build())
    }
}

impl fmt::Display for RetryPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { max_retries, first_pause, longest_pause, quota, .. } = self;
        let Self { retry_cost, timeout_cost, throttling_cost, .. } = self;
        if *max_retries == 0 {
            return formatter.write_str("no retries");
        }
        write!(
            formatter,
            "at most {}, backoff {first_pause} s doubling to {longest_pause} s with jitter; a quota of {quota} \
             per account, region and service, of which a retry takes {retry_cost}, {timeout_cost} after a \
             timeout, {throttling_cost} after throttling",
            plural(*max_retries, "retry")
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RetryPolicy;

    #[test]
    fn a_policy_says_what_it_does() {
        assert_eq!(
            RetryPolicy::default().to_string(),
            "at most 5 retries, backoff 1 s doubling to 20 s with jitter; a quota of 500 per account, region and \
             service, of which a retry takes 5, 10 after a timeout, 0 after throttling"
        );
        assert_eq!(RetryPolicy { max_retries: 0, ..RetryPolicy::default() }.to_string(), "no retries");
    }

    #[test]
    fn a_policy_outlives_being_written_down() {
        let policy = RetryPolicy { max_retries: 2, first_pause: 0.05, ..RetryPolicy::default() };
        let written = serde_json::to_string(&policy).expect("JSON");
        assert_eq!(serde_json::from_str::<RetryPolicy>(&written).expect("a policy"), policy);
    }

    #[test]
    fn the_sdk_is_told_attempts_and_not_retries() {
        let policy = RetryPolicy { max_retries: 2, first_pause: 0.5, ..RetryPolicy::default() };
        let config = policy.config();
        assert_eq!((config.max_attempts(), config.initial_backoff()), (3, Duration::from_millis(500)));
    }
}

//! How often and how soon a request is tried again: a plain value, which can be printed.

use std::fmt;
use std::time::Duration;

use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_types::retry::RetryConfig;
use serde::{Deserialize, Serialize};

use crate::util::plural::plural;

/// The policy of a run. The decisions themselves are the SDK's, in its standard mode: which errors
/// can be helped by trying again, pauses that double, jitter, a quota.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// How often a request is tried again.
    pub max_retries: u32,
    /// The longest pause before the first retry, in seconds. Each further one may be twice as long;
    /// how long it is, chance decides.
    pub first_pause: f64,
    /// No pause is longer than this, in seconds.
    pub longest_pause: f64,
    /// What retries of one account, region and service may take together, before successes give
    /// some of it back.
    pub quota: usize,
    /// What a retry takes from the quota; it is given back when the retry succeeds.
    pub retry_cost: u32,
    /// What a retry takes when no answer had come at all.
    pub timeout_cost: u32,
    /// What a retry takes after throttling. Nothing: throttled requests are slowed down instead, so
    /// that they cannot add to an outage, and giving them up would lose results.
    pub throttling_cost: u32,
}

impl Default for RetryPolicy {
    /// Five retries; the pauses, the quota and its costs are the SDK's
    /// (aws-smithy-types `retry.rs`, aws-smithy-runtime `token_bucket.rs`).
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
    /// The policy in the SDK's words.
    #[must_use]
    pub fn config(&self) -> RetryConfig {
        let seconds = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        RetryConfig::standard()
            .with_max_attempts(self.max_retries.saturating_add(1))
            .with_initial_backoff(seconds(self.first_pause))
            .with_max_backoff(seconds(self.longest_pause))
    }

    /// A full quota, for whatever `name` stands for.
    #[must_use]
    pub fn full_quota(&self, name: String) -> RetryPartition {
        let bucket = TokenBucket::builder()
            .capacity(self.quota)
            .retry_cost(self.retry_cost)
            .timeout_retry_cost(self.timeout_cost)
            .throttling_retry_cost(self.throttling_cost);
        RetryPartition::custom(name).token_bucket(bucket.build()).build()
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
            "at most {}, after pauses of up to {first_pause} s that double up to {longest_pause} s; a quota of \
             {quota} for each account, region and service, of which a retry takes {retry_cost}, {timeout_cost} \
             after a time-out, {throttling_cost} after throttling",
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
            "at most 5 retries, after pauses of up to 1 s that double up to 20 s; a quota of 500 for each \
             account, region and service, of which a retry takes 5, 10 after a time-out, 0 after throttling"
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

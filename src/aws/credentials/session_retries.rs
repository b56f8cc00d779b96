//! The retries of the requests that open sessions.

use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};

/// Returns the retry quota of requests that open sessions: none.
///
/// A session that cannot be opened loses a whole account, the rate of requests is limited elsewhere, and each session
/// has its own maximum of attempts: no session takes retries from the others. With the SDK's bucket of 500, a hundred
/// simultaneous failures left no retries for the remaining accounts.
pub(super) fn session_retries() -> RetryPartition {
    let quota = TokenBucket::builder().retry_cost(0).timeout_retry_cost(0).throttling_retry_cost(0).build();
    RetryPartition::custom("sessions").token_bucket(quota).build()
}

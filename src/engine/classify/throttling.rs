//! Too many requests.

use super::{Classification, ServiceAnswer};
use crate::engine::status::Status;

/// The codes that AWS's SDKs try again later for (botocore's `retries/standard.py`), that of SNS
/// (`ThrottledException` in its model), and the bare HTTP status where an answer has no code.
const CODES: &[&str] = &[
    "Throttled",
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

/// Words under codes that say less: S3 and others answer `ServiceUnavailable` or `InternalFailure`.
const WORDS: &[&str] = &["rate exceeded", "reduce your request rate", "too many requests"];

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    (CODES.contains(&answer.code) || answer.says(WORDS)).then(|| Status::Throttled.into())
}

//! The throttling errors of services.

use crate::model::catalog::{Protocol, Service};
use crate::simulator::error_response::SimulatedError;

const RATE: &str = "Rate exceeded";

/// The errors of services that differ from the usual one of their protocol: status, code, message.
///
/// Sources: the error shapes in botocore's models, the retryable codes in botocore's `_retry.json`,
/// and the pages "Error responses" (S3), "Common errors" (SQS), "Invoke" (Lambda); fwdcloudsec/granted#458 (IAM Identity Center).
const OF_THEIR_OWN: &[(&str, u16, &str, &str)] = &[
    ("apigateway", 429, "TooManyRequestsException", "Too Many Requests"),
    ("apigatewayv2", 429, "TooManyRequestsException", "Too Many Requests"),
    ("dynamodb", 400, "ThrottlingException", "Rate of requests exceeds the allowed throughput."),
    ("kinesis", 400, "LimitExceededException", "Rate exceeded for stream operations."),
    ("lambda", 429, "TooManyRequestsException", RATE),
    (
        "organizations",
        400,
        "TooManyRequestsException",
        "AWS Organizations can't complete your request because another request is already in progress. Try again later.",
    ),
    ("s3", 503, "SlowDown", "Please reduce your request rate."),
    ("s3control", 503, "SlowDown", "Please reduce your request rate."),
    ("sesv2", 429, "TooManyRequestsException", "Too Many Requests"),
    ("sqs", 403, "RequestThrottled", "Request is throttled."),
    ("sso", 429, "TooManyRequestsException", "HTTP 429 Unknown Code"),
];

/// Returns the error of a request that exceeds the quota.
pub(super) fn refusal(service: &Service) -> SimulatedError {
    if let Some((_, status, code, message)) = OF_THEIR_OWN.iter().find(|row| row.0 == &*service.name) {
        return SimulatedError::new(*status, *code, *message);
    }
    match &service.protocol {
        Protocol::Ec2 => SimulatedError::new(503, "RequestLimitExceeded", "Request limit exceeded."),
        Protocol::Query | Protocol::RestXml => SimulatedError::new(400, "Throttling", RATE),
        Protocol::Json { .. } | Protocol::RpcV2Cbor { .. } => {
            SimulatedError::new(400, "ThrottlingException", RATE)
        }
        Protocol::RestJson => SimulatedError::new(429, "ThrottlingException", RATE),
    }
}

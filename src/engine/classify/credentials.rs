//! Credentials that hold no longer.

use super::{Classification, ServiceAnswer};
use crate::engine::status::Status;

/// docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html, and EC2's and S3's own
/// (docs.aws.amazon.com/ec2/latest/devguide/ec2-api-errorcodes.html).
const CODES: &[&str] = &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    CODES.contains(&answer.code).then(|| Status::Expired.into())
}

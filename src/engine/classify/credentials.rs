//! Credentials that hold no longer.

use super::{Classification, ServiceAnswer};
use crate::engine::status::Status;
use crate::identity::EXPIRED;

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    EXPIRED.contains(&answer.code).then(|| Status::Expired.into())
}

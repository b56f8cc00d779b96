//! From an error to the ledger's status: what it means for the inventory, and who refused.
//!
//! One classifier for each meaning, asked in an order in which the more certain comes first. Whatever
//! none of them knows is `failed`: an error is never taken for an absence on a guess.

mod absence;
mod credentials;
mod denial;
mod region;
mod throttling;
mod unavailability;

use super::status::{DeniedBy, Status};
use crate::client::{CallError, CallErrorKind};

pub use region::RegionState;

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

/// Looks at one kind of answer.
type Classifier = fn(&ServiceAnswer<'_>) -> Option<Classification>;

/// In this order, since codes are shared: the same `AccessDeniedException` says that a policy refuses
/// and that a service was never switched on.
const CLASSIFIERS: [Classifier; 7] = [
    absence::classify,
    unavailability::not_switched_on,
    credentials::classify,
    throttling::classify,
    region::classify,
    denial::classify,
    unavailability::classify,
];

/// An error that a service answered with, as classifiers see it.
struct ServiceAnswer<'error> {
    code: &'error str,
    /// In lower case.
    message: String,
    region: RegionState,
}

impl ServiceAnswer<'_> {
    /// Whether the message has any of these words, which are in lower case.
    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|words| self.message.contains(words))
    }
}

/// What `error` means for the inventory, in a region of which so much is known.
#[must_use]
pub fn classify(error: &CallError, region: RegionState) -> Classification {
    match error.kind {
        CallErrorKind::Service => {
            let code = error.code.as_deref().unwrap_or_default();
            let answer = ServiceAnswer { code, message: error.message.to_ascii_lowercase(), region };
            CLASSIFIERS.iter().find_map(|classifier| classifier(&answer)).unwrap_or(Status::Failed.into())
        }
        // Also where a host name does not exist: what that means is decided where more is known
        // ([`super::absence`]).
        CallErrorKind::Connection | CallErrorKind::Timeout => Status::Unreachable.into(),
        CallErrorKind::Credentials => Status::Expired.into(),
        // The rules refuse only what is configured or asked wrongly: the wrong variant, a wrong ARN.
        CallErrorKind::Endpoint
        | CallErrorKind::Request
        | CallErrorKind::Answer
        | CallErrorKind::Pagination => Status::Failed.into(),
    }
}

/// Whether an error says that there is nothing: a bucket without tags, a role without a policy.
#[must_use]
pub(super) fn is_absent(error: &CallError) -> bool {
    classify(error, RegionState::Enabled).status == Status::Empty
}

#[cfg(test)]
mod tests;

//! Regions that an account has not enabled.

use super::{Classification, ServiceAnswer};
use crate::engine::status::Status;
use crate::identity::UNKNOWN_KEY;

/// What is known of the region that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionState {
    /// The account has it: AWS said so, or nobody can switch it off.
    Enabled,
    /// An opt-in region that somebody named, and nobody looked up.
    Unknown,
}

/// Codes that say it outright.
const CODES: &[&str] = &["OptInRequired", "RegionDisabledException"];

pub(super) fn classify(answer: &ServiceAnswer<'_>) -> Option<Classification> {
    if CODES.contains(&answer.code) {
        return Some(Status::RegionDisabled.into());
    }
    // A region that is not enabled does not know the account's keys. Keys that were deactivated, and
    // accounts that were closed, are answered the same everywhere.
    UNKNOWN_KEY.contains(&answer.code).then(|| match answer.region {
        RegionState::Unknown => Status::RegionDisabled.into(),
        RegionState::Enabled => Status::Expired.into(),
    })
}

//! The reasons of child calls whose list is missing.

use crate::run::Status;

/// Returns why a list that ended with this status has no items to make calls for.
pub(super) fn why_no_items(status: Status) -> &'static str {
    match status {
        Status::Denied => "its list was denied",
        Status::Throttled => "its list was throttled",
        Status::Unreachable => "its list was unreachable",
        Status::Expired => "the credentials expired before its list was read",
        Status::RegionDisabled => "its list is in a region that is not enabled",
        Status::NotAvailable => "its list is not available",
        Status::NotEnabled => "its list needs a service that is not enabled",
        Status::Vanished => "its list was deleted",
        Status::Skipped => "its list was skipped",
        Status::Ok | Status::Empty | Status::Truncated | Status::Failed => "its list failed",
    }
}

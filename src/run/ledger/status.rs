//! The outcomes of calls, with their words in the ledger.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The outcome of a call. The ledger has exactly one for every planned call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Complete, with at least one item.
    Ok,
    /// Complete, and there are no items.
    Empty,
    /// Partial: the spec limits the number of items, or a later page failed.
    Truncated,
    /// Refused; `denied_by` names the policy.
    Denied,
    /// The account has not enabled the region.
    RegionDisabled,
    /// The service does not exist in the region, or no longer exists at all.
    NotAvailable,
    /// The account has not enabled the service or feature, or is not the account that the service responds to.
    NotEnabled,
    /// The item of a list was deleted between the list and the call about it.
    Vanished,
    /// Throttled until all retries were used.
    Throttled,
    /// The credentials expired and could not be refreshed.
    Expired,
    /// No response: the host name did not resolve, the connection failed, or it timed out.
    Unreachable,
    /// Every other error.
    Failed,
    /// Deliberately not sent; the message states the reason.
    Skipped,
}

impl Status {
    /// All statuses, in the order of the documentation.
    pub const ALL: [Self; 13] = [
        Self::Ok,
        Self::Empty,
        Self::Truncated,
        Self::Denied,
        Self::RegionDisabled,
        Self::NotAvailable,
        Self::NotEnabled,
        Self::Vanished,
        Self::Throttled,
        Self::Expired,
        Self::Unreachable,
        Self::Failed,
        Self::Skipped,
    ];

    /// Returns whether the inventory lacks data because of this status.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Denied | Self::Throttled | Self::Expired | Self::Unreachable | Self::Failed)
    }

    /// Returns the word in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Truncated => "truncated",
            Self::Denied => "denied",
            Self::RegionDisabled => "region_disabled",
            Self::NotAvailable => "not_available",
            Self::NotEnabled => "not_enabled",
            Self::Vanished => "vanished",
            Self::Throttled => "throttled",
            Self::Expired => "expired",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// The kind of policy that denied a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeniedBy {
    /// An identity policy that does not allow it.
    Iam,
    /// A service control policy of the organization.
    Scp,
    /// The session policy that this program passed.
    SessionPolicy,
    /// A permissions boundary.
    Boundary,
    /// The policy of a resource.
    ResourcePolicy,
    /// The message does not name the kind of policy.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn the_word_is_the_one_that_is_serialised() {
        for status in Status::ALL {
            let serialised = serde_json::to_value(status).expect("serialises");
            assert_eq!(serialised, status.as_str());
        }
    }
}

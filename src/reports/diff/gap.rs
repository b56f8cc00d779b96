//! Gaps: reasons why a run could not see resources.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::run::{CallRecord, DeniedBy, Status};

/// The reason why the result of a call in one place is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// The reason.
    pub cause: GapReason,
    /// The kind of policy that denied the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied_by: Option<DeniedBy>,
    /// Whether the run accepts it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub accepted: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// The reason for a gap: a status of the ledger, or why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The call was denied.
    Denied,
    /// The call was throttled until the retries were exhausted.
    Throttled,
    /// The credentials expired.
    Expired,
    /// No response.
    Unreachable,
    /// Any other error.
    Failed,
    /// The response is truncated: more items exist.
    Truncated,
    /// Not called, on purpose.
    Skipped,
    /// The region is not enabled in the account. Existing resources stay there, but are not accessible
    /// ("Enable or disable AWS Regions in your account", AWS Account Management reference guide).
    RegionDisabled,
    /// No endpoint has this name. If the service itself responds that it has no resources, that is not a gap.
    NotAvailable,
    /// Listed, but no longer found when it was described.
    NotDescribed,
    /// The run ended before the call was sent.
    NotAsked,
    /// The run did not scan the region.
    RegionNotAsked,
    /// The role in the account could not be assumed, or the account was closed during the run.
    AccountNotEntered,
    /// The account was found but not scanned.
    AccountNotScanned,
    /// The account is not among those that the run found.
    AccountNotFound,
}

impl Gap {
    /// Returns the gap of a ledger line; `None` if its result is complete.
    pub(in crate::reports) fn of(record: &CallRecord) -> Option<Self> {
        let cause = match record.status {
            // A service that is not enabled has no resources, and neither has a deleted item.
            Status::Ok | Status::Empty | Status::NotEnabled | Status::Vanished => return None,
            // The service responded that it does not have this operation here.
            Status::NotAvailable if record.code.is_some() && !record.inferred => return None,
            Status::NotAvailable => GapReason::NotAvailable,
            Status::Truncated => GapReason::Truncated,
            Status::Denied => GapReason::Denied,
            Status::RegionDisabled => GapReason::RegionDisabled,
            Status::Throttled => GapReason::Throttled,
            Status::Expired => GapReason::Expired,
            Status::Unreachable => GapReason::Unreachable,
            Status::Failed => GapReason::Failed,
            Status::Skipped => GapReason::Skipped,
        };
        Some(Self { cause, denied_by: record.denied_by, accepted: false })
    }

    /// Returns whether the gaps of two runs in one place are known: both runs have the gap for the same cause, or all
    /// of them are accepted.
    pub(super) fn are_known(gaps: [Option<Self>; 2]) -> bool {
        let cause = |gap: Self| (gap.cause, gap.denied_by);
        match gaps {
            [Some(old), Some(new)] if cause(old) == cause(new) => true,
            gaps => gaps.into_iter().flatten().all(|gap| gap.accepted),
        }
    }

    /// Returns whether no resources are missing if both runs have such a gap. If a call was skipped because
    /// its parent found no items, the gap is that of the parent.
    pub(super) fn is_out_of_reach(self) -> bool {
        matches!(self.cause, GapReason::RegionDisabled | GapReason::NotAvailable | GapReason::Skipped)
    }
}

impl From<GapReason> for Gap {
    fn from(cause: GapReason) -> Self {
        Self { cause, denied_by: None, accepted: false }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.denied_by.and_then(|by| serde_json::to_value(by).ok());
        match by.as_ref().and_then(serde_json::Value::as_str) {
            Some(by) => write!(formatter, "{} (by {by})", self.cause.described())?,
            None => formatter.write_str(self.cause.described())?,
        }
        if self.accepted { formatter.write_str(", accepted") } else { Ok(()) }
    }
}

impl GapReason {
    /// Returns the reason in words for reports.
    fn described(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Expired => "credentials expired",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
            Self::Truncated => "response truncated",
            Self::Skipped => "skipped",
            Self::RegionDisabled => "region not enabled",
            Self::NotAvailable => "no such endpoint",
            Self::NotDescribed => "listed but not described",
            Self::NotAsked => "not sent before the run ended",
            Self::RegionNotAsked => "region not scanned",
            Self::AccountNotEntered => "role not assumed",
            Self::AccountNotScanned => "account not scanned",
            Self::AccountNotFound => "account not found by the run",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, GapReason};
    use crate::aws::client::InferredFrom;
    use crate::names::AccountId;
    use crate::run::{CallRecord, DeniedBy, Status};

    fn record(status: Status) -> CallRecord {
        let account = AccountId::new("111111111111");
        CallRecord {
            status,
            ..CallRecord::new(&account, "eu-west-1", "ec2", "describe_vpcs", "describe_vpcs")
        }
    }

    #[test]
    fn only_a_complete_answer_leaves_no_gap() {
        for status in Status::ALL {
            let is_complete =
                matches!(status, Status::Ok | Status::Empty | Status::NotEnabled | Status::Vanished);
            assert_eq!(Gap::of(&record(status)).is_none(), is_complete, "{status}");
        }
    }

    #[test]
    fn a_service_that_says_it_has_nothing_has_answered() {
        let answered =
            CallRecord { code: Some("UnknownOperationException".to_owned()), ..record(Status::NotAvailable) };
        assert_eq!(Gap::of(&answered), None);
        let inferred = CallRecord { inferred: true, inferred_from: Some(InferredFrom::Endpoint), ..answered };
        assert_eq!(Gap::of(&inferred), Some(GapReason::NotAvailable.into()));
    }

    #[test]
    fn gaps_are_known_if_both_runs_have_them_or_accept_them() {
        let gap = |cause: GapReason, accepted| Some(Gap { accepted, ..cause.into() });
        let (denied, accepted) = (gap(GapReason::Denied, false), gap(GapReason::Denied, true));
        for (gaps, are_known) in [
            ([denied, denied], true),
            ([denied, accepted], true),
            ([accepted, None], true),
            ([None, accepted], true),
            ([denied, None], false),
            ([None, denied], false),
            ([gap(GapReason::Throttled, false), denied], false),
            ([gap(GapReason::Throttled, true), accepted], true),
            ([gap(GapReason::Throttled, false), accepted], false),
        ] {
            assert_eq!(Gap::are_known(gaps), are_known, "{gaps:?}");
        }
    }

    #[test]
    fn gap_names_denying_policy() {
        let denied = CallRecord { denied_by: Some(DeniedBy::Scp), ..record(Status::Denied) };
        assert_eq!(Gap::of(&denied).expect("a gap").to_string(), "denied (by scp)");
    }
}

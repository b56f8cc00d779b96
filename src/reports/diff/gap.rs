//! Why a run does not say what there is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::run::{CallRecord, DeniedBy, Status};

/// Why a run does not say what there is in one place, as far as a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// The reason.
    pub cause: GapReason,
    /// What refused the call, where it was denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denied_by: Option<DeniedBy>,
}

/// The reason for a gap: a status of the ledger, or why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// Refused.
    Denied,
    /// Throttled until the retries were used up.
    Throttled,
    /// The credentials expired.
    Expired,
    /// No answer.
    Unreachable,
    /// Any other error.
    Failed,
    /// A part of the answer, and more exists.
    Truncated,
    /// Not asked, on purpose.
    Skipped,
    /// The account has not enabled the region. What it has there stays, out of reach ("Enable or
    /// disable AWS Regions in your account", AWS Account Management reference guide).
    RegionDisabled,
    /// No endpoint has this name. Where a service itself says that it has nothing, that is an answer.
    NotAvailable,
    /// Listed, but not found any more when it was described.
    NotDescribed,
    /// The run ended before it was asked.
    NotAsked,
    /// The region is none of those that the run asked.
    RegionNotAsked,
    /// The account's role could not be assumed, or the account was closed meanwhile.
    AccountNotEntered,
    /// The account was found, and not scanned.
    AccountNotScanned,
    /// The account is not among those that the run found.
    AccountNotFound,
}

impl Gap {
    /// The gap that a line of the ledger tells of; `None` where its answer is complete.
    pub(super) fn of(record: &CallRecord) -> Option<Self> {
        let cause = match record.status {
            // A service that is not enabled has nothing, and neither has an item that was deleted.
            Status::Ok | Status::Empty | Status::NotEnabled | Status::Vanished => return None,
            // The service has answered: it knows no such function here.
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
        Some(Self { cause, denied_by: record.denied_by })
    }

    /// Whether there is nothing to be known behind it, or nothing that either run wanted to know: where both runs have
    /// such a gap, nothing is missing. Where a call was skipped for want of items, the gap is that of the call above.
    pub(super) fn is_out_of_reach(self) -> bool {
        matches!(self.cause, GapReason::RegionDisabled | GapReason::NotAvailable | GapReason::Skipped)
    }
}

impl From<GapReason> for Gap {
    fn from(cause: GapReason) -> Self {
        Self { cause, denied_by: None }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.denied_by.and_then(|by| serde_json::to_value(by).ok());
        match by.as_ref().and_then(serde_json::Value::as_str) {
            Some(by) => write!(formatter, "{} (by {by})", self.cause.described()),
            None => formatter.write_str(self.cause.described()),
        }
    }
}

impl GapReason {
    /// What happened, for people.
    fn described(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Expired => "credentials expired",
            Self::Unreachable => "unreachable",
            Self::Failed => "failed",
            Self::Truncated => "answer cut off",
            Self::Skipped => "skipped",
            Self::RegionDisabled => "region not enabled",
            Self::NotAvailable => "no such endpoint",
            Self::NotDescribed => "listed and not described",
            Self::NotAsked => "not asked before the run ended",
            Self::RegionNotAsked => "not asked there",
            Self::AccountNotEntered => "account not entered",
            Self::AccountNotScanned => "account not scanned",
            Self::AccountNotFound => "account not in the run",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, GapReason};
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
        let concluded = CallRecord { inferred: true, ..answered };
        assert_eq!(Gap::of(&concluded), Some(GapReason::NotAvailable.into()));
    }

    #[test]
    fn gap_names_denying_policy() {
        let denied = CallRecord { denied_by: Some(DeniedBy::Scp), ..record(Status::Denied) };
        assert_eq!(Gap::of(&denied).expect("a gap").to_string(), "denied (by scp)");
    }
}

//! Counts what the events of a run come to; its size does not grow with the number of calls.

use std::collections::BTreeMap;

use crate::engine::{CallRecord, DeniedBy, Status};
use crate::names::{AccountId, ServiceName};
use crate::output::AccountOutcome;

/// How many different causes of failure are told apart; the rest are counted together.
const CAUSES: usize = 200;

/// Counts of one run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Calls per status.
    pub statuses: BTreeMap<Status, u64>,
    /// Items per service.
    pub services: BTreeMap<ServiceName, u64>,
    /// Items per account.
    pub accounts: BTreeMap<AccountId, u64>,
    /// How far accounts were scanned.
    pub coverage: BTreeMap<AccountId, Coverage>,
    /// What failed, grouped by cause.
    pub failures: BTreeMap<Cause, Failures>,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that AWS throttled in this execution.
    pub throttled: u64,
    /// Items found.
    pub items: u64,
    /// Buckets in regions that were not scanned.
    pub buckets_left_out: u64,
    /// Values that were redacted because of where they stand.
    pub redacted: u64,
    /// Places in free text that look like a secret.
    pub secrets: u64,
    /// The first call in whose answer something looks like a secret.
    pub first_secret: Option<Box<CallRecord>>,
}

/// How far an account was scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Whether any of its calls was sent, and not only concluded.
    pub was_entered: bool,
    /// Whether some of its calls were denied or failed.
    pub has_gaps: bool,
}

/// A cause that many calls may share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// What became of the calls.
    pub status: Status,
    /// What refused them.
    pub by: Option<DeniedBy>,
    /// The service's error code.
    pub code: Option<String>,
    /// What they have in common otherwise.
    pub subject: Subject,
}

/// What the calls that share a cause have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An account that could not be entered; none of its calls was asked.
    Account(AccountId),
    /// A service whose calls failed.
    Service(ServiceName),
}

/// The calls that share a cause.
#[derive(Clone, Debug)]
pub struct Failures {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub example: Box<CallRecord>,
}

impl Tally {
    /// Counts a call.
    pub fn count(&mut self, record: &CallRecord) {
        *self.statuses.entry(record.status).or_default() += 1;
        self.requests += u64::from(record.attempts);
        self.items += record.items;
        self.buckets_left_out += record.left_out.values().sum::<u64>();
        self.redacted += record.redacted;
        self.secrets += record.secrets;
        if record.secrets > 0 && self.first_secret.is_none() {
            self.first_secret = Some(Box::new(record.clone()));
        }
        if record.items > 0 {
            *self.services.entry(record.service.clone()).or_default() += record.items;
            *self.accounts.entry(record.account.clone()).or_default() += record.items;
        }
        if record.is_gap() {
            self.count_failure(record);
        }
        if !record.is_about_the_run() {
            let coverage = self.coverage.entry(record.account.clone()).or_default();
            coverage.was_entered |= !record.inferred;
            coverage.has_gaps |= record.is_gap();
        }
    }

    /// What the scan of an account came to, when it is over.
    #[must_use]
    pub fn outcome(&self, account: &AccountId) -> AccountOutcome {
        match self.coverage.get(account) {
            Some(Coverage { was_entered: false, .. }) => AccountOutcome::NotEntered,
            Some(Coverage { has_gaps: true, .. }) => AccountOutcome::Incomplete,
            // An account that has no calls lacks none.
            _ => AccountOutcome::Complete,
        }
    }

    /// How many calls ended with `status`.
    #[must_use]
    pub fn of(&self, status: Status) -> u64 {
        self.statuses.get(&status).copied().unwrap_or_default()
    }

    /// How many calls ended.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// How many calls leave a gap in the inventory.
    #[must_use]
    pub fn incomplete(&self) -> u64 {
        self.failures.values().map(|failures| failures.count).sum()
    }

    fn count_failure(&mut self, record: &CallRecord) {
        let mut cause = Cause {
            status: record.status,
            by: record.by,
            code: record.code.clone(),
            subject: if record.inferred {
                Subject::Account(record.account.clone())
            } else {
                Subject::Service(record.service.clone())
            },
        };
        if self.failures.len() >= CAUSES && !self.failures.contains_key(&cause) {
            cause.code = None;
        }
        self.failures
            .entry(cause)
            .and_modify(|failures| failures.count += 1)
            .or_insert_with(|| Failures { count: 1, example: Box::new(record.clone()) });
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::engine::{CallRecord, Status};
    use crate::names::AccountId;

    fn record(status: Status, items: u64) -> CallRecord {
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, "eu-west-1", "sqs", "list_queues", "list_queues");
        record.status = status;
        record.items = items;
        record.attempts = 1;
        record
    }

    #[test]
    fn what_is_not_there_is_no_gap_and_what_was_denied_is() {
        let mut tally = Tally::default();
        for status in [
            Status::Ok,
            Status::Empty,
            Status::RegionDisabled,
            Status::NotAvailable,
            Status::NotEnabled,
            Status::Vanished,
            Status::Skipped,
        ] {
            tally.count(&record(status, 2));
        }
        assert_eq!(tally.incomplete(), 0);
        for status in [Status::Denied, Status::Denied, Status::Unreachable] {
            tally.count(&record(status, 0));
        }
        assert_eq!((tally.incomplete(), tally.failures.len()), (3, 2));
        let mut broken_off = record(Status::Truncated, 0);
        tally.count(&broken_off);
        assert_eq!(tally.incomplete(), 3);
        broken_off.ended_by = Some(Status::Unreachable);
        tally.count(&broken_off);
        assert_eq!(tally.incomplete(), 4);
        assert_eq!((tally.calls(), tally.requests, tally.items), (12, 12, 14));
    }
}

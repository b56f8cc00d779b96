//! Counters over the events of a run; their size does not grow with the number of calls.

use std::collections::BTreeMap;

use super::absences::Absences;
use super::accepted::AcceptedFailures;
use super::causes::Causes;
use crate::names::{AccountId, ServiceName};
use crate::run::{AcceptedCount, AccountOutcome, CallRecord, GapCounts, GapKind, Manifest, Status};

/// Counts of one run. A *call* is one function in one account and region, as planned; it has one line in the
/// ledger. Lines about items of child calls, and about entries that are not called in the whole run, are not
/// calls.
#[derive(Clone, Debug, Default)]
pub struct RunTally {
    /// Calls per status.
    pub statuses: BTreeMap<Status, u64>,
    /// Items per service.
    pub services: BTreeMap<ServiceName, u64>,
    /// Items per account.
    pub accounts: BTreeMap<AccountId, u64>,
    /// Per account, how far it was scanned.
    pub coverage: BTreeMap<AccountId, AccountCoverage>,
    /// Causes of failed calls that are not accepted.
    pub causes: Causes,
    /// Causes of accepted failures, by the index of the entry that accepts them.
    accepted_causes: BTreeMap<usize, Causes>,
    /// The gaps, and those among them that are accepted.
    gaps: GapCounts,
    /// Lines of the ledger, of all kinds.
    pub lines: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that AWS throttled in this execution.
    pub throttled: u64,
    /// Items found.
    pub items: u64,
    /// The length of all results in bytes.
    pub bytes: u64,
    /// Buckets in regions that were not scanned.
    pub buckets_in_unscanned_regions: u64,
    /// Values that were redacted because of their path.
    pub redacted: u64,
    /// Places in free text that look like a secret.
    pub secrets: u64,
    /// Calls inferred to be `not_available` from missing host names.
    pub absences: Absences,
    /// The first call whose response contains a value that looks like a secret.
    pub first_secret: Option<Box<CallRecord>>,
    /// Work that this execution has started.
    pub started: UnfinishedWork,
}

/// How far an account was scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountCoverage {
    /// Whether a session was opened in it.
    pub was_entered: bool,
    /// Whether some of its calls were denied or failed.
    pub has_gaps: bool,
    /// Whether some of these are not accepted.
    pub has_open_gaps: bool,
}

/// The accounts and calls that an execution has started, and those still without a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnfinishedWork {
    /// Accounts that were started.
    pub accounts: u64,
    /// Their calls.
    pub calls: u64,
    /// Calls without a result so far, by account; finished accounts are removed.
    pub left: BTreeMap<AccountId, u64>,
}

impl RunTally {
    /// Starts to count a run, with the gaps that it accepts.
    #[must_use]
    pub fn of_run(manifest: &Manifest) -> Self {
        Self { gaps: GapCounts::of(manifest), ..Self::default() }
    }

    /// Returns how many calls were denied or failed, or have items that were, and are not accepted.
    #[must_use]
    pub fn incomplete(&self) -> u64 {
        self.gaps.calls
    }

    /// Returns how many items of child calls were denied or failed, and are not accepted.
    #[must_use]
    pub fn failed_items(&self) -> u64 {
        self.gaps.items
    }

    /// Returns the gaps, and those among them that are accepted.
    #[must_use]
    pub(crate) fn gaps(&self) -> &GapCounts {
        &self.gaps
    }

    /// Returns the accepted gaps of each entry that has accepted any.
    #[must_use]
    pub fn accepted(&self) -> Vec<AcceptedFailures> {
        self.accepted_by_entry().into_iter().flatten().collect()
    }

    /// Returns the accepted gaps of each entry; `None` if it has accepted none.
    pub(super) fn accepted_by_entry(&self) -> Vec<Option<AcceptedFailures>> {
        let groups = |entry| self.accepted_causes.get(&entry).map_or_else(Vec::new, Causes::groups);
        let entries = self.gaps.entries().enumerate();
        let failures = entries.map(|(entry, (gap, _, count))| {
            let is_used = count != AcceptedCount::default();
            is_used.then(|| AcceptedFailures::new(gap, count, groups(entry)))
        });
        failures.collect()
    }

    /// Counts a line of the ledger.
    pub fn count(&mut self, record: &CallRecord) {
        self.lines += 1;
        if record.is_call() {
            *self.statuses.entry(record.status).or_default() += 1;
            self.started.end(&record.account);
        }
        self.absences.count(record);
        self.requests += u64::from(record.attempts);
        self.items += record.items;
        self.bytes += record.bytes;
        self.buckets_in_unscanned_regions += record.buckets_in_unscanned_regions.values().sum::<u64>();
        self.redacted += record.redacted;
        self.secrets += record.secrets;
        if record.secrets > 0 && self.first_secret.is_none() {
            self.first_secret = Some(Box::new(record.clone()));
        }
        if record.items > 0 {
            *self.services.entry(record.service.clone()).or_default() += record.items;
            *self.accounts.entry(record.account.clone()).or_default() += record.items;
        }
        let kind = self.gaps.count(record);
        if let GapKind::Accepted(entry) = kind {
            self.causes.note(record);
            self.accepted_causes.entry(entry).or_default().count(record);
        } else {
            self.causes.count(record);
        }
        if !record.is_about_the_run() {
            let coverage = self.coverage.entry(record.account.clone()).or_default();
            coverage.was_entered |= !record.is_without_session();
            coverage.has_gaps |= record.is_gap();
            // Of a call that failed for some items, their lines count.
            coverage.has_open_gaps |=
                kind == GapKind::Open && (record.failed_items == 0 || record.item.is_some());
        }
    }

    /// Records that an account was started, with its number of calls.
    pub fn start(&mut self, account: &AccountId, calls: u64) {
        self.started.accounts += 1;
        self.started.calls += calls;
        if calls > 0 {
            self.started.left.insert(account.clone(), calls);
        }
    }

    /// Returns the outcome of a finished account.
    #[must_use]
    pub fn outcome(&self, account: &AccountId) -> AccountOutcome {
        match self.coverage.get(account) {
            Some(AccountCoverage { was_entered: false, .. }) => AccountOutcome::NotEntered,
            Some(AccountCoverage { has_gaps: true, .. }) => AccountOutcome::Incomplete,
            // An account without calls has no gaps.
            _ => AccountOutcome::Complete,
        }
    }

    /// Returns how many calls ended with `status`.
    #[must_use]
    pub fn of(&self, status: Status) -> u64 {
        self.statuses.get(&status).copied().unwrap_or_default()
    }

    /// Returns how many calls ended.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// Returns whether the inventory has no gaps that are not accepted.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.incomplete() == 0 && self.failed_items() == 0
    }
}

impl UnfinishedWork {
    fn end(&mut self, account: &AccountId) {
        if let Some(left) = self.left.get_mut(account) {
            *left -= 1;
            if *left == 0 {
                self.left.remove(account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::RunTally;
    use crate::aws::client::InferredFrom;
    use crate::names::AccountId;
    use crate::run::{AccountOutcome, CallRecord, Status};

    const ACCOUNT: &str = "123456789012";

    fn record(status: Status, items: u64) -> CallRecord {
        let account = AccountId::new(ACCOUNT);
        let mut record = CallRecord::new(&account, "eu-west-1", "sqs", "list_queues", "list_queues");
        record.status = status;
        record.items = items;
        record.attempts = 1;
        record
    }

    #[test]
    fn absence_is_no_gap_and_denial_is() {
        let mut tally = RunTally::default();
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
        assert!(tally.is_complete());
        for status in [Status::Denied, Status::Denied, Status::Unreachable] {
            tally.count(&record(status, 0));
        }
        assert_eq!((tally.incomplete(), tally.causes.groups().len()), (3, 2));
        let mut truncated = record(Status::Truncated, 0);
        tally.count(&truncated);
        assert_eq!(tally.incomplete(), 3);
        truncated.truncated_by = Some(Status::Unreachable);
        tally.count(&truncated);
        assert_eq!(tally.incomplete(), 4);
        assert_eq!((tally.calls(), tally.requests, tally.items), (12, 12, 14));
    }

    #[test]
    fn a_call_counts_once_however_many_of_its_items_failed() {
        let mut tally = RunTally::default();
        tally.count(&CallRecord { failed_items: 2, ..record(Status::Truncated, 7) });
        for name in ["a", "b"] {
            let item = Some(json!(name));
            tally.count(&CallRecord { item, attempts: 0, ..record(Status::Denied, 0) });
        }
        tally.count(&CallRecord::of_the_run("sts", "get_session_token", "a credential".to_owned()));
        assert_eq!((tally.calls(), tally.incomplete(), tally.failed_items(), tally.lines), (1, 1, 2, 4));
        assert_eq!((tally.of(Status::Truncated), tally.of(Status::Denied)), (1, 0));
        assert!(!tally.is_complete());
    }

    #[test]
    fn an_account_was_entered_unless_its_session_failed() {
        for (from, outcome) in [
            (InferredFrom::Session, AccountOutcome::NotEntered),
            (InferredFrom::Account, AccountOutcome::NotEntered),
            (InferredFrom::Endpoint, AccountOutcome::Incomplete),
            (InferredFrom::Region, AccountOutcome::Incomplete),
        ] {
            let mut tally = RunTally::default();
            let line = CallRecord {
                inferred: true,
                inferred_from: Some(from),
                attempts: 0,
                ..record(Status::Denied, 0)
            };
            tally.count(&line);
            assert_eq!(tally.outcome(&AccountId::new(ACCOUNT)), outcome, "{from:?}");
        }
    }

    #[test]
    fn planned_calls_without_line_are_counted_as_left() {
        let mut tally = RunTally::default();
        let (one, other) = (AccountId::new(ACCOUNT), AccountId::new("222222222222"));
        // This line is from an earlier execution.
        tally.count(&record(Status::Ok, 1));
        tally.start(&one, 2);
        tally.start(&other, 1);
        tally.count(&record(Status::Ok, 1));
        tally.count(&CallRecord { account: other, ..record(Status::Denied, 0) });
        assert_eq!(tally.started.left, [(one, 1)].into());
        assert_eq!((tally.started.accounts, tally.started.calls), (2, 3));
    }
}

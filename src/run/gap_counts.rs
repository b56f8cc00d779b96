//! Counts the gaps of a run, and those among them that are accepted.

use std::sync::Arc;

use super::{CallRecord, Manifest};
use crate::names::AccountId;
use crate::plan::spec::{AcceptedGap, GapPlace};

/// Counts of gaps, line by line of a ledger.
///
/// A call that failed for some of its items is accepted if all of them are: their lines follow that of the call.
#[derive(Clone, Debug, Default)]
pub(crate) struct GapCounts {
    accepted: Arc<[AcceptedGap]>,
    /// Whether each entry holds.
    hold: Arc<[bool]>,
    /// For each entry, the numbers of accepted calls and items.
    counts: Vec<AcceptedCount>,
    /// Calls that are gaps and not accepted.
    pub(crate) calls: u64,
    /// Items of child calls that are gaps and not accepted.
    pub(crate) items: u64,
    pending: Option<PendingCall>,
}

/// What one entry has accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AcceptedCount {
    /// Calls.
    pub(crate) calls: u64,
    /// Items of child calls.
    pub(crate) items: u64,
}

/// A line of the ledger as a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GapKind {
    /// It is no gap.
    None,
    /// It is a gap, or a call that failed for some of its items.
    Open,
    /// It is a gap that the entry with this index accepts.
    Accepted(usize),
}

/// A call that failed for some items, whose lines are still to come.
#[derive(Clone, Debug)]
struct PendingCall {
    account: AccountId,
    region: String,
    name: String,
    left: u64,
}

impl GapCounts {
    /// Starts to count the gaps of a run.
    #[must_use]
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let accepted = &manifest.accepted_gaps;
        Self {
            hold: accepted.iter().map(|gap| gap.holds_at(manifest.started)).collect(),
            counts: vec![AcceptedCount::default(); accepted.len()],
            accepted: accepted.clone().into(),
            ..Self::default()
        }
    }

    /// Counts a line of the ledger.
    pub(crate) fn count(&mut self, record: &CallRecord) -> GapKind {
        if !record.is_gap() || record.is_about_the_run() {
            return GapKind::None;
        }
        let entry = self.entry_of(record);
        if record.item.is_some() {
            return self.count_item(record, entry);
        }
        self.pending = None;
        // A page that is missing may have further items.
        if record.failed_items > 0 && record.truncated_by.is_none() {
            self.calls += 1;
            self.pending = Some(PendingCall {
                account: record.account.clone(),
                region: record.region.clone(),
                name: record.name.clone(),
                left: record.failed_items,
            });
            return GapKind::Open;
        }
        match entry {
            Some(entry) => self.counts[entry].calls += 1,
            None => self.calls += 1,
        }
        entry.map_or(GapKind::Open, GapKind::Accepted)
    }

    fn count_item(&mut self, record: &CallRecord, entry: Option<usize>) -> GapKind {
        let pending = self.pending.take().filter(|call| call.has(record));
        let Some(entry) = entry else {
            self.items += 1;
            return GapKind::Open;
        };
        self.counts[entry].items += 1;
        match pending {
            Some(call) if call.left > 1 => self.pending = Some(PendingCall { left: call.left - 1, ..call }),
            Some(_) => {
                self.calls -= 1;
                self.counts[entry].calls += 1;
            }
            None => {}
        }
        GapKind::Accepted(entry)
    }

    /// Returns whether a line of the ledger is a gap that an entry accepts.
    #[must_use]
    pub(crate) fn accepts(&self, record: &CallRecord) -> bool {
        record.is_gap() && self.entry_of(record).is_some()
    }

    /// Returns the first entry that accepts a gap.
    fn entry_of(&self, record: &CallRecord) -> Option<usize> {
        let place = GapPlace {
            account: record.account.as_str(),
            region: &record.region,
            service: record.service.as_str(),
            function: record.function.as_str(),
            status: record.truncated_by.unwrap_or(record.status).as_str(),
        };
        let mut entries = self.accepted.iter().zip(&*self.hold);
        entries.position(|(gap, holds)| *holds && gap.covers(place))
    }

    /// Returns all entries, whether each holds, and what it has accepted.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&AcceptedGap, bool, AcceptedCount)> {
        let entries = self.accepted.iter().zip(&*self.hold).zip(&self.counts);
        entries.map(|((gap, holds), count)| (gap, *holds, *count))
    }

    /// Returns the number of accepted calls.
    #[must_use]
    pub(crate) fn accepted_calls(&self) -> u64 {
        self.counts.iter().map(|count| count.calls).sum()
    }
}

impl PendingCall {
    fn has(&self, item: &CallRecord) -> bool {
        self.account == item.account && self.region == item.region && self.name == item.name
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{AcceptedCount, CallRecord, GapCounts, GapKind, Manifest};
    use crate::names::AccountId;
    use crate::plan::spec::AcceptedGap;
    use crate::run::Status;
    use crate::run::samples::sample_manifest;

    /// The counts of a run that started on 22 November 2026.
    fn counts(entries: &Value) -> GapCounts {
        let mut manifest: Manifest = serde_json::from_value(sample_manifest()).expect("a manifest");
        manifest.accepted_gaps = AcceptedGap::parse(&entries.to_string(), "gaps.json").expect("entries");
        GapCounts::of(&manifest)
    }

    fn line(function: &str, status: Status) -> CallRecord {
        let account = AccountId::new("111111111111");
        CallRecord { status, ..CallRecord::new(&account, "eu-west-1", "sqs", function, function) }
    }

    #[test]
    fn gap_is_accepted_by_the_first_entry_that_holds() {
        let mut counts = counts(&json!([
            {"service": "sqs", "reason": "expired", "until": "2026-11-21"},
            {"function": "list_*", "reason": "known", "until": "2026-11-22"},
            {"service": "sqs", "status": "failed", "reason": "later"},
        ]));
        assert_eq!(counts.count(&line("list_queues", Status::Denied)), GapKind::Accepted(1));
        assert_eq!(counts.count(&line("get_queue", Status::Denied)), GapKind::Open);
        assert_eq!(counts.count(&line("get_queue", Status::Failed)), GapKind::Accepted(2));
        assert_eq!(counts.count(&line("list_queues", Status::Empty)), GapKind::None);
        assert_eq!((counts.calls, counts.accepted_calls()), (1, 2));
        let holds: Vec<bool> = counts.entries().map(|(_, holds, _)| holds).collect();
        assert_eq!(holds, [false, true, true]);
    }

    #[test]
    fn call_is_accepted_if_all_its_failed_items_are() {
        let entries = json!([{"function": "get_policy", "status": "denied", "reason": "known"}]);
        for (statuses, open) in [
            ([Status::Denied, Status::Denied], (0, 0)),
            ([Status::Denied, Status::Failed], (1, 1)),
            ([Status::Failed, Status::Denied], (1, 1)),
        ] {
            let mut counts = counts(&entries);
            let call = CallRecord { failed_items: 2, ..line("get_policy", Status::Truncated) };
            assert_eq!(counts.count(&call), GapKind::Open, "until the lines of its items are read");
            for status in statuses {
                counts.count(&CallRecord { item: Some(json!("item")), ..line("get_policy", status) });
            }
            assert_eq!((counts.calls, counts.items), open, "{statuses:?}");
            let accepted: Vec<AcceptedCount> = counts.entries().map(|(_, _, count)| count).collect();
            assert_eq!(accepted[0].calls, u64::from(open == (0, 0)));
            assert_eq!(accepted[0].items, 2 - open.1);
        }
    }

    #[test]
    fn truncated_call_is_accepted_by_what_truncated_it() {
        let mut counts = counts(&json!([{"service": "sqs", "status": "throttled", "reason": "known"}]));
        let truncated =
            CallRecord { truncated_by: Some(Status::Throttled), ..line("list", Status::Truncated) };
        assert_eq!(counts.count(&truncated), GapKind::Accepted(0));
    }
}

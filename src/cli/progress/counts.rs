//! Counts the events of a run for the progress display.

use std::time::Duration;

use indicatif::{HumanCount, HumanDuration};

use crate::engine::Event;
use crate::run::Status;
use crate::util::plural::counted;

/// The minimum time for which a rate is meaningful.
const MEANINGFUL: Duration = Duration::from_secs(1);

/// The counts of the events so far.
#[derive(Debug, Default)]
pub(super) struct ProgressCounts {
    accounts: u64,
    accounts_started: u64,
    accounts_done: u64,
    /// The calls of the accounts that have started.
    calls_started: u64,
    pub(super) calls_done: u64,
    items: u64,
    throttled: u64,
    denied: u64,
    failed: u64,
}

impl ProgressCounts {
    pub(super) fn new(accounts: usize) -> Self {
        Self { accounts: accounts as u64, ..Self::default() }
    }

    pub(super) fn observe(&mut self, event: &Event) {
        match event {
            Event::AccountsListed { accounts } => self.accounts += *accounts as u64,
            Event::AccountStarted { calls, .. } => {
                self.accounts_started += 1;
                self.calls_started += calls;
            }
            Event::AccountFinished { .. } => self.accounts_done += 1,
            Event::Throttled { requests } => self.throttled += requests,
            Event::Calls(records) => {
                self.calls_done += records.iter().filter(|record| record.is_call()).count() as u64;
                for record in records {
                    self.items += record.items;
                    match record.status {
                        _ if !record.is_call() => {}
                        Status::Denied => self.denied += 1,
                        _ if record.is_gap() => self.failed += 1,
                        _ => {}
                    }
                }
            }
        }
    }

    /// Returns the number of calls in all. Accounts that have not started are assumed to have as many calls as the
    /// others, because their enabled regions are not known yet.
    pub(super) fn calls(&self) -> u64 {
        let to_come = self.accounts.saturating_sub(self.accounts_started);
        let average = self.calls_started.div_ceil(self.accounts_started.max(1));
        self.calls_started + to_come * average
    }

    /// Returns the texts of the display after `elapsed`, the most important first: a narrow window shows only these.
    pub(super) fn parts(&self, elapsed: Duration) -> Vec<String> {
        let count = |number: u64, noun: &str| counted(number, HumanCount(number), noun);
        let as_is = |number: u64, word: &str| format!("{} {word}", HumanCount(number));
        let about = if self.accounts_started < self.accounts { "about " } else { "" };
        let mut parts =
            vec![format!("{} of {about}{}", HumanCount(self.calls_done), count(self.calls(), "call"))];
        let troubles = [(self.failed, "failed"), (self.denied, "denied"), (self.throttled, "throttled")];
        parts
            .extend(troubles.iter().filter(|(times, _)| *times > 0).map(|(times, what)| as_is(*times, what)));
        parts.push(format!("{} of {}", HumanCount(self.accounts_done), count(self.accounts, "account")));
        if let Some(left) = self.left(elapsed) {
            parts.push(format!("{} left", HumanDuration(left)));
        }
        if elapsed >= MEANINGFUL {
            parts.push(as_is(self.calls_done * 1000 / milliseconds(elapsed), "calls/s"));
        }
        parts.push(count(self.items, "item"));
        parts
    }

    /// Returns the remaining time at the rate so far.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let left = self.calls().saturating_sub(self.calls_done);
        let is_known = elapsed >= MEANINGFUL && self.calls_done > 0 && left > 0;
        is_known.then(|| Duration::from_millis(milliseconds(elapsed).saturating_mul(left) / self.calls_done))
    }
}

/// Joins the first parts that fit into a width whole; at least the first one.
pub(super) fn fitting(parts: &[String], width: Option<usize>) -> String {
    const BETWEEN: &str = "  ";
    let mut text = String::new();
    for part in parts {
        let longer = if text.is_empty() { part.clone() } else { format!("{text}{BETWEEN}{part}") };
        if !text.is_empty() && width.is_some_and(|width| longer.chars().count() > width) {
            break;
        }
        text = longer;
    }
    text
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ProgressCounts, fitting};
    use crate::engine::Event;
    use crate::names::AccountId;
    use crate::run::{CallRecord, Status};

    fn started(calls: u64) -> Event {
        Event::AccountStarted { account: AccountId::new("111111111111"), calls }
    }

    fn calls(statuses: &[Status]) -> Event {
        let record = |status: &Status| {
            let account = AccountId::new("111111111111");
            let record = CallRecord::new(&account, "eu-west-1", "sqs", "list_queues", "list_queues");
            CallRecord { status: *status, items: u64::from(*status == Status::Ok) * 700, ..record }
        };
        Event::Calls(statuses.iter().map(record).collect())
    }

    /// Accounts that have not started are assumed to have as many calls as those that have.
    #[test]
    fn progress_extrapolates_calls_of_waiting_accounts() {
        let mut counts = ProgressCounts::new(4);
        assert_eq!(counts.calls(), 0);
        counts.observe(&started(10));
        counts.observe(&started(20));
        assert_eq!(counts.calls(), 60);
        assert_eq!(counts.parts(Duration::ZERO)[0], "0 of about 60 calls");
        counts.observe(&started(2));
        counts.observe(&started(0));
        assert_eq!(counts.parts(Duration::ZERO)[0], "0 of 32 calls");
    }

    #[test]
    fn progress_lists_all_parts_by_importance() {
        let mut counts = ProgressCounts::new(2);
        counts.observe(&started(4));
        counts.observe(&calls(&[Status::Ok, Status::Ok, Status::Denied, Status::Failed]));
        counts.observe(&Event::Throttled { requests: 3 });
        counts.observe(&Event::AccountFinished { account: AccountId::new("111111111111") });
        assert_eq!(
            counts.parts(Duration::from_secs(2)).join(", "),
            "4 of about 8 calls, 1 failed, 1 denied, 3 throttled, 1 of 2 accounts, 2 seconds left, \
             2 calls/s, 1,400 items"
        );
    }

    #[test]
    fn narrow_window_shows_whole_parts() {
        let parts = ["4 of 8 calls", "1 failed", "2 accounts"].map(str::to_owned);
        let fitted = |width| fitting(&parts, width);
        assert_eq!(fitted(None), "4 of 8 calls  1 failed  2 accounts");
        assert_eq!(fitted(Some(34)), "4 of 8 calls  1 failed  2 accounts");
        assert_eq!(fitted(Some(33)), "4 of 8 calls  1 failed");
        assert_eq!(fitted(Some(21)), "4 of 8 calls");
        assert_eq!(fitted(Some(3)), "4 of 8 calls", "the terminal cuts it");
    }

    #[test]
    fn remaining_time_needs_a_meaningful_rate() {
        let mut counts = ProgressCounts::new(1);
        counts.observe(&started(1_000));
        counts.observe(&calls(&[Status::Ok]));
        assert!(!counts.parts(Duration::from_millis(20)).iter().any(|part| part.contains("left")));
    }
}

//! Calls of the plan that a stopped run has no result for.

use serde::Serialize;

use crate::names::AccountId;
use crate::plan::Plan;
use crate::reports::summary::causes::listed;
use crate::reports::summary::tally::UnfinishedWork;
use crate::util::plural::{counted, plural};

/// Calls of a plan without a result because the run was stopped: not sent, or interrupted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    /// How many calls.
    pub calls: u64,
    /// Whether the number is an estimate: the calls of an account are known once its regions are known;
    /// accounts that were not started are assumed to have as many calls as the started ones on average.
    pub is_estimate: bool,
    /// How many of these calls are in accounts that were in progress.
    pub calls_in_progress: u64,
    /// The accounts that were in progress.
    pub accounts_in_progress: Vec<AccountId>,
    /// How many accounts were not started.
    pub accounts_not_started: u64,
}

impl Unfinished {
    /// Returns the calls of `plan` without a result.
    #[must_use]
    pub fn of(started: &UnfinishedWork, plan: &Plan) -> Self {
        let calls_in_progress = started.left.values().sum();
        let not_started = (plan.accounts.len() as u64).saturating_sub(started.accounts);
        let average = started.calls.div_ceil(started.accounts.max(1));
        Self {
            calls: calls_in_progress + not_started * average,
            is_estimate: not_started > 0,
            calls_in_progress,
            accounts_in_progress: started.left.keys().cloned().collect(),
            accounts_not_started: not_started,
        }
    }

    /// Returns the number of calls in words: `about 300 calls`.
    pub(super) fn count(&self) -> String {
        match (self.calls, self.is_estimate) {
            (0, true) => "an unknown number of calls".to_owned(),
            (calls, true) => counted(calls, format!("about {calls}"), "call"),
            (calls, false) => plural(calls, "call"),
        }
    }

    /// Returns where the calls are, as one line for accounts in progress and one for accounts not started.
    pub(super) fn places(&self) -> Vec<String> {
        let mut places = Vec::new();
        if self.calls_in_progress > 0 {
            let accounts = &self.accounts_in_progress;
            let (count, were) = (plural(accounts.len(), "account"), were(accounts.len()));
            let calls = plural(self.calls_in_progress, "call");
            places.push(format!("{calls} in {count} that {were} in progress: {}", listed(accounts, "")));
        }
        if self.accounts_not_started > 0 {
            let (count, were) =
                (plural(self.accounts_not_started, "account"), were(self.accounts_not_started));
            places.push(format!("{count} {were} not started"));
        }
        places
    }
}

fn were(count: impl crate::util::plural::Number) -> &'static str {
    if count.is_one() { "was" } else { "were" }
}

#[cfg(test)]
mod tests {
    use super::Unfinished;
    use crate::names::{AccountId, Partition, Region};
    use crate::plan::{Plan, PlannedAccount, RegionChoice};
    use crate::reports::summary::tally::UnfinishedWork;

    fn plan(accounts: usize) -> Plan {
        let account = |number| PlannedAccount {
            id: AccountId::new(format!("{number:012}")),
            name: None,
            regions: None,
        };
        Plan {
            accounts: (0..accounts).map(account).collect(),
            calls: Vec::new(),
            skipped: Vec::new(),
            regions: RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() },
            global_region: Region::new("us-east-1"),
            partition: Partition::new("aws"),
            started: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn accounts_that_were_not_started_are_estimated_from_the_others() {
        let left = [(AccountId::new("000000000000"), 3)].into();
        let started = UnfinishedWork { accounts: 2, calls: 20, left };
        let unfinished = Unfinished::of(&started, &plan(5));
        assert_eq!(unfinished.count(), "about 33 calls");
        assert_eq!(
            unfinished.places(),
            ["3 calls in 1 account that was in progress: 000000000000", "3 accounts were not started"]
        );
    }

    #[test]
    fn where_all_were_started_the_number_is_known() {
        let left = [(AccountId::new("000000000000"), 1)].into();
        let unfinished = Unfinished::of(&UnfinishedWork { accounts: 2, calls: 20, left }, &plan(2));
        assert_eq!(unfinished.count(), "1 call");
        assert_eq!(unfinished.places(), ["1 call in 1 account that was in progress: 000000000000"]);
    }

    #[test]
    fn where_none_was_started_no_number_is_made_up() {
        let unfinished = Unfinished::of(&UnfinishedWork::default(), &plan(7));
        assert_eq!(unfinished.count(), "an unknown number of calls");
        assert_eq!(unfinished.places(), ["7 accounts were not started"]);
    }
}

//! The accepted gaps of a run: what each entry has accepted.

use chrono::NaiveDate;
use serde::Serialize;

use super::causes::CauseGroup;
use crate::plan::spec::AcceptedGap;
use crate::run::AcceptedCount;
use crate::util::plural::plural;

/// The failures that one entry accepts.
#[derive(Debug, Serialize)]
pub struct AcceptedFailures {
    /// Where the entry is: `gaps.json: entry 2`.
    pub entry: String,
    /// What it accepts, in words.
    pub accepts: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is accepted.
    pub until: Option<NaiveDate>,
    /// Calls that were denied or failed.
    pub calls: u64,
    /// Items of child calls that were denied or failed.
    pub failed_items: u64,
    /// The causes.
    #[serde(skip)]
    pub causes: Vec<CauseGroup>,
}

impl AcceptedFailures {
    pub(super) fn new(gap: &AcceptedGap, count: AcceptedCount, causes: Vec<CauseGroup>) -> Self {
        Self {
            entry: gap.entry.clone(),
            accepts: gap.described(),
            reason: gap.reason.clone(),
            until: gap.until,
            calls: count.calls,
            failed_items: count.items,
            causes,
        }
    }

    /// Returns the failures in one sentence: `3 calls: sandbox (account 111111111111), until 2027-03-31`.
    #[must_use]
    pub fn title(&self) -> String {
        let until = self.until.map_or_else(String::new, |day| format!(", until {day}"));
        format!("{}: {} ({}){until}", self.extent(), self.reason, self.accepts)
    }

    /// Returns the numbers of calls and items: `3 calls, 2 items`.
    pub(super) fn extent(&self) -> String {
        let calls = plural(self.calls, "call");
        match self.failed_items {
            0 => calls,
            items => format!("{calls}, {}", plural(items, "item")),
        }
    }
}

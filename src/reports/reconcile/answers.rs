//! Which witnesses responded, and in which accounts they are not set up, were denied or failed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::plan::spec::Witness;
use crate::run::{CallRecord, Results, ResultsError, RunState};

/// How a witness responded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AnswerState {
    /// In every account that was called.
    Complete,
    /// In some accounts.
    Partial,
    /// In no account, because its calls were denied or failed.
    Failed,
    /// In no account, because there is no index and no aggregator.
    NotSetUp,
    /// It was not called.
    NotCalled,
}

/// An account in which calls of a witness were denied or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FailedAccount {
    /// The account.
    pub(crate) account: String,
    /// The number of calls.
    pub(crate) calls: u64,
    /// The first of them: the status in the ledger.
    pub(crate) status: String,
    /// The reason.
    pub(crate) reason: String,
}

/// The response of a witness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WitnessAnswer {
    /// The witness, as on the command line.
    pub(crate) witness: String,
    /// AWS's name.
    pub(crate) title: String,
    /// How it responded.
    pub(crate) state: AnswerState,
    /// The number of resources that it reports, or of amounts of a bill.
    pub(crate) resources: u64,
    /// The number of accounts in which it responded.
    pub(crate) accounts: u64,
    /// The accounts in which its calls were denied or failed.
    pub(crate) failed: Vec<FailedAccount>,
    /// The accounts in which it is not set up.
    pub(crate) not_set_up: Vec<String>,
    /// Its limits, and what of its response could not be used.
    pub(crate) notes: Vec<String>,
}

/// The lines of the ledger about one witness.
#[derive(Debug, Default)]
struct WitnessLines {
    called: BTreeSet<String>,
    responded: BTreeSet<String>,
    failed: BTreeMap<String, FailedAccount>,
}

/// Reads how witnesses responded, from the ledger of their run.
pub(super) fn read(results: &Results, witnesses: &[Witness]) -> Result<Vec<WitnessAnswer>, ResultsError> {
    let mut lines: BTreeMap<Witness, WitnessLines> =
        witnesses.iter().map(|one| (*one, WitnessLines::default())).collect();
    results.each_record(&mut |record| {
        if let Some((witness, lines)) =
            lines.iter_mut().find(|(one, _)| one.service() == record.service.as_str())
        {
            lines.add(record, *witness);
        }
    })?;
    let is_finished = results.manifest().state == RunState::Finished;
    Ok(lines.into_iter().map(|(witness, lines)| lines.answer(witness, is_finished)).collect())
}

impl WitnessLines {
    fn add(&mut self, record: &CallRecord, witness: Witness) {
        if !record.is_call() || record.status == crate::run::Status::Skipped {
            return;
        }
        let account = record.account.to_string();
        self.called.insert(account.clone());
        if record.is_gap() {
            let reason = record.message.clone().or_else(|| record.code.clone()).unwrap_or_default();
            let first = || FailedAccount {
                account: account.clone(),
                calls: 0,
                status: record.status.as_str().to_owned(),
                reason: format!("{}: {reason}", record.function.as_str()),
            };
            self.failed.entry(account.clone()).or_insert_with(first).calls += 1;
        } else if record.function.as_str() == witness.function() && record.attempts > 0 {
            self.responded.insert(account);
        }
    }

    fn answer(self, witness: Witness, is_finished: bool) -> WitnessAnswer {
        let Self { called, responded, failed } = self;
        // An aggregator is set up in one account for all.
        let is_for_all = witness == Witness::Config && !responded.is_empty();
        let without = called.iter().filter(|id| !responded.contains(*id) && !failed.contains_key(*id));
        let not_set_up: Vec<String> = if is_for_all { Vec::new() } else { without.cloned().collect() };
        let state = if called.is_empty() {
            AnswerState::NotCalled
        } else if responded.is_empty() {
            if failed.is_empty() { AnswerState::NotSetUp } else { AnswerState::Failed }
        } else if failed.is_empty() && not_set_up.is_empty() {
            AnswerState::Complete
        } else {
            AnswerState::Partial
        };
        let mut notes: Vec<String> = limit(witness).map(str::to_owned).into_iter().collect();
        if witness == Witness::Bill && state == AnswerState::NotCalled {
            notes = vec!["the management account, which pays the bill, was not scanned".to_owned()];
        }
        if !is_finished {
            notes.push("the calls were interrupted: run `scan reconcile` again to continue".to_owned());
        }
        WitnessAnswer {
            witness: witness.as_str().to_owned(),
            title: witness.title().to_owned(),
            state,
            resources: 0,
            accounts: responded.len() as u64,
            failed: failed.into_values().collect(),
            not_set_up,
            notes,
        }
    }
}

/// Returns what a witness does not know.
fn limit(witness: Witness) -> Option<&'static str> {
    match witness {
        // "GetResources does not return untagged resources", "tagged or previously tagged" (botocore's model).
        Witness::Tagging => Some(
            "it only knows resources that have or had tags, and no times: a resource may be newer than the run, or \
             deleted",
        ),
        // "The date and time that Resource Explorer last queried this resource" (botocore's model, `LastReportedAt`).
        Witness::ResourceExplorer => {
            Some("it reports when it last saw a resource, not when the resource was created")
        }
        Witness::Config | Witness::Bill => None,
    }
}

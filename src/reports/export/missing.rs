//! The gaps of a run by cause, as every export has them: an export without them would look complete.

use chrono::NaiveDate;
use serde::Serialize;

use super::cell::CellValue;
use super::column_type::ColumnType::{Integer, Text};
use super::facts::FactTable;
use crate::names::AccountId;
use crate::reports::summary::{CauseGroup, RunTally};
use crate::run::{CallRecord, Manifest, Results, ResultsError, RunState, Status};
use crate::util::plural::plural;

/// The gaps: one row for each cause.
pub(super) const MISSING: FactTable = FactTable {
    name: "missing",
    columns: &[
        ("cause", Text),
        ("status", Text),
        ("services", Text),
        ("functions", Text),
        ("accounts", Integer),
        ("account_ids", Text),
        ("regions", Text),
        ("calls", Integer),
        ("failed_items", Integer),
        ("message", Text),
        ("hint", Text),
        ("accepted", Text),
        ("accepted_until", Text),
    ],
};

/// Calls without a complete result, for the same cause. The fields are the columns of [`MISSING`].
#[derive(Debug, Serialize)]
pub(super) struct MissingCalls {
    cause: String,
    status: Option<Status>,
    services: Vec<String>,
    functions: Vec<String>,
    accounts: u64,
    account_ids: Vec<AccountId>,
    regions: Vec<String>,
    calls: u64,
    failed_items: u64,
    message: Option<String>,
    hint: Option<String>,
    /// Why the gap is accepted, if it is.
    accepted: Option<String>,
    /// The last day on which it is accepted.
    accepted_until: Option<NaiveDate>,
}

/// All gaps of a run, those with the most calls first.
#[derive(Debug)]
pub(super) struct MissingResults {
    pub(super) causes: Vec<MissingCalls>,
    /// What is missing, in one sentence.
    #[cfg_attr(not(feature = "xlsx"), expect(dead_code, reason = "only workbooks show it"))]
    pub(super) sentence: String,
}

/// Counts the lines of a ledger.
#[derive(Debug)]
pub(super) struct MissingCounts(RunTally);

impl MissingResults {
    /// Reads the ledger of a run.
    pub(super) fn read(results: &Results) -> Result<Self, ResultsError> {
        let mut counts = MissingCounts::of(results.manifest());
        results.each_record(&mut |record| counts.count(record))?;
        Ok(counts.finish(results.manifest()))
    }
}

impl MissingCounts {
    /// Starts to count the gaps of a run.
    pub(super) fn of(manifest: &Manifest) -> Self {
        Self(RunTally::of_run(manifest))
    }

    pub(super) fn count(&mut self, record: &CallRecord) {
        self.0.count(record);
    }

    /// Returns the gaps. Calls that a run did not come to have no line in its ledger.
    pub(super) fn finish(&self, manifest: &Manifest) -> MissingResults {
        let mut causes: Vec<_> = self.0.causes.groups().iter().map(MissingCalls::of).collect();
        if manifest.state != RunState::Finished {
            causes.push(MissingCalls::unfinished(manifest));
        }
        if !manifest.missing_shards.is_empty() {
            causes.push(MissingCalls::shards(manifest));
        }
        for accepted in self.0.accepted() {
            causes.extend(accepted.causes.iter().map(|group| MissingCalls {
                accepted: Some(accepted.reason.clone()),
                accepted_until: accepted.until,
                ..MissingCalls::of(group)
            }));
        }
        MissingResults { causes, sentence: sentence(&self.0, manifest) }
    }
}

impl MissingCalls {
    fn of(group: &CauseGroup) -> Self {
        let functions = group.functions.iter().map(|(service, function)| format!("{service} {function}"));
        Self {
            cause: group.cause(),
            status: Some(group.status),
            services: group.services.iter().map(ToString::to_string).collect(),
            functions: functions.collect(),
            accounts: group.accounts.len() as u64,
            account_ids: group.accounts.clone(),
            regions: group.regions.clone(),
            calls: group.calls,
            failed_items: group.failed_items,
            message: group.message(),
            hint: (!group.hints.is_empty()).then(|| group.hints.join("\n")),
            accepted: None,
            accepted_until: None,
        }
    }

    /// Describes the calls that a run did not come to.
    fn unfinished(manifest: &Manifest) -> Self {
        Self {
            calls: manifest.totals.unfinished,
            hint: Some("run `scan resume` to finish it".to_owned()),
            ..Self::without_calls("the run did not finish".to_owned())
        }
    }

    /// Describes the shards that were missing when the others were merged.
    fn shards(manifest: &Manifest) -> Self {
        let shards: Vec<_> = manifest.missing_shards.iter().map(ToString::to_string).collect();
        Self {
            hint: Some("scan these shards, and merge all of them again".to_owned()),
            ..Self::without_calls(format!("not merged: {}", shards.join(", ")))
        }
    }

    fn without_calls(cause: String) -> Self {
        Self {
            cause,
            status: None,
            services: Vec::new(),
            functions: Vec::new(),
            accounts: 0,
            account_ids: Vec::new(),
            regions: Vec::new(),
            calls: 0,
            failed_items: 0,
            message: None,
            hint: None,
            accepted: None,
            accepted_until: None,
        }
    }

    /// Returns the row of the table [`MISSING`].
    pub(super) fn cells(&self) -> Vec<CellValue> {
        let text = |text: &Option<String>| CellValue::of_text(text.as_deref());
        let list = |names: &[String]| CellValue::Text(names.join(", "));
        let ids: Vec<_> = self.account_ids.iter().map(ToString::to_string).collect();
        vec![
            CellValue::Text(self.cause.clone()),
            CellValue::of_text(self.status.map(Status::as_str)),
            list(&self.services),
            list(&self.functions),
            CellValue::Number(self.accounts.into()),
            list(&ids),
            list(&self.regions),
            CellValue::Number(self.calls.into()),
            CellValue::Number(self.failed_items.into()),
            text(&self.message),
            text(&self.hint),
            text(&self.accepted),
            text(&self.accepted_until.map(|day| day.to_string())),
        ]
    }
}

/// Returns the sentence about what is missing.
fn sentence(tally: &RunTally, manifest: &Manifest) -> String {
    let mut parts = Vec::new();
    let incomplete = tally.incomplete();
    if incomplete > 0 {
        let accounts = tally.coverage.values().filter(|coverage| coverage.has_open_gaps).count();
        let were = if incomplete == 1 { "was" } else { "were" };
        parts.push(format!(
            "{incomplete} of {} {were} denied or failed, in {}",
            plural(tally.calls(), "call"),
            plural(accounts, "account")
        ));
    }
    if manifest.state != RunState::Finished {
        parts.push(match manifest.totals.unfinished {
            0 => "the run did not finish".to_owned(),
            calls => format!("the run did not finish: {} without a result", plural(calls, "call")),
        });
    }
    if !manifest.missing_shards.is_empty() {
        parts.push(format!("{} not merged", plural(manifest.missing_shards.len(), "shard")));
    }
    let accepted = match tally.gaps().accepted_calls() {
        0 => String::new(),
        calls => format!("; {calls} accepted"),
    };
    if parts.is_empty() {
        let other = if accepted.is_empty() { "" } else { "other " };
        return format!("nothing: no {other}call of {} was denied or failed{accepted}", tally.calls());
    }
    parts.join("; ") + &accepted
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{CallRecord, CellValue, MISSING, MissingCounts, Status};
    use crate::names::AccountId;
    use crate::run::samples::sample_manifest;
    use crate::run::{Manifest, RunState};

    fn line(account: &str, function: &str, status: Status) -> CallRecord {
        let record = CallRecord::new(&AccountId::new(account), "eu-west-1", "rds", function, function);
        CallRecord { status, message: Some("no".to_owned()), ..record }
    }

    fn manifest() -> Manifest {
        serde_json::from_value(sample_manifest()).expect("a manifest")
    }

    #[test]
    fn cause_lists_functions_and_accounts() {
        let mut counts = MissingCounts::of(&manifest());
        counts.count(&line("111111111111", "describe_db_instances", Status::Failed));
        counts.count(&line("222222222222", "describe_db_clusters", Status::Failed));
        counts.count(&line("222222222222", "describe_events", Status::Ok));
        let missing = counts.finish(&manifest());
        assert_eq!(missing.sentence, "2 of 3 calls were denied or failed, in 2 accounts");
        let row = missing.causes[0].cells();
        let cell = |name: &str| {
            let column = MISSING.columns.iter().position(|(column, _)| *column == name).expect("a column");
            row[column].clone()
        };
        assert_eq!(row.len(), MISSING.columns.len());
        let text = |text: &str| CellValue::Text(text.to_owned());
        assert_eq!(cell("functions"), text("rds describe_db_clusters, rds describe_db_instances"));
        assert_eq!(cell("account_ids"), text("111111111111, 222222222222"));
        assert_eq!(cell("status"), text("failed"));
    }

    #[test]
    fn fields_are_the_columns_of_the_table() {
        let mut counts = MissingCounts::of(&manifest());
        counts.count(&line("111111111111", "describe_events", Status::Denied));
        let missing = counts.finish(&manifest());
        let object = serde_json::to_value(&missing.causes[0]).expect("JSON");
        let fields: Vec<_> = object.as_object().into_iter().flat_map(|object| object.keys()).collect();
        let columns: Vec<_> = MISSING.columns.iter().map(|(name, _)| *name).collect();
        assert_eq!(fields, columns);
        assert_eq!(object["functions"], Value::from(vec!["rds describe_events"]));
    }

    #[test]
    fn run_that_did_not_finish_has_a_row() {
        let mut manifest = manifest();
        manifest.state = RunState::Interrupted;
        manifest.totals.unfinished = 7;
        let missing = MissingCounts::of(&manifest).finish(&manifest);
        assert_eq!(missing.sentence, "the run did not finish: 7 calls without a result");
        assert_eq!(missing.causes.len(), 1);
    }

    #[test]
    fn complete_run_has_no_gaps() {
        let mut counts = MissingCounts::of(&manifest());
        counts.count(&line("111111111111", "describe_events", Status::Empty));
        let missing = counts.finish(&manifest());
        assert!(missing.causes.is_empty());
        assert_eq!(missing.sentence, "nothing: no call of 1 was denied or failed");
    }
}

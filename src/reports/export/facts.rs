//! Tables with the facts of a run: the run, its accounts and its ledger.

use serde::Serialize;
use serde_json::Value;

use super::cell::CellValue;
use super::column_type::ColumnType::{self, Flag, Integer, Map, Text, Timestamp};
use crate::run::{CallRecord, ListedAccount, Manifest};

/// A table whose columns are the same for all runs.
pub(super) struct FactTable {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, ColumnType)],
}

/// The run: one row.
pub(super) const RUN: FactTable = FactTable {
    name: "run",
    columns: &[
        ("state", Text),
        ("simulated", Flag),
        ("started", Timestamp),
        ("finished", Timestamp),
        ("version", Text),
        ("catalog_version", Text),
        ("format_version", Integer),
        ("caller_account", Text),
        ("caller_arn", Text),
        ("organization", Text),
        ("accounts", Integer),
        ("accounts_scanned", Integer),
        ("requests", Integer),
        ("items", Integer),
        ("unfinished", Integer),
        ("redacted", Integer),
        ("secrets", Integer),
        ("calls", Text),
        ("missing_shards", Text),
        ("spec_source", Text),
        ("spec_sha256", Text),
        ("spec", Text),
        ("settings", Text),
    ],
};

/// The accounts: one row each, including those that were not scanned.
pub(super) const ACCOUNTS: FactTable = FactTable {
    name: "accounts",
    columns: &[
        ("account", Text),
        ("account_name", Text),
        ("email", Text),
        ("arn", Text),
        ("state", Text),
        ("joined", Timestamp),
        ("joined_method", Text),
        ("paths", Text),
        ("ou_path", Text),
        ("ou_ids", Text),
        ("tags", Map),
        ("management", Flag),
        ("selected", Flag),
        ("reason", Text),
        ("folder", Text),
        ("outcome", Text),
    ],
};

/// The ledger: one row for each line. `gap` is whether resources may be missing because of it.
pub(super) const LEDGER: FactTable = FactTable {
    name: "ledger",
    columns: &[
        ("account", Text),
        ("region", Text),
        ("service", Text),
        ("function", Text),
        ("name", Text),
        ("status", Text),
        ("denied_by", Text),
        ("denied_actions", Text),
        ("truncated_by", Text),
        ("gap", Flag),
        ("inferred", Flag),
        ("inferred_from", Text),
        ("role", Text),
        ("attempts", Integer),
        ("pages", Integer),
        ("items", Integer),
        ("bytes", Integer),
        ("duration_ms", Integer),
        ("code", Text),
        ("message", Text),
        ("request_id", Text),
        ("hint", Text),
        ("item", Text),
        ("items_not_configured", Integer),
        ("failed_items", Integer),
        ("vanished", Integer),
        ("redacted", Integer),
        ("secrets", Integer),
        ("buckets_in_unscanned_regions", Text),
    ],
};

/// Returns the row of the run.
pub(super) fn from_run(manifest: &Manifest) -> Vec<CellValue> {
    let totals = &manifest.totals;
    vec![
        text(&manifest.state),
        CellValue::Flag(manifest.simulated),
        time(&manifest.started),
        time(&manifest.finished),
        text(&manifest.version),
        text(&manifest.catalog_version),
        CellValue::Number(manifest.format_version.into()),
        text(&manifest.caller.account),
        text(&manifest.caller.arn),
        text(&manifest.organization),
        CellValue::Number(totals.accounts.into()),
        CellValue::Number(totals.accounts_scanned.into()),
        CellValue::Number(totals.requests.into()),
        CellValue::Number(totals.items.into()),
        CellValue::Number(totals.unfinished.into()),
        CellValue::Number(totals.redacted.into()),
        CellValue::Number(totals.secrets.into()),
        text(&totals.calls),
        text(&manifest.missing_shards),
        text(&manifest.spec.source),
        text(&manifest.spec.sha256),
        text(&manifest.spec.document),
        text(&manifest.settings),
    ]
}

/// Returns the row of an account.
pub(super) fn of_account(listed: &ListedAccount) -> Vec<CellValue> {
    let account = &listed.account;
    vec![
        text(&account.id),
        text(&account.name),
        text(&account.email),
        text(&account.arn),
        text(&account.state),
        time(&account.joined),
        text(&account.joined_method),
        text(&account.paths),
        text(&account.ou_names()),
        text(&account.ou_ids()),
        map(&account.tags),
        CellValue::Flag(account.management),
        CellValue::Flag(listed.selected),
        text(&listed.reason),
        text(&listed.folder),
        text(&listed.outcome),
    ]
}

/// Returns the row of a ledger line.
pub(super) fn of_line(record: &CallRecord) -> Vec<CellValue> {
    let buckets =
        (!record.buckets_in_unscanned_regions.is_empty()).then_some(&record.buckets_in_unscanned_regions);
    let denied_actions = (!record.denied_actions.is_empty()).then_some(&record.denied_actions);
    vec![
        text(&record.account),
        text(&record.region),
        text(&record.service),
        text(&record.function),
        text(&record.name),
        text(&record.status),
        text(&record.denied_by),
        text(&denied_actions),
        text(&record.truncated_by),
        CellValue::Flag(record.is_gap()),
        CellValue::Flag(record.inferred),
        text(&record.inferred_from),
        text(&record.role),
        CellValue::Number(record.attempts.into()),
        CellValue::Number(record.pages.into()),
        CellValue::Number(record.items.into()),
        CellValue::Number(record.bytes.into()),
        CellValue::Number(record.duration_ms.into()),
        text(&record.code),
        text(&record.message),
        text(&record.request_id),
        text(&record.hint),
        text(&record.item),
        CellValue::Number(record.items_not_configured.into()),
        CellValue::Number(record.failed_items.into()),
        CellValue::Number(record.vanished.into()),
        CellValue::Number(record.redacted.into()),
        CellValue::Number(record.secrets.into()),
        text(&buckets),
    ]
}

/// Converts a value to a cell.
fn text(value: &impl Serialize) -> CellValue {
    CellValue::of(&serde_json::to_value(value).unwrap_or(Value::Null))
}

/// Converts an object whose keys are data to a cell.
fn map(value: &impl Serialize) -> CellValue {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    Map.cell(&value).unwrap_or_else(|| CellValue::of(&value))
}

/// Converts a time to a cell.
fn time(value: &impl Serialize) -> CellValue {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    Timestamp.cell(&value).unwrap_or_else(|| CellValue::of(&value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ACCOUNTS, CellValue, LEDGER, of_account, of_line};
    use crate::aws::organization::Account;
    use crate::names::AccountId;
    use crate::run::{CallRecord, ListedAccount, Status};

    #[test]
    fn a_line_of_the_ledger_is_as_long_as_its_header() {
        let mut record =
            CallRecord::new(&AccountId::new("111111111111"), "eu-west-1", "s3", "get_bucket_acl", "acl");
        record.status = Status::Denied;
        record.item = Some(json!({"Name": "logs"}));
        let row = of_line(&record);
        assert_eq!(row.len(), LEDGER.columns.len());
        let cell = |name: &str| {
            let column = LEDGER.columns.iter().position(|(column, _)| *column == name).expect("a column");
            row[column].clone()
        };
        assert_eq!(cell("status"), CellValue::Text("denied".to_owned()));
        assert_eq!(cell("gap"), CellValue::Flag(true));
        assert_eq!(cell("item"), CellValue::Text("{\"Name\":\"logs\"}".to_owned()));
        assert_eq!(cell("buckets_in_unscanned_regions"), CellValue::Empty);
    }

    #[test]
    fn an_account_is_as_long_as_its_header() {
        let account = Account::alone(AccountId::new("111111111111"));
        let listed = ListedAccount { account, selected: true, reason: None, folder: None, outcome: None };
        assert_eq!(of_account(&listed).len(), ACCOUNTS.columns.len());
    }
}

//! The accounts and the gaps of all runs, as spans of runs.

use rusqlite::{Connection, params};

use super::HistoryError;
use crate::reports::diff::Gap;
use crate::run::Results;

/// Whether an account that a run found continues a span.
const IS_SAME_ACCOUNT: &str =
    "found.account = accounts.account AND (found.name IS NULL OR found.name IS accounts.name)";

/// Whether a gap of a run continues a span.
const IS_SAME_GAP: &str = "gaps.account = missed.account AND gaps.region = missed.region
    AND gaps.service = missed.service AND gaps.name = missed.name AND gaps.status = missed.status
    AND gaps.code IS missed.code AND gaps.denied_by IS missed.denied_by";

/// Ends the spans of accounts that a run did not find or that have another name, and starts those of the others. A name
/// that the run does not know has not changed.
pub(super) fn add_accounts(connection: &Connection, results: &Results, run: i64) -> Result<(), HistoryError> {
    connection.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS found (account TEXT PRIMARY KEY, name TEXT); DELETE FROM found;",
    )?;
    let mut insert = connection.prepare("INSERT OR REPLACE INTO found VALUES (?1, ?2)")?;
    for account in results.accounts() {
        insert.execute(params![account.id.as_str(), account.name])?;
    }
    continue_spans(connection, ["accounts", "found"], "account, name", IS_SAME_ACCOUNT, run)
}

/// Ends the spans of gaps that a run does not have, and starts those of its new ones.
pub(super) fn add_gaps(connection: &Connection, results: &Results, run: i64) -> Result<(), HistoryError> {
    connection.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS missed (account TEXT, region TEXT, service TEXT, function TEXT, name TEXT,
             status TEXT, code TEXT, denied_by TEXT, PRIMARY KEY (account, region, service, name)) WITHOUT ROWID;
         DELETE FROM missed;",
    )?;
    let mut insert =
        connection.prepare("INSERT OR REPLACE INTO missed VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    results.try_each_record::<HistoryError>(&mut |record| {
        if record.item.is_some() || record.is_about_the_run() || Gap::of(record).is_none() {
            return Ok(());
        }
        let denied_by = record.denied_by.map(serde_json::to_value).transpose()?;
        insert.execute(params![
            record.account.as_str(),
            record.region,
            record.service.as_str(),
            record.function.as_str(),
            record.name,
            record.status.as_str(),
            record.code,
            denied_by.as_ref().and_then(serde_json::Value::as_str),
        ])?;
        Ok(())
    })?;
    let columns = "account, region, service, function, name, status, code, denied_by";
    continue_spans(connection, ["gaps", "missed"], columns, IS_SAME_GAP, run)
}

/// Ends the open spans of a table that a run does not continue, and starts those of the rows that are new in it.
fn continue_spans(
    connection: &Connection,
    [table, of_run]: [&str; 2],
    columns: &str,
    is_same: &str,
    run: i64,
) -> Result<(), HistoryError> {
    connection.execute(
        &format!(
            "UPDATE {table} SET last_run = ?1 - 1
             WHERE last_run IS NULL AND NOT EXISTS (SELECT 1 FROM {of_run} WHERE {is_same})"
        ),
        [run],
    )?;
    connection.execute(
        &format!(
            "INSERT INTO {table} ({columns}, first_run) SELECT {columns}, ?1 FROM {of_run}
             WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE last_run IS NULL AND {is_same}) ORDER BY account"
        ),
        [run],
    )?;
    Ok(())
}

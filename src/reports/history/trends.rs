//! Trends: how many resources of each type, and in each account, existed in each run.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::overview::{HistoryRun, runs};
use super::schema::{ACCOUNT_NAME, TYPE};
use super::{History, HistoryError};

/// The number of resources in each run, by type and by account.
#[derive(Debug)]
pub(crate) struct HistoryTrends {
    /// The runs, the oldest first.
    pub(super) runs: Vec<HistoryRun>,
    /// The types, by name.
    pub(super) types: Vec<ResourceTrend>,
    /// The accounts, by ID.
    pub(super) accounts: Vec<ResourceTrend>,
}

/// The number of resources of one type or account in each run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ResourceTrend {
    pub(super) name: String,
    /// A number for each run, the oldest first. Resources that a run could not see are counted as long as no run knows
    /// that they were removed.
    pub(super) counts: Vec<i64>,
}

impl History {
    /// Returns the number of resources in each run, by type and by account.
    pub(crate) fn trends(&self) -> Result<HistoryTrends, HistoryError> {
        if self.is_empty()? {
            return Ok(HistoryTrends { runs: Vec::new(), types: Vec::new(), accounts: Vec::new() });
        }
        self.with(|connection| {
            let runs = runs(connection)?;
            let types = trends(connection, TYPE, runs.len())?;
            let account = format!("account || coalesce(' ' || {ACCOUNT_NAME}, '')");
            let accounts = trends(connection, &account, runs.len())?;
            Ok(HistoryTrends { runs, types, accounts })
        })
    }
}

/// Returns the trends of groups of resources: the sums of what came and went with each run.
fn trends(connection: &Connection, group: &str, runs: usize) -> Result<Vec<ResourceTrend>, HistoryError> {
    let mut statement = connection.prepare(&format!(
        "SELECT name, run, sum(change) FROM (
             SELECT {group} AS name, first_run AS run, 1 AS change FROM spans JOIN resources USING (resource)
                 WHERE spans.state <> 'absent' AND detail_of IS NULL
             UNION ALL
             SELECT {group}, last_run + 1, -1 FROM spans JOIN resources USING (resource)
                 WHERE spans.state <> 'absent' AND detail_of IS NULL AND last_run IS NOT NULL
         ) GROUP BY name, run"
    ))?;
    let mut rows = statement.query([])?;
    let mut changes: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let of_group = changes.entry(row.get(0)?).or_insert_with(|| vec![0; runs]);
        let run = usize::try_from(row.get::<_, i64>(1)? - 1).unwrap_or_default();
        if let Some(change) = of_group.get_mut(run) {
            *change = row.get(2)?;
        }
    }
    let trends = changes.into_iter().map(|(name, mut counts)| {
        let mut count = 0;
        for change in &mut counts {
            count += *change;
            *change = count;
        }
        ResourceTrend { name, counts }
    });
    Ok(trends.collect())
}

//! All runs of a history, and the resources of each type.

use rusqlite::Connection;
use serde::Serialize;

use super::schema::TYPE;
use super::{History, HistoryError};

/// All runs of a history, and the resources of each type.
#[derive(Debug, Serialize)]
pub(crate) struct HistoryOverview {
    /// The runs, the oldest first.
    pub(crate) runs: Vec<HistoryRun>,
    /// The types, by name.
    pub(crate) types: Vec<TypeHistory>,
}

/// A run of a history.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct HistoryRun {
    /// The number of the run: 1 is the oldest.
    pub(crate) run: i64,
    /// The name of its folder.
    pub(crate) name: String,
    /// When it started.
    pub(crate) started: String,
    /// Resources that exist, as far as it is known.
    pub(crate) resources: i64,
    /// Those that an earlier run could have seen, and did not.
    pub(crate) added: i64,
    /// Those that an earlier run saw, and this one could have seen and did not.
    pub(crate) removed: i64,
    /// Those with other values.
    pub(crate) changed: i64,
    /// Those that the run could not see, or could only list.
    pub(crate) unknown: i64,
}

/// The resources of a type in all runs.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TypeHistory {
    /// CloudFormation's name of the type, or service and kind.
    #[serde(rename = "type")]
    pub(crate) type_name: String,
    /// Resources in the first run.
    pub(crate) first: i64,
    /// Resources that exist after the last run, as far as it is known.
    pub(crate) last: i64,
    /// How often one was added, in all runs.
    pub(crate) added: i64,
    /// How often one was removed.
    pub(crate) removed: i64,
    /// How often one changed, at most once in a run.
    pub(crate) changed: i64,
}

impl History {
    /// Returns the number of runs.
    pub(crate) fn count_runs(&self) -> Result<usize, HistoryError> {
        if self.is_empty()? {
            return Ok(0);
        }
        self.with(|connection| {
            let runs: i64 = connection.query_row("SELECT count(*) FROM runs", [], |row| row.get(0))?;
            Ok(usize::try_from(runs).unwrap_or_default())
        })
    }

    /// Returns all runs, and the resources of each type.
    pub(crate) fn overview(&self) -> Result<HistoryOverview, HistoryError> {
        if self.is_empty()? {
            return Ok(HistoryOverview { runs: Vec::new(), types: Vec::new() });
        }
        self.with(|connection| Ok(HistoryOverview { runs: runs(connection)?, types: types(connection)? }))
    }
}

/// Returns the runs, the oldest first.
pub(super) fn runs(connection: &Connection) -> Result<Vec<HistoryRun>, HistoryError> {
    let mut statement = connection.prepare(
        "SELECT run, name, started, resources, added, removed, changed, unknown FROM runs ORDER BY run",
    )?;
    let runs = statement.query_map([], |row| {
        Ok(HistoryRun {
            run: row.get(0)?,
            name: row.get(1)?,
            started: row.get(2)?,
            resources: row.get(3)?,
            added: row.get(4)?,
            removed: row.get(5)?,
            changed: row.get(6)?,
            unknown: row.get(7)?,
        })
    })?;
    Ok(runs.collect::<Result<_, _>>()?)
}

fn types(connection: &Connection) -> Result<Vec<TypeHistory>, HistoryError> {
    let mut statement = connection.prepare(&format!(
        "WITH counted AS (
             SELECT resource, sum(first_run = 1) AS first,
                 sum(state = 'present' AND after_run IS NOT NULL) AS added, sum(state = 'absent') AS removed
             FROM spans GROUP BY resource
         ), changed AS (SELECT resource, count(*) AS changed FROM changed_resources GROUP BY resource)
         SELECT {TYPE} AS type_name, sum(first), sum(state <> 'absent'), sum(added),
             sum(removed), coalesce(sum(changed), 0)
         FROM resources JOIN counted USING (resource) LEFT JOIN changed USING (resource)
         WHERE detail_of IS NULL GROUP BY type_name ORDER BY type_name",
    ))?;
    let types = statement.query_map([], |row| {
        Ok(TypeHistory {
            type_name: row.get(0)?,
            first: row.get(1)?,
            last: row.get(2)?,
            added: row.get(3)?,
            removed: row.get(4)?,
            changed: row.get(5)?,
        })
    })?;
    Ok(types.collect::<Result<_, _>>()?)
}

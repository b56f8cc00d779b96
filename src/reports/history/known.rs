//! For each call in each place, the last run whose result was complete: it could have seen what the call returns.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use super::HistoryError;
use super::place_key::PlaceKey;

/// The last run with a complete result of each call in one place, by the stored number of the call.
#[derive(Debug, Default)]
pub(super) struct KnownRuns {
    last: HashMap<i64, i64>,
}

impl KnownRuns {
    /// Reads the runs of a place.
    pub(super) fn read(connection: &Connection, place: &PlaceKey<'_>) -> Result<Self, HistoryError> {
        let text: Option<String> = connection
            .prepare_cached("SELECT known FROM places WHERE account = ?1 AND region = ?2")?
            .query_row([place.account.as_str(), place.region], |row| row.get(0))
            .optional()?;
        let Some(text) = text else { return Ok(Self::default()) };
        let by_run: BTreeMap<i64, Vec<i64>> = serde_json::from_str(&text)?;
        let last = by_run.into_iter().flat_map(|(run, calls)| calls.into_iter().map(move |call| (call, run)));
        Ok(Self { last: last.collect() })
    }

    /// Returns the last run that could have seen what a call returns; `None` if there is none.
    pub(super) fn last(&self, call: i64) -> Option<i64> {
        self.last.get(&call).copied()
    }

    /// Notes that a run has a complete result of a call.
    pub(super) fn set(&mut self, call: i64, run: i64) {
        self.last.insert(call, run);
    }

    /// Stores the runs. Most calls have the same: they are stored by run.
    pub(super) fn store(&self, connection: &Connection, place: &PlaceKey<'_>) -> Result<(), HistoryError> {
        let mut by_run: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (call, run) in &self.last {
            by_run.entry(*run).or_default().push(*call);
        }
        for calls in by_run.values_mut() {
            calls.sort_unstable();
        }
        connection
            .prepare_cached("INSERT OR REPLACE INTO places (account, region, known) VALUES (?1, ?2, ?3)")?
            .execute(params![place.account.as_str(), place.region, serde_json::to_string(&by_run)?])?;
        Ok(())
    }
}

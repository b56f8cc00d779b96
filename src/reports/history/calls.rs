//! The calls of all runs of a history, by which resources of several runs are matched.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::HistoryError;
use crate::reports::diff::listing;
use crate::reports::resources::ReportedCall;

/// The calls of a run that is added, and those of earlier runs that it does not make.
pub(super) struct StoredCalls<'run> {
    calls: &'run [ReportedCall],
    /// The stored numbers of the run's calls.
    numbers: Vec<i64>,
    /// The requests of the calls that the run does not make.
    others: Vec<String>,
    /// The index of each call among those of the run, followed by the others.
    index_of: HashMap<i64, usize>,
}

impl<'run> StoredCalls<'run> {
    /// Stores the calls of a run, and reads those of all earlier runs.
    pub(super) fn store(connection: &Connection, calls: &'run [ReportedCall]) -> Result<Self, HistoryError> {
        let mut same: HashMap<&str, i64> = HashMap::new();
        let mut numbers = Vec::new();
        for call in calls {
            // A spec may have the same call several times.
            let number = same.entry(call.request()).or_default();
            numbers.push(number_of(connection, call.request(), *number)?);
            *number += 1;
        }
        let mut index_of: HashMap<i64, usize> =
            numbers.iter().enumerate().map(|(index, number)| (*number, index)).collect();
        let mut others = Vec::new();
        let mut statement = connection.prepare("SELECT call, request FROM calls ORDER BY call")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if let std::collections::hash_map::Entry::Vacant(entry) = index_of.entry(number) {
                entry.insert(calls.len() + others.len());
                others.push(row.get(1)?);
            }
        }
        Ok(Self { calls, numbers, others, index_of })
    }

    /// Returns the index of a stored call: among the run's calls, or after them if the run does not make it.
    pub(super) fn index_of(&self, number: i64) -> Result<usize, HistoryError> {
        let index = self.index_of.get(&number).copied();
        index.ok_or_else(|| HistoryError::Damaged(format!("there is no call {number}")))
    }

    /// Returns the stored number of one of the run's calls.
    pub(super) fn number(&self, index: usize) -> i64 {
        self.numbers[index]
    }

    /// Returns whether the run makes the call.
    pub(super) fn is_made(&self, index: usize) -> bool {
        index < self.calls.len()
    }

    /// Returns the stored numbers of the run's calls, with their indices.
    pub(super) fn made(&self) -> impl Iterator<Item = (usize, i64)> {
        self.numbers.iter().copied().enumerate()
    }

    /// Returns whether one of two calls describes the resources that the other lists.
    pub(super) fn is_family(&self, one: usize, other: usize) -> bool {
        if self.is_made(one) && self.is_made(other) {
            return one != other && listing(self.calls, one) == listing(self.calls, other);
        }
        // The request of a child call starts with that of its parent.
        let (one, other) = (self.request(one), self.request(other));
        one != other && (one.starts_with(other) || other.starts_with(one))
    }

    fn request(&self, index: usize) -> &str {
        match self.calls.get(index) {
            Some(call) => call.request(),
            None => &self.others[index - self.calls.len()],
        }
    }
}

fn number_of(connection: &Connection, request: &str, number: i64) -> Result<i64, HistoryError> {
    let stored = connection
        .prepare_cached("SELECT call FROM calls WHERE request = ?1 AND number = ?2")?
        .query_row(params![request, number], |row| row.get(0))
        .optional()?;
    if let Some(stored) = stored {
        return Ok(stored);
    }
    connection
        .prepare_cached("INSERT INTO calls (request, number) VALUES (?1, ?2)")?
        .execute(params![request, number])?;
    Ok(connection.last_insert_rowid())
}

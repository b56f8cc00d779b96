//! What queries read, and until when they may run.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// How many operations of SQLite's virtual machine pass between two looks at the clock.
const OPERATIONS: i32 = 10_000;

/// The tables that queries of a database read, and the time at which they are stopped.
#[derive(Clone, Debug, Default)]
pub(super) struct QueryWatch(Arc<Mutex<QueryState>>);

#[derive(Debug, Default)]
struct QueryState {
    tables: BTreeSet<String>,
    deadline: Option<Instant>,
}

impl QueryWatch {
    /// Watches the queries of a connection. The reads are reported by its authorizer, with [`read`](Self::read).
    pub(super) fn of(connection: &mut Connection) -> Result<Self, rusqlite::Error> {
        let watch = Self::default();
        let running = watch.clone();
        connection.progress_handler(OPERATIONS, Some(move || running.is_too_late()))?;
        Ok(watch)
    }

    fn with<Value>(&self, use_state: impl FnOnce(&mut QueryState) -> Value) -> Value {
        use_state(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets which tables were read.
    pub(super) fn forget_tables(&self) {
        self.with(|state| state.tables.clear());
    }

    /// Notes that a table or view is read.
    pub(super) fn read(&self, table: &str) {
        self.with(|state| {
            if !state.tables.contains(table) {
                state.tables.insert(table.to_owned());
            }
        });
    }

    /// Returns the tables and views that were read since [`forget_tables`](Self::forget_tables).
    pub(super) fn tables(&self) -> BTreeSet<String> {
        self.with(|state| state.tables.clone())
    }

    /// Stops queries after a time, or lets them run.
    pub(super) fn stop_after(&self, time: Option<Duration>) {
        self.with(|state| state.deadline = time.and_then(|time| Instant::now().checked_add(time)));
    }

    /// Returns whether a query has to stop now.
    fn is_too_late(&self) -> bool {
        self.with(|state| state.deadline.is_some_and(|deadline| Instant::now() >= deadline))
    }
}

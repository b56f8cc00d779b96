//! Runs a query within limits, for programs that read only part of a result.

use std::collections::BTreeSet;
use std::time::Duration;

use rusqlite::ErrorCode;
use serde_json::Value;

use super::{Database, QueryError, explain, rows};

/// The limits of a result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryLimits {
    /// The most rows.
    pub(crate) rows: usize,
    /// The most bytes of the rows as JSON. The first row is always whole.
    pub(crate) bytes: usize,
    /// The longest time.
    pub(crate) time: Duration,
}

/// The first rows of a result.
#[derive(Clone, Debug, Default)]
pub(crate) struct LimitedRows {
    /// The names of the columns.
    pub(crate) columns: Vec<String>,
    /// The values of each row, in the order of the columns.
    pub(crate) rows: Vec<Vec<Value>>,
    /// Whether there are more rows.
    pub(crate) is_truncated: bool,
    /// The tables and views that the query reads.
    pub(crate) tables: BTreeSet<String>,
}

impl Database {
    /// Runs a query with texts for its parameters `?1`, `?2` and so on, and returns its first rows.
    ///
    /// # Errors
    ///
    /// Returns an error if the query is invalid or not read-only, fails, or takes too long.
    pub(crate) fn limited(
        &self,
        sql: &str,
        parameters: &[&str],
        limits: QueryLimits,
    ) -> Result<LimitedRows, QueryError> {
        let connection = self.connection();
        let failed = |cause: rusqlite::Error| match cause.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => QueryError::TooLong(limits.time.as_secs()),
            _ => explain::explain(connection, sql, &cause),
        };
        self.watch().forget_tables();
        let mut statement = rows::only_statement(connection, sql)?;
        let tables = self.watch().tables();
        let columns = rows::columns_of(&statement).map_err(failed)?;
        self.watch().stop_after(Some(limits.time));
        let mut found = LimitedRows { columns, tables, ..LimitedRows::default() };
        let result = (|| {
            let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
            let mut bytes = 0;
            while let Some(row) = rows.next()? {
                let values = rows::values(row, found.columns.len())?;
                bytes += Value::from(values.as_slice()).to_string().len();
                let is_too_much = !found.rows.is_empty() && bytes > limits.bytes;
                if found.rows.len() >= limits.rows || is_too_much {
                    found.is_truncated = true;
                    break;
                }
                found.rows.push(values);
            }
            Ok(())
        })();
        self.watch().stop_after(None);
        result.map_err(failed)?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Database, QueryError, QueryLimits};

    /// An endless query is stopped; the next one is not.
    #[test]
    fn query_is_stopped_after_its_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("empty.sqlite");
        rusqlite::Connection::open(&path)
            .and_then(|made| made.execute_batch("CREATE TABLE one (x)"))
            .expect("a file");
        let database = Database::open(&path).expect("a database");
        let limits = QueryLimits { rows: 10, bytes: 1_000, time: Duration::ZERO };
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let stopped = database.limited(endless, &[], limits);
        assert!(matches!(stopped, Err(QueryError::TooLong(0))), "{stopped:?}");
        let limits = QueryLimits { time: Duration::from_mins(10), ..limits };
        let found = database.limited("SELECT count(*) FROM one", &[], limits).expect("rows");
        assert_eq!(found.rows, [[0]]);
    }
}

//! Several runs as one database: each table has the rows of all, and the column `run`.

use std::path::Path;

use indexmap::IndexMap;
use rusqlite::{Connection, OpenFlags};

use super::database::{Database, unchanging};
use super::{QueryError, explain};

/// The most databases that SQLite attaches (sqlite.org/limits.html, "Maximum Number Of Attached Databases").
const MOST: usize = 10;

/// The column with the name of the run.
pub(super) const RUN: &str = "run";

/// The columns of a table in one database.
type RunColumns = Vec<String>;

impl Database {
    /// Opens databases of several runs as one. Each is given with the name of its run.
    ///
    /// # Errors
    ///
    /// Returns an error if one of them cannot be read, or if there are more than SQLite can open at once.
    pub(crate) fn of_runs(runs: &[(String, &Path)]) -> Result<Self, QueryError> {
        if runs.len() > MOST {
            return Err(QueryError::TooManyRuns(runs.len(), MOST));
        }
        let failed = |cause: rusqlite::Error| QueryError::Failed(explain::message(&cause));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_in_memory_with_flags(flags).map_err(failed)?;
        let mut tables: IndexMap<String, Vec<Option<RunColumns>>> = IndexMap::new();
        for (number, (_, path)) in runs.iter().enumerate() {
            let unreadable = |cause: rusqlite::Error| {
                QueryError::NotADatabase(path.to_path_buf(), explain::message(&cause))
            };
            connection
                .execute(&format!("ATTACH ?1 AS run{number}"), [unchanging(path)])
                .map_err(unreadable)?;
            for (table, columns) in tables_of(&connection, number).map_err(unreadable)? {
                tables.entry(table).or_insert_with(|| vec![None; runs.len()])[number] = Some(columns);
            }
        }
        for (table, of_runs) in &tables {
            connection.execute_batch(&view(table, of_runs, runs)).map_err(failed)?;
        }
        Self::guarded_runs(connection).map_err(failed)
    }
}

/// Returns the tables and views of an attached database, with their columns.
fn tables_of(
    connection: &Connection,
    number: usize,
) -> Result<IndexMap<String, RunColumns>, rusqlite::Error> {
    let mut statement = connection.prepare(&format!(
        "SELECT names.name, columns.name
         FROM run{number}.sqlite_schema AS names, pragma_table_info(names.name, 'run{number}') AS columns
         WHERE names.type IN ('table', 'view') AND names.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY names.name, columns.cid"
    ))?;
    let mut rows = statement.query([])?;
    let mut tables: IndexMap<String, RunColumns> = IndexMap::new();
    while let Some(row) = rows.next()? {
        tables.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(tables)
}

/// Returns the statement that makes a view of a table in all databases that have it. A column that one of them lacks is
/// null there.
fn view(table: &str, of_runs: &[Option<RunColumns>], runs: &[(String, &Path)]) -> String {
    let mut columns: Vec<&String> = Vec::new();
    for column in of_runs.iter().flatten().flatten() {
        if !columns.iter().any(|known| known.eq_ignore_ascii_case(column)) {
            columns.push(column);
        }
    }
    let selects = of_runs.iter().zip(runs).enumerate().filter_map(|(number, (own, (name, _)))| {
        let own = own.as_ref()?;
        let cells = columns.iter().map(|column| {
            // The name is taken by the column of the run.
            let given = if column.eq_ignore_ascii_case(RUN) { "run_2" } else { column.as_str() };
            let has = own.iter().any(|own| own.eq_ignore_ascii_case(column));
            let value = if has { quoted(column) } else { "NULL".to_owned() };
            format!(", {value} AS {}", quoted(given))
        });
        let cells: String = cells.collect();
        let name = name.replace('\'', "''");
        Some(format!("SELECT '{name}' AS {RUN}{cells} FROM run{number}.{}", quoted(table)))
    });
    let selects: Vec<String> = selects.collect();
    format!("CREATE TEMP VIEW {} AS {};", quoted(table), selects.join(" UNION ALL "))
}

/// Returns the name of a table or column as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::Connection;

    use super::super::{Printer, QueryFormat};
    use super::{Database, MOST};

    /// Returns what a query of two databases prints.
    fn printed(first: &str, second: &str, sql: &str) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let paths = ["first", "it's"].map(|name| folder.path().join(name));
        for (path, tables) in paths.iter().zip([first, second]) {
            Connection::open(path).and_then(|file| file.execute_batch(tables)).expect("a database");
        }
        let runs = [("first".to_owned(), &*paths[0]), ("it's".to_owned(), &*paths[1])];
        let mut out = Vec::new();
        let database = Database::of_runs(&runs).expect("opens");
        let outcome = database.query(sql, &mut Printer::new(QueryFormat::Ndjson, &mut out));
        match outcome {
            Ok(_) => String::from_utf8(out).expect("text"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn rows_of_all_runs_have_the_name_of_their_run() {
        let found = printed(
            "CREATE TABLE t (id, a); INSERT INTO t VALUES (1, 'x');",
            "CREATE TABLE t (id, b); INSERT INTO t VALUES (1, 'y'); CREATE VIEW v AS SELECT id FROM t;",
            "SELECT * FROM t",
        );
        let expected = concat!(
            r#"{"run":"first","id":1,"a":"x","b":null}"#,
            "\n",
            r#"{"run":"it's","id":1,"a":null,"b":"y"}"#,
            "\n"
        );
        assert_eq!(found, expected);
    }

    #[test]
    fn view_of_one_run_and_column_called_run_are_kept() {
        let second = "CREATE TABLE t (run); INSERT INTO t VALUES (5); CREATE VIEW v AS SELECT run FROM t;";
        assert_eq!(printed("", second, "SELECT * FROM v"), "{\"run\":\"it's\",\"run_2\":5}\n");
    }

    #[test]
    fn query_of_several_runs_only_reads() {
        let table = "CREATE TABLE t (id);";
        for sql in ["DROP VIEW t", "ATTACH 'x' AS y", "CREATE TABLE u (id)", "PRAGMA query_only = 0"] {
            assert_eq!(printed(table, table, sql), "the query is not read-only", "{sql}");
        }
        let error = printed(table, table, "DELETE FROM t");
        assert_eq!(error, "invalid query: cannot modify t because it is a view");
    }

    #[test]
    fn too_many_runs_are_an_error() {
        let runs = vec![(String::new(), Path::new("none")); MOST + 1];
        let error = Database::of_runs(&runs).expect_err("too many").to_string();
        assert_eq!(error, "11 runs are too many for one query: the most are 10");
    }
}

//! A run as a read-only database.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::print::Printer;
#[cfg(feature = "mcp")]
use super::watch::QueryWatch;
use super::{QueryError, explain, rows};
use crate::reports::export::{self, ExportError};
use crate::reports::resources::Resources;
use crate::util::system::paths::uri_path;

/// The query of `--tables`: SQLite's list of tables and columns. Columns of views may have no types.
const TABLES: &str = "
    SELECT names.name AS \"table\", columns.name AS \"column\", columns.type AS type
    FROM (SELECT name, type FROM sqlite_schema UNION ALL SELECT name, type FROM sqlite_temp_schema) AS names,
        pragma_table_info(names.name) AS columns
    WHERE names.type IN ('table', 'view') AND names.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY names.name, columns.cid";

/// The read-only pragma that [`TABLES`] uses.
const TABLE_INFO: &str = "table_info";

/// A database of a run.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    #[cfg(feature = "mcp")]
    watch: QueryWatch,
    /// Whether its tables are those of several runs.
    has_runs: bool,
}

impl Database {
    /// Opens an exported file as immutable: SQLite then creates no file next to it. It would also ignore the
    /// changes in a journal, so a file with a journal is an error.
    pub fn open(path: &Path) -> Result<Self, QueryError> {
        let failed =
            |cause: &rusqlite::Error| QueryError::NotADatabase(path.to_owned(), explain::message(cause));
        for journal in ["-wal", "-journal"] {
            let mut beside = path.as_os_str().to_owned();
            beside.push(journal);
            let has_changes = std::fs::symlink_metadata(&beside).is_ok_and(|found| found.len() > 0);
            if has_changes {
                return Err(QueryError::InUse(path.to_owned(), beside.into()));
            }
        }
        let connection = connect(path).map_err(|cause| failed(&cause))?;
        // SQLite reads the file with the first query.
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            .map_err(|cause| failed(&cause))?;
        Self::guarded(connection).map_err(|cause| failed(&cause))
    }

    /// Creates a temporary database of a run.
    pub fn of(resources: &Resources) -> Result<Self, QueryError> {
        let connection = export::database(resources).map_err(QueryError::Export)?;
        Self::guarded(connection).map_err(|cause| QueryError::Failed(explain::message(&cause)))
    }

    /// Opens a database of [`fill_kept`](Self::fill_kept). Returns also the number that is stored in it.
    pub(crate) fn open_kept(path: &Path) -> Result<(Self, u64), QueryError> {
        let failed =
            |cause: &rusqlite::Error| QueryError::NotADatabase(path.to_owned(), explain::message(cause));
        let connection = connect(path).map_err(|cause| failed(&cause))?;
        let number = connection
            .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
            .map_err(|cause| failed(&cause))?;
        let database = Self::guarded(connection).map_err(|cause| failed(&cause))?;
        Ok((database, u64::try_from(number).unwrap_or_default()))
    }

    /// Fills an empty file with the database of a run, and stores a number in it.
    pub(crate) fn fill_kept(resources: &Resources, path: &Path, number: u64) -> Result<(), ExportError> {
        export::fill_database(resources, path, i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// Returns a database that has tables of several runs, in which queries only read.
    pub(super) fn guarded_runs(connection: Connection) -> Result<Self, rusqlite::Error> {
        Ok(Self { has_runs: true, ..Self::guarded(connection)? })
    }

    fn guarded(mut connection: Connection) -> Result<Self, rusqlite::Error> {
        // The schema of a file may come from an untrusted source.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // An unknown column in double quotes is an error, and not a string.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.pragma_update(None, "query_only", true)?;
        #[cfg(feature = "mcp")]
        let watch = QueryWatch::of(&mut connection)?;
        #[cfg(feature = "mcp")]
        let reading = watch.clone();
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            #[cfg(feature = "mcp")]
            if let AuthAction::Read { table_name, .. } = context.action {
                reading.read(table_name);
            }
            if is_a_read(&context.action) { Authorization::Allow } else { Authorization::Deny }
        }))?;
        Ok(Self {
            connection,
            has_runs: false,
            #[cfg(feature = "mcp")]
            watch,
        })
    }

    /// Runs a query, prints its rows, and returns how many there are.
    pub fn query(&self, sql: &str, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
        rows::print(&self.connection, sql, printer)
    }

    /// Prints all tables and views with their columns.
    pub fn show_tables(&self, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
        rows::print(&self.connection, TABLES, printer)
    }

    #[cfg(feature = "mcp")]
    pub(super) fn watch(&self) -> &QueryWatch {
        &self.watch
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Returns whether its tables are those of several runs.
    pub(super) fn has_runs(&self) -> bool {
        self.has_runs
    }
}

/// Opens a file that does not change.
fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(unchanging(path), flags)
}

/// Returns the URI of a database file that is opened as immutable (sqlite.org/uri.html). All characters with
/// a meaning in a URI are escaped, so that a file name cannot set parameters.
pub(super) fn unchanging(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = uri_path(&path);
    let escaped = percent_encoding::percent_encode(&path, NOT_IN_A_PATH);
    format!("file://{escaped}?immutable=1")
}

/// The characters that are escaped in a path: all except letters, digits, `/`, `.`, `-` and `_`.
const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Returns whether an action only reads. All other actions are denied: `ATTACH` opens other files, `PRAGMA`
/// changes settings, and many actions write.
fn is_a_read(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        // These are SQLite's built-in functions; two of them can load code.
        AuthAction::Function { function_name } => {
            !["load_extension", "fts3_tokenizer"].iter().any(|name| name.eq_ignore_ascii_case(function_name))
        }
        AuthAction::Pragma { pragma_name, .. } => pragma_name.eq_ignore_ascii_case(TABLE_INFO),
        _ => false,
    }
}

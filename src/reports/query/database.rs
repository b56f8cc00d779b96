//! A run as a database that can be read, and nothing else.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::print::Printer;
use super::{QueryError, explain, rows};
use crate::reports::export;
use crate::reports::resources::Resources;

/// What `--tables` shows: SQLite's own list of tables and columns. Views have no types of their own.
const TABLES: &str = "
    SELECT names.name AS \"table\", columns.name AS \"column\", columns.type AS type
    FROM sqlite_schema AS names, pragma_table_info(names.name) AS columns
    WHERE names.type IN ('table', 'view') AND names.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY names.name, columns.cid";

/// The pragma behind [`TABLES`], which reads.
const TABLE_INFO: &str = "table_info";

/// A database of a run.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
}

impl Database {
    /// Opens a file that an export has written, as one that does not change: SQLite makes no file beside
    /// it then. For the same reason it would not read what stands in a journal, so that a file with one is
    /// an error.
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
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let connection =
            Connection::open_with_flags(unchanging(path), flags).map_err(|cause| failed(&cause))?;
        // SQLite looks at a file when it is asked something.
        connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
            .map_err(|cause| failed(&cause))?;
        Self::guarded(connection).map_err(|cause| failed(&cause))
    }

    /// Makes a temporary one of a run.
    pub fn of(resources: &Resources) -> Result<Self, QueryError> {
        let connection = export::database(resources).map_err(QueryError::Export)?;
        Self::guarded(connection).map_err(|cause| QueryError::Failed(explain::message(&cause)))
    }

    fn guarded(mut connection: Connection) -> Result<Self, rusqlite::Error> {
        // The schema of a file may have come from somebody else.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // A column that there is not is an error, and not a text because it stands in double quotes.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.authorizer(Some(|context: AuthContext<'_>| {
            if is_a_read(&context.action) { Authorization::Allow } else { Authorization::Deny }
        }))?;
        Ok(Self { connection })
    }

    /// Answers a query, and says how many rows there are.
    pub fn query(&self, sql: &str, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
        rows::print(&self.connection, sql, printer)
    }

    /// Shows all tables and views with their columns.
    pub fn show_tables(&self, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
        rows::print(&self.connection, TABLES, printer)
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// The address of a database file that is opened as immutable (sqlite.org/uri.html). Every letter that means
/// something in an address is escaped, so that a file's name is nothing but a name.
fn unchanging(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let escaped = percent_encoding::percent_encode(path.as_os_str().as_bytes(), NOT_IN_A_PATH);
    format!("file://{escaped}?immutable=1")
}

/// What is escaped in a path: all but letters, digits, slashes and three signs.
const NOT_IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Whether SQLite only reads. What is not listed is refused: `ATTACH` opens other files, `PRAGMA`
/// changes settings, and there is no end to what writes.
fn is_a_read(action: &AuthAction<'_>) -> bool {
    match action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => true,
        // The functions are those of SQLite itself, of which one loads code.
        AuthAction::Function { function_name } => {
            !["load_extension", "fts3_tokenizer"].iter().any(|name| name.eq_ignore_ascii_case(function_name))
        }
        AuthAction::Pragma { pragma_name, .. } => pragma_name.eq_ignore_ascii_case(TABLE_INFO),
        _ => false,
    }
}

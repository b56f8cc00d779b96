//! A run as a database that can be read, and nothing else.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::QueryError;
use super::explain;
use super::print::Printer;
use super::rows;
use crate::export;
use crate::resources::Resources;

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
    /// Opens a file that an export has written.
    pub fn open(path: &Path) -> Result<Self, QueryError> {
        let failed =
            |cause: &rusqlite::Error| QueryError::NotADatabase(path.to_owned(), explain::message(cause));
        // Without SQLITE_OPEN_URI: a name is a name, and cannot say how it is to be opened.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|cause| failed(&cause))?;
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
    pub fn ask(&self, sql: &str, printer: &mut Printer<'_>) -> Result<u64, QueryError> {
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

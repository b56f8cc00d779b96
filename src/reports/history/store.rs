//! The file of a history: opened, created, and checked.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::HistoryError;
use super::schema::{APPLICATION, TABLES, VERSION};
use crate::util::system::owner_only;

/// How long a command waits for another process that writes to the history.
const PATIENCE: Duration = Duration::from_secs(5);

/// A history of runs.
#[derive(Debug)]
pub(crate) struct History {
    path: PathBuf,
    pub(super) connection: Connection,
}

impl History {
    /// Opens a history, and undoes what a killed process has left unfinished in it.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist, is no history, or has tables of another version.
    pub(crate) fn open(path: &Path) -> Result<Self, HistoryError> {
        if !path.exists() {
            return Err(HistoryError::Missing(path.to_owned()));
        }
        let opened = connect(path).map_err(HistoryError::from).and_then(|connection| {
            check(&connection, path)?;
            Ok(connection)
        });
        Ok(Self { path: path.to_owned(), connection: opened.map_err(|error| error.at(path))? })
    }

    /// Opens a history, which is created if it does not exist. Only its owner can read a new one.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and if the file cannot be created.
    pub(crate) fn open_or_create(path: &Path) -> Result<Self, HistoryError> {
        match owner_only::restrict(OpenOptions::new().write(true).create_new(true)).open(path) {
            Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => {
                return Err(HistoryError::Unusable(path.to_owned(), cause.to_string()));
            }
            _ => {}
        }
        Self::open(path)
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `read` on the connection, and adds the path to its errors.
    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, HistoryError>,
    ) -> Result<T, HistoryError> {
        read(&self.connection).map_err(|error| error.at(&self.path))
    }

    /// Runs `write` in one transaction: what it writes is stored as a whole, or not at all. The tables are created
    /// with the first one.
    pub(super) fn write<T>(
        &mut self,
        write: impl FnOnce(&Connection) -> Result<T, HistoryError>,
    ) -> Result<T, HistoryError> {
        let Self { path, connection } = self;
        let written = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(HistoryError::from)
            .and_then(|transaction| {
                if number(&transaction, "application_id")? == 0 {
                    transaction.execute_batch(TABLES)?;
                    transaction.pragma_update(None, "application_id", APPLICATION)?;
                    transaction.pragma_update(None, "user_version", VERSION)?;
                }
                let outcome = write(&transaction)?;
                transaction.commit()?;
                Ok(outcome)
            });
        written.map_err(|error| error.at(path))
    }

    /// Returns whether the history has no run yet.
    pub(super) fn is_empty(&self) -> Result<bool, HistoryError> {
        self.with(|connection| Ok(number(connection, "application_id")? == 0))
    }
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // The schema of a file may come from an untrusted source.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Checks that the file is empty, or a history with tables of this version.
fn check(connection: &Connection, path: &Path) -> Result<(), HistoryError> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (number(connection, "application_id")?, number(connection, "user_version")?) {
        (APPLICATION, VERSION) => Ok(()),
        (APPLICATION, version) => Err(HistoryError::OtherVersion(path.to_owned(), version)),
        (0, 0) if tables == 0 => Ok(()),
        _ => Err(HistoryError::NotAHistory(path.to_owned())),
    }
}

/// Returns a number of the file's header.
fn number(connection: &Connection, pragma: &str) -> Result<i64, rusqlite::Error> {
    connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
}

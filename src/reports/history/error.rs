//! Errors of a history.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::schema::VERSION;
use crate::run::ResultsError;

/// An error of a history.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HistoryError {
    /// A run cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The file does not exist.
    #[error("there is no history {0}")]
    Missing(PathBuf),
    /// The file is no history.
    #[error("{0} is no history that this program wrote")]
    NotAHistory(PathBuf),
    /// The tables were made by another version of the program.
    #[error("{0} has tables of version {1}; this program uses version {VERSION}")]
    OtherVersion(PathBuf, i64),
    /// Another process writes to the history.
    #[error("another process is writing to {0}")]
    InUse(PathBuf),
    /// The file cannot be read or written.
    #[error("cannot use the history {0}: {1}")]
    Unusable(PathBuf, String),
    /// SQLite's error, before the path is known.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value cannot be read.
    #[error("the history is damaged: {0}")]
    Damaged(String),
    /// The run cannot be added: its folder and the reason.
    #[error("cannot add {0}: {1}")]
    Rejected(PathBuf, RunRejection),
}

/// Why a run cannot be added to a history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RunRejection {
    /// It is running, or was interrupted.
    #[error("it has not finished")]
    Unfinished,
    /// It is one of several shards.
    #[error("it is a shard")]
    Shard,
    /// It started before a run of the history: the name of that run.
    #[error("it started before {0}, which is in the history")]
    Older(String),
    /// It scanned another organization: that of the history, and its own.
    #[error("it is a scan of {1}, and the history is of {0}")]
    OtherOrganization(String, String),
}

impl HistoryError {
    /// Adds the path of the history to an error of SQLite.
    pub(super) fn at(self, path: &Path) -> Self {
        let Self::Sqlite(cause) = self else { return self };
        match cause.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse(path.to_owned()),
            Some(ErrorCode::NotADatabase) => Self::NotAHistory(path.to_owned()),
            _ => Self::Unusable(path.to_owned(), cause.to_string()),
        }
    }
}

impl From<serde_json::Error> for HistoryError {
    fn from(cause: serde_json::Error) -> Self {
        Self::Damaged(cause.to_string())
    }
}

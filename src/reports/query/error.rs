//! Why a question has no answer.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::plan::spec::FilterError;
use crate::reports::export::ExportError;
use crate::run::ResultsError;

/// Why a question has no answer.
#[derive(Debug)]
pub enum QueryError {
    /// The run cannot be made a database.
    Export(ExportError),
    /// The file cannot be read as a database.
    NotADatabase(PathBuf, String),
    /// Changes to the database stand in a journal beside it: another program writes it, or was killed.
    InUse(PathBuf, PathBuf),
    /// The database has no resources: it is not one of a run.
    NotOfARun,
    /// The query is wrong; the text says where and why.
    Wrong(String),
    /// The query is none, or several.
    NotOneStatement,
    /// The query would do something else than read.
    NotARead,
    /// The query fails on what the database holds.
    Failed(String),
    /// The filter fails on a resource, which is named.
    Filter(String, FilterError),
    /// What is found cannot be shown in rows and columns.
    NoRow(String),
    /// The answer cannot be written.
    Unwritable(io::Error),
}

impl From<ResultsError> for QueryError {
    fn from(error: ResultsError) -> Self {
        Self::Export(ExportError::Results(error))
    }
}

impl From<io::Error> for QueryError {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Export(error) => error.fmt(formatter),
            Self::NotADatabase(path, cause) => {
                write!(formatter, "{} cannot be read as an SQLite database: {cause}", path.display())
            }
            Self::InUse(path, journal) => {
                write!(formatter, "{} has changes that are still in {}", path.display(), journal.display())
            }
            Self::NotOfARun => formatter.write_str("the database has no table `resources`"),
            Self::Wrong(message) | Self::NoRow(message) => formatter.write_str(message),
            Self::NotOneStatement => {
                formatter.write_str("a query is one statement, and this is none or several")
            }
            Self::NotARead => formatter.write_str("a query only reads, and this one would do something else"),
            Self::Failed(cause) => write!(formatter, "the query failed: {cause}"),
            Self::Filter(resource, error) => write!(formatter, "{resource}: {error}"),
            Self::Unwritable(cause) => write!(formatter, "cannot write to standard output: {cause}"),
        }
    }
}

impl std::error::Error for QueryError {}

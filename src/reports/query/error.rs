//! Errors of queries.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::plan::spec::FilterError;
use crate::reports::export::ExportError;
use crate::run::ResultsError;

/// An error of a query.
#[derive(Debug)]
pub enum QueryError {
    /// The run cannot be converted to a database.
    Export(ExportError),
    /// The file cannot be read as a database.
    NotADatabase(PathBuf, String),
    /// A journal next to the database has unapplied changes: another program is writing it, or was killed.
    InUse(PathBuf, PathBuf),
    /// The database has no table of resources: it was not exported from a run.
    NotOfARun,
    /// The query is invalid; the text has the position and the reason.
    Wrong(String),
    /// The query has no statement, or several.
    NotOneStatement,
    /// The query would do more than read.
    NotARead,
    /// The query fails on the data of the database.
    Failed(String),
    /// The filter fails on the named resource.
    Filter(String, FilterError),
    /// The result cannot be shown in rows and columns.
    NoRow(String),
    /// The result cannot be written.
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
                write!(formatter, "cannot read {} as an SQLite database: {cause}", path.display())
            }
            Self::InUse(path, journal) => {
                write!(formatter, "{} has unapplied changes in {}", path.display(), journal.display())
            }
            Self::NotOfARun => formatter.write_str("the database has no table `resources`"),
            Self::Wrong(message) | Self::NoRow(message) => formatter.write_str(message),
            Self::NotOneStatement => formatter.write_str("the query must be exactly one statement"),
            Self::NotARead => formatter.write_str("the query is not read-only"),
            Self::Failed(cause) => write!(formatter, "the query failed: {cause}"),
            Self::Filter(resource, error) => write!(formatter, "{resource}: {error}"),
            Self::Unwritable(cause) => write!(formatter, "cannot write to standard output: {cause}"),
        }
    }
}

impl std::error::Error for QueryError {}

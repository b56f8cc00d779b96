//! Errors of queries.

use std::io;
use std::path::PathBuf;

use crate::plan::spec::FilterError;
use crate::reports::export::ExportError;
use crate::run::ResultsError;
use crate::util::plural::plural;

/// An error of a query.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The run cannot be converted to a database.
    #[error(transparent)]
    Export(ExportError),
    /// The file cannot be read as a database.
    #[error("cannot read {0} as an SQLite database: {1}")]
    NotADatabase(PathBuf, String),
    /// A journal next to the database has unapplied changes: another program is writing it, or was killed.
    #[error("{0} has unapplied changes in {1}")]
    InUse(PathBuf, PathBuf),
    /// The database does not have the resources of a run: it was not exported from one.
    #[error("the database is no export of a run")]
    NotOfARun,
    /// There are more runs than a query can have: their number, and the most.
    #[error("{0} runs are too many for one query: the most are {1}")]
    TooManyRuns(usize, usize),
    /// The query is invalid; the text has the position and the reason.
    #[error("{0}")]
    Wrong(String),
    /// The query has no statement, or several.
    #[error("the query must be exactly one statement")]
    NotOneStatement,
    /// The query would do more than read.
    #[error("the query is not read-only")]
    NotARead,
    /// The query fails on the data of the database.
    #[error("the query failed: {0}")]
    Failed(String),
    /// The query takes longer than it may, in seconds.
    #[error("the query was stopped after {}", plural(*.0, "second"))]
    TooLong(u64),
    /// The filter fails on the named resource.
    #[error("{0}: {1}")]
    Filter(String, FilterError),
    /// The result cannot be shown in rows and columns.
    #[error("{0}")]
    NoRow(String),
    /// The result cannot be written.
    #[error("cannot write to standard output: {0}")]
    Unwritable(#[from] io::Error),
}

impl From<ResultsError> for QueryError {
    fn from(error: ResultsError) -> Self {
        Self::Export(ExportError::Results(error))
    }
}

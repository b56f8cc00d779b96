//! Errors while exporting resources.

use std::io;
use std::path::{Path, PathBuf};

use crate::reports::destination;
use crate::run::{NewFileError, ResultsError};
use crate::util::plural::plural;

/// An error while exporting resources.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The run cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The output path already exists.
    #[error("{0} already exists")]
    Exists(PathBuf),
    /// The tables have the run already.
    #[cfg(feature = "parquet")]
    #[error("{0} is already in {1}")]
    Added(String, PathBuf),
    /// The format consists of several files, or cannot be written sequentially.
    #[error("only ndjson can be written to standard output")]
    NotAStream,
    /// The run has more kinds of resources than a workbook should have sheets.
    #[error("the run has {} of resources, too many for one workbook", plural(*.0, "kind"))]
    TooManySheets(usize),
    /// A database for a query cannot be written to the temporary directory.
    #[error("cannot write a temporary database: {0}")]
    Temporary(io::Error),
    /// The export cannot be written; there is no path for standard output.
    #[error("cannot write {place}: {1}", place = destination(.0.as_deref()))]
    Unwritable(Option<PathBuf>, io::Error),
}

impl ExportError {
    /// Converts an error while writing `path`.
    pub(super) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self {
        move |cause| Self::Unwritable(Some(path.to_owned()), cause)
    }
}

impl From<NewFileError> for ExportError {
    fn from(error: NewFileError) -> Self {
        match error {
            NewFileError::Exists(path) => Self::Exists(path),
            NewFileError::Unwritable(path, cause) => Self::Unwritable(Some(path), cause),
        }
    }
}

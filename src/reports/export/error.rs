//! Errors while exporting resources.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::run::{NewFileError, ResultsError};
use crate::util::plural::plural;

/// An error while exporting resources.
#[derive(Debug)]
pub enum ExportError {
    /// The run cannot be read.
    Results(ResultsError),
    /// The output path already exists.
    Exists(PathBuf),
    /// The format consists of several files, or cannot be written sequentially.
    NotAStream,
    /// The run has more kinds of resources than a workbook should have sheets.
    TooManySheets(usize),
    /// A database for a query cannot be written to the temporary directory.
    Temporary(io::Error),
    /// The export cannot be written; there is no path for standard output.
    Unwritable(Option<PathBuf>, io::Error),
}

impl ExportError {
    /// Converts an error while writing `path`.
    pub(super) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self {
        move |cause| Self::Unwritable(Some(path.to_owned()), cause)
    }
}

impl From<ResultsError> for ExportError {
    fn from(error: ResultsError) -> Self {
        Self::Results(error)
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

impl fmt::Display for ExportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Results(error) => error.fmt(formatter),
            Self::Exists(path) => write!(formatter, "{} already exists", path.display()),
            Self::NotAStream => formatter.write_str("only ndjson can be written to standard output"),
            Self::TooManySheets(kinds) => {
                write!(
                    formatter,
                    "the run has {} of resources, too many for one workbook",
                    plural(*kinds, "kind")
                )
            }
            Self::Temporary(cause) => write!(formatter, "cannot write a temporary database: {cause}"),
            Self::Unwritable(Some(path), cause) => {
                write!(formatter, "cannot write {}: {cause}", path.display())
            }
            Self::Unwritable(None, cause) => write!(formatter, "cannot write to standard output: {cause}"),
        }
    }
}

impl std::error::Error for ExportError {}

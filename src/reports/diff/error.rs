//! Errors while comparing two runs.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::run::ResultsError;

/// An error while comparing two runs.
#[derive(Debug)]
pub enum DiffError {
    /// A run cannot be read.
    Results(ResultsError),
    /// A selected name is in neither run: the option, the name and a suggestion.
    NotThere(&'static str, String, String),
    /// The comparison cannot be written; there is no path for standard output.
    Unwritable(Option<PathBuf>, io::Error),
    /// Changes cannot be written to a temporary file.
    Scratch(io::Error),
}

impl From<ResultsError> for DiffError {
    fn from(error: ResultsError) -> Self {
        Self::Results(error)
    }
}

impl fmt::Display for DiffError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Results(error) => error.fmt(formatter),
            Self::NotThere(option, word, nearest) => {
                write!(formatter, "{option}: `{word}` is in neither run{nearest}")
            }
            Self::Unwritable(Some(path), cause) => {
                write!(formatter, "cannot write {}: {cause}", path.display())
            }
            Self::Unwritable(None, cause) => write!(formatter, "cannot write to standard output: {cause}"),
            Self::Scratch(cause) => {
                write!(formatter, "cannot write to the temporary directory: {cause}")
            }
        }
    }
}

impl std::error::Error for DiffError {}

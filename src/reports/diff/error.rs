//! Errors while comparing two runs.

use std::io;
use std::path::PathBuf;

use crate::reports::destination;
use crate::run::ResultsError;

/// An error while comparing two runs.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// A run cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// A selected name is in neither run: the option, the name and a suggestion.
    #[error("{0}: `{1}` is in neither run{2}")]
    NotThere(&'static str, String, String),
    /// The comparison cannot be written; there is no path for standard output.
    #[error("cannot write {place}: {1}", place = destination(.0.as_deref()))]
    Unwritable(Option<PathBuf>, io::Error),
    /// Changes cannot be written to a temporary file.
    #[error("cannot write to the temporary directory: {0}")]
    Scratch(io::Error),
}

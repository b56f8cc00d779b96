//! The reasons why the results of a run cannot be read.

use std::io;
use std::path::{Path, PathBuf};

use super::manifest::ManifestError;

/// The reason why results cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The folder is not the folder of a run, or its manifest cannot be used.
    #[error("{0}: {1}")]
    Manifest(PathBuf, ManifestError),
    /// A file does not match the manifest or the ledger.
    #[error("{0}: {1}")]
    Damaged(PathBuf, String),
    /// A file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, io::Error),
    /// A temporary file, in which answers wait for the resources that they belong to, cannot be used.
    #[error("cannot use a temporary file: {0}")]
    Scratch(io::Error),
    /// Results that the ledger lists are missing or damaged.
    #[error("{count} results that the ledger lists are missing or damaged: {}", listed(.first, *.count))]
    Lost {
        /// The number of lost results.
        count: u64,
        /// The first of them, each with its file.
        first: Vec<String>,
    },
}

impl ResultsError {
    /// Returns the error for an unusable file or folder: damaged content, or an I/O error.
    pub(crate) fn unreadable(path: &Path, cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::InvalidData => Self::damaged(path, cause),
            _ => Self::Unreadable(path.to_owned(), cause),
        }
    }

    /// Returns the error for a file with wrong content.
    #[expect(clippy::needless_pass_by_value, reason = "an error is handed over to become another")]
    pub(super) fn damaged(path: &Path, cause: io::Error) -> Self {
        Self::Damaged(path.to_owned(), cause.to_string())
    }
}

/// Lists the first lost results, for messages.
fn listed(first: &[String], count: u64) -> String {
    let more = if count > first.len() as u64 { "; …" } else { "" };
    first.join("; ") + more
}

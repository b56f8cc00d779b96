//! The failure of a comparison, with hints.

use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::diff::DiffError;

/// Returns the failure of a comparison, with a hint.
pub(super) fn failed(error: DiffError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        DiffError::Results(error) => unreadable(&error),
        DiffError::NotThere(..) => failure,
        DiffError::Unwritable(..) => Failure::internal(failure.to_string())
            .hint("choose a writable path with --output, on a disk with enough space"),
        DiffError::Scratch(_) => Failure::internal(failure.to_string())
            .hint("free some space there, or set TMPDIR to another folder"),
    }
}

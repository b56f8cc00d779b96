//! The failure of an export, with hints.

use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::export::ExportError;

/// Returns the failure of an export, with a hint.
pub(super) fn failed(error: &ExportError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ExportError::Results(error) => unreadable(error),
        ExportError::Exists(_) => {
            failure.hint("replace it with --force, or choose another path with --output")
        }
        // Only the addition to tables knows how to remove it.
        #[cfg(feature = "parquet")]
        ExportError::Added(..) => failure,
        ExportError::NotAStream => failure.hint("name a path with --output"),
        ExportError::TooManySheets(_) => failure.hint("use --format csv, which has a file for each kind"),
        ExportError::Temporary(_) => {
            Failure::internal(failure.to_string()).hint("set TMPDIR to a folder with enough space")
        }
        ExportError::Unwritable(..) => Failure::internal(failure.to_string())
            .hint("choose a writable path with --output, on a disk with enough space"),
    }
}

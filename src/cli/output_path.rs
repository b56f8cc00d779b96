//! The output of an export or a report: a new file or folder, or one that replaces an existing one.

use std::fs;
use std::io;
use std::path::Path;

use clap::Args;

use crate::error::Failure;
use crate::run::has_only;
use crate::util::replacement::Replacement;

/// The option that replaces an existing output.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct ForceArgument {
    /// Replace the output if it exists
    #[arg(long, help_heading = "Output")]
    pub(super) force: bool,
}

impl ForceArgument {
    /// Calls `write` with the path to write to. An existing output is replaced when the new one is complete.
    /// `extension` is that of all files in the output, if this is a folder.
    ///
    /// # Errors
    ///
    /// Returns the error of `write`, or an error if the existing output is not one of this kind.
    pub(super) fn write<T>(
        self,
        path: &Path,
        extension: Option<&str>,
        write: impl FnOnce(&Path) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if !self.force {
            return write(path);
        }
        check_replaceable(path, extension)?;
        let unwritable = |cause: io::Error| {
            Failure::internal(format!("cannot write {}: {cause}", path.display()))
                .hint("choose a writable path with --output, on a disk with enough space")
        };
        let replacement = Replacement::of(path).map_err(unwritable)?;
        let outcome = write(replacement.path())?;
        replacement.finish().map_err(unwritable)?;
        Ok(outcome)
    }
}

/// Checks that an existing path is an output of the same kind: a file, or a folder that has only files with this
/// extension.
fn check_replaceable(path: &Path, extension: Option<&str>) -> Result<(), Failure> {
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    let what = match extension {
        None if !found.is_dir() => return Ok(()),
        None => "a folder, and the output is a file".to_owned(),
        Some(extension) if found.is_dir() && has_only(path, extension).unwrap_or_default() => return Ok(()),
        Some(extension) if found.is_dir() => {
            format!("a folder with other files than an export: only those in .{extension} are replaced")
        }
        Some(_) => "a file, and the output is a folder".to_owned(),
    };
    Err(Failure::usage(format!("--force: {} is {what}", path.display()))
        .hint("remove it, or choose another path with --output"))
}

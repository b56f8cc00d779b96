//! A file that is made of a finished run: it gets its name when it is complete, and replaces nothing.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::atomic::{FILE_MODE, UNFINISHED};

/// Why a new file cannot be written.
#[derive(Debug)]
pub enum NewFileError {
    /// Something of that name is there already.
    Exists(PathBuf),
    /// It cannot be made, or cannot be given its name.
    Unwritable(PathBuf, io::Error),
}

impl fmt::Display for NewFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => write!(formatter, "{} is there already", path.display()),
            Self::Unwritable(path, cause) => write!(formatter, "cannot write {}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for NewFileError {}

/// Writes a file through `write`, beside its final place, and then gives it its name. Only its owner may
/// read it.
pub fn write_new_file<T, E: From<NewFileError>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T, E>,
) -> Result<T, E> {
    let folder = folder_of_new(path)?;
    let unwritable = |cause| NewFileError::Unwritable(path.to_owned(), cause);
    let mut temporary: NamedTempFile = Builder::new()
        .prefix(".")
        .suffix(UNFINISHED)
        .permissions(fs::Permissions::from_mode(FILE_MODE))
        .tempfile_in(folder)
        .map_err(unwritable)?;
    let mut writer = BufWriter::with_capacity(64 * 1024, temporary.as_file_mut());
    let outcome = write(&mut writer)?;
    writer.flush().map_err(unwritable)?;
    drop(writer);
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(outcome),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(NewFileError::Exists(path.to_owned()).into())
        }
        Err(failed) => Err(unwritable(failed.error).into()),
    }
}

/// The folder in which `path` is to be; an error if there is something of that name.
pub fn folder_of_new(path: &Path) -> Result<PathBuf, NewFileError> {
    // A link that leads nowhere is something as well.
    if fs::symlink_metadata(path).is_ok() {
        return Err(NewFileError::Exists(path.to_owned()));
    }
    Ok(match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    })
}

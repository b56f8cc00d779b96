//! Atomic creation of new files, which never replaces an existing one.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::util::open_folder::{UNFINISHED, UNFINISHED_PREFIX};
use crate::util::system::owner_only;

/// The error of a new file that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum NewFileError {
    /// The path already exists.
    #[error("{0} already exists")]
    Exists(PathBuf),
    /// The file cannot be created or renamed.
    #[error("cannot write {0}: {1}")]
    Unwritable(PathBuf, io::Error),
}

/// Writes a file through `write` to a temporary file in the same folder, and then renames it. Only its owner may
/// read it.
pub fn write_new_file<T, E: From<NewFileError>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T, E>,
) -> Result<T, E> {
    let mut temporary = create_temporary(path)?;
    let mut writer = BufWriter::with_capacity(64 * 1024, temporary.as_file_mut());
    let outcome = write(&mut writer)?;
    writer.flush().map_err(|cause| NewFileError::Unwritable(path.to_owned(), cause))?;
    drop(writer);
    persist(temporary, path)?;
    Ok(outcome)
}

/// Writes a file like [`write_new_file`], for libraries that open files themselves: `write` receives the path of
/// an empty temporary file.
pub fn write_new_file_at<T, E: From<NewFileError>>(
    path: &Path,
    write: impl FnOnce(&Path) -> Result<T, E>,
) -> Result<T, E> {
    let temporary = create_temporary(path)?;
    let outcome = write(temporary.path())?;
    persist(temporary, path)?;
    Ok(outcome)
}

fn create_temporary(path: &Path) -> Result<NamedTempFile, NewFileError> {
    unfinished_file(&folder_of_new(path)?).map_err(|cause| NewFileError::Unwritable(path.to_owned(), cause))
}

/// Creates an unfinished file in a folder, readable only for the owner. It is removed unless it is persisted.
pub(crate) fn unfinished_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED_PREFIX).suffix(UNFINISHED);
    owner_only::restrict_file(&mut builder);
    builder.tempfile_in(folder)
}

/// Creates an unfinished folder in another one, readable only for the owner. It is removed unless it is kept.
pub(crate) fn unfinished_folder(parent: &Path) -> io::Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED_PREFIX).suffix(UNFINISHED);
    owner_only::restrict_folder(&mut builder);
    builder.tempdir_in(parent)
}

fn persist(temporary: NamedTempFile, path: &Path) -> Result<(), NewFileError> {
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(NewFileError::Exists(path.to_owned()))
        }
        Err(failed) => Err(NewFileError::Unwritable(path.to_owned(), failed.error)),
    }
}

/// Returns the folder of the new file `path`.
///
/// # Errors
///
/// When `path` already exists.
pub fn folder_of_new(path: &Path) -> Result<PathBuf, NewFileError> {
    // A dangling link also counts as existing.
    if fs::symlink_metadata(path).is_ok() {
        return Err(NewFileError::Exists(path.to_owned()));
    }
    Ok(match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    })
}

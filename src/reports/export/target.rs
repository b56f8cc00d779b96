//! Files and directories that get their final name when they are complete, and that never replace existing
//! ones.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::ExportError;
#[cfg(feature = "sqlite")]
use crate::run::write_new_file_at;
use crate::run::{folder_of_new, write_new_file};
use crate::util::new_file::unfinished_folder;
use crate::util::system::owner_only;

/// Writes a temporary file in the same directory through `write`, and then renames it.
pub(super) fn write_file<T>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    write_new_file(path, write)
}

/// Writes a file like [`write_file`], and a second one with the gaps of the run. The first one gets its name last, so
/// that it is never without the other.
pub(super) fn write_with_gaps<T>(
    path: &Path,
    gaps: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<T, ExportError>,
    write_gaps: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), ExportError>,
) -> Result<T, ExportError> {
    folder_of_new(gaps)?;
    write_file(path, |file| {
        let outcome = write(file)?;
        write_file(gaps, write_gaps)?;
        Ok(outcome)
    })
}

/// Returns the path of the gaps beside a file: `run.missing.csv` for `run.csv`.
pub(super) fn gaps_beside(path: &Path, extension: &str) -> PathBuf {
    let has_extension = path.extension().is_some_and(|found| found == extension);
    let stem = if has_extension { path.file_stem() } else { path.file_name() };
    let mut name = stem.unwrap_or_default().to_owned();
    name.push(".missing.");
    name.push(extension);
    path.with_file_name(name)
}

/// Writes a file like [`write_file`] for writers that open the file themselves: `write` gets the path of an
/// empty file.
#[cfg(feature = "sqlite")]
pub(super) fn write_at<T>(
    path: &Path,
    write: impl FnOnce(&Path) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    write_new_file_at(path, write)
}

/// Fills a temporary directory with the same parent through `write`, and then renames it.
pub(super) fn write_folder<T>(
    path: &Path,
    write: impl FnOnce(&Path) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let folder = folder_of_new(path)?;
    let unwritable = ExportError::unwritable(path);
    let temporary = unfinished_folder(&folder).map_err(&unwritable)?;
    let outcome = write(temporary.path())?;
    fs::rename(temporary.path(), path).map_err(unwritable)?;
    // The directory was renamed, so it must not be removed.
    let _ = temporary.keep();
    Ok(outcome)
}

/// A file that is open only during writes: there may be more files than the limit of open files.
pub(super) struct Appending(pub(super) PathBuf);

impl Write for Appending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        owner_only::restrict(&mut options).open(&self.0)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};
    use std::os::unix::fs::PermissionsExt;

    use super::{ExportError, write_file, write_folder};

    #[test]
    fn existing_target_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("export");
        fs::write(&path, "mine").expect("writes");
        let file = write_file(&path, |_| Ok(())).expect_err("it is there");
        assert!(matches!(file, ExportError::Exists(_)), "{file}");
        let of_files = write_folder(&path, |_| Ok(())).expect_err("it is there");
        assert!(matches!(of_files, ExportError::Exists(_)), "{of_files}");
        assert_eq!(fs::read_to_string(&path).expect("reads"), "mine");
    }

    #[test]
    fn a_failed_export_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("export");
        let full = || ExportError::unwritable(&path)(io::Error::other("no space"));
        write_file::<()>(&path, |writer| {
            writer.write_all(b"half").expect("writes");
            Err(full())
        })
        .expect_err("fails");
        write_folder::<()>(&path, |folder| {
            fs::write(folder.join("half.csv"), "half").expect("writes");
            Err(full())
        })
        .expect_err("fails");
        assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 0);
    }

    #[test]
    fn an_export_is_the_owners_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (file, tables) = (folder.path().join("file"), folder.path().join("tables"));
        write_file(&file, |_| Ok(())).expect("writes");
        write_folder(&tables, |_| Ok(())).expect("writes");
        let mode = |path| fs::metadata(path).expect("exists").permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&tables)), (0o600, 0o700));
    }
}

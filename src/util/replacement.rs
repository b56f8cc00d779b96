//! A new file or folder that replaces an existing one when it is complete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::util::new_file::unfinished_folder;

/// The folder, in the temporary one, for what was replaced.
const REPLACED: &str = ".replaced";

/// A new file or folder in a temporary folder beside its path. It is removed unless it is finished.
#[derive(Debug)]
pub(crate) struct Replacement {
    path: PathBuf,
    parent: PathBuf,
    temporary: TempDir,
}

impl Replacement {
    /// Prepares to write a file or folder that gets this path when it is complete.
    ///
    /// # Errors
    ///
    /// Returns an error if the path has no name, or nothing can be created in its folder.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new(".")).to_owned();
        let temporary = unfinished_folder(&parent)?;
        Ok(Self { path: temporary.path().join(name), parent, temporary })
    }

    /// Returns the path to write to. Files with other names beside it get their names as well.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves everything that was written to its place, and removes what was there.
    ///
    /// # Errors
    ///
    /// Returns an error if something cannot be moved; what it would replace keeps its place.
    pub(crate) fn finish(self) -> io::Result<()> {
        let written = fs::read_dir(self.temporary.path())?.collect::<io::Result<Vec<_>>>()?;
        let replaced = self.temporary.path().join(REPLACED);
        fs::create_dir(&replaced)?;
        for entry in written {
            let place = self.parent.join(entry.file_name());
            // A folder is not replaced by a rename, unless it is empty.
            let old = fs::symlink_metadata(&place).is_ok_and(|found| found.is_dir());
            let aside = replaced.join(entry.file_name());
            if old {
                fs::rename(&place, &aside)?;
            }
            if let Err(cause) = fs::rename(entry.path(), &place) {
                if old {
                    fs::rename(&aside, &place)?;
                }
                return Err(cause);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Replacement;

    #[test]
    fn finished_files_and_folders_replace_older_ones() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("page.html"), "old").expect("writes");
        fs::create_dir(path("tables")).expect("a folder");
        fs::write(path("tables/old.csv"), "old").expect("writes");
        let page = Replacement::of(&path("page.html")).expect("prepares");
        fs::write(page.path(), "new").expect("writes");
        fs::write(page.path().with_file_name("page.missing.csv"), "gaps").expect("writes");
        assert_eq!(fs::read_to_string(path("page.html")).expect("reads"), "old", "until it is finished");
        page.finish().expect("moves");
        let tables = Replacement::of(&path("tables")).expect("prepares");
        fs::create_dir(tables.path()).expect("a folder");
        fs::write(tables.path().join("new.csv"), "new").expect("writes");
        tables.finish().expect("moves");
        assert_eq!(fs::read_to_string(path("page.html")).expect("reads"), "new");
        assert!(path("tables/new.csv").exists() && !path("tables/old.csv").exists());
        assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 3, "nothing else is left");
    }

    #[test]
    fn unfinished_replacement_changes_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("page.html");
        fs::write(&path, "old").expect("writes");
        let page = Replacement::of(&path).expect("prepares");
        fs::write(page.path(), "half").expect("writes");
        drop(page);
        assert_eq!(fs::read_to_string(&path).expect("reads"), "old");
        assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 1, "nothing else is left");
    }
}

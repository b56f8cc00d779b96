//! The paths of files: those of one export, or those of one run among several.

use std::path::{Path, PathBuf};

use super::run_part::{FIRST, RunPart};

/// The columns whose values are in the names of folders, from the outermost.
pub(super) const PARTITIONS: [&str; 3] = ["run", "account", "region"];

/// The place of a run's files.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileLayout<'run> {
    /// The folder of all tables.
    pub(super) folder: &'run Path,
    /// The run, if the tables have several.
    pub(super) part: Option<&'run RunPart>,
}

impl FileLayout<'_> {
    /// Returns the folder of the run's files of a table.
    pub(super) fn table(&self, name: &str) -> PathBuf {
        let folder = self.folder.join(name);
        match self.part {
            Some(part) => folder.join(part.folder()),
            None => folder,
        }
    }

    /// Returns the path of the run's only file in a folder.
    pub(super) fn file(&self, folder: &Path) -> PathBuf {
        folder.join(self.part.map_or_else(|| FIRST.to_owned(), RunPart::file))
    }
}

//! The files of a run itself, and the versions of them that are in the bucket.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::run::{RunFolder, is_unfinished};

/// The length in bytes up to which the ledger is uploaded whenever it has changed. A longer one is uploaded when it
/// has grown by a quarter, so that all of its uploads together are at most five times its length.
const SHORT_LEDGER: u64 = 16 * 1024 * 1024;

/// The uploaded versions of the files of a run itself.
#[derive(Debug, Default)]
pub(super) struct OwnFiles {
    uploaded: Mutex<HashMap<PathBuf, FileVersion>>,
}

/// A version of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileVersion {
    length: u64,
    modified: SystemTime,
}

/// A file that has changed since its upload.
#[derive(Debug)]
pub(super) struct ChangedFile {
    pub(super) path: PathBuf,
    version: FileVersion,
}

impl OwnFiles {
    /// Returns the files that a resumed run needs and that have changed since their upload, in the order in which they
    /// are to be uploaded. The log is not one of them.
    pub(super) fn changed(&self, folder: &RunFolder) -> io::Result<Vec<ChangedFile>> {
        let mut changed = Vec::new();
        for path in [folder.accounts(), folder.ledger(), folder.manifest()] {
            let version = match fs::metadata(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                data => FileVersion::of(&data?)?,
            };
            let earlier = self.lock().get(&path).copied();
            let is_ledger = path == folder.ledger();
            if earlier.is_none_or(|earlier| version.is_due(earlier, is_ledger)) {
                changed.push(ChangedFile { path, version });
            }
        }
        Ok(changed)
    }

    /// Records that a file was uploaded.
    pub(super) fn uploaded(&self, file: ChangedFile) {
        self.lock().insert(file.path, file.version);
    }

    /// Returns all files of the run itself, in the order in which they are to be uploaded.
    pub(super) fn all(folder: &RunFolder) -> io::Result<Vec<PathBuf>> {
        let last = [folder.ledger(), folder.manifest()];
        let not_for_others = [folder.lock()];
        let mut files = Vec::new();
        for entry in fs::read_dir(folder.path())? {
            let entry = entry?;
            let path = entry.path();
            let is_for_others = !last.contains(&path) && !not_for_others.contains(&path);
            let is_finished = entry.file_name().to_str().is_some_and(|name| !is_unfinished(name));
            if entry.file_type()?.is_file() && is_for_others && is_finished {
                files.push(path);
            }
        }
        files.sort();
        files.extend(last);
        Ok(files)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, FileVersion>> {
        self.uploaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FileVersion {
    fn of(data: &fs::Metadata) -> io::Result<Self> {
        Ok(Self { length: data.len(), modified: data.modified()? })
    }

    /// Returns whether this version is to be uploaded after an earlier one.
    fn is_due(self, earlier: Self, is_ledger: bool) -> bool {
        if is_ledger && earlier.length > SHORT_LEDGER {
            return self.length > earlier.length + earlier.length / 4;
        }
        self != earlier
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::SystemTime;

    use super::{FileVersion, OwnFiles, SHORT_LEDGER};
    use crate::run::RunFolder;

    #[test]
    fn ledger_and_manifest_come_last_and_nothing_that_is_only_local() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let names =
            ["accounts.json", "ledger.ndjson", "manifest.json", "scan.lock", "scan.log", ".x.part", ".tmpx"];
        for name in names {
            fs::write(folder.path().join(name), "").expect("writes");
        }
        fs::create_dir(folder.path().join("123456789012")).expect("a folder");
        let files = OwnFiles::all(&RunFolder::for_run(folder.path())).expect("lists");
        let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
        assert_eq!(names, ["accounts.json", "scan.log", "ledger.ndjson", "manifest.json"]);
    }

    #[test]
    fn only_changed_files_are_uploaded_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["accounts.json", "ledger.ndjson", "manifest.json", "scan.log"] {
            fs::write(folder.path().join(name), "").expect("writes");
        }
        let (own, run) = (OwnFiles::default(), RunFolder::for_run(folder.path()));
        let upload = || -> Vec<String> {
            let changed = own.changed(&run).expect("looks").into_iter().map(|file| {
                let name = file.path.file_name().expect("a name").to_string_lossy().into_owned();
                own.uploaded(file);
                name
            });
            changed.collect()
        };
        assert_eq!(upload(), ["accounts.json", "ledger.ndjson", "manifest.json"]);
        assert_eq!(upload(), [""; 0]);
        fs::write(run.ledger(), "a line\n").expect("writes");
        assert_eq!(upload(), ["ledger.ndjson"]);
    }

    #[test]
    fn long_ledger_is_uploaded_when_it_has_grown_by_a_quarter() {
        let version = |length| FileVersion { length, modified: SystemTime::UNIX_EPOCH };
        let is_due = |from: u64, to: u64| version(to).is_due(version(from), true);
        assert!(is_due(SHORT_LEDGER, SHORT_LEDGER + 1));
        let long = 4 * SHORT_LEDGER;
        assert!(!is_due(long, long + SHORT_LEDGER));
        assert!(is_due(long, long + SHORT_LEDGER + 1));
    }
}

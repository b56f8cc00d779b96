//! The database that `scan query` keeps in the folder of a finished run, so that only the first query builds one.
//!
//! Its name contains a digest of the program's version and of the run's files, so a database of other files or of
//! another version is never used. It gets this name when it is complete. It is removed with the folder.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::layout::RunFolder;
use super::lock::{LockError, ReadLock, RunLock};
use super::manifest::{Manifest, ManifestError, RunState};
use super::results_error::ResultsError;
use crate::util::atomic_file::{self, UNFINISHED};
use crate::util::system::owner_only;

/// The start of the names of all files about kept databases.
const PREFIX: &str = ".query-";
/// The lock of the process that builds a database.
const LOCK: &str = ".query.lock";
/// The version of the tables, increased if they change and the program's version does not.
const TABLES_VERSION: u32 = 3;

/// The kept database of a run, whether it exists or not.
#[derive(Debug)]
pub(crate) struct KeptDatabase {
    folder: PathBuf,
    path: PathBuf,
    manifest: Manifest,
    /// Keeps the run from being removed while the database is read.
    _lock: ReadLock,
}

/// The reason why a database is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeepError<E> {
    /// The folder of the run cannot be written.
    #[error("{0}")]
    Unwritable(io::Error),
    /// Another process is building the database.
    #[error("another process is building it")]
    InProgress,
    /// The database cannot be built.
    #[error("it cannot be built")]
    Failed(E),
}

impl KeptDatabase {
    /// Returns the kept database of a run; `None` if the run has not finished, because its files still change.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder is not that of a run.
    pub(crate) fn of(run: &Path) -> Result<Option<Self>, ResultsError> {
        let folder = RunFolder::for_run(run);
        let lock = ReadLock::take(&folder.manifest()).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => ResultsError::Manifest(run.to_owned(), ManifestError::Missing),
            _ => ResultsError::Unreadable(folder.manifest(), cause),
        })?;
        let manifest = Manifest::read(&folder.manifest())
            .map_err(|error| ResultsError::Manifest(run.to_owned(), error))?;
        if manifest.state != RunState::Finished {
            return Ok(None);
        }
        let digest =
            digest(folder.path()).map_err(|cause| ResultsError::Unreadable(run.to_owned(), cause))?;
        let path = folder.path().join(format!("{PREFIX}{digest}.sqlite"));
        Ok(Some(Self { folder: folder.path().to_owned(), path, manifest, _lock: lock }))
    }

    /// Returns the manifest of the run.
    #[must_use]
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the path of the database, if it exists as this program writes it: a file and not a link, which belongs
    /// to the user and which other users cannot read or write.
    #[must_use]
    pub(crate) fn existing(&self) -> Option<&Path> {
        let found = fs::symlink_metadata(&self.path).ok()?;
        (found.is_file() && owner_only::is_private(&found)).then_some(&*self.path)
    }

    /// Builds the database: `build` fills an empty file. Removes those of other versions, and what killed processes
    /// have left.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be built or written, or if another process is building it.
    pub(crate) fn build<T, E>(
        &self,
        build: impl FnOnce(&Path) -> Result<T, E>,
    ) -> Result<(PathBuf, T), KeepError<E>> {
        let _lock = RunLock::take(&self.folder.join(LOCK)).map_err(|error| match error {
            LockError::Held(_) => KeepError::InProgress,
            LockError::Unwritable(cause) => KeepError::Unwritable(cause),
        })?;
        self.remove_others().map_err(KeepError::Unwritable)?;
        let mut unfinished = self.path.as_os_str().to_owned();
        unfinished.push(UNFINISHED);
        let unfinished = UnfinishedFile::create(unfinished.into()).map_err(KeepError::Unwritable)?;
        let outcome = build(&unfinished.path).map_err(KeepError::Failed)?;
        unfinished.finish(&self.path).map_err(KeepError::Unwritable)?;
        Ok((self.path.clone(), outcome))
    }

    /// Removes all files about kept databases. Links are removed and not followed.
    fn remove_others(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let is_folder = entry.file_type()?.is_dir();
            if entry.file_name().to_string_lossy().starts_with(PREFIX) && !is_folder {
                atomic_file::remove_file(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// A database that is being built, which is removed if building it fails.
struct UnfinishedFile {
    path: PathBuf,
    file: File,
}

impl UnfinishedFile {
    fn create(path: PathBuf) -> io::Result<Self> {
        let file = owner_only::restrict(fs::OpenOptions::new().write(true).create_new(true)).open(&path)?;
        Ok(Self { path, file })
    }

    /// Renames the file. Its content is on the disk before its name is.
    fn finish(self, path: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, path)
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        // After `finish`, there is no file of this name.
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns a digest of everything that the database depends on: the version, the manifest, and names, sizes and times
/// of the run's files. Reading all files would take as long as building the database.
fn digest(run: &Path) -> io::Result<String> {
    let mut digest = Sha256::new();
    digest.update(format!("{} {TABLES_VERSION}\n", env!("CARGO_PKG_VERSION")));
    digest.update(atomic_file::read(&RunFolder::for_run(run).manifest())?);
    // Each file is added when it is found: a run may have hundreds of thousands of them.
    let mut add = |entry: &fs::DirEntry| {
        let (path, found) = (entry.path(), entry.metadata()?);
        let name = path.strip_prefix(run).unwrap_or(&path).to_string_lossy();
        digest.update(format!("{name}\0{}\n", state_of(&found)));
        Ok::<_, io::Error>(())
    };
    for entry in sorted(run)? {
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            for place in sorted(&entry.path())?.iter().filter(|place| is_folder(place)) {
                sorted(&place.path())?.iter().try_for_each(&mut add)?;
            }
        } else if name == "ledger.ndjson" || name == "accounts.json" {
            add(&entry)?;
        }
    }
    let start =
        digest.finalize().iter().take(16).fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    Ok(format!("{start:032x}"))
}

fn is_folder(entry: &fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir())
}

fn sorted(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn state_of(found: &Metadata) -> String {
    let changed =
        found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{} {}.{}", found.len(), changed.as_secs(), changed.subsec_nanos())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::{Path, PathBuf};

    use super::super::RunState;
    use super::super::samples::finished_run;
    use super::{KeepError, KeptDatabase, LOCK, PREFIX};
    use crate::run::RunLock;

    /// A run with a ledger and one result.
    fn run() -> (tempfile::TempDir, PathBuf) {
        let output = tempfile::tempdir().expect("a temporary folder");
        let run = output.path().join("run");
        finished_run(&run, "2026-11-16T03:00:00Z", |_| {});
        fs::write(run.join("ledger.ndjson"), "{}\n").expect("writes");
        fs::create_dir_all(run.join("111111111111/eu-west-1")).expect("a folder");
        fs::write(run.join("111111111111/eu-west-1/sqs.json"), "{}").expect("writes");
        (output, run)
    }

    fn kept(run: &Path) -> KeptDatabase {
        KeptDatabase::of(run).expect("a run").expect("it has finished")
    }

    fn build(run: &Path) -> Result<PathBuf, KeepError<io::Error>> {
        kept(run).build(|path| fs::write(path, "complete")).map(|(path, ())| path)
    }

    /// The files about kept databases in the folder of a run.
    fn files(run: &Path) -> Vec<String> {
        let entries = fs::read_dir(run).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        entries
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| name.starts_with(".query"))
            .collect()
    }

    #[test]
    fn database_is_found_again_and_private() {
        let (_output, run) = run();
        assert_eq!(kept(&run).existing(), None);
        let path = build(&run).expect("builds");
        assert_eq!(kept(&run).existing(), Some(&*path));
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
        assert_eq!(files(&run).len(), 1, "{:?}", files(&run));
    }

    #[test]
    fn changed_run_has_no_database_until_it_is_built_again() {
        let (_output, run) = run();
        let changes: [(&str, &str); 3] = [
            ("ledger.ndjson", "{}\n{}\n"),
            ("accounts.json", "[]"),
            ("111111111111/eu-west-1/sqs.json", "{\"list_queues\": []}"),
        ];
        for (file, text) in changes {
            build(&run).expect("builds");
            fs::write(run.join(file), text).expect("writes");
            assert_eq!(kept(&run).existing(), None, "{file}");
        }
        build(&run).expect("builds");
        assert_eq!(files(&run).len(), 1, "older ones are removed: {:?}", files(&run));
    }

    #[test]
    fn unfinished_run_has_no_database() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let run = output.path().join("run");
        finished_run(&run, "2026-11-16T03:00:00Z", |manifest| manifest.state = RunState::Interrupted);
        assert!(KeptDatabase::of(&run).expect("a run").is_none());
        KeptDatabase::of(output.path()).expect_err("no run");
    }

    #[test]
    fn failed_build_leaves_nothing_and_rest_is_removed() {
        let (_output, run) = run();
        let failed = kept(&run).build(|path| {
            fs::write(path, "half")?;
            Err::<(), _>(io::Error::other("no space"))
        });
        assert!(matches!(failed, Err(KeepError::Failed(_))), "{failed:?}");
        assert!(files(&run).is_empty(), "{:?}", files(&run));
        let rest = run.join(format!("{PREFIX}0.sqlite.part"));
        fs::write(&rest, "half").expect("writes");
        build(&run).expect("builds");
        assert!(!rest.exists(), "what a killed process left is removed");
    }

    #[test]
    fn link_in_place_of_database_is_replaced_and_not_followed() {
        let (output, run) = run();
        let path = build(&run).expect("builds");
        let mine = output.path().join("mine");
        fs::write(&mine, "mine").expect("writes");
        fs::set_permissions(&mine, fs::Permissions::from_mode(0o600)).expect("sets the mode");
        fs::remove_file(&path).expect("removes");
        symlink(&mine, &path).expect("links");
        assert_eq!(kept(&run).existing(), None);
        build(&run).expect("builds");
        assert_eq!(fs::read_to_string(&mine).expect("reads"), "mine");
        assert_eq!(fs::read_to_string(&path).expect("reads"), "complete");
    }

    #[test]
    fn database_that_others_can_write_is_not_used() {
        let (_output, run) = run();
        let path = build(&run).expect("builds");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("sets the mode");
        assert_eq!(kept(&run).existing(), None);
    }

    /// The files are counted in hundreds of thousands if the accounts are in thousands.
    #[test]
    fn digest_memory_is_independent_of_files() {
        let peak = |files: u32| {
            let (_output, run) = run();
            for place in 0..40 {
                let folder = run.join(format!("111111111111/place-{place}"));
                fs::create_dir_all(&folder).expect("a folder");
                for file in 0..files {
                    fs::write(folder.join(format!("{file}.json")), "{}").expect("writes");
                }
            }
            allocation_counter::measure(|| drop(super::digest(&run).expect("reads"))).bytes_max
        };
        let (few, many) = (peak(2), peak(20));
        // The names in one folder are sorted.
        assert!(many < few + 18 * 1_000, "{few} bytes for 80 files, {many} for 800");
    }

    #[test]
    fn one_process_builds_at_a_time() {
        let (_output, run) = run();
        let _lock = RunLock::take(&run.join(LOCK)).expect("takes the lock");
        assert!(matches!(build(&run), Err(KeepError::InProgress)));
    }
}

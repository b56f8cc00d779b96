//! The locks of a run: one process at a time works in its folder, and no process removes it while others read it.
//! The folder for results has a lock too, so that scans do not overlap.
//!
//! A lock is the operating system's advisory lock on a file. It ends with the process, however the process ends,
//! so no lock is ever stale. The file contains the id of the process, for messages.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::util::atomic_file;
use crate::util::system::file_identity::is_still;
use crate::util::system::owner_only;

/// The name of the lock file, in the folder of a run and in the folder for results.
pub(super) const FILE: &str = "scan.lock";

/// The lock of a run, held while a process works on it. Dropping it releases the lock and removes the file.
#[derive(Debug)]
pub struct RunLock {
    path: PathBuf,
    /// The locked file; closing it releases the lock. `None` if the file system does not support locks.
    file: Option<File>,
}

/// The reason why a run cannot be locked.
#[derive(Debug)]
pub enum LockError {
    /// Another process holds the lock: its id, if it could be read.
    Held(Option<u32>),
    /// The lock file cannot be created.
    Unwritable(io::Error),
}

impl From<io::Error> for LockError {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error)
    }
}

impl RunLock {
    /// Takes the lock, without waiting for it.
    pub fn take(path: &Path) -> Result<Self, LockError> {
        loop {
            let mut file = open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(&mut file))),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    tracing::warn!(target: "scan::output", "the file system of {} does not support locks", path.display());
                    atomic_file::remove_file(path)?;
                    return Ok(Self { path: path.to_owned(), file: None });
                }
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            // Another process may have finished and removed the file since it was opened here.
            if is_still(path, &file) {
                file.set_len(0)?;
                writeln!(file, "{}", std::process::id())?;
                return Ok(Self { path: path.to_owned(), file: Some(file) });
            }
        }
    }
}

impl RunLock {
    /// Returns whether a process holds the lock. No file is created.
    pub(super) fn is_held(path: &Path) -> bool {
        let Ok(file) = atomic_file::open_to_read(path) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Takes the lock of a folder for results; the folder is created if it does not exist.
    pub fn take_below(folder: &Path) -> Result<Self, LockError> {
        atomic_file::create_folder(folder)?;
        Self::take(&folder.join(FILE))
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // The name is removed before the lock is released: a process that locks this file afterwards notices that
        // it is no longer the lock file.
        if self.file.is_some() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The lock of a reader, which keeps `--keep` from removing the run while it is read.
///
/// It is a shared lock on `manifest.json`, because readers may lack write access to the run's folder. Any number
/// of processes can hold it at once.
#[derive(Debug)]
pub(super) struct ReadLock(#[expect(dead_code, reason = "closing the file releases the lock")] Option<File>);

impl ReadLock {
    /// Takes the lock, without waiting for it.
    ///
    /// # Errors
    ///
    /// Returns `ErrorKind::ResourceBusy` if the run is being removed, or the error of opening the file.
    pub(super) fn take(manifest: &Path) -> io::Result<Self> {
        let file = atomic_file::open_to_read(manifest)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::ResourceBusy, "the run is being removed (--keep)"))
            }
            // On a file system without locks, readers are not protected.
            Err(TryLockError::Error(_)) => Ok(Self(None)),
        }
    }

    /// Blocks readers for as long as the result is held; `None` while a process reads the run.
    pub(super) fn exclude_readers(manifest: &Path) -> io::Result<Option<Self>> {
        let file = atomic_file::open_to_read(manifest)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(Some(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                Ok(Some(Self(None)))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    atomic_file::open(path, owner_only::restrict(&mut options))
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LockError, ReadLock, RunLock};

    #[test]
    fn a_second_process_learns_which_one_is_at_work() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("scan.lock");
        let lock = RunLock::take(&path).expect("takes the lock");
        let error = RunLock::take(&path).expect_err("it is taken");
        assert!(matches!(error, LockError::Held(Some(id)) if id == std::process::id()), "{error:?}");
        drop(lock);
        assert!(!path.exists());
        RunLock::take(&path).expect("takes it again");
    }

    #[test]
    fn a_file_that_a_dead_process_left_is_no_lock() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("scan.lock");
        fs::write(&path, "4194303999\n").expect("writes");
        let _lock = RunLock::take(&path).expect("takes the lock");
        assert_eq!(fs::read_to_string(&path).expect("reads"), format!("{}\n", std::process::id()));
    }

    #[test]
    fn readers_share_a_run_and_keep_its_removal_away() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let manifest = folder.path().join("manifest.json");
        fs::write(&manifest, "{}").expect("writes");
        let readers = [ReadLock::take(&manifest).expect("reads"), ReadLock::take(&manifest).expect("reads")];
        assert!(ReadLock::exclude_readers(&manifest).expect("opens").is_none());
        drop(readers);
        let removal = ReadLock::exclude_readers(&manifest).expect("opens").expect("no reader");
        let refused = ReadLock::take(&manifest).expect_err("it is being removed");
        assert_eq!(refused.to_string(), "the run is being removed (--keep)");
        drop(removal);
        ReadLock::take(&manifest).expect("reads again");
    }
}

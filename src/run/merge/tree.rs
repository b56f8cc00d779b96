//! Merges the result files of all shards into one tree.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{MergeError, ScannedShard};
use crate::names::AccountId;
use crate::run::RunFolder;
use crate::util::atomic_file;

/// Creates hard links to the files of a shard in the folder of the whole run, or copies them if the file system
/// does not support that.
pub(super) fn link(scanned: &ScannedShard, run: &RunFolder) -> Result<(), MergeError> {
    let from = scanned.folder.path();
    for account in folders(from)? {
        let name = account.file_name().unwrap_or_default().to_string_lossy();
        let id = name.split('-').next().and_then(AccountId::parse);
        if !id.is_some_and(|id| scanned.shard.holds(&id)) {
            let what = format!("this folder does not belong to {}", scanned.shard);
            return Err(MergeError::Damaged(account.clone(), what));
        }
        for place in folders(&account)? {
            let target = run.path().join(place.strip_prefix(from).unwrap_or(&place));
            link_files(&place, &target)?;
        }
    }
    Ok(())
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, MergeError> {
    let unreadable = |cause| MergeError::Unreadable(folder.to_owned(), cause);
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

/// Links the files of one place.
fn link_files(from: &Path, to: &Path) -> Result<(), MergeError> {
    let unreadable = |cause| MergeError::Unreadable(from.to_owned(), cause);
    let unwritable = |cause| MergeError::Unwritable(to.to_owned(), cause);
    atomic_file::create_folder(to).map_err(unwritable)?;
    for entry in fs::read_dir(from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let is_finished = entry.file_name().to_str().is_some_and(|name| !atomic_file::is_unfinished(name));
        if entry.file_type().map_err(unreadable)?.is_file() && is_finished {
            link_or_copy(&entry.path(), &to.join(entry.file_name())).map_err(unwritable)?;
        }
    }
    Ok(())
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if fs::hard_link(from, to).is_err() {
        let mut source = atomic_file::open_to_read(from)?;
        atomic_file::write_file(to, |writer| io::copy(&mut source, writer).map(drop))?;
    }
    Ok(())
}

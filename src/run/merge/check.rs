//! Finds shards, and checks whether they belong together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Merge, MergeError, ScannedShard};
use crate::plan::Shard;
use crate::run::counted_folder::CountedFolder;
use crate::run::{Manifest, ManifestError, RunFolder, RunState};

/// Reads the manifests of all shards, and selects among attempts.
pub(super) fn read(folders: &[PathBuf]) -> Result<Merge, MergeError> {
    let mut found = Vec::new();
    for folder in folders {
        for folder in shard_folders(folder)? {
            found.push(read_shard(folder)?);
        }
    }
    let mut chosen: BTreeMap<u32, ScannedShard> = BTreeMap::new();
    let mut superseded = Vec::new();
    let Some(count) = found.first().map(|scanned: &ScannedShard| scanned.shard.count) else {
        return Err(MergeError::Missing(Vec::new()));
    };
    for scanned in found {
        let number = scanned.shard.number;
        if !counts(&scanned)? {
            superseded.push(scanned.folder.path().to_owned());
            continue;
        }
        let Some(other) = chosen.remove(&number) else {
            chosen.insert(number, scanned);
            continue;
        };
        let (keep, pass_over) = match (is_finished(&other), is_finished(&scanned)) {
            (true, true) => return Err(doubled(&other, &scanned)),
            (false, true) => (scanned, other),
            _ => (other, scanned),
        };
        superseded.push(pass_over.folder.path().to_owned());
        chosen.insert(number, keep);
    }
    if let Some(unfinished) = chosen.values().find(|scanned| !is_finished(scanned)) {
        return Err(MergeError::Unfinished(unfinished.folder.path().to_owned()));
    }
    let missing = Shard::all(count).filter(|shard| !chosen.contains_key(&shard.number)).collect();
    Ok(Merge { shards: chosen.into_values().collect(), missing, superseded })
}

/// Returns whether a folder counts for its shard: unless the run was downloaded from a bucket and lists another one.
fn counts(scanned: &ScannedShard) -> Result<bool, MergeError> {
    let path = scanned.folder.path();
    let (Some(run), Some(name)) = (path.parent(), path.file_name()) else { return Ok(true) };
    let listed = CountedFolder::read(run, scanned.shard)
        .map_err(|cause| MergeError::Unreadable(run.join(CountedFolder::name(scanned.shard)), cause))?;
    Ok(listed.is_none_or(|listed| *listed.folder == *name))
}

fn doubled(first: &ScannedShard, second: &ScannedShard) -> MergeError {
    let path = |scanned: &ScannedShard| scanned.folder.path().to_owned();
    MergeError::Doubled(first.shard, path(first), path(second))
}

fn is_finished(scanned: &ScannedShard) -> bool {
    scanned.manifest.state == RunState::Finished
}

/// Returns the folder itself if it is a run, else the folders of runs in it.
fn shard_folders(folder: &Path) -> Result<Vec<PathBuf>, MergeError> {
    let is_run = |folder: &Path| RunFolder::for_run(folder).manifest().exists();
    if is_run(folder) {
        return Ok(vec![folder.to_owned()]);
    }
    let unreadable = |cause| MergeError::Unreadable(folder.to_owned(), cause);
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // A link does not count as a shard: it may point anywhere.
        let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
        if is_folder && is_run(&entry.path()) {
            folders.push(entry.path());
        }
    }
    folders.sort();
    if folders.is_empty() {
        return Err(MergeError::Manifest(folder.to_owned(), ManifestError::Missing));
    }
    Ok(folders)
}

fn read_shard(folder: PathBuf) -> Result<ScannedShard, MergeError> {
    let run = RunFolder::for_run(&folder);
    let manifest =
        Manifest::read(&run.manifest()).map_err(|error| MergeError::Manifest(folder.clone(), error))?;
    let Some(shard) = manifest.settings.shard else { return Err(MergeError::NotAShard(folder)) };
    let shard = Shard::new(shard.number, shard.count)
        .map_err(|error| MergeError::Damaged(run.manifest(), error.to_string()))?;
    Ok(ScannedShard { folder: run, manifest, shard })
}

/// Checks that all shards are of one run: of the same program, catalog, spec, settings, organization and account
/// of the caller.
pub(super) fn same_run(shards: &[ScannedShard]) -> Result<(), MergeError> {
    let Some((first, others)) = shards.split_first() else { return Ok(()) };
    for other in others {
        if let Some(what) = first.manifest.difference(&other.manifest) {
            let (first, other) = (first.folder.path().to_owned(), other.folder.path().to_owned());
            return Err(MergeError::Different(first, other, what));
        }
    }
    Ok(())
}

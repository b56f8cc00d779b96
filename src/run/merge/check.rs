//! Finds shards, and checks whether they belong together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Merge, MergeError, ScannedShard};
use crate::names::AccountId;
use crate::plan::Shard;
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
    let expected = identity(&first.manifest);
    for other in others {
        let its = identity(&other.manifest);
        if let Some((what, _)) = expected.iter().find(|(what, value)| its.get(*what) != Some(value)) {
            let (first, other) = (first.folder.path().to_owned(), other.folder.path().to_owned());
            return Err(MergeError::Different(first, other, what.clone()));
        }
    }
    Ok(())
}

/// Returns the values that must be equal in all shards of a run, by their names in messages.
fn identity(manifest: &Manifest) -> BTreeMap<String, Value> {
    let mut identity = BTreeMap::from([
        ("the version of scan".to_owned(), Value::from(manifest.version.as_str())),
        ("the catalog".to_owned(), Value::from(manifest.catalog_version.as_str())),
        ("whether AWS was simulated".to_owned(), Value::from(manifest.simulated)),
        ("the organization".to_owned(), Value::from(manifest.organization.as_deref())),
        (
            "the management account".to_owned(),
            Value::from(manifest.management_account.as_ref().map(AccountId::as_str)),
        ),
        ("the account of the caller".to_owned(), Value::from(manifest.caller.account.as_str())),
        ("the scan spec".to_owned(), Value::from(manifest.spec.sha256.as_str())),
    ]);
    let delegated = serde_json::to_value(&manifest.delegated_administrators).unwrap_or_default();
    identity.insert("the delegated administrators".to_owned(), delegated);
    let count = manifest.settings.shard.map(|shard| shard.count);
    identity.insert("the number of shards".to_owned(), Value::from(count));
    if let Ok(Value::Object(settings)) = serde_json::to_value(&manifest.settings) {
        let shared =
            settings.into_iter().filter(|(name, _)| !matches!(name.as_str(), "shard" | "bucket_folder"));
        identity.extend(shared.map(|(name, value)| (format!("the setting `{name}`"), value)));
    }
    identity
}

//! Merges the shards of a run into the run that a single process would have written.
//!
//! Files are read in sequence, and ledgers line by line: only the list of accounts is held in memory.

mod accounts;
mod check;
mod error;
mod ledger;
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::layout::RunFolder;
use super::manifest::{Manifest, ManifestTotals, RunState};
use super::reader::Results;
use crate::aws::organization::UnknownDetail;
use crate::plan::Shard;
use crate::util::atomic_file;
use crate::util::new_file::unfinished_folder;
pub use error::MergeError;

/// A shard that has been scanned.
#[derive(Debug)]
struct ScannedShard {
    folder: RunFolder,
    manifest: Manifest,
    shard: Shard,
}

/// The shards of one run.
#[derive(Debug)]
pub struct Merge {
    /// The shards in the order of their numbers; at least one.
    shards: Vec<ScannedShard>,
    missing: Vec<Shard>,
    superseded: Vec<PathBuf>,
}

impl Merge {
    /// Reads the manifests of shards and checks that they belong together. A folder that contains the folders of
    /// shards stands for all of them. With `partial`, shards may be missing.
    ///
    /// An unfinished attempt is ignored if another attempt of the same shard finished.
    pub fn of(folders: &[PathBuf], partial: bool) -> Result<Self, MergeError> {
        let mut merge = check::read(folders)?;
        if !partial && !merge.missing.is_empty() {
            return Err(MergeError::Missing(merge.missing));
        }
        check::same_run(&merge.shards)?;
        merge.shards.sort_by_key(|scanned| scanned.shard);
        Ok(merge)
    }

    /// Returns the missing shards.
    #[must_use]
    pub fn missing(&self) -> &[Shard] {
        &self.missing
    }

    /// Returns the attempts that are ignored, because another attempt of their shard finished.
    #[must_use]
    pub fn superseded(&self) -> &[PathBuf] {
        &self.superseded
    }

    /// Writes the run to a folder that must not exist yet; the folder gets its name when it is complete.
    pub fn write(&self, to: &Path) -> Result<Manifest, MergeError> {
        let writing = |cause| MergeError::Unwritable(to.to_owned(), cause);
        if fs::symlink_metadata(to).is_ok() {
            return Err(MergeError::Exists(to.to_owned()));
        }
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unfinished = unfinished_beside(parent).map_err(writing)?;
        let run = RunFolder::for_run(unfinished.path());

        let counted = ledger::join(&self.shards, &run)?;
        for scanned in &self.shards {
            verify(scanned)?;
            tree::link(scanned, &run)?;
        }
        let accounts = accounts::join(&self.shards, &run)?;
        join_logs(&self.shards, &run).map_err(writing)?;
        let manifest = self.manifest(counted, accounts).ok_or_else(|| MergeError::Missing(Vec::new()))?;
        manifest.write(&run.manifest()).map_err(writing)?;
        fs::rename(unfinished.path(), to).map_err(writing)?;
        let _ = unfinished.keep();
        Ok(manifest)
    }

    /// Returns the manifest of the whole run: the settings that the shards share, and the sums of their counts.
    fn manifest(&self, counted: ledger::LineCounts, accounts: u64) -> Option<Manifest> {
        let sum =
            |part: fn(&ManifestTotals) -> u64| self.shards.iter().map(|its| part(&its.manifest.totals)).sum();
        let mut manifest = self.shards.first()?.manifest.clone();
        manifest.settings.shard = None;
        manifest.settings.bucket_folder = None;
        manifest.missing_shards.clone_from(&self.missing);
        manifest.unknown_account_details = self.unknown_account_details();
        // A run with missing accounts can be resumed, which scans them.
        manifest.state = if self.missing.is_empty() { RunState::Finished } else { RunState::Interrupted };
        manifest.started = self.shards.iter().map(|its| its.manifest.started).min()?;
        manifest.finished = self.shards.iter().filter_map(|its| its.manifest.finished).max();
        let mut accounts_by_access = BTreeMap::new();
        for (access, count) in self.shards.iter().flat_map(|its| &its.manifest.totals.accounts_by_access) {
            *accounts_by_access.entry(access.clone()).or_default() += count;
        }
        manifest.totals = ManifestTotals {
            accounts,
            accounts_scanned: sum(|totals| totals.accounts_scanned),
            accounts_by_access,
            lines: counted.lines,
            calls: counted.calls,
            unfinished: 0,
            requests: sum(|totals| totals.requests),
            items: sum(|totals| totals.items),
            redacted: sum(|totals| totals.redacted),
            secrets: sum(|totals| totals.secrets),
            incomplete: Some(counted.gaps.calls),
            accepted: counted.gaps.accepted_calls(),
            bytes: Some(counted.bytes),
        };
        Some(manifest)
    }

    /// Returns the details of accounts that any of the shards could not look up, each with its first cause.
    fn unknown_account_details(&self) -> Vec<UnknownDetail> {
        let all = self.shards.iter().flat_map(|shard| &shard.manifest.unknown_account_details);
        let by_field: BTreeMap<_, _> = all.rev().map(|detail| (detail.field, detail)).collect();
        by_field.into_values().cloned().collect()
    }
}

/// Checks that a shard has every result that its ledger lists.
fn verify(scanned: &ScannedShard) -> Result<(), MergeError> {
    let folder = scanned.folder.path();
    let results = Results::open(folder).and_then(|results| results.verify());
    results.map_err(|error| MergeError::Incomplete(folder.to_owned(), error))
}

/// Creates a temporary folder, which is renamed when it is complete.
fn unfinished_beside(parent: &Path) -> io::Result<TempDir> {
    atomic_file::create_folder(parent)?;
    unfinished_folder(parent)
}

/// Joins the logs in the order of the shards.
fn join_logs(shards: &[ScannedShard], run: &RunFolder) -> io::Result<()> {
    let mut log = atomic_file::append_to(&run.log())?;
    for scanned in shards {
        match atomic_file::open_to_read(&scanned.folder.log()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            its => drop(io::copy(&mut its?, &mut log)?),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;

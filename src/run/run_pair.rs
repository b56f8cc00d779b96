//! Finds two runs to compare: the last two of the same kind, or a run and the one before it.
//!
//! Only folders that are certainly runs are considered. Runs are compared with each other by what they scanned, and
//! not by the names of their folders: unlike a removal, a comparison destroys nothing if the user named them freely.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::layout::RunFolder;
use super::lock::ReadLock;
use super::manifest::{Manifest, ManifestError, RunState};
use super::run_kind::{has_results, is_same_kind};
use super::run_list::{each_folder, folder_of};

/// The maximum number of skipped runs in a message.
const SHOWN: usize = 5;

/// Two runs of the same kind.
#[derive(Debug)]
pub struct RunPair {
    /// The earlier run.
    pub old: PathBuf,
    /// The later run.
    pub new: PathBuf,
    /// The runs after the earlier one that were skipped, the newest first.
    pub skipped: Vec<SkippedRun>,
}

/// A run that is not compared.
#[derive(Debug)]
pub struct SkippedRun {
    /// The folder of the run.
    pub path: PathBuf,
    /// The reason.
    pub reason: UnpairedReason,
    /// When the run started, if that is known.
    started: Option<DateTime<Utc>>,
}

/// Why a run is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnpairedReason {
    /// It is running, or was interrupted.
    Unfinished,
    /// None of its calls succeeded.
    WithoutResults,
    /// Another process removes it.
    BeingRemoved,
    /// Its manifest is damaged, or was written by another version.
    Unreadable,
    /// There is no other run of its kind.
    OnlyOfItsKind,
}

/// The reason why there are no two runs to compare.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// The folder cannot be listed.
    #[error("cannot list the runs in {0}: {1}")]
    Folder(PathBuf, io::Error),
    /// There are no two finished runs of the same kind.
    #[error("{0} has no two finished runs of the same kind{skipped}", skipped = listed(.1))]
    TooFew(PathBuf, Vec<SkippedRun>),
    /// There is no finished run of the same kind before the given one.
    #[error("there is no finished run of the same kind before {0}{skipped}", skipped = listed(.1))]
    NoneBefore(PathBuf, Vec<SkippedRun>),
    /// The given run cannot be read.
    #[error("{0}: {1}")]
    Run(PathBuf, ManifestError),
}

/// A finished run with results.
struct PairCandidate {
    path: PathBuf,
    started: DateTime<Utc>,
}

/// The runs in a folder, the newest first.
struct RunList {
    finished: Vec<PairCandidate>,
    skipped: Vec<SkippedRun>,
}

impl RunPair {
    /// Returns the last two finished runs of the same kind in a folder.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder has no two such runs.
    pub fn last_in(folder: &Path) -> Result<Self, PairError> {
        let RunList { finished, mut skipped } = RunList::read(folder)?;
        for (number, run) in finished.iter().enumerate() {
            let older = &finished[number + 1..];
            if let Some(old) = read(&run.path).and_then(|manifest| first_of_kind(older, &manifest)) {
                return Ok(Self::new(old, run.path.clone(), skipped));
            }
            skipped.push(SkippedRun {
                path: run.path.clone(),
                reason: UnpairedReason::OnlyOfItsKind,
                started: Some(run.started),
            });
        }
        Err(PairError::TooFew(folder.to_owned(), newest_first(skipped)))
    }

    /// Returns a run and the last finished one of the same kind that started before it, in the same folder.
    ///
    /// # Errors
    ///
    /// Returns an error if the path is not a run, or there is no such run before it.
    pub fn ending_with(run: &Path) -> Result<Self, PairError> {
        let found = RunFolder::for_run(run);
        let run = found.path();
        let unreadable = |error| PairError::Run(run.to_owned(), error);
        let manifest = Manifest::read(&run.join("manifest.json")).map_err(unreadable)?;
        // `latest` is a link, and `.` has no name: the folder is that of the run itself.
        let own = fs::canonicalize(run).map_err(|cause| unreadable(ManifestError::Damaged(cause)))?;
        let folder = folder_of(run, &own);
        let RunList { mut finished, skipped } = RunList::read(&folder)?;
        finished.retain(|other| {
            other.started <= manifest.started
                && fs::canonicalize(&other.path)
                    .is_ok_and(|path| path != own && (other.started, &path) < (manifest.started, &own))
        });
        let is_before = |skipped: &SkippedRun| {
            skipped.started.is_none_or(|started| started <= manifest.started)
                && fs::canonicalize(&skipped.path).is_ok_and(|path| path != own)
        };
        let skipped = skipped.into_iter().filter(is_before).collect();
        match first_of_kind(&finished, &manifest) {
            Some(old) => Ok(Self::new(old, run.to_owned(), skipped)),
            None => Err(PairError::NoneBefore(run.to_owned(), newest_first(skipped))),
        }
    }

    /// Creates a pair; of the skipped runs, those after the old one matter.
    fn new(old: &PairCandidate, new: PathBuf, skipped: Vec<SkippedRun>) -> Self {
        let matters = |skipped: &SkippedRun| skipped.started.is_none_or(|started| started >= old.started);
        let skipped = newest_first(skipped.into_iter().filter(matters).collect());
        Self { old: old.path.clone(), new, skipped }
    }
}

impl RunList {
    fn read(folder: &Path) -> Result<Self, PairError> {
        let (mut finished, mut skipped) = (Vec::new(), Vec::new());
        each_folder(folder, &mut |path, manifest| {
            let (started, reason) = match manifest {
                Err(ManifestError::Missing) => return,
                Err(_) => (None, Some(UnpairedReason::Unreadable)),
                Ok(manifest) => (Some(manifest.started), reason_to_skip(&path, &manifest)),
            };
            match (started, reason) {
                (Some(started), None) => finished.push(PairCandidate { path, started }),
                (started, reason) => {
                    let reason = reason.unwrap_or(UnpairedReason::Unreadable);
                    skipped.push(SkippedRun { path, reason, started });
                }
            }
        })
        .map_err(|cause| PairError::Folder(folder.to_owned(), cause))?;
        finished.sort_by(|one, other| (other.started, &other.path).cmp(&(one.started, &one.path)));
        Ok(Self { finished, skipped })
    }
}

fn reason_to_skip(path: &Path, manifest: &Manifest) -> Option<UnpairedReason> {
    if manifest.state != RunState::Finished {
        return Some(UnpairedReason::Unfinished);
    }
    if !has_results(manifest) {
        return Some(UnpairedReason::WithoutResults);
    }
    match ReadLock::take(&path.join("manifest.json")) {
        Err(cause) if cause.kind() == io::ErrorKind::ResourceBusy => Some(UnpairedReason::BeingRemoved),
        _ => None,
    }
}

/// Returns the first run of the same kind. Manifests are read one by one: they contain the whole spec.
fn first_of_kind<'list>(runs: &'list [PairCandidate], manifest: &Manifest) -> Option<&'list PairCandidate> {
    runs.iter().find(|run| read(&run.path).is_some_and(|other| is_same_kind(&other, manifest)))
}

/// Returns the manifest of a run, unless it was removed in the meantime.
fn read(run: &Path) -> Option<Manifest> {
    Manifest::read(&run.join("manifest.json")).ok()
}

fn newest_first(mut skipped: Vec<SkippedRun>) -> Vec<SkippedRun> {
    skipped.sort_by(|one, other| (other.started, &other.path).cmp(&(one.started, &one.path)));
    skipped
}

/// Lists skipped runs for an error message.
fn listed(skipped: &[SkippedRun]) -> String {
    if skipped.is_empty() {
        return String::new();
    }
    let shown = skipped.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let more = if skipped.len() > SHOWN { ", …" } else { "" };
    format!("; skipped: {shown}{more}")
}

impl fmt::Display for SkippedRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            UnpairedReason::Unfinished => "not finished",
            UnpairedReason::WithoutResults => "no call succeeded",
            UnpairedReason::BeingRemoved => "being removed by another process",
            UnpairedReason::Unreadable => "unreadable manifest",
            UnpairedReason::OnlyOfItsKind => "no other run of its kind",
        };
        write!(formatter, "{} ({reason})", self.path.display())
    }
}

#[cfg(test)]
mod tests;

//! The runs in a folder for results, with the facts of a list.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::layout::RunFolder;
use super::lock::RunLock;
use super::manifest::{Manifest, ManifestError, RunState};
use super::run_list::each_folder;
use crate::plan::Shard;

/// A run in a folder for results.
#[derive(Debug, Serialize)]
pub(crate) struct ListedRun {
    /// The folder of the run.
    pub(crate) folder: PathBuf,
    /// Its state.
    pub(crate) state: ListedState,
    /// What the manifest has; `None` if it cannot be read.
    #[serde(flatten)]
    pub(crate) facts: Option<ListedFacts>,
    /// Why the manifest cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// The facts of a run in a list.
#[derive(Debug, Serialize)]
pub(crate) struct ListedFacts {
    /// When the run started.
    pub(crate) started: DateTime<Utc>,
    /// When it ended.
    pub(crate) finished: Option<DateTime<Utc>>,
    /// The source of the spec.
    pub(crate) spec: String,
    /// The SHA-256 of the spec: specs of the same name can differ.
    pub(crate) spec_sha256: String,
    /// Whether AWS was simulated.
    pub(crate) simulated: bool,
    /// The part of the organization that was scanned.
    pub(crate) shard: Option<Shard>,
    /// Accounts that were scanned.
    pub(crate) accounts: u64,
    /// Items in the responses; `None` until the run ends. Resources are counted by exports and reports.
    pub(crate) items: Option<u64>,
    /// Calls that were denied or failed, without accepted ones; `None` until the run ends.
    pub(crate) gaps: Option<u64>,
    /// Calls whose failure is accepted.
    pub(crate) accepted: u64,
    /// The size of results, ledger and the other files of the run in bytes; `None` if the manifest has no size of the
    /// results.
    pub(crate) bytes: Option<u64>,
}

/// The state of a run in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListedState {
    /// Every planned call has its line in the ledger.
    Finished,
    /// A process works on it.
    Running,
    /// It was stopped or killed, and can be resumed.
    Interrupted,
    /// Its manifest is damaged, or was written by another version.
    Unreadable,
}

impl ListedState {
    /// Returns the word in lists.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Unreadable => "unreadable",
        }
    }
}

impl ListedRun {
    /// Returns the runs in a folder for results, the oldest first, and the shards in the folders of their runs.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder cannot be listed.
    pub(crate) fn all_in(folder: &Path) -> io::Result<Vec<Self>> {
        let (mut runs, mut further) = (Vec::new(), Vec::new());
        each_folder(folder, &mut |path, manifest| match manifest {
            Err(ManifestError::Missing) => further.push(path),
            manifest => runs.push(Self::new(path, manifest)),
        })?;
        for folder in further {
            // A folder that cannot be listed is not one of this program.
            let _ = each_folder(&folder, &mut |path, manifest| match manifest {
                Ok(manifest) if manifest.settings.shard.is_some() => runs.push(Self::new(path, Ok(manifest))),
                _ => {}
            });
        }
        let started = |run: &Self| run.facts.as_ref().map(|facts| facts.started);
        runs.sort_by(|one, other| (started(one), &one.folder).cmp(&(started(other), &other.folder)));
        Ok(runs)
    }

    /// Returns whether it has finished.
    #[cfg(feature = "sqlite")]
    pub(crate) fn is_finished(&self) -> bool {
        self.state == ListedState::Finished
    }

    fn new(folder: PathBuf, manifest: Result<Manifest, ManifestError>) -> Self {
        match manifest {
            Err(error) => {
                let error = Some(error.to_string());
                Self { folder, state: ListedState::Unreadable, facts: None, error }
            }
            Ok(manifest) => {
                let run = RunFolder::for_run(&folder);
                let state = match manifest.state {
                    RunState::Finished => ListedState::Finished,
                    _ if RunLock::is_held(&run.lock()) => ListedState::Running,
                    _ => ListedState::Interrupted,
                };
                let facts = Some(ListedFacts::new(manifest, run.path()));
                Self { folder, state, facts, error: None }
            }
        }
    }
}

impl ListedFacts {
    fn new(manifest: Manifest, run: &Path) -> Self {
        let totals = &manifest.totals;
        let has_ended = manifest.finished.is_some();
        let results = totals.bytes.filter(|_| has_ended);
        Self {
            started: manifest.started,
            finished: manifest.finished,
            simulated: manifest.simulated,
            shard: manifest.settings.shard,
            accounts: totals.accounts_scanned,
            items: has_ended.then_some(totals.items),
            gaps: has_ended.then(|| totals.gaps()),
            accepted: totals.accepted,
            bytes: results.map(|results| results + own_files(run)),
            spec: manifest.spec.source,
            spec_sha256: manifest.spec.sha256,
        }
    }
}

/// Returns the size of the files in the folder of a run, without those of its accounts.
fn own_files(run: &Path) -> u64 {
    let entries = fs::read_dir(run).into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| entry.metadata().ok().filter(fs::Metadata::is_file));
    sizes.map(|found| found.len()).sum()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::samples::finished_run;
    use super::super::{RunFolder, RunLock, RunState, Status};
    use super::{ListedRun, ListedState};
    use crate::plan::Shard;

    #[test]
    fn runs_are_listed_by_their_start_with_what_is_known() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| output.path().join(name);
        let running = |state| move |run: &mut super::Manifest| (run.state, run.finished) = (state, None);
        finished_run(&path("c"), "2026-11-16T03:00:00Z", |run| {
            run.totals.calls = [(Status::Ok, 7), (Status::Denied, 2), (Status::Failed, 1)].into();
        });
        finished_run(&path("b"), "2026-11-17T03:00:00Z", |run| {
            (run.totals.incomplete, run.totals.bytes) = (Some(5), Some(1000));
        });
        finished_run(&path("a"), "2026-11-18T03:00:00Z", running(RunState::Running));
        finished_run(&path("killed"), "2026-11-19T03:00:00Z", running(RunState::Listing));
        let shard = Some(Shard { number: 1, count: 2 });
        finished_run(&path("night/shard-1-of-2"), "2026-11-20T03:00:00Z", |run| run.settings.shard = shard);
        finished_run(&path("merged/inner"), "2026-11-20T03:00:00Z", |_| {});
        fs::create_dir(path("damaged")).expect("a folder");
        fs::write(path("damaged/manifest.json"), "{").expect("writes");
        let lock = RunLock::take(&RunFolder::for_run(&path("a")).lock()).expect("takes the lock");
        let runs = ListedRun::all_in(output.path()).expect("lists");
        let found: Vec<(String, ListedState, Option<u64>)> = runs
            .iter()
            .map(|run| {
                let name = run.folder.strip_prefix(output.path()).expect("a path below");
                let gaps = run.facts.as_ref().and_then(|facts| facts.gaps);
                (name.display().to_string(), run.state, gaps)
            })
            .collect();
        let expected = [
            ("damaged", ListedState::Unreadable, None),
            ("c", ListedState::Finished, Some(3)),
            ("b", ListedState::Finished, Some(5)),
            ("a", ListedState::Running, None),
            ("killed", ListedState::Interrupted, None),
            ("night/shard-1-of-2", ListedState::Finished, Some(0)),
        ];
        assert_eq!(found, expected.map(|(name, state, gaps)| (name.to_owned(), state, gaps)));
        drop(lock);
        let size = |run: &ListedRun| run.facts.as_ref().and_then(|facts| facts.bytes);
        let manifest = fs::metadata(path("b/manifest.json")).expect("exists").len();
        assert_eq!((size(&runs[1]), size(&runs[2])), (None, Some(1000 + manifest)));
    }
}

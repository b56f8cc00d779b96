//! The other runs in the folder for results: one at a time, `latest`, and how many are kept.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use super::observer::Observer;
use super::settings::ScanSettings;
use super::settings::output::OutputTarget;
use super::storage_errors::cannot_begin;
use crate::error::Failure;
use crate::run::{LATEST, LockError, Manifest, RunFolder, RunLock, link_latest, prune};

/// Makes sure that no other scan writes into the same folder, as long as what comes back is held.
///
/// Shards of a run are scanned side by side, and results in a bucket are nobody's neighbours. At the
/// `beginning` nothing is made yet: where there is no folder, nobody writes into it.
pub(crate) fn alone(settings: &ScanSettings, beginning: bool) -> Result<Option<RunLock>, Failure> {
    let OutputTarget::Folder(folder) = &settings.output else { return Ok(None) };
    if beginning && !folder.is_dir() || settings.retention.allow_overlap || settings.shard.is_some() {
        return Ok(None);
    }
    match RunLock::take_below(folder) {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Held(process)) => {
            let process = process.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
            Err(Failure::usage(format!("another scan into {} is under way: {process}", folder.display()))
                .hint("wait for it to end, choose another folder with --output-dir, or give --allow-overlap"))
        }
        Err(LockError::Unwritable(cause)) => Err(cannot_begin(folder, cause)),
    }
}

/// What a run does to its neighbours when it has finished.
pub(crate) struct Afterwards {
    /// Whether it is a run by itself, in the folder for results.
    is_whole: bool,
    keep: Option<NonZeroUsize>,
    /// The name that it was to have.
    given_name: Option<String>,
    observer: Arc<dyn Observer>,
}

impl Afterwards {
    pub(crate) fn of(settings: &ScanSettings, observer: Arc<dyn Observer>) -> Self {
        let is_whole = settings.shard.is_none() && matches!(settings.output, OutputTarget::Folder(_));
        Self { is_whole, keep: settings.retention.keep, given_name: settings.run_name.clone(), observer }
    }

    /// Lets `latest` lead to the run, and removes those that are more than should be kept. When that
    /// fails, the run itself is no less complete.
    pub(crate) fn follow(&self, folder: &RunFolder) {
        if !self.is_whole {
            return;
        }
        if let Err(cause) = link_latest(folder) {
            let link = folder.path().with_file_name(LATEST);
            self.observer.warn(&format!("warning: {} does not lead to this run: {cause}", link.display()));
        }
        if let Some(keep) = self.keep {
            self.prune(folder, keep.get());
        }
    }

    fn prune(&self, folder: &RunFolder, keep: usize) {
        let pruned = Manifest::read(&folder.manifest())
            .map_err(std::io::Error::other)
            .and_then(|manifest| prune(folder, &manifest, self.given_name.as_deref(), keep));
        let parent = folder.path().parent().unwrap_or(Path::new("."));
        match pruned {
            Ok(pruned) => {
                for run in &pruned.removed {
                    tracing::info!(target: "scan::run", run = %run.display(), "older run removed");
                    self.observer.note(&format!("Removed {}, as --keep {keep} says", run.display()));
                }
                for (run, cause) in &pruned.failed {
                    self.observer.warn(&format!("warning: {} cannot be removed: {cause}", run.display()));
                }
            }
            Err(cause) => {
                self.observer
                    .warn(&format!("warning: older runs in {} cannot be removed: {cause}", parent.display()));
            }
        }
    }
}

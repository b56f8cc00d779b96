//! The locks of a run's folder and of the output folder, and the other runs there: the link `latest`, and `--keep`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::observer::Observer;
use super::settings::ScanSettings;
use super::settings::output::OutputTarget;
use super::storage_errors::{cannot_write_output, cannot_write_run};
use crate::error::Failure;
use crate::run::{LATEST, LockError, Manifest, RunFolder, RunLock, link_latest, prune};

/// The lock of the output folder. If the folder was created for the lock, and nothing was written to it, it is removed
/// with the lock.
#[derive(Debug, Default)]
pub(crate) struct OutputLock {
    lock: Option<RunLock>,
    created: Option<PathBuf>,
}

impl Drop for OutputLock {
    fn drop(&mut self) {
        drop(self.lock.take());
        if let Some(folder) = &self.created {
            // It fails for a folder with a run.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Locks the output folder against other scans, as long as the lock is held. The folder is created if it does not
/// exist, so that two scans cannot start in it at the same time.
///
/// There is no lock for shards, which run concurrently, and for results in a bucket.
pub(crate) fn lock_output(settings: &ScanSettings) -> Result<OutputLock, Failure> {
    let OutputTarget::Folder(folder) = &settings.output else { return Ok(OutputLock::default()) };
    if settings.retention.allow_overlap || settings.shard.is_some() {
        return Ok(OutputLock::default());
    }
    let created = (!folder.exists()).then(|| folder.clone());
    match RunLock::take_below(folder) {
        Ok(lock) => Ok(OutputLock { lock: Some(lock), created }),
        Err(LockError::Held(process)) => {
            let process = process.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
            Err(Failure::usage(format!("another scan is writing to {}: {process}", folder.display()))
                .hint("wait for it to end, choose another folder with --output-dir, or use --allow-overlap"))
        }
        Err(LockError::Unwritable(cause)) => Err(cannot_write_output(folder, cause)),
    }
}

/// Takes the lock of a run's folder.
pub(crate) fn lock(folder: &RunFolder) -> Result<RunLock, Failure> {
    let path = folder.path().display();
    RunLock::take(&folder.lock()).map_err(|error| match error {
        LockError::Held(process) => {
            let process = process.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
            Failure::usage(format!("{path} is locked by {process}"))
                .hint("wait for the process to end, or stop it, and then resume the run")
        }
        LockError::Unwritable(cause) => cannot_write_run(folder, &folder.lock(), cause),
    })
}

/// Updates `latest` and removes older runs after a run has finished.
pub(crate) struct Afterwards {
    /// Whether the run is not a shard, and in a folder.
    is_whole: bool,
    keep: Option<NonZeroUsize>,
    /// The name of the run's folder, if the user has chosen it.
    given_name: Option<String>,
    observer: Arc<dyn Observer>,
}

impl Afterwards {
    pub(crate) fn of(settings: &ScanSettings, observer: Arc<dyn Observer>) -> Self {
        let is_whole = settings.shard.is_none() && matches!(settings.output, OutputTarget::Folder(_));
        Self { is_whole, keep: settings.retention.keep, given_name: settings.run_name.clone(), observer }
    }

    /// Links `latest` to the run, and removes older runs. Failures are only warnings, because the run is complete.
    pub(crate) fn follow(&self, folder: &RunFolder) {
        // The run of witnesses is part of another run.
        let is_in_run =
            folder.path().parent().is_some_and(|above| RunFolder::for_run(above).manifest().exists());
        if !self.is_whole || is_in_run {
            return;
        }
        if let Err(cause) = link_latest(folder) {
            let link = folder.path().with_file_name(LATEST);
            self.observer.warn(&format!("warning: {} was not updated: {cause}", link.display()));
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
                    self.observer.note(&format!("Removed {} (--keep {keep})", run.display()));
                }
                for (run, cause) in &pruned.failed {
                    self.observer.warn(&format!("warning: cannot remove {}: {cause}", run.display()));
                }
            }
            Err(cause) => {
                self.observer
                    .warn(&format!("warning: cannot remove older runs in {}: {cause}", parent.display()));
            }
        }
    }
}

//! The finished run that `scan export`, `scan report` and similar verbs read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::console::warn;
use super::progress::{ProgressDisplay, ReadingProgress};
use super::run_choice::RunChoice;
use crate::app::catalog::open_catalog;
use crate::app::read_run::read_run;
use crate::error::Failure;
use crate::reports::resources::Resources;
use crate::run::{Manifest, RunState};
use crate::util::plural::plural;

/// The arguments that choose the run.
#[derive(Args, Debug)]
pub(super) struct RunArguments {
    #[command(flatten)]
    run: RunChoice,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,

    /// Show no progress bar
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
}

/// A run that is read.
pub(super) struct OpenRun {
    /// The folder of the run, under its own name.
    pub(super) path: PathBuf,
    /// The resources of the run.
    pub(super) resources: Resources,
}

impl RunArguments {
    /// Opens the run, and warns of its gaps.
    pub(super) fn open(&self) -> Result<OpenRun, Failure> {
        self.open_run(self.choose()?)
    }

    /// Returns the path of the run under its own name.
    pub(super) fn choose(&self) -> Result<PathBuf, Failure> {
        self.run.choose()
    }

    /// Opens the run in a folder with the same options, and warns of its gaps.
    pub(super) fn open_run(&self, path: PathBuf) -> Result<OpenRun, Failure> {
        let resources = open(&path, self.catalog.as_deref())?;
        Ok(OpenRun { path, resources })
    }

    /// Starts to show how much of the run is read, on a terminal and unless the user wants none.
    pub(super) fn progress(&self, resources: &Resources) -> Option<ReadingProgress> {
        if self.quiet { None } else { progress(resources) }
    }
}

impl OpenRun {
    /// Returns a path beside the run's folder: its name with a suffix.
    pub(super) fn sibling_path(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or(self.path.as_os_str()).to_owned();
        name.push(suffix);
        self.path.with_file_name(name)
    }
}

/// Starts to show how much of a run is read, on a terminal.
pub(super) fn progress(resources: &Resources) -> Option<ReadingProgress> {
    if ProgressDisplay::fitting() != ProgressDisplay::Bar {
        return None;
    }
    let results = resources.results();
    // Without the number of files, there is nothing to show; reading them reports the error.
    results.counts().expect_files(results.count_files().ok()?);
    Some(ReadingProgress::start(Arc::clone(results.counts())))
}

/// Returns the resources of a run, and warns of its gaps.
pub(super) fn open(run: &Path, catalog: Option<&Path>) -> Result<Resources, Failure> {
    open_with_gaps(run, catalog).map(|(resources, _)| resources)
}

/// Returns the resources of a run and the number of its gaps, and warns of them.
pub(super) fn open_with_gaps(run: &Path, catalog: Option<&Path>) -> Result<(Resources, u64), Failure> {
    let (resources, gaps) = read_run(run, &open_catalog(catalog)?)?;
    warn_of_gaps(resources.results().manifest(), run, gaps);
    Ok((resources, gaps))
}

/// Warns of gaps, which the resources alone do not show.
pub(super) fn warn_of_gaps(manifest: &Manifest, run: &Path, gaps: u64) {
    let run = run.display();
    if manifest.state != RunState::Finished {
        warn(format!(
            "warning: this run did not finish, and the results of its remaining calls are missing here; \
             run `scan resume {run}` to finish it"
        ));
    }
    if gaps > 0 {
        let (were, resources) =
            if gaps == 1 { ("was", "its resources") } else { ("were", "their resources") };
        warn(format!(
            "warning: {} of this run {were} denied or failed; {resources} are missing here, see \
             {run}/ledger.ndjson",
            plural(gaps, "call"),
        ));
    }
}

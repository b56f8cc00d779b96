//! A finished run that a verb reads: `scan export`, `scan report` and their like.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::warn;
use crate::app::catalog::open_catalog;
use crate::app::read_run::read_run;
use crate::error::Failure;
use crate::reports::resources::Resources;
use crate::run::{Manifest, RunState};
use crate::util::plural::plural;

/// Which run is read.
#[derive(Args, Debug)]
pub(super) struct RunArguments {
    /// Run directory: output/organization-<timestamp>
    #[arg(value_name = "FOLDER")]
    pub(super) run: PathBuf,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

impl RunArguments {
    /// The resources of the run. Warns of what the run did not see.
    pub(super) fn open(&self) -> Result<Resources, Failure> {
        open(&self.run, self.catalog.as_deref())
    }

    /// What the run is called: the name of its folder.
    pub(super) fn name(&self) -> String {
        self.run.file_name().unwrap_or(self.run.as_os_str()).to_string_lossy().into_owned()
    }

    /// A path beside the run's folder, called like it with a suffix.
    pub(super) fn sibling_path(&self, suffix: &str) -> PathBuf {
        let mut name = self.run.file_name().unwrap_or(self.run.as_os_str()).to_owned();
        name.push(suffix);
        self.run.with_file_name(name)
    }
}

/// The resources of a run. Warns of what the run did not see.
pub(super) fn open(run: &Path, catalog: Option<&Path>) -> Result<Resources, Failure> {
    let (resources, gaps) = read_run(run, &open_catalog(catalog)?)?;
    warn_of_gaps(resources.results().manifest(), run, gaps);
    Ok(resources)
}

/// What a run lacks, its resources do not say themselves.
fn warn_of_gaps(manifest: &Manifest, run: &Path, gaps: u64) {
    let run = run.display();
    if manifest.state != RunState::Finished {
        warn(format!(
            "warning: this run did not finish, and what it has not asked is missing here; \
             `scan resume {run}` finishes it"
        ));
    }
    if gaps > 0 {
        let (were, they) = if gaps == 1 { ("was", "it") } else { ("were", "they") };
        warn(format!(
            "warning: {} of this run {were} denied or failed; what {they} would have found is missing here, and \
             {run}/ledger.ndjson says which",
            plural(gaps, "call"),
        ));
    }
}

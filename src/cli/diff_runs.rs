//! The two runs of `scan diff`: those that the user names, or the last ones of the same kind.

use std::path::PathBuf;

use clap::Args;

use super::console::warn;
use super::run_choice::RunsFolder;
use crate::app::read_run::check_is_local;
use crate::error::Failure;
use crate::run::{PairError, RunPair};

/// The arguments that choose the two runs.
#[derive(Args, Debug)]
pub(super) struct DiffRuns {
    /// Baseline run directory [default: the last finished run of the same kind before NEW]
    #[arg(value_name = "OLD")]
    old: Option<PathBuf>,

    /// New run directory; a single directory is NEW [default: the last finished run]
    ///
    /// Two runs are of the same kind if they made the same calls in the same accounts and regions through the same
    /// role.
    #[arg(value_name = "NEW")]
    new: Option<PathBuf>,

    #[command(flatten)]
    runs: RunsFolder,
}

impl DiffRuns {
    /// Returns the old and the new run, and reports them if the user has not named both.
    pub(super) fn choose(&self) -> Result<[PathBuf; 2], Failure> {
        if let Some(run) = &self.old {
            self.runs.check_named(run)?;
        }
        let pair = match (&self.old, &self.new) {
            (Some(old), Some(new)) => return Ok([old.clone(), new.clone()]),
            // A single folder is the new run.
            (Some(new), None) | (None, Some(new)) => {
                RunPair::ending_with(new).map_err(|error| no_pair(&error))?
            }
            (None, None) => {
                check_is_local(self.runs.path())?;
                RunPair::last_in(self.runs.path()).map_err(|error| no_pair(&error))?
            }
        };
        for skipped in &pair.skipped {
            warn(format!("note: skipped {skipped}"));
        }
        warn(format!("Comparing {} (old) with {} (new)", pair.old.display(), pair.new.display()));
        Ok([pair.old, pair.new])
    }
}

fn no_pair(error: &PairError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        PairError::Folder(..) => {
            failure.hint("name the folder of the runs with --output-dir, or name two runs")
        }
        PairError::TooFew(..) => failure.hint("name two runs: scan diff <OLD> <NEW>"),
        PairError::NoneBefore(..) => failure.hint("name the older run as well: scan diff <OLD> <NEW>"),
        PairError::Run(..) => failure.hint("name the folder of a run, as in output/organization-<timestamp>"),
    }
}

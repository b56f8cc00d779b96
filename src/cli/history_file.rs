//! The file of a history, and its errors.

use std::path::PathBuf;

use clap::Args;

use super::run_choice::RunsFolder;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::history::{HistoryError, RunRejection};

/// The name of the history in the folder of the runs. It is not that of an export of any run.
pub(super) const NAME: &str = "history.db";

/// The option that names the file.
const STORE: &str = "--store";

/// The file of the history.
#[derive(Args, Clone, Debug)]
pub(super) struct HistoryFile {
    /// File of the history [default: history.db in the directory with the runs]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    store: Option<PathBuf>,

    #[command(flatten)]
    pub(super) runs: RunsFolder,
}

impl HistoryFile {
    /// Returns the path of the file.
    pub(super) fn path(&self) -> PathBuf {
        self.store.clone().unwrap_or_else(|| self.runs.path().join(NAME))
    }
}

/// Returns the failure of a history, with hints.
pub(super) fn failed(error: &HistoryError) -> Failure {
    match error {
        HistoryError::Missing(_) => failed_as(error, STORE)
            .hint("name the directory with the runs with --output-dir, or the file with --store"),
        error => failed_as(error, STORE),
    }
}

/// Returns the failure of a history that this option names, with hints.
pub(super) fn failed_as(error: &HistoryError, option: &str) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        HistoryError::Results(error) => unreadable(error),
        HistoryError::Missing(_) => failure.hint("add runs with `scan history add`"),
        HistoryError::NotAHistory(_) => failure.hint(format!("name another file with {option}")),
        HistoryError::OtherVersion(..) => failure
            .hint("use the version of scan that wrote it, or add the runs to another file with --store"),
        HistoryError::InUse(_) => failure.hint("wait until the other process has ended"),
        HistoryError::Rejected(_, reason) => failure.hint(hint(reason)),
        HistoryError::Damaged(_) => failure.hint("add the runs to another file with --store"),
        HistoryError::Unusable(..) | HistoryError::Sqlite(_) => Failure::internal(failure.to_string())
            .hint(format!("choose a writable path with {option}, on a disk with enough space")),
    }
}

fn hint(reason: &RunRejection) -> &'static str {
    match reason {
        RunRejection::Unfinished => "finish it with `scan resume`",
        RunRejection::Shard => "merge the shards with `scan merge`, and add the merged run",
        RunRejection::Older(_) => "add all runs to another file with --store, the oldest first",
        RunRejection::OtherOrganization(..) => "use one file for each organization, with --store",
    }
}

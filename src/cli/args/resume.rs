//! The arguments of `scan resume`.

use std::path::PathBuf;

use clap::Args;

use crate::app::settings::ResumeSettings;
use crate::cli::logging::LogArguments;
use crate::cli::options::bucket::BucketArguments;
use crate::cli::options::display::DisplayArguments;
use crate::cli::options::profiles::ProfileArguments;
use crate::error::Failure;

/// Resumes an interrupted run, or retries its failed calls.
#[derive(Args, Debug)]
pub(in crate::cli) struct ResumeArguments {
    /// Run directory (output/organization-<timestamp>), or its address in S3
    #[arg(value_name = "FOLDER")]
    pub(in crate::cli) run: PathBuf,

    /// Retry calls that were denied, throttled, unreachable, expired or failed
    #[arg(long, help_heading = "Input")]
    pub(in crate::cli) retry_failed: bool,

    /// Add the run to the history of its directory, history.db
    #[cfg_attr(feature = "sqlite", arg(long, help_heading = "Output"))]
    #[cfg_attr(not(feature = "sqlite"), arg(skip))]
    history: bool,

    #[command(flatten)]
    pub(in crate::cli) log: LogArguments,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    pub(in crate::cli) catalog: Option<PathBuf>,

    #[command(flatten)]
    pub(in crate::cli) profile_choice: ProfileArguments,

    #[command(flatten)]
    pub(in crate::cli) bucket: BucketArguments,

    #[command(flatten)]
    pub(in crate::cli) display: DisplayArguments,
}

impl ResumeArguments {
    /// Returns whether the run is added to a history when it has finished.
    pub(in crate::cli) fn adds_to_history(&self) -> bool {
        self.history
    }
}

impl TryFrom<ResumeArguments> for ResumeSettings {
    type Error = Failure;

    /// Returns the settings; an error for an expected account that is no account ID, or an invalid address.
    fn try_from(arguments: ResumeArguments) -> Result<Self, Failure> {
        let run = arguments.bucket.run(arguments.run)?;
        let settings = arguments.profile_choice.settings_for_run(run, arguments.catalog.as_deref())?;
        Ok(Self { retry_failed: arguments.retry_failed, ..settings })
    }
}

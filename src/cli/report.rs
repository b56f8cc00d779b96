//! `scan report`: writes an HTML report of a run.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::console::print_line;
use super::finished::RunArguments;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::html::{self, PageError};
use crate::util::plural::plural;

/// Writes a run as one HTML file that needs no network.
#[derive(Args, Debug)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    finished: RunArguments,

    /// Output file, which must not exist [default: <folder>.html, beside the run's folder]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    let resources = arguments.finished.open()?;
    let path = arguments.output.clone().unwrap_or_else(|| arguments.finished.sibling_path(".html"));
    let progress = arguments.finished.progress(&resources);
    let count = html::write(&resources, &arguments.finished.name(), &path).map_err(|error| failed(&error));
    drop(progress);
    let count = count?;
    print_line(format!("{}: {}", plural(count, "resource"), path.display()));
    Ok(ExitCode::SUCCESS)
}

fn failed(error: &PageError) -> Failure {
    match error {
        PageError::Results(error) => unreadable(error),
        PageError::Exists(_) => {
            Failure::usage(error.to_string()).hint("remove it, or choose another path with --output")
        }
        PageError::Unwritable(..) => Failure::internal(error.to_string())
            .hint("choose a writable path with --output, on a disk with enough space"),
    }
}

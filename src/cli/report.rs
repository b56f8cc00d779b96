//! `scan report`: writes an HTML report of a run.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::console::print_line;
use super::finished::RunArguments;
use super::output_path::ForceArgument;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::html::{self, PageError};
use crate::util::plural::plural;

/// Writes a run as one HTML file that needs no network.
#[derive(Args, Debug)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    finished: RunArguments,

    /// Output file [default: <run>.html, beside the run's folder]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    force: ForceArgument,
}

/// The suffix of the default output path.
pub(super) const SUFFIX: &str = ".html";

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    let run = arguments.finished.open()?;
    let path = arguments.output.clone().unwrap_or_else(|| run.sibling_path(SUFFIX));
    let progress = arguments.finished.progress(&run.resources);
    let count = arguments.force.write(&path, None, |path| {
        html::write(&run.resources, &run.name(), path).map_err(|error| failed(&error))
    });
    drop(progress);
    let count = count?;
    print_line(format!("{}: {}", plural(count, "resource"), path.display()));
    Ok(ExitCode::SUCCESS)
}

fn failed(error: &PageError) -> Failure {
    match error {
        PageError::Results(error) => unreadable(error),
        PageError::Exists(_) => Failure::usage(error.to_string())
            .hint("replace it with --force, or choose another path with --output"),
        PageError::Unwritable(..) => Failure::internal(error.to_string())
            .hint("choose a writable path with --output, on a disk with enough space"),
    }
}

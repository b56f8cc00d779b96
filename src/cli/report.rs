//! `scan report`: writes an HTML report of one or several runs.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::console::print_line;
use super::finished::{OpenRun, RunArguments};
use super::output_path::ForceArgument;
use super::run_choice::unique_names;
use crate::app::read_run::unreadable;
use crate::error::Failure;
use crate::reports::html::{self, PageError};
use crate::run::under_own_name;
use crate::util::plural::plural;

/// Writes runs as one HTML file that needs no network.
#[derive(Args, Debug)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    finished: RunArguments,

    /// Further run directories, for one report of several runs
    #[arg(value_name = "RUNS")]
    more: Vec<PathBuf>,

    /// Output file [default: <run>.html beside the run's folder, runs.html for several]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    force: ForceArgument,
}

/// The suffix of the default output path.
pub(super) const SUFFIX: &str = ".html";

/// The default name of a report of several runs.
const OF_SEVERAL: &str = "runs.html";

pub(super) fn run(arguments: &ReportArguments) -> Result<ExitCode, Failure> {
    let runs = arguments.open_runs()?;
    let paths: Vec<_> = runs.iter().map(|run| &*run.path).collect();
    let named: Vec<_> = unique_names(&paths).into_iter().zip(runs.iter().map(|run| &run.resources)).collect();
    let path = arguments.output.clone().unwrap_or_else(|| default_path(&runs));
    let start = |resources: &_| arguments.finished.progress(resources);
    let count = arguments
        .force
        .write(&path, None, |path| html::write(&named, path, start).map_err(|error| failed(&error)))?;
    print_line(format!("{}: {}", plural(count, "resource"), path.display()));
    Ok(ExitCode::SUCCESS)
}

impl ReportArguments {
    /// Opens the runs, and warns of their gaps.
    ///
    /// # Errors
    ///
    /// Returns an error if a run cannot be read, or is named twice.
    fn open_runs(&self) -> Result<Vec<OpenRun>, Failure> {
        let mut paths = vec![self.finished.choose()?];
        paths.extend(self.more.iter().map(|run| under_own_name(run)));
        check_each_once(&paths)?;
        paths.into_iter().map(|path| self.finished.open_run(path)).collect()
    }
}

/// Checks that no run is named twice, under whatever name.
fn check_each_once(paths: &[PathBuf]) -> Result<(), Failure> {
    let folders: Vec<PathBuf> =
        paths.iter().map(|path| fs::canonicalize(path).unwrap_or_else(|_| path.clone())).collect();
    let twice = folders.iter().enumerate().find(|(number, folder)| folders[..*number].contains(folder));
    match twice {
        None => Ok(()),
        Some((number, _)) => {
            Err(Failure::usage(format!("the run {} is named twice", paths[number].display()))
                .hint("name each run once"))
        }
    }
}

/// Returns the default output path: beside the folder of the only run, or of the first one.
fn default_path(runs: &[OpenRun]) -> PathBuf {
    match runs {
        [run] => run.sibling_path(SUFFIX),
        [first, ..] => first.path.with_file_name(OF_SEVERAL),
        [] => PathBuf::from(OF_SEVERAL),
    }
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

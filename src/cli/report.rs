//! `scan report`: writes an HTML report of one or several runs.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use maud::Markup;

use super::console::print_line;
#[cfg(feature = "sqlite")]
use super::console::warn;
use super::finished::{OpenRun, RunArguments};
#[cfg(feature = "sqlite")]
use super::history_file::failed_as;
use super::output_path::ForceArgument;
use super::run_choice::unique_names;
use crate::app::read_run::unreadable;
use crate::error::Failure;
#[cfg(feature = "sqlite")]
use crate::reports::history::{History, HistoryError};
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

    /// Show the trends of a history, such as output/history.db
    #[cfg(feature = "sqlite")]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    trends: Option<PathBuf>,

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
    let trends = arguments.trends(&runs)?;
    let paths: Vec<_> = runs.iter().map(|run| &*run.path).collect();
    let named: Vec<_> = unique_names(&paths).into_iter().zip(runs.iter().map(|run| &run.resources)).collect();
    let path = arguments.output.clone().unwrap_or_else(|| default_path(&runs));
    let start = |resources: &_| arguments.finished.progress(resources);
    let count = arguments.force.write(&path, None, |path| {
        html::write(&named, trends.as_ref(), path, start).map_err(|error| failed(&error))
    })?;
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

    /// Returns the trends of the history that the user names, and reports which of the runs it does not have.
    #[cfg(feature = "sqlite")]
    fn trends(&self, runs: &[OpenRun]) -> Result<Option<Markup>, Failure> {
        let Some(path) = &self.trends else { return Ok(None) };
        let unusable = |error: HistoryError| failed_as(&error, "--trends");
        let history = History::open(path).map_err(unusable)?;
        for OpenRun { path: run, resources } in runs {
            if !history.has(resources.results().manifest().started).map_err(unusable)? {
                let (path, run) = (path.display(), run.display());
                warn(format!(
                    "note: {path} does not have {run}; run `scan history add {run} --store {path}` to add it"
                ));
            }
        }
        Ok(Some(history.trends().map_err(unusable)?.section()))
    }

    /// Returns nothing: this build has no histories.
    #[cfg(not(feature = "sqlite"))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as in the build with histories")]
    fn trends(&self, _: &[OpenRun]) -> Result<Option<Markup>, Failure> {
        Ok(None)
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

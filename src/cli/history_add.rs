//! `scan history add`: adds finished runs to a history.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::console::{print_line, warn};
use super::finished;
use super::history_file::{HistoryFile, NAME, failed};
use super::run_choice::cannot_list;
use crate::app::catalog::open_catalog;
use crate::app::read_run::{check_is_local, read_run};
use crate::error::Failure;
use crate::model::catalog::Catalog;
use crate::reports::history::{AdditionCounts, History, HistoryError, RunRejection};
use crate::run::{ListedRun, Manifest, RunFolder, under_own_name};
use crate::util::plural::plural;

/// Adds finished runs to the history, the oldest first.
#[derive(Args, Debug)]
pub(super) struct HistoryAddArguments {
    /// Run directories [default: all finished runs in the directory that are not in the history]
    #[arg(value_name = "RUN")]
    named: Vec<PathBuf>,

    #[command(flatten)]
    file: HistoryFile,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,

    /// Show no progress bar
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
}

pub(super) fn run(arguments: &HistoryAddArguments) -> Result<ExitCode, Failure> {
    let catalog = open_catalog(arguments.catalog.as_deref())?;
    let are_named = !arguments.named.is_empty();
    let runs =
        if are_named { named_runs(&arguments.named)? } else { finished_runs(arguments.file.runs.path())? };
    let mut history = History::open_or_create(&arguments.file.path()).map_err(|error| failed(&error))?;
    for run in runs {
        match add(&mut history, &run, &catalog, !arguments.quiet) {
            Ok(Some(counts)) => print_line(format!("Added {}: {counts}", run.display())),
            Ok(None) if are_named => print_line(format!("{} is in the history already", run.display())),
            Ok(None) => {}
            Err(AddStop::Rejected(reason)) if !are_named => {
                warn(format!("note: skipped {}: {reason}", run.display()));
            }
            Err(AddStop::Rejected(reason)) => return Err(failed(&HistoryError::Rejected(run, reason))),
            Err(AddStop::Failure(failure)) => return Err(failure),
        }
    }
    let runs = history.count_runs().map_err(|error| failed(&error))?;
    print_line(format!("{} has {}", history.path().display(), plural(runs, "run")));
    Ok(ExitCode::SUCCESS)
}

/// Adds one run to the history in its folder, and returns what it changed; `None` if the history has it already.
pub(super) fn add_run(
    run: &Path,
    catalog: Option<&Path>,
    is_shown: bool,
) -> Result<Option<AdditionCounts>, Failure> {
    let store = run.with_file_name(NAME);
    let mut history = History::open_or_create(&store).map_err(|error| failed(&error))?;
    add(&mut history, run, &open_catalog(catalog)?, is_shown).map_err(|stop| match stop {
        AddStop::Rejected(reason) => failed(&HistoryError::Rejected(run.to_owned(), reason)),
        AddStop::Failure(failure) => failure,
    })
}

/// Why a run is not added.
enum AddStop {
    Rejected(RunRejection),
    Failure(Failure),
}

/// Returns the runs that the user names, under their own names.
fn named_runs(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    named.iter().try_for_each(|run| check_is_local(run))?;
    Ok(named.iter().map(|run| under_own_name(run)).collect())
}

/// Returns the finished runs in a folder, the oldest first.
fn finished_runs(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    check_is_local(folder)?;
    let runs = ListedRun::all_in(folder).map_err(|cause| cannot_list(folder, &cause))?;
    Ok(runs.into_iter().filter(ListedRun::is_finished).map(|run| run.folder).collect())
}

/// Adds a run, and returns what it changed; `None` if the history has it already.
fn add(
    history: &mut History,
    run: &Path,
    catalog: &Catalog,
    is_shown: bool,
) -> Result<Option<AdditionCounts>, AddStop> {
    let stopped = |error| match error {
        HistoryError::Rejected(_, reason) => AddStop::Rejected(reason),
        error => AddStop::Failure(failed(&error)),
    };
    // Most runs of a folder are in the history: their results need not be opened.
    if let Ok(manifest) = Manifest::read(&RunFolder::for_run(run).manifest())
        && history.has(manifest.started).map_err(stopped)?
    {
        if history.is_outdated(&manifest).map_err(stopped)? {
            let (run, store) = (run.display(), history.path().display());
            warn(format!(
                "note: {run} was resumed after it was added, and {store} has its earlier results; add all runs to \
                 another history with `scan history add --store <FILE>`"
            ));
        }
        return Ok(None);
    }
    let (resources, _) = read_run(run, catalog).map_err(AddStop::Failure)?;
    let _progress = is_shown.then(|| finished::progress(&resources)).flatten();
    history.add(&resources, run).map_err(stopped)
}

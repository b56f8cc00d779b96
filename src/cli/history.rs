//! `scan history`: what the runs of a history have seen.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::console::print_line;
use super::examples;
use super::history_add::{self, HistoryAddArguments};
use super::history_file::{HistoryFile, failed};
use super::options::form::{FormArguments, print_json};
use super::output_path::ForceArgument;
use super::text_table::aligned;
use crate::error::Failure;
use crate::reports::history::{History, HistoryOverview, HistoryRun, TypeHistory};
use crate::run::NewFileError;
use crate::util::plural::plural;

/// The most resources that a message lists.
const SHOWN: usize = 20;

/// Keeps and shows the history of all runs.
#[derive(Args, Debug)]
pub(super) struct HistoryArguments {
    #[command(subcommand)]
    command: Option<HistoryCommand>,

    /// ID, ARN, name or address of a resource [default: all runs, with the number of changes]
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    #[command(flatten)]
    file: HistoryFile,

    #[command(flatten)]
    form: FormArguments,

    /// Write a page with the trends of types and accounts to this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resource", "format", "json"], help_heading = "Output")]
    html: Option<PathBuf>,

    #[command(flatten)]
    force: ForceArgument,
}

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// Add finished runs to the history
    #[command(after_help = examples::HISTORY_ADD)]
    Add(HistoryAddArguments),
}

pub(super) fn run(arguments: HistoryArguments) -> Result<ExitCode, Failure> {
    if let Some(HistoryCommand::Add(arguments)) = arguments.command {
        return history_add::run(&arguments);
    }
    let history = History::open(&arguments.file.path()).map_err(|error| failed(&error))?;
    if let Some(path) = &arguments.html {
        let trends = history.trends().map_err(|error| failed(&error))?;
        arguments.force.write(path, None, |path| trends.write(path).map_err(|error| not_written(&error)))?;
        print_line(path.display().to_string());
        return Ok(ExitCode::SUCCESS);
    }
    let is_json = arguments.form.is_json();
    if let Some(text) = &arguments.resource {
        show_life(&history, text, is_json)?;
    } else {
        show_overview(&history.overview().map_err(|error| failed(&error))?, is_json)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show_life(history: &History, text: &str, is_json: bool) -> Result<(), Failure> {
    let mut found = history.find(text).map_err(|error| failed(&error))?;
    let path = history.path().display();
    let resource = match (found.pop(), found.len()) {
        (None, _) => {
            return Err(Failure::usage(format!("no run of {path} has seen a resource `{text}`")).hint(format!(
                "list the resources with `scan query {path} \"SELECT type, id, arn, name FROM resources\"`"
            )));
        }
        (Some(resource), 0) => resource,
        (Some(last), others) => {
            found.push(last);
            let failure = Failure::usage(format!("{} are called `{text}`", plural(others + 1, "resource")));
            let lines = found.iter().take(SHOWN).map(|resource| {
                let label = resource.arn.as_ref().or(resource.id.as_ref()).cloned().unwrap_or_default();
                format!("use `{label}` for {}", resource.line())
            });
            return Err(lines.fold(failure, Failure::hint));
        }
    };
    let life = history.life(resource).map_err(|error| failed(&error))?;
    if is_json {
        print_json(&life)
    } else {
        print_line(life.text());
        Ok(())
    }
}

fn show_overview(overview: &HistoryOverview, is_json: bool) -> Result<(), Failure> {
    if is_json {
        return print_json(overview);
    }
    let mut runs = vec![
        ["run", "started (UTC)", "resources", "added", "removed", "changed", "unknown"].map(str::to_owned),
    ];
    runs.extend(overview.runs.iter().map(run_row));
    let mut types = vec![["type", "first", "last", "added", "removed", "changed"].map(str::to_owned)];
    types.extend(overview.types.iter().map(type_row));
    print_line(format!("{}\n\n{}", aligned(&runs, 2..7), aligned(&types, 1..6)));
    Ok(())
}

fn run_row(run: &HistoryRun) -> [String; 7] {
    let HistoryRun { name, resources, added, removed, changed, unknown, .. } = run;
    let [resources, added, removed, changed, unknown] =
        [resources, added, removed, changed, unknown].map(ToString::to_string);
    [name.clone(), run.started_minute(), resources, added, removed, changed, unknown]
}

fn type_row(counts: &TypeHistory) -> [String; 6] {
    let TypeHistory { type_name, first, last, added, removed, changed } = counts;
    let [first, last, added, removed, changed] =
        [first, last, added, removed, changed].map(ToString::to_string);
    [type_name.clone(), first, last, added, removed, changed]
}

/// Returns the failure of a page that cannot be written.
fn not_written(error: &NewFileError) -> Failure {
    match error {
        NewFileError::Exists(_) => Failure::usage(error.to_string())
            .hint("replace it with --force, or choose another path with --html"),
        NewFileError::Unwritable(..) => Failure::internal(error.to_string())
            .hint("choose a writable path with --html, on a disk with enough space"),
    }
}

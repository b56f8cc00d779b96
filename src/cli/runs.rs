//! `scan runs`: lists the runs in a folder.

use std::process::ExitCode;

use clap::Args;
use indicatif::{BinaryBytes, HumanCount};

use super::console::print_line;
use super::options::form::{FormArguments, print_json};
use super::run_choice::{RunsFolder, cannot_list};
use super::text_table::aligned;
use crate::app::read_run::check_is_local;
use crate::error::Failure;
use crate::run::{ListedFacts, ListedRun};
use crate::util::plural::plural;

/// Lists the runs in a folder, the oldest first.
#[derive(Args, Debug)]
pub(super) struct RunsArguments {
    #[command(flatten)]
    runs: RunsFolder,

    #[command(flatten)]
    form: FormArguments,
}

/// The titles of the columns.
const TITLES: [&str; 8] = ["run", "started (UTC)", "state", "accounts", "items", "gaps", "size", "spec"];
/// The columns with numbers, which are aligned to the right.
const NUMBERS: std::ops::Range<usize> = 3..7;

pub(super) fn run(arguments: &RunsArguments) -> Result<ExitCode, Failure> {
    let folder = arguments.runs.path();
    check_is_local(folder)?;
    let runs = ListedRun::all_in(folder).map_err(|cause| cannot_list(folder, &cause))?;
    if arguments.form.is_json() {
        print_json(&runs)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !runs.is_empty() {
        print_line(table(&runs));
    }
    print_line(format!("{} in {}", plural(runs.len(), "run"), folder.display()));
    Ok(ExitCode::SUCCESS)
}

/// Returns the runs as a table.
fn table(runs: &[ListedRun]) -> String {
    let mut rows = vec![TITLES.map(str::to_owned)];
    rows.extend(runs.iter().map(row));
    aligned(&rows, NUMBERS)
}

fn row(run: &ListedRun) -> [String; 8] {
    let (name, state) = (run.folder.display().to_string(), run.state.as_str().to_owned());
    let Some(facts) = &run.facts else {
        let error = run.error.clone().unwrap_or_default();
        return [
            name,
            String::new(),
            state,
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            error,
        ];
    };
    let ListedFacts { started, accounts, items, gaps, accepted, bytes, spec, simulated, .. } = facts;
    let count =
        |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |count| HumanCount(count).to_string());
    [
        name,
        started.format("%Y-%m-%d %H:%M").to_string(),
        state,
        HumanCount(*accounts).to_string(),
        count(*items),
        match accepted {
            0 => count(*gaps),
            accepted => format!("{} + {accepted} accepted", count(*gaps)),
        },
        bytes.map_or_else(|| "?".to_owned(), |bytes| BinaryBytes(bytes).to_string()),
        if *simulated { format!("{spec} (simulated)") } else { spec.clone() },
    ]
}

//! `scan accept`: writes a file that accepts the gaps of a run.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;

use super::console::{print_line, warn};
use super::output_path::ForceArgument;
use super::run_choice::RunChoice;
use crate::app::accepted_gaps::propose;
use crate::error::Failure;
use crate::reports::summary::ProposedGap;
use crate::run::{NewFileError, write_new_file};
use crate::util::plural::plural;

/// Writes an entry for each cause of gaps in a run, for --accepted-gaps or a spec.
#[derive(Args, Debug)]
pub(super) struct AcceptArguments {
    #[command(flatten)]
    run: RunChoice,

    /// Reason of all entries [default: none, to be filled in for each]
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, help_heading = "Input")]
    reason: String,

    /// Last day on which the gaps are accepted, in UTC [default: no end]
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Input")]
    until: Option<NaiveDate>,

    /// Output file [default: standard output]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    force: ForceArgument,
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "it is not a date such as 2027-03-31".to_owned())
}

pub(super) fn run(arguments: &AcceptArguments) -> Result<ExitCode, Failure> {
    let run = arguments.run.choose()?;
    let entries = propose(&run, &arguments.reason, arguments.until)?;
    let text = serde_json::to_string_pretty(&entries)
        .map_err(|cause| Failure::internal("cannot write the entries as JSON").with_source(cause))?;
    match arguments.output.as_ref().filter(|path| path.as_os_str() != "-") {
        None => print_line(&text),
        Some(path) => {
            arguments.force.write(path, None, |path| {
                write_new_file(path, |file| {
                    writeln!(file, "{text}").map_err(|cause| NewFileError::Unwritable(path.to_owned(), cause))
                })
                .map_err(|error| failed(&error))
            })?;
            print_line(format!("{}: {}", plural(entries.len(), "entry"), path.display()));
        }
    }
    note(&entries);
    Ok(ExitCode::SUCCESS)
}

/// Notes what is left to do.
fn note(entries: &[ProposedGap]) {
    match entries.iter().filter(|entry| !entry.has_reason()).count() {
        _ if entries.is_empty() => warn("note: the run has no gaps"),
        0 => {}
        without => warn(format!(
            "note: fill in `reason` in {}: a scan rejects the file without it",
            plural(without, "entry")
        )),
    }
}

fn failed(error: &NewFileError) -> Failure {
    match error {
        NewFileError::Exists(_) => Failure::usage(error.to_string())
            .hint("replace it with --force, or choose another path with --output"),
        NewFileError::Unwritable(..) => {
            Failure::internal(error.to_string()).hint("choose a writable path with --output")
        }
    }
}

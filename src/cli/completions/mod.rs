//! `scan completions`: connects a shell with this program, which then completes what is typed.
//!
//! ```text
//! shell ─ _SCAN_COMPLETE=bash scan -- scan report ou ─► complete ─► candidates: output/organization-…
//! ```
//!
//! The script has no list of commands and options: the program has them, and also knows what is there at the moment,
//! such as runs and profiles. Nothing is sent to AWS, and neither `.env` nor `scan.toml` is read.

mod candidates;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use clap_complete::env::{CompleteEnv, Shells};

use super::Cli;
use super::console::warn;
use super::program_name::program_name;
use crate::error::Failure;
use candidates::with_candidates;

/// The variable with the name of the shell that wants a completion. It is none of the `SCAN_…` of options.
const VARIABLE: &str = "_SCAN_COMPLETE";

/// Prints the script that connects a shell with this program.
#[derive(Args, Debug)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let unknown = || Failure::usage(format!("{} has no completions", arguments.shell));
    let shell = arguments.shell.to_string();
    let shells = Shells::builtins();
    let shell = shells.completer(&shell).ok_or_else(unknown)?;
    let (name, mut script) = (program_name(), Vec::new());
    let written = shell.write_registration(VARIABLE, name, name, name, &mut script);
    match written.and_then(|()| io::stdout().write_all(&script)) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::internal("cannot write to standard output").with_source(cause))
        }
        _ => Ok(()),
    }
}

/// Completes a line for a shell; returns `None` if the program was started for anything else. Must be called before any
/// thread starts.
pub(super) fn complete() -> Option<ExitCode> {
    env::var_os(VARIABLE)?;
    let completed = CompleteEnv::with_factory(|| with_candidates(Cli::command()))
        .var(VARIABLE)
        .bin(program_name())
        .completer(program_name())
        .try_complete(env::args_os(), env::current_dir().ok().as_deref());
    match completed {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        Err(cause) => {
            warn(format!("error: cannot complete: {cause}"));
            Some(ExitCode::FAILURE)
        }
    }
}

//! `scan completions`: generates shell completions.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::Cli;
use super::program_name::program_name;
use crate::error::Failure;

/// Prints the completions of the command line for a shell.
#[derive(Args, Debug)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &CompletionsArguments) -> Result<(), Failure> {
    // Into memory first: the generator panics if the reader closed the pipe (`| head`).
    let mut script = Vec::new();
    generate(arguments.shell, &mut Cli::command(), program_name(), &mut script);
    match io::stdout().write_all(&script) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::internal("cannot write to standard output").with_source(cause))
        }
        _ => Ok(()),
    }
}

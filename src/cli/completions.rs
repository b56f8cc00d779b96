//! `scan completions`: what makes a shell complete this program's verbs and options.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::Cli;
use crate::error::Failure;

/// Prints what a shell completes this program's command line with.
#[derive(Args, Debug)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &CompletionsArguments) -> Result<(), Failure> {
    // Into memory first: the generator takes a reader who has gone away (`| head`) for a defect.
    let mut script = Vec::new();
    generate(arguments.shell, &mut Cli::command(), "scan", &mut script);
    match io::stdout().write_all(&script) {
        Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::internal("cannot write to standard output").with_source(cause))
        }
        _ => Ok(()),
    }
}

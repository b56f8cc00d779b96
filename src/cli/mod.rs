//! The command line: one file per verb, its arguments beside the code that uses them.

mod catalog;
mod console;
mod demo;
mod environment;
mod logging;
mod observer;
mod run;
mod scan;
mod services;
mod settings;
mod signals;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::{Failure, FailureKind};

/// Read-only inventory of whole AWS Organizations: any List, Describe or Get call, every account,
/// every region, nothing silently missing.
#[derive(Debug, Parser)]
#[command(name = "scan", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 complete; 2 wrong usage or spec; 3 no usable credentials, or the \
    organization cannot be read; 4 finished, but some calls were denied or failed; 130 interrupted; \
    1 internal error.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    scan: scan::ScanArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scan a simulated organization: no AWS account needed
    Demo(demo::DemoArguments),
    /// List the services of the catalog, or the functions of one
    Services(services::ServicesArguments),
    /// Build a catalog file
    Catalog(catalog::CatalogArguments),
}

/// Parses the command line, runs what it says and turns the outcome into an exit code.
#[must_use]
pub fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            let _ = writeln!(io::stderr().lock(), "error: {failure}");
            failure.exit_code()
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    environment::load()?;
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors to clap, and exit code 0.
            let _ = error.print();
            return Ok(if error.use_stderr() {
                ExitCode::from(FailureKind::Usage.code())
            } else {
                ExitCode::SUCCESS
            });
        }
    };
    match cli.command {
        None => scan::run(cli.scan),
        Some(Command::Demo(arguments)) => demo::run(arguments),
        Some(Command::Services(arguments)) => services::run(&arguments).map(|()| ExitCode::SUCCESS),
        Some(Command::Catalog(arguments)) => catalog::run(&arguments).map(|()| ExitCode::SUCCESS),
    }
}

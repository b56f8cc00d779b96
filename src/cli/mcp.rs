//! `scan mcp`: serves a run to programs and agents.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::console::warn;
use super::query_stop::QueryStop;
use super::run_choice::RunChoice;
use super::{kept_database, query, runtime};
use crate::app::catalog::open_catalog;
use crate::app::mcp::{RunTools, serve};
use crate::error::Failure;

/// Serves a run to programs and agents, in the Model Context Protocol.
#[derive(Args, Debug)]
pub(super) struct McpArguments {
    #[command(flatten)]
    run: RunChoice,

    /// Catalog file to use instead of the built-in one
    #[arg(long, env = "SCAN_CATALOG", value_name = "FILE", help_heading = "Input")]
    catalog: Option<PathBuf>,
}

pub(super) fn run(arguments: &McpArguments) -> Result<ExitCode, Failure> {
    let run = arguments.run.choose()?;
    let catalog = arguments.catalog.as_deref();
    let database = kept_database::open(&run, catalog).map_err(|stop| match stop {
        QueryStop::Query(error) => query::failed(&error),
        QueryStop::Failure(failure) => failure,
    })?;
    let tools = RunTools::new(database, run, open_catalog(catalog)?);
    if io::stdin().is_terminal() {
        warn("Waiting for a client of the Model Context Protocol on standard input; Ctrl-D ends");
    }
    runtime::runtime()?.block_on(serve(tools))?;
    Ok(ExitCode::SUCCESS)
}

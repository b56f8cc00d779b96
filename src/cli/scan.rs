//! `scan -s spec.json`: runs a scan.

use std::process::ExitCode;

use super::args::scan::ScanArguments;
use super::history_after::add_finished;
use super::plan::{self, PlanFormat};
use super::render_summary::report;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::aws_target::AwsTarget;
use crate::app::scan::run as run_scan;
use crate::error::Failure;

pub(super) fn run(arguments: ScanArguments, dry_run: bool) -> Result<ExitCode, Failure> {
    if dry_run {
        let terminal = Terminal::new(&arguments.run.display, None);
        return plan::start(&arguments.settings()?, None, PlanFormat::Text, &terminal);
    }
    let (display, log) = (arguments.run.display.clone(), arguments.run.log);
    let adds_to_history = arguments.run.retention.adds_to_history();
    let settings = arguments.settings()?;
    let catalog = settings.catalog.clone();
    let terminal = Terminal::new(&display, Some(log));
    // It is dropped in the end: closing the connections takes milliseconds, and the summary need not wait for that.
    let runtime = runtime()?;
    let finished = runtime.block_on(run_scan(settings, AwsTarget::Real, terminal.clone()))?;
    let outcome = report(&finished, &terminal)?;
    if adds_to_history {
        add_finished(&finished, catalog.as_deref(), &terminal)?;
    }
    Ok(outcome.exit_code().into())
}

//! `scan resume`: resumes a run that did not finish.

use std::process::ExitCode;

use super::args::resume::ResumeArguments;
use super::history_after::add_finished;
use super::render_summary::report;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::read_run::check_is_local;
use crate::app::resume::{Resumed, resume};
use crate::error::Failure;

pub(super) fn run(arguments: ResumeArguments) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&arguments.display, Some(arguments.log));
    let (adds_to_history, catalog) = (arguments.adds_to_history(), arguments.catalog.clone());
    if adds_to_history {
        check_is_local(&arguments.run)?;
    }
    let resumed = runtime()?.block_on(resume(&arguments.try_into()?, terminal.clone()))?;
    let (finished, outcome) = match resumed {
        Resumed::NothingLeft(finished) => {
            let outcome = finished.outcome();
            (finished, outcome)
        }
        Resumed::Finished(finished) => {
            let outcome = report(&finished, &terminal)?;
            (finished, outcome)
        }
    };
    if adds_to_history {
        add_finished(&finished, catalog.as_deref(), &terminal)?;
    }
    Ok(outcome.exit_code().into())
}

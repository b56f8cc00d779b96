//! `scan resume`: resumes a run that did not finish.

use std::process::ExitCode;

use super::args::resume::ResumeArguments;
use super::render_summary::report;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::resume::{Resumed, resume};
use crate::error::Failure;

pub(super) fn run(arguments: ResumeArguments) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(&arguments.display, Some(arguments.log));
    let outcome = match runtime()?.block_on(resume(&arguments.try_into()?, terminal.clone()))? {
        Resumed::NothingLeft(finished) => finished.outcome(),
        Resumed::Finished(finished) => report(&finished, &terminal)?,
    };
    Ok(outcome.exit_code().into())
}

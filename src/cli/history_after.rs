//! `--history`: adds a run to the history of its folder when it has finished.

use std::path::Path;

use super::terminal::Terminal;
use crate::app::FinishedRun;
use crate::error::Failure;

/// Adds a run to the history of the folder that it is in, unless the run was stopped.
///
/// # Errors
///
/// Returns an error if the run cannot be added. The run itself is complete.
#[cfg(feature = "sqlite")]
pub(super) fn add_finished(
    finished: &FinishedRun,
    catalog: Option<&Path>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    use super::history_add::add_run;
    use crate::app::observer::Observer;
    use crate::reports::summary::RunOutcome;

    if !matches!(finished.outcome(), RunOutcome::Complete | RunOutcome::Incomplete) {
        return Ok(());
    }
    let run = finished.location();
    match add_run(run, catalog, !terminal.display().is_quiet) {
        Ok(Some(counts)) => terminal.note(&format!("Added to the history: {counts}")),
        Ok(None) => {}
        Err(failure) => {
            let run = run.display();
            return Err(Failure::internal(format!("{run} is complete, but not in the history"))
                .with_source(failure)
                .hint(format!("fix the cause, and add it with `scan history add {run}`")));
        }
    }
    Ok(())
}

/// Does nothing: this build has no option for it.
#[cfg(not(feature = "sqlite"))]
#[expect(clippy::unnecessary_wraps, reason = "as in the build with histories")]
pub(super) fn add_finished(_: &FinishedRun, _: Option<&Path>, _: &Terminal) -> Result<(), Failure> {
    Ok(())
}

//! Prints the summary of a run, in the chosen format.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use super::console::{print_line, terminal_width, warn};
use super::options::display::{DisplaySettings, SummaryForm};
use super::terminal::Terminal;
use crate::app::FinishedRun;
use crate::app::observer::Observer;
use crate::error::Failure;
use crate::reports::summary::{RunOutcome, SummaryFacts};
use crate::util::terminal_text::printable;

/// The file whose text GitHub shows on the page of a job ("Adding a job summary", GitHub Actions
/// documentation).
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// The state of a run that was stopped.
const STOPPED: &str = "calls with a line in the ledger are complete, the others were not sent.";

/// Prints the summary, and how to finish a run that was stopped.
///
/// # Errors
///
/// Returns the failure that stopped the run, if the base credentials expired.
pub(super) fn report(finished: &FinishedRun, terminal: &Terminal) -> Result<RunOutcome, Failure> {
    render_summary(&finished.summary(), terminal.display());
    let outcome = finished.outcome();
    let place = finished.location().display();
    if let Some(failure) = finished.credentials_failure() {
        terminal.note(&format!("Stopped because the base credentials expired: {STOPPED}"));
        return Err(failure.duplicate().hint(format!("then finish the run: scan resume {place}")));
    }
    if outcome == RunOutcome::Interrupted {
        terminal.note(&format!("Stopped by a signal: {STOPPED}\nRun `scan resume {place}` to finish it."));
    }
    Ok(outcome)
}

fn render_summary(summary: &SummaryFacts<'_>, display: DisplaySettings) {
    match display.summary {
        SummaryForm::Text => print_line(summary.text(terminal_width())),
        SummaryForm::Markdown => print_line(summary.markdown()),
        SummaryForm::Json => match serde_json::to_string_pretty(summary) {
            Ok(json) => print_line(json),
            Err(cause) => warn(format!("cannot write the summary: {cause}")),
        },
        SummaryForm::None => {}
    }
    if display.is_quiet && summary.ending != RunOutcome::Complete {
        warn(summary.line());
    }
    if let Some(file) = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty()) {
        // The results are complete, so a missing summary on a page is only a warning.
        append(Path::new(&file), &summary.markdown()).unwrap_or_else(|cause| {
            warn(format!(
                "cannot add the summary to {} ({STEP_SUMMARY}): {cause}",
                Path::new(&file).display()
            ));
        });
    }
}

/// Appends to the file, which GitHub has created.
fn append(file: &Path, markdown: &str) -> io::Result<()> {
    OpenOptions::new().append(true).open(file)?.write_all(printable(markdown).as_bytes())
}

//! Says what a run came to, in the form that was asked for.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::console::{print_line, warn};
use crate::cli::options::display::{DisplaySettings, SummaryForm};
use crate::cli::query::terminal_width;
use crate::reports::summary::{Ending, SummaryFacts};
use crate::util::terminal_text::printable;

/// The file whose text GitHub shows on the page of a job ("Adding a job summary", GitHub Actions
/// documentation).
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Says what a run came to.
pub(super) fn render_summary(summary: &SummaryFacts<'_>, display: DisplaySettings) {
    match display.summary {
        SummaryForm::Text => print_line(summary.text(terminal_width())),
        SummaryForm::Markdown => print_line(summary.markdown()),
        SummaryForm::Json => match serde_json::to_string_pretty(summary) {
            Ok(json) => print_line(json),
            Err(cause) => warn(format!("the summary cannot be written: {cause}")),
        },
        SummaryForm::None => {}
    }
    if display.is_quiet && summary.ending != Ending::Complete {
        warn(summary.line());
    }
    if let Some(file) = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty()) {
        // The results are there; a page without them ends no run.
        append(Path::new(&file), &summary.markdown()).unwrap_or_else(|cause| {
            warn(format!(
                "the summary cannot be added to {}, which {STEP_SUMMARY} names: {cause}",
                Path::new(&file).display()
            ));
        });
    }
}

/// The file is there already, made by whoever named it.
fn append(file: &Path, markdown: &str) -> io::Result<()> {
    OpenOptions::new().append(true).open(file)?.write_all(printable(markdown).as_bytes())
}

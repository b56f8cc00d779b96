//! What is left in a mail: cron sends what a program writes on standard error, and a run that ends with
//! gaps has nothing else to say there.

use std::io::{IsTerminal, stderr};
use std::path::Path;

use crate::cli::console::warn;
use crate::failure::FailureKind;
use crate::report::Tally;

/// Says in one line that a run did not go as it should, where nobody watches.
pub(super) fn tell(what: impl AsRef<str>) {
    if !stderr().is_terminal() {
        warn(format!("scan: {}", what.as_ref()));
    }
}

/// What happened, the exit code, and where to look.
pub(super) fn incomplete(tally: &Tally, place: &Path) -> String {
    let (gaps, calls) = (tally.incomplete(), tally.calls());
    let (code, place) = (FailureKind::Incomplete.code(), place.display());
    format!(
        "{gaps} of {calls} calls were denied or failed (exit code {code}); {place}/ledger.ndjson says which"
    )
}

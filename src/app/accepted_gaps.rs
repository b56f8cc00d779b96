//! The gaps that a scan accepts: read before the scan, and checked against its gaps after it.

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};

use super::observer::Observer;
use super::read_run::unreadable;
use crate::error::Failure;
use crate::plan::Shard;
use crate::plan::spec::AcceptedGap;
use crate::reports::summary::{ProposedGap, RunTally};
use crate::run::{AcceptedCount, GapCounts, Results, ResultsError};

/// Reads a file of accepted gaps.
///
/// # Errors
///
/// Returns an error if the file cannot be read, or an entry in it is wrong.
pub(crate) fn read(file: &Path) -> Result<Vec<AcceptedGap>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|cause| {
        Failure::usage(format!("--accepted-gaps: cannot read {}", file.display())).with_source(cause)
    })?;
    AcceptedGap::parse(&text, &file.display().to_string()).map_err(|error| {
        Failure::from(error).hint("see the documentation of accepted gaps: each entry needs a reason")
    })
}

/// Returns entries that accept all gaps of a run, with this reason and last day.
///
/// # Errors
///
/// Returns an error if the run cannot be read.
pub(crate) fn propose(
    run: &Path,
    reason: &str,
    until: Option<NaiveDate>,
) -> Result<Vec<ProposedGap>, Failure> {
    let results = Results::open(run).map_err(|error| unreadable(&error))?;
    let mut tally = RunTally::of_run(results.manifest());
    results
        .each_record(&mut |record| tally.count(record))
        .map_err(|error: ResultsError| unreadable(&error))?;
    Ok(ProposedGap::all_of(&tally, results.manifest().totals.accounts_scanned, reason, until))
}

/// Warns of entries that no longer hold at the start of a run.
pub(crate) fn warn_of_expired(gaps: &[AcceptedGap], started: DateTime<Utc>, observer: &dyn Observer) {
    for gap in gaps.iter().filter(|gap| !gap.holds_at(started)) {
        let day = gap.until.map_or_else(String::new, |day| format!(" on {day}"));
        let AcceptedGap { entry, reason, .. } = gap;
        observer.warn(&format!(
            "warning: {entry} ({}) expired{day}: its gaps are not accepted; remove it, or set another date: {reason}",
            gap.described()
        ));
    }
}

/// Warns of entries that have accepted nothing in a finished run. One shard does not see the gaps of the others.
pub(crate) fn warn_of_unused(gaps: &GapCounts, shard: Option<Shard>, observer: &dyn Observer) {
    let entries = gaps.entries().filter(|(_, holds, count)| *holds && *count == AcceptedCount::default());
    for (gap, ..) in entries.filter(|_| shard.is_none()) {
        observer.warn(&format!(
            "warning: {} ({}) matches no gap of this run: remove it",
            gap.entry,
            gap.described()
        ));
    }
}

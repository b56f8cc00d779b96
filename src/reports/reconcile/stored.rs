//! The result of a comparison in the folder of the witnesses' run: a summary, and a line for each difference.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::answers::WitnessAnswer;
use super::difference::{DifferenceClass, WitnessDifference};
use super::type_counts::TypeCounts;
use crate::run::{Results, ResultsError, WITNESSES};
use crate::util::atomic_file;

const SUMMARY: &str = "reconciled.json";
const DIFFERENCES: &str = "differences.ndjson";

/// The result of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReconcileSummary {
    /// When the run finished that was compared: a run that was resumed since has to be compared again.
    pub(crate) run_finished: Option<DateTime<Utc>>,
    /// The witnesses, and how they responded.
    pub(crate) witnesses: Vec<WitnessAnswer>,
    /// The counts of all types.
    pub(crate) total: TypeCounts,
    /// The per cent of resources that run and witnesses both have.
    pub(crate) agreement_percent: Option<f64>,
    /// The counts of each type.
    pub(crate) types: BTreeMap<String, TypeCounts>,
    /// The first differences of each class.
    pub(crate) examples: BTreeMap<DifferenceClass, Vec<WitnessDifference>>,
}

impl ReconcileSummary {
    /// Returns whether a resource is missing that the run should have.
    #[must_use]
    pub(crate) fn has_missing(&self) -> bool {
        self.total.of(DifferenceClass::Missing) > 0
    }
}

/// Writes a comparison: `compare` passes each difference to a function, and returns the summary.
pub(super) fn write<E>(
    folder: &Path,
    compare: impl FnOnce(&mut dyn FnMut(&WitnessDifference) -> io::Result<()>) -> Result<ReconcileSummary, E>,
) -> Result<ReconcileSummary, E>
where
    E: From<io::Error>,
{
    let mut outcome = None;
    let (differences, summary) = (folder.join(DIFFERENCES), folder.join(SUMMARY));
    // A summary without its differences would be read.
    match std::fs::remove_file(&summary) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let written = atomic_file::write_file(&differences, |writer| {
        let found = compare(&mut |difference| {
            serde_json::to_writer(&mut *writer, difference)?;
            io::Write::write_all(writer, b"\n")
        });
        let failed = found.is_err();
        outcome = Some(found);
        if failed { Err(io::Error::other("the comparison failed")) } else { Ok(()) }
    });
    match outcome {
        Some(Ok(found)) => {
            written?;
            crate::run::write_json(&summary, &found)?;
            Ok(found)
        }
        Some(Err(error)) => Err(error),
        None => Err(written.err().unwrap_or_else(|| io::Error::other("nothing was compared")).into()),
    }
}

/// Reads the summary of the comparison of a run with witnesses; `None` if there is none, or the run was resumed since.
///
/// # Errors
///
/// Returns an error if the file is damaged.
pub(crate) fn read_summary(results: &Results) -> Result<Option<ReconcileSummary>, ResultsError> {
    let path = folder_of(results).join(SUMMARY);
    let text = match atomic_file::read(&path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        text => text.map_err(|cause| ResultsError::Unreadable(path.clone(), cause))?,
    };
    let summary: ReconcileSummary =
        serde_json::from_slice(&text).map_err(|cause| ResultsError::Damaged(path, cause.to_string()))?;
    Ok(Some(summary).filter(|summary| summary.run_finished == results.manifest().finished))
}

/// Passes the differences between a run and its witnesses to `take`, the most important classes first. There are none
/// without a comparison.
///
/// # Errors
///
/// Returns an error if the file is damaged, or that of `take`.
pub(crate) fn read_differences<E: From<ResultsError>>(
    results: &Results,
    take: &mut dyn FnMut(WitnessDifference) -> Result<(), E>,
) -> Result<(), E> {
    let Some(summary) = read_summary(results)? else { return Ok(()) };
    let path = folder_of(results).join(DIFFERENCES);
    // The file is read once for each class, so that it need not be sorted in memory.
    for class in
        DifferenceClass::ALL.into_iter().filter(|class| summary.total.differences.contains_key(class))
    {
        let unreadable = |cause| ResultsError::Unreadable(path.clone(), cause);
        let file: File = atomic_file::open_to_read(&path).map_err(unreadable)?;
        for line in BufReader::new(file).lines() {
            let line = line.map_err(unreadable)?;
            let difference: WitnessDifference = serde_json::from_str(&line)
                .map_err(|cause| ResultsError::Damaged(path.clone(), cause.to_string()))?;
            if difference.class == class {
                take(difference)?;
            }
        }
    }
    Ok(())
}

fn folder_of(results: &Results) -> PathBuf {
    results.path().join(WITNESSES)
}

//! The units of an account with pending calls, and their result files.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinError;

use super::call_outcome::NamedResult;
use super::context::{Engine, EngineError, RunContext};
use crate::names::{Region, ServiceName};
use crate::plan::{PlannedAccount, ServiceBatch};
use crate::run::ResultEntry;
use crate::util::defect::Defect;

/// A unit with pending calls.
pub(super) struct PendingUnit {
    pub(super) unit: ServiceBatch,
    /// The pending calls, as indices into the calls of the plan.
    pub(super) pending: Vec<usize>,
}

/// Returns the units with pending calls of an account with these regions.
pub(super) fn pending_units(
    engine: &Engine,
    account: &PlannedAccount,
    regions: &[Region],
) -> Vec<PendingUnit> {
    let units = engine.plan.units(regions).into_iter();
    let pending = units.map(|unit| {
        let pending = engine.recorded.pending(&account.id, &unit);
        PendingUnit { unit, pending }
    });
    pending.filter(|unit| !unit.pending.is_empty()).collect()
}

/// The length of files that are written on the thread of their calls, in bytes.
const SHORT_FILES: usize = 64 * 1024;

/// The length of each result in its file, in bytes.
pub(super) type ResultSizes = HashMap<(ServiceName, String), u64>;

/// Writes the files of a unit with the new results and the existing ones. Returns the size of each new result.
pub(super) async fn write_unit(
    shared: &Arc<RunContext>,
    account: &PlannedAccount,
    unit: PendingUnit,
    results: Vec<NamedResult>,
) -> Result<ResultSizes, EngineError> {
    let files = files(&shared.engine, &unit, results);
    if files.is_empty() {
        return Ok(ResultSizes::new());
    }
    let services: Vec<ServiceName> = files.iter().map(|(service, _)| service.clone()).collect();
    let place = unit.unit.place;
    let is_quick = !shared.disk.is_slow() && are_short(&files);
    let write = {
        let (shared, account, place) = (Arc::clone(shared), account.clone(), place.clone());
        move || {
            let started = Instant::now();
            let mut sizes = ResultSizes::new();
            for (service, members) in files {
                let written = shared.engine.sink.write(&account, &place, &service, members)?;
                sizes.extend(written.into_iter().map(|(name, size)| ((service.clone(), name), size)));
            }
            shared.disk.written_in(started.elapsed());
            Ok(sizes)
        }
    };
    let sizes = if is_quick { write() } else { tokio::task::spawn_blocking(write).await.map_err(died)? };
    let sizes = sizes.map_err(EngineError::Output)?;
    shared.engine.sink.flush_uploads(account, &place, &services).await.map_err(EngineError::Output)?;
    Ok(sizes)
}

/// Converts the error of a task that panicked or was cancelled.
pub(super) fn died(error: JoinError) -> EngineError {
    match error.try_into_panic() {
        Ok(panic) => EngineError::Defect(Defect::caught(&*panic)),
        Err(error) => EngineError::Task(error.to_string()),
    }
}

/// Returns whether files are so short that writing them on this thread does not delay other calls. Kept results are
/// read from files, whose length is not known.
fn are_short(files: &[File]) -> bool {
    let mut left = SHORT_FILES;
    files.iter().flat_map(|(_, members)| members).all(|(_, member)| match member {
        ResultEntry::Found(result) => result.fits(&mut left),
        ResultEntry::Kept => false,
        ResultEntry::Nothing => true,
    })
}

type File = (ServiceName, Vec<(String, ResultEntry)>);

/// Returns the content of each file of a unit, in the order of the spec. If the run is not resumed, names without a
/// result are omitted.
fn files(engine: &Engine, unit: &PendingUnit, results: Vec<NamedResult>) -> Vec<File> {
    let mut found: HashMap<_, _> =
        results.into_iter().map(|named| ((named.service, named.name), named.result)).collect();
    let mut files: Vec<File> = Vec::new();
    for index in &unit.unit.calls {
        for (name, function) in engine.plan.calls[*index].functions() {
            let (service, name) = (ServiceName::new(&*function.service().name), name.to_owned());
            let member = match found.remove(&(service.clone(), name.clone())) {
                Some(result) => ResultEntry::Found(Box::new(result)),
                None if !engine.recorded.is_resumed() => continue,
                None if unit.pending.contains(index) => ResultEntry::Nothing,
                None => ResultEntry::Kept,
            };
            match files.iter_mut().find(|(file, _)| *file == service) {
                Some((_, members)) => members.push((name, member)),
                None => files.push((service, vec![(name, member)])),
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{File, are_short};
    use crate::names::ServiceName;
    use crate::run::{CallResult, ResultEntry};

    fn file(members: Vec<ResultEntry>) -> File {
        let members = members.into_iter().map(|member| ("list".to_owned(), member)).collect();
        (ServiceName::new("sqs"), members)
    }

    fn found(value: Value) -> ResultEntry {
        ResultEntry::Found(Box::new(CallResult::Value(value)))
    }

    #[test]
    fn short_files_are_written_at_once() {
        let half = || found(json!(["x".repeat(40_000)]));
        assert!(are_short(&[file(vec![half(), ResultEntry::Nothing])]));
        assert!(!are_short(&[file(vec![half(), half()])]), "one long file");
        assert!(!are_short(&[file(vec![half()]), file(vec![half()])]), "two files");
        assert!(!are_short(&[file(vec![found(json!([])), ResultEntry::Kept])]), "of unknown length");
    }
}

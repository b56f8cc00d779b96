//! The units of an account with pending calls, and their result files.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinError;

use super::call_outcome::NamedResult;
use super::context::{Engine, EngineError, RunContext};
use crate::names::{Region, ServiceName};
use crate::plan::{Plan, PlannedAccount, RegionScope, ServiceBatch};
use crate::run::{ListPlace, UnitFile, UnitPlace};
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

/// The files of a unit, which take the results of its calls.
pub(super) struct UnitFiles {
    files: Vec<Arc<UnitFile>>,
    calls: Vec<CallMembers>,
    is_resumed: bool,
}

/// The places of the results of a call and its child calls: the indices of their files, and their numbers there.
struct CallMembers {
    /// The index of the call in the plan.
    call: usize,
    members: Vec<(usize, usize)>,
}

impl UnitFiles {
    /// Returns the files of a unit without results, with the names in the order of the spec.
    pub(super) fn new(engine: &Engine, account: &PlannedAccount, unit: &PendingUnit) -> Self {
        let place = UnitPlace {
            sink: Arc::clone(&engine.sink),
            account: account.clone(),
            place: unit.unit.place.clone(),
        };
        let place = Arc::new(place);
        let mut files: Vec<Arc<UnitFile>> = Vec::new();
        let mut calls = Vec::with_capacity(unit.unit.calls.len());
        for call in &unit.unit.calls {
            let is_pending = unit.pending.contains(call);
            let members = engine.plan.calls[*call].functions().map(|(name, function)| {
                let service = &*function.service().name;
                let file = files.iter().position(|file| file.service().as_str() == service);
                let file = file.unwrap_or_else(|| {
                    files.push(Arc::new(UnitFile::new(Arc::clone(&place), ServiceName::new(service))));
                    files.len() - 1
                });
                (file, files[file].add_member(name, is_pending))
            });
            calls.push(CallMembers { call: *call, members: members.collect() });
        }
        Self { files, calls, is_resumed: engine.recorded.is_resumed() }
    }

    /// Returns the place of the list of a call.
    pub(super) fn list_place(&self, call: usize) -> Option<Box<dyn ListPlace>> {
        let (file, member) = self.members(call).first()?;
        Some(self.files[*file].list_place(*member))
    }

    /// Takes the results of a call that has ended, and those of its child calls.
    pub(super) fn take(&self, plan: &Plan, call: usize, mut results: Vec<NamedResult>) -> io::Result<()> {
        for ((name, function), (file, member)) in plan.calls[call].functions().zip(self.members(call)) {
            let service = &*function.service().name;
            let found =
                results.iter().position(|found| found.name == name && found.service.as_str() == service);
            let result = found.map(|found| results.swap_remove(found).result);
            self.files[*file].take(*member, result, self.is_resumed)?;
        }
        Ok(())
    }

    fn members(&self, call: usize) -> &[(usize, usize)] {
        self.calls.iter().find(|members| members.call == call).map_or(&[], |members| &members.members)
    }

    /// Writes the files with the new results and the existing ones. Returns the size of each new result.
    pub(super) async fn write(
        self,
        shared: &Arc<RunContext>,
        account: &PlannedAccount,
        place: &RegionScope,
    ) -> Result<ResultSizes, EngineError> {
        let Self { mut files, .. } = self;
        files.retain(|file| file.has_results());
        if files.is_empty() {
            return Ok(ResultSizes::new());
        }
        let sink = &shared.engine.sink;
        for file in files.iter().filter(|file| file.keeps_results()) {
            let fetched = sink.fetch_earlier(account, place, file.service()).await;
            fetched.map_err(EngineError::Output)?;
        }
        let services: Vec<ServiceName> = files.iter().map(|file| file.service().clone()).collect();
        let mut left = SHORT_FILES;
        let is_quick = !shared.disk.is_slow() && files.iter().all(|file| file.fits(&mut left));
        let write = {
            let shared = Arc::clone(shared);
            move || {
                let started = Instant::now();
                let mut sizes = ResultSizes::new();
                for file in files {
                    let written = file.write()?;
                    sizes.extend(
                        written.into_iter().map(|(name, size)| ((file.service().clone(), name), size)),
                    );
                }
                shared.disk.written_in(started.elapsed());
                Ok(sizes)
            }
        };
        // Writing short files on this thread does not delay other calls.
        let sizes =
            if is_quick { write() } else { tokio::task::spawn_blocking(write).await.map_err(died)? };
        let sizes = sizes.map_err(EngineError::Output)?;
        sink.flush_uploads(account, place, &services).await.map_err(EngineError::Output)?;
        Ok(sizes)
    }
}

/// Converts the error of a task that panicked or was cancelled.
pub(super) fn died(error: JoinError) -> EngineError {
    match error.try_into_panic() {
        Ok(panic) => EngineError::Defect(Defect::caught(&*panic)),
        Err(error) => EngineError::Task(error.to_string()),
    }
}

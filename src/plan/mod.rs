//! The plan of a run: plain data, made without I/O from spec, accounts, regions and catalog.
//!
//! Dry run, policies, resume, shards and the engine all read the same plan. It is never spelled
//! out call by call: a million calls are a few thousand accounts times a handful of functions.

mod account;
mod call;
mod place;
mod regions;

use crate::names::{Region, ServiceName};
pub use account::PlannedAccount;
pub use call::{PlannedCall, SkippedCall};
pub use place::Place;
pub use regions::RegionChoice;

/// What a run will ask.
#[derive(Debug)]
pub struct Plan {
    /// The accounts that will be scanned.
    pub accounts: Vec<PlannedAccount>,
    /// The functions that will be called, in the spec's order.
    pub calls: Vec<PlannedCall>,
    /// The spec's entries that will not be called, and why.
    pub skipped: Vec<SkippedCall>,
    /// Which regions of an account are asked.
    pub regions: RegionChoice,
    /// The region that answers for the whole partition.
    pub global_region: Region,
}

/// All calls of one service in one account and place: one result file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The region, or the partition's single endpoint.
    pub place: Place,
    /// The service.
    pub service: ServiceName,
    /// Indices into [`Plan::calls`].
    pub calls: Vec<usize>,
}

impl Plan {
    /// The units of an account that has these regions enabled: place by place, services in the
    /// spec's order.
    #[must_use]
    pub fn units(&self, regions: &[Region]) -> Vec<Unit> {
        let places = std::iter::once(Place::Global).chain(regions.iter().cloned().map(Place::Region));
        let mut units: Vec<Unit> = Vec::new();
        for place in places {
            let first = units.len();
            for (index, call) in self.calls.iter().enumerate().filter(|(_, call)| call.is_asked_in(&place)) {
                let service = call.service();
                match units[first..].iter_mut().find(|unit| unit.service == service) {
                    Some(unit) => unit.calls.push(index),
                    None => units.push(Unit { place: place.clone(), service, calls: vec![index] }),
                }
            }
        }
        units
    }

    /// Whether any call needs to know an account's regions.
    #[must_use]
    pub fn needs_regions(&self) -> bool {
        self.calls.iter().any(PlannedCall::is_regional)
    }
}

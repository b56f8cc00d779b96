//! The plan of a run: plain data, made without I/O from spec, accounts, regions and catalog.
//!
//! Dry run, policies, resume, shards and the engine all read the same plan. It is never expanded into single
//! calls: a million calls are a few thousand accounts times a handful of functions.

mod added;
mod audience;
mod call;
mod look_ups;
pub mod policy;
pub mod redaction;
mod region_scope;
mod regions;
mod shard;
pub mod spec;
mod surroundings;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::names::{AccountId, Partition, Region, RegionPattern, ServiceName};
pub use added::added_parameters;
pub use audience::Audience;
pub use call::{PlannedCall, SkippedCall, Spread, is_spread};
pub use look_ups::LookUps;
pub use region_scope::RegionScope;
pub use regions::RegionChoice;
pub use shard::{Shard, ShardError};
use spec::PlaceholderValues;
pub use surroundings::Surroundings;

/// The calls of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The accounts that will be scanned.
    pub accounts: Vec<PlannedAccount>,
    /// The functions that will be called, in the spec's order.
    pub calls: Vec<PlannedCall>,
    /// The spec's entries that will not be called, with the reasons.
    pub skipped: Vec<SkippedCall>,
    /// The regions of an account that are scanned.
    pub regions: RegionChoice,
    /// The region whose endpoints serve the whole partition.
    pub global_region: Region,
    /// The partition of the accounts.
    pub partition: Partition,
    /// The start of the run, which stays the same if the run is resumed.
    pub started: DateTime<Utc>,
}

/// An account that will be scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAccount {
    /// The account id.
    pub id: AccountId,
    /// The account's name in the organization, if it has one.
    pub name: Option<String>,
    /// The regions to scan, if they are not those of the plan.
    pub regions: Option<RegionChoice>,
}

/// All calls of one service in one account and place: one result file. Services that are linked by child calls
/// share a unit, so that no file is written twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceBatch {
    /// The region, or the partition's single endpoint.
    pub place: RegionScope,
    /// The services, sorted.
    pub services: Vec<ServiceName>,
    /// Indices into [`Plan::calls`].
    pub calls: Vec<usize>,
}

impl Plan {
    /// Returns the units of an account that has these regions enabled: place by place, with the services in the
    /// spec's order.
    #[must_use]
    pub fn units(&self, regions: &[Region]) -> Vec<ServiceBatch> {
        let linked = self.linked_services();
        let places =
            std::iter::once(RegionScope::Global).chain(regions.iter().cloned().map(RegionScope::Region));
        let mut units: Vec<ServiceBatch> = Vec::new();
        for place in places {
            let first = units.len();
            for (index, call) in self.calls.iter().enumerate().filter(|(_, call)| call.is_asked_in(&place)) {
                let service = call.service();
                if let Some(unit) = units[first..].iter_mut().find(|unit| unit.services.contains(&service)) {
                    unit.calls.push(index);
                } else {
                    let group = linked.iter().find(|group| group.contains(&service));
                    let services =
                        group.map_or_else(|| vec![service], |group| group.iter().cloned().collect());
                    units.push(ServiceBatch { place: place.clone(), services, calls: vec![index] });
                }
            }
        }
        units
    }

    /// Returns groups of services whose results are found by the same calls.
    fn linked_services(&self) -> Vec<BTreeSet<ServiceName>> {
        let mut groups: Vec<BTreeSet<ServiceName>> = Vec::new();
        for call in &self.calls {
            let mut group: BTreeSet<_> =
                call.functions().map(|(_, function)| ServiceName::new(&*function.service().name)).collect();
            groups.retain(|other| {
                let apart = other.is_disjoint(&group);
                if !apart {
                    group.extend(other.iter().cloned());
                }
                apart
            });
            groups.push(group);
        }
        groups
    }

    /// Returns the minimum number of ledger lines for calls with these indices.
    pub fn count_calls<'plan>(&self, calls: impl IntoIterator<Item = &'plan usize>) -> u64 {
        calls.into_iter().map(|index| self.calls[*index].count() as u64).sum()
    }

    /// Returns the calls for which an account with these regions has no region, and the regions to report for
    /// each: those that the entry names, else those of the choice of regions. Calls without a region in every account are
    /// among the skipped ones.
    #[must_use]
    pub fn without_region(
        &self,
        account: &PlannedAccount,
        regions: &[Region],
    ) -> Vec<(usize, Vec<RegionPattern>)> {
        let calls = self.calls.iter().enumerate();
        let without = calls.filter(|(_, call)| {
            call.is_regional()
                && call.regions_among(regions).next().is_none()
                && !self.regions.rules_out(call)
        });
        without.map(|(index, call)| (index, self.regions_of(account).missed_by(call))).collect()
    }

    /// Returns the choice of regions for an account.
    #[must_use]
    pub fn regions_of<'plan>(&'plan self, account: &'plan PlannedAccount) -> &'plan RegionChoice {
        account.regions.as_ref().unwrap_or(&self.regions)
    }

    /// Returns the choice of regions for the accounts, with a look-up of regions if any account has one.
    #[must_use]
    pub fn widest_regions(&self) -> &RegionChoice {
        let own = self.accounts.iter().filter_map(|account| account.regions.as_ref());
        let mut choices = std::iter::once(&self.regions).chain(own);
        choices.find(|choice| matches!(choice, RegionChoice::Enabled { .. })).unwrap_or(&self.regions)
    }

    /// Returns skipped calls for those that have no region in any account.
    #[must_use]
    pub fn without_any_region(calls: &[PlannedCall], regions: &RegionChoice) -> Vec<SkippedCall> {
        let without = calls.iter().filter(|call| call.is_regional() && regions.rules_out(call));
        let lines = without.flat_map(|call| {
            let names: Vec<&str> = call.entry.regions.iter().flatten().map(RegionPattern::as_str).collect();
            let reason = format!("none of its regions ({}) is scanned", names.join(", "));
            call.functions().map(move |(_, function)| SkippedCall {
                service: function.service().name.to_string(),
                function: function.name().to_owned(),
                reason: reason.clone(),
                hint: None,
                account: None,
            })
        });
        lines.collect()
    }

    /// Returns whether anything is called in an account of any shard.
    #[must_use]
    pub fn calls_something(&self) -> bool {
        self.calls.iter().any(|call| !call.is_regional() || !self.regions.rules_out(call))
    }

    /// Returns whether anything is called in an account.
    #[must_use]
    pub fn is_called_in(&self, account: &AccountId) -> bool {
        self.calls.iter().any(|call| call.is_called_in(account))
    }

    /// Returns the values of placeholders in a call to `region` for an account.
    #[must_use]
    pub fn placeholders<'call>(
        &'call self,
        account: &'call AccountId,
        region: &'call Region,
    ) -> PlaceholderValues<'call> {
        PlaceholderValues { account, region, partition: &self.partition, now: self.started }
    }

    /// Returns the name of an account of the plan.
    #[must_use]
    pub fn account_name(&self, id: &AccountId) -> Option<&str> {
        self.accounts.iter().find(|account| account.id == *id)?.name.as_deref()
    }

    /// Returns whether any call needs an account's regions.
    #[must_use]
    pub fn needs_regions(&self) -> bool {
        self.calls.iter().any(PlannedCall::is_regional)
    }
}

#[cfg(test)]
mod tests;

//! Which kinds of resources a run has completely, by account and place.
//!
//! A reference leads to nothing only if the kind of what it names was listed completely where that would be.

use std::collections::HashMap;

use super::kinds::{KindId, LinkedKinds};
use crate::names::AccountId;
use crate::reports::resources::{ReportedCall, Resources};
use crate::run::{CallRecord, ResultsError, Status};

/// The place of resources that belong to no region.
pub(super) const GLOBAL: &str = "global";
/// The most places, which are bits; AWS has fewer regions.
const PLACES: usize = 128;

/// The kinds that a run has completely.
#[derive(Debug)]
pub(super) struct SeenKinds {
    accounts: HashMap<AccountId, usize>,
    places: Vec<String>,
    /// For each call and account, the places where its result is complete, as bits.
    complete: Vec<Vec<u128>>,
    /// The places of the run in which a call has a line, in any account.
    planned: Vec<u128>,
    /// The calls that list all resources of a kind, each with the calls that it depends on.
    lists: HashMap<KindId, Vec<Vec<usize>>>,
}

impl SeenKinds {
    /// Reads the ledger of a run.
    pub(super) fn read(resources: &Resources) -> Result<Self, ResultsError> {
        let (results, calls) = (resources.results(), resources.calls());
        let accounts: HashMap<AccountId, usize> = results
            .accounts()
            .iter()
            .enumerate()
            .map(|(index, account)| (account.id.clone(), index))
            .collect();
        let mut seen = Self {
            complete: vec![vec![0; accounts.len()]; calls.len()],
            planned: vec![0; calls.len()],
            accounts,
            places: Vec::new(),
            lists: lists(calls),
        };
        let by_name: HashMap<(&str, &str), usize> =
            calls.iter().enumerate().map(|(index, call)| ((call.service(), call.name()), index)).collect();
        results.each_record(&mut |record| {
            let call = by_name.get(&(record.service.as_str(), &*record.name));
            if let (Some(call), None, false) = (call, &record.item, record.is_about_the_run()) {
                seen.note(record, *call);
            }
        })?;
        Ok(seen)
    }

    fn note(&mut self, record: &CallRecord, call: usize) {
        let place = self.places.iter().position(|place| *place == record.region).unwrap_or_else(|| {
            self.places.push(record.region.clone());
            self.places.len() - 1
        });
        let (Some(account), true) = (self.accounts.get(&record.account), place < PLACES) else { return };
        self.planned[call] |= 1 << place;
        if is_complete(record) {
            self.complete[call][*account] |= 1 << place;
        }
    }

    /// Returns whether all resources of a kind in one place of an account were listed.
    pub(super) fn is_complete(&self, kind: KindId, account: &str, place: &str) -> bool {
        let Some(account) = self.accounts.get(&AccountId::new(account)) else { return false };
        let is_complete =
            |calls: &Vec<usize>| calls.iter().all(|call| self.is_call_complete(*call, *account, place));
        self.lists.get(&kind).is_some_and(|lists| lists.iter().any(is_complete))
    }

    /// Returns whether all resources of a kind were listed in all accounts that the run found; in one region, or in all
    /// of the run.
    pub(super) fn is_complete_everywhere(&self, kind: KindId, region: Option<&str>) -> bool {
        let is_complete = |calls: &Vec<usize>| {
            let last = calls.last().map_or(0, |call| self.planned[*call]);
            let is_of_region = |place: &&String| match region {
                Some(region) => *place == region || *place == GLOBAL,
                None => true,
            };
            let mut places = self.places.iter().enumerate().filter(|(index, _)| last & (1 << index) != 0);
            let mut places = places.by_ref().map(|(_, place)| place).filter(is_of_region).peekable();
            places.peek().is_some()
                && places.all(|place| {
                    let mut accounts = self.accounts.values();
                    accounts
                        .all(|account| calls.iter().all(|call| self.is_call_complete(*call, *account, place)))
                })
        };
        self.lists.get(&kind).is_some_and(|lists| lists.iter().any(is_complete))
    }

    fn is_call_complete(&self, call: usize, account: usize, place: &str) -> bool {
        let is_set = |place: &str| {
            let place = self.places.iter().position(|known| known == place);
            place.is_some_and(|place| self.complete[call][account] & (1 << place) != 0)
        };
        is_set(place) || is_set(GLOBAL)
    }
}

/// Returns the calls that list all resources of each kind, with the calls that they depend on.
fn lists(calls: &[ReportedCall]) -> HashMap<KindId, Vec<Vec<usize>>> {
    // The kinds of calls have the first positions in every table of kinds.
    let kinds = LinkedKinds::of(calls);
    let mut lists: HashMap<KindId, Vec<Vec<usize>>> = HashMap::new();
    for (index, call) in calls.iter().enumerate().filter(|(_, call)| call.lists_resources()) {
        let mut chain = vec![index];
        while let Some(above) = calls[chain[chain.len() - 1]].below() {
            chain.push(above);
        }
        if chain.iter().any(|call| calls[*call].is_narrowed()) {
            continue;
        }
        chain.reverse();
        for (kind, _) in call.kinds_and_members() {
            if let Some(kind) = kinds.find(call.service(), kind) {
                lists.entry(kind).or_default().push(chain.clone());
            }
        }
    }
    lists
}

/// Returns whether a call has all items that exist: a service that is not enabled has none.
fn is_complete(record: &CallRecord) -> bool {
    record.failed_items == 0
        && record.buckets_in_unscanned_regions.is_empty()
        && match record.status {
            Status::Ok
            | Status::Empty
            | Status::RegionDisabled
            | Status::NotAvailable
            | Status::NotEnabled
            | Status::Vanished => true,
            Status::Truncated
            | Status::Denied
            | Status::Throttled
            | Status::Expired
            | Status::Unreachable
            | Status::Failed
            | Status::Skipped => false,
        }
}

//! Causes of failed calls: counted line by line, and merged into a few groups at the end.
//!
//! ```text
//! ledger lines ─► counts by status, denying policy, code, service (and region), hint ─► groups
//! ```
//!
//! The subject of a cause is a session, a region or a service. Calls that were not sent belong to the cause
//! that they were inferred from. Memory use grows with the number of causes, and by one bit for each account
//! of a cause, but not with the number of calls.

mod accounts;
mod group;
mod grouping;
mod template;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use group::listed;
pub use group::{CauseGroup, CauseSubject};

use crate::aws::client::InferredFrom;
use crate::names::{AccountId, FunctionName, ServiceName};
use crate::run::{CallRecord, DeniedBy, Status};
use accounts::{AccountNumbers, AccountSet};
use template::{HintActions, HintTemplate};

/// The most causes that are distinguished; further ones are counted by status and service alone.
const MOST: usize = 4_000;

/// The region name of services that have one endpoint for all regions.
const GLOBAL: &str = "global";

/// The causes of failed calls of a run.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    accounts: AccountNumbers,
    counts: BTreeMap<CauseKey, CauseCounts>,
    places: AnsweredRegions,
}

/// The key by which causes are distinguished while lines are counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CauseKey {
    /// The status of the calls; for a truncated response, the status that ended it.
    status: Status,
    by: Option<DeniedBy>,
    code: Option<String>,
    subject: CauseSubject,
    /// The service; `None` where a session failed.
    service: Option<ServiceName>,
    /// The region, where regions can be the cause.
    region: Option<String>,
    hint: Option<HintTemplate>,
}

/// The lines that share a cause.
#[derive(Clone, Debug)]
struct CauseCounts {
    calls: u64,
    failed_items: u64,
    not_sent: u64,
    accounts: AccountSet,
    regions: BTreeSet<String>,
    /// The functions of each service.
    functions: BTreeMap<ServiceName, BTreeSet<FunctionName>>,
    codes: BTreeSet<String>,
    actions: HintActions,
    example: Box<CallRecord>,
    /// The call of the last line about an item: the lines of a call's items follow each other.
    last_of_item: Option<(AccountId, String, String)>,
}

/// The regions that responded to each account, as evidence about regional failures.
#[derive(Clone, Debug, Default)]
struct AnsweredRegions {
    /// By account, the regions that responded, as numbered bits.
    answered: Vec<u64>,
    regions: Vec<String>,
    /// The services that have calls in a region.
    called: BTreeMap<String, BTreeSet<ServiceName>>,
    /// By region, the accounts for which the engine inferred that the region is denied.
    concluded: BTreeMap<String, AccountSet>,
}

impl Causes {
    /// Notes a line of the ledger as evidence about its region.
    pub(super) fn note(&mut self, record: &CallRecord) {
        if !record.is_about_the_run() {
            let account = self.accounts.number(&record.account);
            self.places.note(record, account);
        }
    }

    /// Counts a line of the ledger.
    pub(super) fn count(&mut self, record: &CallRecord) {
        self.note(record);
        // The failures of a call's items are counted from the items' own lines.
        let is_counted = record.is_gap() && (record.failed_items == 0 || record.item.is_some());
        if record.is_about_the_run() || !is_counted {
            return;
        }
        let account = self.accounts.number(&record.account);
        let mut cause = CauseKey::of(record, HintTemplate::of(record));
        if self.counts.len() >= MOST && !self.counts.contains_key(&cause) {
            (cause.code, cause.region, cause.hint) = (None, None, None);
        }
        let counts = self.counts.entry(cause).or_insert_with(|| CauseCounts::new(record));
        counts.add(record, account);
        counts.actions.insert(&record.denied_actions);
    }

    /// Returns the causes, those with the most calls first.
    #[must_use]
    pub fn groups(&self) -> Vec<CauseGroup> {
        grouping::groups(self)
    }
}

impl CauseKey {
    fn of(record: &CallRecord, hint: Option<HintTemplate>) -> Self {
        let status = record.truncated_by.unwrap_or(record.status);
        let subject = match record.inferred_from {
            Some(InferredFrom::Session) => CauseSubject::Session,
            Some(InferredFrom::Account) => CauseSubject::Account,
            Some(InferredFrom::Endpoint | InferredFrom::Region) | None => CauseSubject::Service,
        };
        let is_service = subject == CauseSubject::Service;
        let is_regional = is_service && is_regional(status, record.denied_by);
        Self {
            status,
            by: record.denied_by,
            // An inferred line carries the error code of another service.
            code: record.code.clone().filter(|_| !is_regional),
            subject,
            service: is_service.then(|| record.service.clone()),
            region: is_regional.then(|| record.region.clone()),
            hint,
        }
    }
}

/// Returns whether such failures may be caused by the region, whatever the service.
fn is_regional(status: Status, by: Option<DeniedBy>) -> bool {
    status == Status::Unreachable || status == Status::Denied && by == Some(DeniedBy::Scp)
}

impl CauseCounts {
    fn new(example: &CallRecord) -> Self {
        Self {
            calls: 0,
            failed_items: 0,
            not_sent: 0,
            accounts: AccountSet::default(),
            regions: BTreeSet::new(),
            functions: BTreeMap::new(),
            codes: BTreeSet::new(),
            actions: HintActions::default(),
            example: Box::new(example.clone()),
            last_of_item: None,
        }
    }

    fn add(&mut self, record: &CallRecord, account: usize) {
        if record.item.is_some() {
            self.failed_items += 1;
            let call = (record.account.clone(), record.region.clone(), record.name.clone());
            if self.last_of_item.as_ref() != Some(&call) {
                self.calls += 1;
                self.last_of_item = Some(call);
            }
        } else {
            self.calls += 1;
        }
        self.not_sent += u64::from(record.inferred);
        self.accounts.insert(account);
        if !self.regions.contains(&record.region) {
            self.regions.insert(record.region.clone());
        }
        match self.functions.get_mut(&record.service) {
            Some(functions) if functions.contains(&record.function) => {}
            Some(functions) => drop(functions.insert(record.function.clone())),
            None => {
                self.functions.insert(record.service.clone(), BTreeSet::from([record.function.clone()]));
            }
        }
        // An inferred call carries the error code of the call that it was inferred from.
        let is_own = !record.inferred || record.is_without_session();
        if let Some(code) = record.code.as_ref().filter(|_| is_own)
            && !self.codes.contains(code)
        {
            self.codes.insert(code.clone());
        }
        if self.example.inferred && !record.inferred {
            *self.example = record.clone();
        }
    }

    fn extend(&mut self, other: Self) {
        self.calls += other.calls;
        self.failed_items += other.failed_items;
        self.not_sent += other.not_sent;
        self.accounts.extend(&other.accounts);
        self.regions.extend(other.regions);
        for (service, functions) in other.functions {
            self.functions.entry(service).or_default().extend(functions);
        }
        self.codes.extend(other.codes);
        self.actions.extend(&other.actions);
        if self.example.inferred && !other.example.inferred {
            self.example = other.example;
        }
    }
}

impl AnsweredRegions {
    fn note(&mut self, record: &CallRecord, account: usize) {
        if !record.is_call() || record.region == GLOBAL {
            return;
        }
        let region = &record.region;
        if !self.called.contains_key(region) {
            self.called.insert(region.clone(), BTreeSet::new());
        }
        if let Some(services) = self.called.get_mut(region)
            && !services.contains(&record.service)
        {
            services.insert(record.service.clone());
        }
        if record.inferred_from == Some(InferredFrom::Region) {
            self.concluded.entry(region.clone()).or_default().insert(account);
        }
        let has_answered = record.pages > 0 || matches!(record.status, Status::Ok | Status::Empty);
        if has_answered {
            let bit = self.bit(region);
            if self.answered.len() <= account {
                self.answered.resize(account + 1, 0);
            }
            self.answered[account] |= bit;
        }
    }

    /// Returns the bit of a region; all regions beyond the 63rd share the last bit.
    fn bit(&mut self, region: &str) -> u64 {
        let number = self.regions.iter().position(|known| known == region).unwrap_or_else(|| {
            self.regions.push(region.to_owned());
            self.regions.len() - 1
        });
        1 << number.min(63)
    }

    /// Returns whether an account has had a response from another region than this one.
    fn answered_elsewhere(&self, account: usize, region: &str) -> bool {
        let number = self.regions.iter().position(|known| known == region);
        let here = number.map_or(0, |number| 1_u64 << number.min(63));
        self.answered.get(account).is_some_and(|answered| answered & !here != 0)
    }
}

#[cfg(test)]
mod tests;

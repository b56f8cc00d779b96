//! One call of the plan: its pages, its children, its results, its records.

use std::time::Instant;

use serde_json::{Map, Value};

use super::account_scan::AccountScan;
use super::bucket_listing::BucketListing;
use super::call_result::CallResult;
use super::child_scan::{self, ParentAnswer, SpreadItems};
use super::classify::classify_asked;
use super::collector::{Collected, Collector, Wanted, count, count_items_of};
use super::gather::{Reading, gather, region_of};
use super::hint::hint;
use super::record::CallRecord;
use super::spread;
use super::status::Status;
use crate::catalog::{Function, Reach};
use crate::client::CallError;
use crate::names::{AccountId, Region, ServiceName};
use crate::plan::{Place, PlannedCall, added_parameters};
use crate::spec::{Selection, workers_are_stopped};

/// A result and where it belongs: the file's service and the key in it.
pub(super) struct NamedResult {
    pub(super) service: ServiceName,
    pub(super) name: String,
    pub(super) result: CallResult,
}

/// What a call of the plan and its children came to.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) results: Vec<NamedResult>,
    pub(super) records: Vec<CallRecord>,
    /// The items of its regional children, if it is a global call.
    pub(super) spread: Vec<SpreadItems>,
}

/// The scan of one call in one place.
pub(super) struct CallScan<'scan> {
    account: &'scan AccountScan,
    call: &'scan PlannedCall,
    place: &'scan Place,
    record: CallRecord,
    /// The complete answer, kept when children need it.
    answer: Option<Map<String, Value>>,
    /// The same before redaction, where that is another.
    original: Option<Map<String, Value>>,
}

impl<'scan> CallScan<'scan> {
    /// Asks the call with this index in the plan, and what it is asked for each of its items.
    /// Nothing comes back when the run is being stopped: a resumed run will ask.
    pub(super) async fn run(account: &'scan AccountScan, place: &'scan Place, index: usize) -> Outcome {
        if account.shared.stop.is_requested() {
            return Outcome::default();
        }
        let call = &account.shared.engine.plan.calls[index];
        if !call.is_called_in(&account.account.id) {
            return not_called(account, place, call);
        }
        let outcome = match &call.spread {
            Some(spread) => spread::run(account, place, call, spread).await,
            None if account.sources.contains_key(&index) => spread::run_source(account, index).await,
            None => Self::ask(account, place, index).await,
        };
        // What failed because its filter was stopped has not failed.
        if workers_are_stopped() { Outcome::default() } else { outcome }
    }

    /// Asks it, whatever else needs its answer.
    pub(super) async fn ask(account: &'scan AccountScan, place: &'scan Place, index: usize) -> Outcome {
        let call = &account.shared.engine.plan.calls[index];
        let entry = &call.entry;
        let record = new_record(account, place, &entry.function, &entry.name);
        let mut scan = Self { account, call, place, record, answer: None, original: None };
        let began = Instant::now();
        let result = match (call.reach, place) {
            (Reach::Buckets, Place::Region(region)) => scan.buckets(index, region).await,
            _ => scan.pages().await,
        };
        finish_record(&mut scan.record, began, &entry.function, account);
        let CallScan { record, answer, original, .. } = scan;

        let mut outcome = if entry.each.is_empty() {
            Outcome::default()
        } else {
            let answer = answer.map(|shown| ParentAnswer::new(shown, original));
            child_scan::run(account, place, call, answer).await
        };
        if let Some(result) = result {
            let named = NamedResult { service: call.service(), name: entry.name.clone(), result };
            outcome.results.insert(0, named);
        }
        outcome.records.insert(0, record);
        outcome.unless_credentials_are_lost(account).await
    }

    /// Reads the pages of the answer.
    async fn pages(&mut self) -> Option<CallResult> {
        let engine = &self.account.shared.engine;
        let entry = &self.call.entry;
        let wanted = if entry.each.is_empty() { wanted(&entry.selection) } else { Wanted::Filtered };
        let mut parameters = entry.parameters.clone();
        added_parameters(&entry.function, &mut parameters);
        let (scratch, depth) = (engine.sink.scratch(), engine.sink.depth());
        let collector = Collector::new(&entry.function, wanted, entry.max_items, scratch, depth);
        let reading = Reading {
            function: &entry.function,
            region: region_of(&entry.function, self.place, &engine.plan.global_region),
            parameters,
            paginate: entry.paginate,
            keeps_original: !entry.each.is_empty(),
        };
        let gathered = match gather(self.account, reading, collector).await {
            Ok(gathered) => gathered,
            Err(error) => {
                self.account.shared.cannot_store(&error);
                return None;
            }
        };
        self.record.note(&gathered.cleaned);
        self.original = gathered.original;
        self.record.pages = gathered.pages;
        self.record.items = gathered.items;
        self.record.status = if gathered.items > 0 { Status::Ok } else { Status::Empty };
        if gathered.more {
            self.record.status = Status::Truncated;
            self.record.message = Some(why_truncated(entry.paginate));
        }
        if let Some(error) = &gathered.failure {
            let state = self.account.region_state(self.place);
            self.record.fail_as(error, classify_asked(error, state, &entry.parameters));
            // Those of the pages before it, too.
            self.record.attempts = gathered.attempts;
            if gathered.pages == 0 {
                // Nothing is configured, and that is the answer.
                return if self.record.status == Status::Empty { self.select(Map::new()) } else { None };
            }
            // What came before the failure is true, and the status says that it is not all. That a later page
            // is empty, or not offered, is no answer.
            self.record.cut_off();
        } else {
            self.record.attempts = gathered.attempts;
        }
        match gathered.collected {
            Collected::Result(result) => Some(result),
            Collected::Answer(answer) => self.select(answer),
        }
    }

    /// Takes this region's buckets from the account's one list.
    async fn buckets(&mut self, index: usize, region: &Region) -> Option<CallResult> {
        let account = self.account;
        let listed_before = account.shared.engine.recorded.listed_in(&account.account.id, index);
        let mut asked_here = false;
        let listing = account
            .buckets
            .get(&index)?
            .get_or_init(|| {
                asked_here = true;
                BucketListing::ask(account, self.call, region, listed_before.unwrap_or(region))
            })
            .await;
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => {
                let attempts = if asked_here { error.attempts } else { 0 };
                let error = CallError { attempts, ..error.clone() };
                self.record.fail(&error, account.region_state(self.place));
                return None;
            }
        };
        if asked_here {
            self.record.attempts = listing.attempts;
        }
        // A line of an earlier execution tells of the list already.
        if asked_here && listed_before.is_none() {
            self.record.pages = listing.pages;
            self.record.note(&listing.cleaned);
            let asked: Vec<&Region> = self.call.regions_among(&account.regions).collect();
            self.record.left_out = listing.left_out(&asked);
        }
        let (answer, items) = listing.answer(region);
        self.record.items = items;
        self.record.status = if items > 0 { Status::Ok } else { Status::Empty };
        if let Some(error) = &listing.failure {
            let attempts = self.record.attempts;
            self.record.fail(error, account.region_state(self.place));
            self.record.attempts = attempts;
            self.record.cut_off();
        } else if listing.truncated {
            self.record.status = Status::Truncated;
            self.record.message = Some(why_truncated(self.call.entry.paginate));
        }
        self.select(answer)
    }

    /// Applies the spec's selection to a complete answer.
    fn select(&mut self, answer: Map<String, Value>) -> Option<CallResult> {
        let entry = &self.call.entry;
        if !entry.each.is_empty() {
            self.answer = Some(answer.clone());
        }
        let whole_items = count_items_of(&entry.function, &answer);
        match entry.selection.select(answer) {
            Ok(value) => {
                self.record.items = match entry.selection {
                    Selection::Whole => whole_items,
                    _ => count(&value),
                };
                if matches!(self.record.status, Status::Ok | Status::Empty) {
                    self.record.status = if self.record.items > 0 { Status::Ok } else { Status::Empty };
                }
                Some(CallResult::Value(value))
            }
            Err(error) => {
                self.record.status = Status::Failed;
                self.record.message = Some(error.to_string());
                None
            }
        }
    }
}

impl Outcome {
    /// Nothing, where credentials have expired that cannot be renewed: a resumed run will ask.
    pub(super) async fn unless_credentials_are_lost(self, account: &AccountScan) -> Self {
        let is_lost = self.records.iter().any(CallRecord::is_expired)
            && !account.shared.base_holds(&account.account.id).await;
        if is_lost { Self::default() } else { self }
    }
}

/// What a call comes to in an account that it is not called in.
fn not_called(account: &AccountScan, place: &Place, call: &PlannedCall) -> Outcome {
    let records = skipped_records(account.account.id.clone(), place.as_str(), call).collect();
    Outcome { records, ..Outcome::default() }
}

/// The records of a call that is not called in an account.
pub(super) fn skipped_records<'plan>(
    account: AccountId,
    place: &'plan str,
    call: &'plan PlannedCall,
) -> impl Iterator<Item = CallRecord> + 'plan {
    call.functions().enumerate().map(move |(index, (name, function))| {
        let service = &function.service().name;
        let message = call.why_not(&account, index).map(str::to_owned);
        CallRecord { message, ..CallRecord::new(&account, place, service, function.name(), name) }
    })
}

/// The record of a call that is about to be asked.
pub(super) fn new_record(
    account: &AccountScan,
    place: &Place,
    function: &Function,
    name: &str,
) -> CallRecord {
    CallRecord::new(&account.account.id, place.as_str(), &function.service().name, function.name(), name)
}

/// Adds what can only be said at the end, and tells the log.
pub(super) fn finish_record(
    record: &mut CallRecord,
    began: Instant,
    function: &Function,
    account: &AccountScan,
) {
    record.milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    record.hint = hint(record, function, account.role());
    tracing::debug!(
        target: "scan::calls", account = %record.account, region = %record.region, service = %record.service,
        function = %record.function, status = %record.status, items = record.items,
        code = record.code.as_deref(), "call ended"
    );
}

pub(super) fn why_truncated(paginate: bool) -> String {
    let why = if paginate { "max_items is reached" } else { "the spec asks for the first page only" };
    format!("{why}, and more exists")
}

fn wanted(selection: &Selection) -> Wanted<'_> {
    match selection {
        Selection::Whole => Wanted::Whole,
        Selection::Key(key) => Wanted::Key(key),
        Selection::Filter(_) => Wanted::Filtered,
    }
}

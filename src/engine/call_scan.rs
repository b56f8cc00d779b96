//! One call of the plan: its pages, child calls, results and ledger records.

use std::time::Instant;

use serde_json::{Map, Value};

use super::account_state::AccountState;
use super::bucket_listing::BucketListing;
use super::call_outcome::{CallOutcome, NamedResult, finish_record, new_record, why_truncated};
use super::child_scan::{self, ItemFeed, ParentAnswer};
use super::classify::{classify_sent, record_classified, record_failure};
use super::page_reader::{PageObserver, ReadSettings, gather, region_of};
use super::result_collector::{Collected, Collector, WantedMember, count, count_items_of};
use crate::aws::client::CallError;
use crate::model::catalog::CallScope;
use crate::names::Region;
use crate::plan::spec::ResultSelector;
use crate::plan::{PlannedCall, RegionScope, added_parameters};
use crate::run::{CallRecord, CallResult, ListPlace, Status};

/// The scan of one call in one region, or in `global`.
pub(super) struct CallScan<'scan> {
    account: &'scan AccountState,
    call: &'scan PlannedCall,
    place: &'scan RegionScope,
    record: CallRecord,
    /// The place of the list in its result file; `None` if it may be in the file of another unit.
    list_place: Option<Box<dyn ListPlace>>,
    /// Whether there is a response, in which child calls may have items.
    is_answered: bool,
}

impl<'scan> CallScan<'scan> {
    /// Runs the call, its child calls included.
    pub(super) async fn run_call(
        account: &'scan AccountState,
        place: &'scan RegionScope,
        index: usize,
        list_place: Option<Box<dyn ListPlace>>,
    ) -> CallOutcome {
        let call = &account.context.shared.engine.plan.calls[index];
        let entry = &call.entry;
        let record = new_record(&account.context, place, &entry.function, &entry.name);
        let mut scan = Self { account, call, place, record, list_place, is_answered: false };
        let started = Instant::now();
        let kept = account.kept_items(place, index);
        let (feed, children) = child_scan::start(account, place, call, &kept);
        let reading = Box::pin(async {
            let result = match (call.reach, place) {
                (CallScope::Buckets, RegionScope::Region(region)) => {
                    Box::pin(scan.buckets(index, region, feed)).await
                }
                _ => scan.pages(feed).await,
            };
            finish_record(&mut scan.record, started, &entry.function, &account.context);
            let unanswered = (!scan.is_answered).then_some(scan.record.status);
            ((result, scan.record), unanswered)
        });
        let ((result, record), mut outcome) = children.run_beside(reading).await;
        if let Some(result) = result {
            let named = NamedResult { service: call.service(), name: entry.name.clone(), result };
            outcome.results.insert(0, named);
        }
        outcome.records.insert(0, record);
        outcome.unless_credentials_are_lost(&account.context).await
    }

    /// Reads the pages of the response.
    async fn pages(&mut self, mut feed: ItemFeed<'_>) -> Option<CallResult> {
        let engine = &self.account.context.shared.engine;
        let entry = &self.call.entry;
        let wanted = if feed.needs_answer() { WantedMember::Filtered } else { wanted(&entry.selection) };
        let region = region_of(&entry.function, self.place, &engine.plan.global_region);
        let mut parameters = entry.filled_parameters(self.account.context.placeholders(&region));
        let sent = parameters.clone();
        added_parameters(&entry.function, &mut parameters);
        let (scratch, depth) = (engine.sink.scratch(), engine.sink.layout().depth());
        let mut collector = Collector::new(&entry.function, wanted, entry.max_items, scratch, depth);
        if let Some(place) = self.list_place.take() {
            collector.set_place(place);
        }
        let reading = ReadSettings {
            function: &entry.function,
            region,
            parameters,
            paginate: entry.paginate,
            keeps_original: feed.needs_answer(),
        };
        let observer: Option<&mut dyn PageObserver> = if feed.is_empty() { None } else { Some(&mut feed) };
        let gathered = match gather(&self.account.context, reading, collector, observer).await {
            Ok(gathered) => gathered,
            Err(error) => {
                self.account.context.shared.cannot_store(&error);
                return None;
            }
        };
        self.record.note(&gathered.cleaned);
        self.record.pages = gathered.pages;
        self.record.items = gathered.items;
        self.record.status = if gathered.items > 0 { Status::Ok } else { Status::Empty };
        if gathered.more {
            self.record.status = Status::Truncated;
            self.record.message = Some(why_truncated(entry.paginate));
        }
        if let Some(error) = &gathered.failure {
            let state = self.account.context.region_state(self.place);
            record_classified(&mut self.record, error, classify_sent(error, state, &sent));
            // Includes the attempts of the pages before the error.
            self.record.attempts = gathered.attempts;
            if gathered.pages == 0 {
                // Nothing is configured, so the result is empty.
                if self.record.status != Status::Empty {
                    return None;
                }
                self.is_answered = true;
                return self.select(Map::new());
            }
            // The pages before the failure are kept, and the status shows that the result is not complete. An
            // error that means empty or not available for a first page is a failure for a later page.
            self.record.cut_off();
        } else {
            self.record.attempts = gathered.attempts;
        }
        self.is_answered = true;
        match gathered.collected {
            Collected::Result(result) => {
                feed.complete(None).await;
                Some(result)
            }
            Collected::Answer(answer) => self.complete(answer, gathered.original, feed).await,
        }
    }

    /// Takes this region's buckets from the bucket list of the account.
    async fn buckets(&mut self, index: usize, region: &Region, feed: ItemFeed<'_>) -> Option<CallResult> {
        let account = self.account;
        let listed_before =
            account.context.shared.engine.recorded.listed_in(&account.context.account.id, index);
        let mut listed_here = false;
        let listing = account
            .buckets
            .get(&index)?
            .get_or_init(|| {
                listed_here = true;
                BucketListing::list(&account.context, self.call, region, listed_before.unwrap_or(region))
            })
            .await;
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => {
                let attempts = if listed_here { error.attempts } else { 0 };
                let error = CallError { attempts, ..error.clone() };
                record_failure(&mut self.record, &error, account.context.region_state(self.place));
                return None;
            }
        };
        if listed_here {
            self.record.attempts = listing.attempts;
        }
        // The ledger line of an earlier execution has the pages of the list already.
        if listed_here && listed_before.is_none() {
            self.record.pages = listing.pages;
            self.record.note(&listing.cleaned);
            let scanned: Vec<&Region> = self.call.regions_among(&account.context.regions).collect();
            self.record.buckets_in_unscanned_regions = listing.in_unscanned_regions(&scanned);
        }
        let (answer, items) = listing.answer(region);
        self.record.items = items;
        self.record.status = if items > 0 { Status::Ok } else { Status::Empty };
        if let Some(error) = &listing.failure {
            let attempts = self.record.attempts;
            record_failure(&mut self.record, error, account.context.region_state(self.place));
            self.record.attempts = attempts;
            self.record.cut_off();
        } else if listing.truncated {
            self.record.status = Status::Truncated;
            self.record.message = Some(why_truncated(self.call.entry.paginate));
        }
        self.is_answered = true;
        self.complete(answer, None, feed).await
    }

    /// Passes the items of a complete response to child calls, and selects the result.
    async fn complete(
        &mut self,
        answer: Map<String, Value>,
        original: Option<Map<String, Value>>,
        feed: ItemFeed<'_>,
    ) -> Option<CallResult> {
        let (answer, original) = (Value::Object(answer), original.map(Value::Object));
        feed.complete(Some(ParentAnswer::new(&answer, original.as_ref()))).await;
        self.select(if let Value::Object(answer) = answer { answer } else { Map::new() })
    }

    /// Applies the selection of the spec to a complete response.
    fn select(&mut self, answer: Map<String, Value>) -> Option<CallResult> {
        let entry = &self.call.entry;
        let whole_items = count_items_of(&entry.function, &answer);
        match entry.selection.select(answer) {
            Ok(value) => {
                self.record.items = match entry.selection {
                    ResultSelector::Whole => whole_items,
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

fn wanted(selection: &ResultSelector) -> WantedMember<'_> {
    match selection {
        ResultSelector::Whole => WantedMember::Whole,
        ResultSelector::Key(key) => WantedMember::Key(key),
        ResultSelector::Filter(_) => WantedMember::Filtered,
    }
}

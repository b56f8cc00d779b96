//! Child calls: for every item of a call's answer another call, and so on below.
//!
//! Each child has one result, a list of `{"item": …, "result": …}` in the order of the items, and
//! one record. An item whose call fails has a record of its own and harms no sibling.

use std::collections::VecDeque;
use std::time::Instant;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use serde_json::{Map, Value, json};

use super::account_scan::AccountScan;
use super::call_result::CallResult;
use super::call_scan::{NamedResult, Outcome, finish_record, new_record, why_truncated};
use super::classify::is_absent;
use super::collector::{Collected, Collector, Wanted};
use super::gather::{Gathered, Reading, gather, region_of};
use super::parent::Item;
pub(super) use super::parent::ParentAnswer;
use super::record::CallRecord;
use super::spool::Spool;
use super::status::Status;
use crate::catalog::Function;
use crate::client::{CallError, CallErrorKind};
use crate::names::ServiceName;
use crate::plan::Place;
use crate::redaction::Cleaned;
use crate::spec::{Child, Entry};

/// Asks the children of `entry` for the items of its answer; without an answer there is nothing
/// to ask for, and the records say so.
pub(super) async fn run(
    account: &AccountScan,
    place: &Place,
    entry: &Entry,
    answer: Option<ParentAnswer>,
) -> Outcome {
    let scan = ChildScan { account, place };
    let mut slots: Vec<Slot> = descendants(&entry.each).map(|child| Slot::new(scan, child)).collect();
    let began = Instant::now();
    let Some(answer) = answer else {
        let why = format!("{} gave no answer, so there are no items to ask for", entry.function.name());
        return Outcome {
            records: slots.into_iter().map(|slot| slot.not_asked(&why)).collect(),
            results: Vec::new(),
        };
    };
    let mut first = 0;
    for child in &entry.each {
        let mut found = scan.each_item(child, first, &answer, &Item::nothing());
        while let Some(found) = found.next().await {
            for found in found {
                slots[found.slot].take(found);
            }
        }
        first += 1 + descendants(&child.each).count();
    }
    let mut outcome = Outcome::default();
    for slot in slots {
        slot.finish(began, &mut outcome);
    }
    outcome
}

/// All children below, each before its own children.
fn descendants(each: &[Child]) -> impl Iterator<Item = &Child> {
    let mut waiting: VecDeque<&Child> = each.iter().collect();
    std::iter::from_fn(move || {
        let child = waiting.pop_front()?;
        child.each.iter().rev().for_each(|grandchild| waiting.push_front(grandchild));
        Some(child)
    })
}

/// What one child comes to over all its items.
struct Slot<'spec> {
    scan: ChildScan<'spec>,
    child: &'spec Child,
    spool: Spool,
    record: CallRecord,
    failures: Vec<CallRecord>,
    asked: u64,
}

/// What came of one item of the child in `slot`.
struct Found {
    slot: usize,
    /// The item, as the files of the run may show it.
    item: Value,
    cleaned: Cleaned,
    pages: u32,
    attempts: u32,
    more: bool,
    /// What ended the pages of the item too early; those before it are in the outcome.
    cut_off: Option<CallError>,
    outcome: Result<Value, CallError>,
}

impl<'spec> Slot<'spec> {
    fn new(scan: ChildScan<'spec>, child: &'spec Child) -> Self {
        let sink = &scan.account.shared.engine.sink;
        Self {
            scan,
            child,
            spool: Spool::new(sink.scratch(), sink.depth()),
            record: new_record(scan.account, scan.place, &child.function, &child.name),
            failures: Vec::new(),
            asked: 0,
        }
    }

    fn not_asked(mut self, why: &str) -> CallRecord {
        self.record.status = Status::Skipped;
        self.record.message = Some(why.to_owned());
        self.record
    }

    fn take(&mut self, found: Found) {
        self.asked += 1;
        self.record.pages += found.pages;
        self.record.attempts += found.attempts;
        self.record.note(&found.cleaned);
        let outcome = found.outcome.and_then(|result| {
            let line = json!({"item": &found.item, "result": result});
            self.spool.push(&line).map_err(|error| self.scan.account.shared.cannot_store(&error))
        });
        match outcome {
            Ok(()) if found.cut_off.is_some() => {
                self.note_item(found.item, found.cut_off);
                if let Some(record) = self.failures.last_mut() {
                    record.cut_off();
                }
            }
            Ok(()) if found.more => self.note_item(found.item, None),
            Ok(()) => {}
            Err(error) if is_absent(&error) => self.record.absent += 1,
            Err(error) => self.note_item(found.item, Some(error)),
        }
    }

    /// A line in the ledger for one item.
    fn note_item(&mut self, item: Value, error: Option<CallError>) {
        let mut record = CallRecord { item: Some(item), ..self.record.clone() };
        (record.pages, record.attempts, record.absent) = (0, 0, 0);
        (record.redacted, record.secrets) = (0, 0);
        if let Some(error) = error {
            let region = self.scan.account.region_state(self.scan.place);
            record.fail(&CallError { attempts: 0, ..error }, region);
        } else {
            record.status = Status::Truncated;
            record.message = Some(why_truncated(self.child.paginate));
        }
        self.failures.push(record);
    }

    fn finish(mut self, began: Instant, outcome: &mut Outcome) {
        self.record.items = self.spool.len();
        let failed =
            self.failures.iter().filter(|failure| failure.status != Status::Truncated).count() as u64;
        let cut_off = self.failures.iter().filter(|failure| failure.ended_by.is_some()).count() as u64;
        self.record.status = match (self.spool.len(), failed) {
            (0, 0) => Status::Empty,
            (_, 0) if cut_off == 0 => Status::Ok,
            (0, _) => self.failures[0].status,
            _ => Status::Truncated,
        };
        if failed > 0 {
            self.record.message =
                Some(format!("{failed} of {} items failed; each has its own line", self.asked));
        } else if cut_off > 0 {
            self.record.message = Some(format!(
                "{cut_off} of {} items were not read to their end; each has its own line",
                self.asked
            ));
        }
        finish_record(&mut self.record, began, &self.child.function, self.scan.account);
        let service = ServiceName::new(&*self.child.function.service().name);
        let result = CallResult::List(self.spool);
        outcome.results.push(NamedResult { service, name: self.child.name.clone(), result });
        outcome.records.push(self.record);
        for mut failure in self.failures {
            finish_record(&mut failure, began, &self.child.function, self.scan.account);
            outcome.records.push(failure);
        }
    }
}

/// Asks children in one account and place.
#[derive(Clone, Copy)]
struct ChildScan<'scan> {
    account: &'scan AccountScan,
    place: &'scan Place,
}

impl<'scan> ChildScan<'scan> {
    /// Asks `child` for every item that it finds in its parent's answer, some at once, and yields
    /// what came of them in the items' order.
    fn each_item(
        self,
        child: &'scan Child,
        slot: usize,
        answer: &ParentAnswer,
        item: &Item,
    ) -> stream::BoxStream<'scan, Vec<Found>> {
        let items = match answer.items(child, item) {
            Ok(items) => items,
            Err(error) => {
                let error = CallError::new(CallErrorKind::Request, error.to_string());
                let found = Found::failed(slot, item.shown().clone(), error);
                return stream::iter([vec![found]]).boxed();
            }
        };
        let at_once = self.account.shared.engine.limits.calls.max(1);
        stream::iter(items).map(move |item| self.one_item(child, slot, item)).buffered(at_once).boxed()
    }

    /// Asks `child` for one item, and its own children for the items of that answer.
    fn one_item(self, child: &'scan Child, slot: usize, item: Item) -> BoxFuture<'scan, Vec<Found>> {
        async move {
            let gathered = match self.gather(child, &item.asked).await {
                Ok(gathered) => gathered,
                Err(error) => return vec![Found::failed(slot, item.into_shown(), error)],
            };
            let Gathered { collected, original, cleaned, pages, attempts, more, failure, .. } = gathered;
            let (answer, cut_off) = match (collected, failure) {
                (_, Some(error)) if pages == 0 => {
                    let item = item.into_shown();
                    return vec![Found { cleaned, pages, attempts, ..Found::failed(slot, item, error) }];
                }
                (Collected::Answer(answer), cut_off) => (answer, cut_off),
                // The collector was told to keep the whole answer.
                (Collected::Result(_), cut_off) => (Map::new(), cut_off),
            };
            let mut nested = Vec::new();
            if !child.each.is_empty() {
                let answer = ParentAnswer::new(answer.clone(), original);
                let mut below = slot + 1;
                for grandchild in &child.each {
                    let mut found = self.each_item(grandchild, below, &answer, &item);
                    while let Some(found) = found.next().await {
                        nested.extend(found);
                    }
                    below += 1 + descendants(&grandchild.each).count();
                }
            }
            let outcome = child
                .selection
                .select(answer)
                .map_err(|error| CallError::new(CallErrorKind::Request, error.to_string()));
            let item = item.into_shown();
            nested.insert(0, Found { slot, item, cleaned, pages, attempts, more, cut_off, outcome });
            nested
        }
        .boxed()
    }

    async fn gather(self, child: &Child, item: &Value) -> Result<Gathered, CallError> {
        let failed = |message: String| CallError::new(CallErrorKind::Request, message);
        let parameters = child.parameters(item).map_err(|error| failed(error.to_string()))?;
        let engine = &self.account.shared.engine;
        let function: &Function = &child.function;
        let reading = Reading {
            function,
            region: region_of(function, self.place, &engine.plan.global_region),
            parameters,
            paginate: child.paginate,
            keeps_original: !child.each.is_empty(),
        };
        let (scratch, depth) = (engine.sink.scratch(), engine.sink.depth());
        let collector = Collector::new(function, Wanted::Filtered, child.max_items, scratch, depth);
        gather(self.account, reading, collector)
            .await
            .map_err(|error| self.account.shared.cannot_store(&error))
    }
}

impl Found {
    fn failed(slot: usize, item: Value, error: CallError) -> Self {
        let cleaned = Cleaned::default();
        let attempts = error.attempts;
        Self { slot, item, cleaned, pages: 0, attempts, more: false, cut_off: None, outcome: Err(error) }
    }
}

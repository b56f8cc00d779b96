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
use super::classify::{Classification, classify, classify_item};
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
    /// A line for each item that needs one.
    lines: Vec<CallRecord>,
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
    outcome: Result<Value, ItemError>,
}

/// Why the call for an item has no result, and what that means.
struct ItemError {
    error: CallError,
    meaning: Classification,
}

/// From so many items on, it is no coincidence that none of them exists any more: the child's parameters
/// name something else.
const TOO_MANY_TO_VANISH: u64 = 5;

impl<'spec> Slot<'spec> {
    fn new(scan: ChildScan<'spec>, child: &'spec Child) -> Self {
        let sink = &scan.account.shared.engine.sink;
        Self {
            scan,
            child,
            spool: Spool::new(sink.scratch(), sink.depth()),
            record: new_record(scan.account, scan.place, &child.function, &child.name),
            lines: Vec::new(),
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
            self.spool
                .push(&line)
                .map_err(|error| self.scan.plain(self.scan.account.shared.cannot_store(&error)))
        });
        match outcome {
            Ok(()) if found.more => self.note_item(found.item, None),
            Ok(()) => {}
            Err(failure) if failure.meaning.status == Status::Empty => self.record.absent += 1,
            Err(failure) => {
                self.record.vanished += u64::from(failure.meaning.status == Status::Vanished);
                self.note_item(found.item, Some(failure));
            }
        }
    }

    /// A line in the ledger for one item.
    fn note_item(&mut self, item: Value, failure: Option<ItemError>) {
        let mut record = CallRecord { item: Some(item), ..self.record.clone() };
        (record.pages, record.attempts, record.absent, record.vanished) = (0, 0, 0, 0);
        (record.redacted, record.secrets) = (0, 0);
        if let Some(ItemError { error, meaning }) = failure {
            record.fail_as(&CallError { attempts: 0, ..error }, meaning);
        } else {
            record.status = Status::Truncated;
            record.message = Some(why_truncated(self.child.paginate));
        }
        self.lines.push(record);
    }

    fn finish(mut self, began: Instant, outcome: &mut Outcome) {
        self.record.items = self.spool.len();
        self.doubt_that_all_vanished();
        let count =
            |is: &dyn Fn(&CallRecord) -> bool| self.lines.iter().filter(|line| is(line)).count() as u64;
        let failed = count(&CallRecord::is_gap);
        let lacking =
            count(&|line| !line.is_gap() && !matches!(line.status, Status::Truncated | Status::Vanished));
        self.record.status = match (self.record.items, failed) {
            (0, 0) if lacking == self.asked => self.lines.first().map_or(Status::Empty, |line| line.status),
            (0, 0) => Status::Empty,
            (_, 0) => Status::Ok,
            (0, _) => self.lines.iter().find(|line| line.is_gap()).map_or(Status::Failed, |line| line.status),
            _ => Status::Truncated,
        };
        self.record.message = self.message(failed, lacking);
        if lacking == self.asked {
            self.record.code = self.lines.first().and_then(|line| line.code.clone());
        }
        finish_record(&mut self.record, began, &self.child.function, self.scan.account);
        let service = ServiceName::new(&*self.child.function.service().name);
        let result = CallResult::List(self.spool);
        outcome.results.push(NamedResult { service, name: self.child.name.clone(), result });
        outcome.records.push(self.record);
        for mut line in self.lines {
            finish_record(&mut line, began, &self.child.function, self.scan.account);
            outcome.records.push(line);
        }
    }

    /// What became of the items that have no result.
    fn message(&self, failed: u64, lacking: u64) -> Option<String> {
        let parts: Vec<String> = [
            (failed, "failed"),
            (self.record.vanished, "vanished between the list and the call"),
            (lacking, "had the feature not enabled or not available"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} of {} items {what}", self.asked))
        .collect();
        (!parts.is_empty()).then(|| format!("{}; each has its own line", parts.join(", ")))
    }

    /// Items vanish one by one. Where none of many is there, the call was about something else.
    fn doubt_that_all_vanished(&mut self) {
        if self.record.vanished < TOO_MANY_TO_VANISH || self.record.vanished < self.asked {
            return;
        }
        self.record.vanished = 0;
        for line in &mut self.lines {
            line.status = Status::Failed;
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
                let error = self.plain(CallError::new(CallErrorKind::Request, error.to_string()));
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
                Err(error) => return vec![Found::failed(slot, item.into_shown(), self.plain(error))],
            };
            let Gathered { collected, original, cleaned, pages, attempts, more, failure, .. } = gathered;
            let answer = match (collected, failure) {
                (Collected::Answer(answer), None) => answer,
                (_, Some(error)) => {
                    let error = self.of_item(child, &item.asked, error);
                    let item = item.into_shown();
                    return vec![Found { cleaned, pages, attempts, ..Found::failed(slot, item, error) }];
                }
                // The collector was told to keep the whole answer.
                (Collected::Result(_), None) => Map::new(),
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
                .map_err(|error| self.plain(CallError::new(CallErrorKind::Request, error.to_string())));
            let item = item.into_shown();
            nested.insert(0, Found { slot, item, cleaned, pages, attempts, more, outcome });
            nested
        }
        .boxed()
    }

    /// An error of the call for an item.
    fn of_item(self, child: &Child, item: &Value, error: CallError) -> ItemError {
        // They could be filled in before, or the call would not have been sent.
        let parameters = child.parameters(item).unwrap_or_default();
        let meaning = classify_item(&error, self.account.region_state(self.place), &parameters);
        ItemError { error, meaning }
    }

    /// An error that no service answered.
    fn plain(self, error: CallError) -> ItemError {
        let meaning = classify(&error, self.account.region_state(self.place));
        ItemError { error, meaning }
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
    fn failed(slot: usize, item: Value, failure: ItemError) -> Self {
        let cleaned = Cleaned::default();
        let attempts = failure.error.attempts;
        Self { slot, item, cleaned, pages: 0, attempts, more: false, outcome: Err(failure) }
    }
}

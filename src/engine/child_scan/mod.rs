//! Child calls: another call for every item of a call's response, recursively.
//!
//! Each child call has one result, a list of `{"item": …, "result": …}` in the order of the items, and one record.
//! An item whose call fails has a separate record and does not affect the other items.
//!
//! Regional child calls of a global call run in every region (`spread`); this module finds their items.

mod found;
mod slot;

use std::collections::VecDeque;
use std::time::Instant;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use serde_json::{Map, Value};

use super::account_state::AccountState;
use super::call_outcome::{CallOutcome, SpreadItem, SpreadItems};
pub(super) use super::child_items::ParentAnswer;
use super::child_items::ParentItem;
use super::classify::{classify, classify_item};
use super::item_region::{ItemRegion, ItemRegions};
use super::page_reader::{Gathered, ReadSettings, gather, region_of};
use super::result_collector::{Collected, Collector, WantedMember};
use crate::aws::client::{CallError, CallErrorKind};
use crate::model::catalog::{CallScope, Function, reach};
use crate::plan::spec::Child;
use crate::plan::{PlannedCall, RegionScope, added_parameters, is_spread};
use found::{ItemError, ItemResult, ParentItems};
use slot::ChildSlot;

/// Runs the child calls of a call for the items of its response. Without a response there are no items, and the
/// records contain that reason.
pub(super) async fn run(
    account: &AccountState,
    place: &RegionScope,
    call: &PlannedCall,
    answer: Option<ParentAnswer>,
) -> CallOutcome {
    let each = &call.entry.each;
    let scan = ChildScan { account, place, call, above: 1 };
    let mut slots: Vec<ChildSlot> =
        descendants(place, each).map(|child| ChildSlot::new(scan, child)).collect();
    let mut spread: Vec<SpreadItems> = (0..count_spread(place, each)).map(|_| Ok(Vec::new())).collect();
    let started = Instant::now();
    let Some(answer) = answer else {
        let why = format!("{} returned no response, so there are no items", call.function().name());
        spread.fill(Err(why.clone()));
        let slots = slots.into_iter().enumerate();
        let records = slots.map(|(index, slot)| slot.not_sent(scan.why_not(index).unwrap_or(&why))).collect();
        return CallOutcome { records, results: Vec::new(), spread };
    };
    let mut position = Position::default();
    for child in each {
        let mut found = scan.below(child, position, &answer, &ParentItem::nothing());
        while let Some(found) = found.next().await {
            for found in found {
                match found {
                    ParentItems::Result(found) => slots[found.slot].take(*found),
                    ParentItems::Spread(number, items) => {
                        if let Ok(spread) = &mut spread[number] {
                            spread.extend(items);
                        }
                    }
                }
            }
        }
        position = position.after(place, child);
    }
    let outcome = finish(scan, slots, started);
    CallOutcome { spread, ..outcome }
}

/// Runs a regional child call in one region, for the items of the global call.
pub(super) async fn run_for_items(
    account: &AccountState,
    place: &RegionScope,
    call: &PlannedCall,
    child: &Child,
    items: &SpreadItems,
) -> CallOutcome {
    let scan = ChildScan { account, place, call, above: 0 };
    let children = std::iter::once(child).chain(descendants(place, &child.each));
    let mut slots: Vec<ChildSlot> = children.map(|child| ChildSlot::new(scan, child)).collect();
    let started = Instant::now();
    let items = match items {
        Ok(items) => items,
        Err(why) => {
            let slots = slots.into_iter().enumerate();
            let records =
                slots.map(|(index, slot)| slot.not_sent(scan.why_not(index).unwrap_or(why))).collect();
            return CallOutcome { records, ..CallOutcome::default() };
        }
    };
    let regions = ItemRegions::of(account, call, child);
    let at_once = account.context.shared.engine.limits.calls.max(1);
    let mut found =
        stream::iter(items.clone()).map(|item| scan.here(child, &regions, item)).buffered(at_once);
    while let Some(found) = found.next().await {
        for found in found {
            if let ParentItems::Result(found) = found {
                slots[found.slot].take(*found);
            }
        }
    }
    drop(found);
    finish(scan, slots, started)
}

fn finish(scan: ChildScan<'_>, slots: Vec<ChildSlot<'_>>, started: Instant) -> CallOutcome {
    let mut outcome = CallOutcome::default();
    for (index, slot) in slots.into_iter().enumerate() {
        match scan.why_not(index) {
            Some(reason) => outcome.records.push(slot.not_sent(reason)),
            None => slot.finish(started, &mut outcome),
        }
    }
    outcome
}

/// Returns all child calls that are made in the same place, each before its own child calls.
fn descendants<'spec>(place: &'spec RegionScope, each: &'spec [Child]) -> impl Iterator<Item = &'spec Child> {
    let is_here = |child: &&Child| !is_spread(place, child);
    let mut waiting: VecDeque<&Child> = each.iter().filter(is_here).collect();
    std::iter::from_fn(move || {
        let child = waiting.pop_front()?;
        child.each.iter().filter(is_here).rev().for_each(|grandchild| waiting.push_front(grandchild));
        Some(child)
    })
}

/// Returns the number of regional child calls, without those below them.
fn count_spread(place: &RegionScope, each: &[Child]) -> usize {
    each.iter().map(|child| if is_spread(place, child) { 1 } else { count_spread(place, &child.each) }).sum()
}

/// The position of a child call among those of its call: its slot, and the number of the first regional child call
/// at or below it.
#[derive(Clone, Copy, Default)]
struct Position {
    slot: usize,
    number: usize,
}

impl Position {
    /// Returns the position of the next child call.
    fn after(self, place: &RegionScope, child: &Child) -> Self {
        if is_spread(place, child) {
            return Self { number: self.number + 1, ..self };
        }
        Self {
            slot: self.slot + 1 + descendants(place, &child.each).count(),
            number: self.number + count_spread(place, &child.each),
        }
    }

    /// Returns the position of the first child call below it.
    fn first_below(self) -> Self {
        Self { slot: self.slot + 1, ..self }
    }
}

/// Runs the child calls of one call in one account and place.
#[derive(Clone, Copy)]
struct ChildScan<'scan> {
    account: &'scan AccountState,
    place: &'scan RegionScope,
    call: &'scan PlannedCall,
    /// The number of functions of the call before that of the first slot.
    above: usize,
}

impl<'scan> ChildScan<'scan> {
    /// Returns why the function of a slot is not called in this account.
    fn why_not(self, slot: usize) -> Option<&'scan str> {
        self.call.why_not(&self.account.context.account.id, slot + self.above)
    }

    /// Runs `child` for every item that it finds in its parent's response, several concurrently, and yields the
    /// outcomes in the order of the items. For a regional child call it yields the items only.
    fn below(
        self,
        child: &'scan Child,
        position: Position,
        answer: &ParentAnswer,
        item: &ParentItem,
    ) -> stream::BoxStream<'scan, Vec<ParentItems>> {
        let spread = is_spread(self.place, child);
        if !spread && self.why_not(position.slot).is_some() {
            return stream::empty().boxed();
        }
        let items = match answer.items(child, item) {
            Ok(items) => items,
            Err(error) => {
                let error = CallError::new(CallErrorKind::Request, error.to_string());
                let item = item.shown().clone();
                let found = if spread {
                    ParentItems::Spread(position.number, vec![Err((item, error))])
                } else {
                    ParentItems::failed(position.slot, item, self.plain(error))
                };
                return stream::iter([vec![found]]).boxed();
            }
        };
        if spread {
            let items = items.into_iter().map(Ok).collect();
            return stream::iter([vec![ParentItems::Spread(position.number, items)]]).boxed();
        }
        let at_once = self.account.context.shared.engine.limits.calls.max(1);
        stream::iter(items).map(move |item| self.one_item(child, position, item)).buffered(at_once).boxed()
    }

    /// Runs `child` for an item if the item belongs to this region.
    fn here<'run>(
        self,
        child: &'run Child,
        regions: &'run ItemRegions<'run>,
        item: SpreadItem,
    ) -> BoxFuture<'run, Vec<ParentItems>>
    where
        'scan: 'run,
    {
        async move {
            let first = Position::default();
            let item = match item {
                Ok(item) => item,
                Err((item, error)) => return vec![ParentItems::failed(first.slot, item, self.plain(error))],
            };
            match regions.of_item(child, &item.value, self.place).await {
                ItemRegion::Here => self.one_item(child, first, item).await,
                ItemRegion::Other => Vec::new(),
                ItemRegion::NotScanned(region) => {
                    vec![ParentItems::elsewhere(
                        item.into_shown(),
                        format!("it is in {region}, which is not scanned"),
                    )]
                }
            }
        }
        .boxed()
    }

    /// Runs `child` for one item, and its own child calls for the items of that response.
    fn one_item<'run>(
        self,
        child: &'run Child,
        position: Position,
        item: ParentItem,
    ) -> BoxFuture<'run, Vec<ParentItems>>
    where
        'scan: 'run,
    {
        async move {
            let slot = position.slot;
            let gathered = match self.gather(child, &item.value).await {
                Ok(gathered) => gathered,
                Err(error) => return vec![ParentItems::failed(slot, item.into_shown(), self.plain(error))],
            };
            let Gathered { collected, original, cleaned, pages, attempts, more, failure, .. } = gathered;
            let (answer, cut_off) = match (collected, failure) {
                (_, Some(error)) if pages == 0 => {
                    let error = self.of_item(child, &item.value, error);
                    let failed = ItemResult::failed(slot, item.into_shown(), error);
                    return vec![ParentItems::Result(Box::new(ItemResult {
                        cleaned,
                        pages,
                        attempts,
                        ..failed
                    }))];
                }
                (Collected::Answer(answer), cut_off) => (answer, cut_off),
                // Not reached: the collector keeps the whole response.
                (Collected::Result(_), cut_off) => (Map::new(), cut_off),
            };
            let mut nested = Vec::new();
            if !child.each.is_empty() {
                let answer = ParentAnswer::new(answer.clone(), original);
                let mut below = position.first_below();
                for grandchild in &child.each {
                    let mut found = self.below(grandchild, below, &answer, &item);
                    while let Some(found) = found.next().await {
                        nested.extend(found);
                    }
                    below = below.after(self.place, grandchild);
                }
            }
            let outcome = child
                .selection
                .select(answer)
                .map_err(|error| self.plain(CallError::new(CallErrorKind::Request, error.to_string())));
            let item = item.into_shown();
            let elsewhere = None;
            let found =
                ItemResult { slot, item, cleaned, pages, attempts, more, elsewhere, cut_off, outcome };
            nested.insert(0, ParentItems::Result(Box::new(found)));
            nested
        }
        .boxed()
    }

    /// Classifies an error of the call for an item.
    fn of_item(self, child: &Child, item: &Value, error: CallError) -> ItemError {
        // The parameters are valid, or the call would not have been sent.
        let parameters = child.parameters(item).unwrap_or_default();
        let meaning = classify_item(&error, self.account.context.region_state(self.place), &parameters);
        ItemError { error: Box::new(error), meaning }
    }

    /// Classifies an error that is not the response of a service.
    fn plain(self, error: CallError) -> ItemError {
        let meaning = classify(&error, self.account.context.region_state(self.place));
        ItemError { error: Box::new(error), meaning }
    }

    async fn gather(self, child: &Child, item: &Value) -> Result<Gathered, CallError> {
        let failed = |message: String| CallError::new(CallErrorKind::Request, message);
        let mut parameters = child.parameters(item).map_err(|error| failed(error.to_string()))?;
        added_parameters(&child.function, &mut parameters);
        if let (CallScope::Buckets, RegionScope::Region(region)) = (reach(&child.function), self.place) {
            // A bucket list of a child call is not grouped by region, so it is limited to one region.
            parameters.entry("BucketRegion").or_insert_with(|| region.as_str().into());
        }
        let engine = &self.account.context.shared.engine;
        let function: &Function = &child.function;
        let reading = ReadSettings {
            function,
            region: region_of(function, self.place, &engine.plan.global_region),
            parameters,
            paginate: child.paginate,
            keeps_original: !child.each.is_empty(),
        };
        let (scratch, depth) = (engine.sink.scratch(), engine.sink.depth());
        let collector = Collector::new(function, WantedMember::Filtered, child.max_items, scratch, depth);
        gather(&self.account.context, reading, collector)
            .await
            .map_err(|error| self.account.context.shared.cannot_store(&error))
    }
}

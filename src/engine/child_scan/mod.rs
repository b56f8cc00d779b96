//! Child calls: another call for every item of a call's response, recursively.
//!
//! Each child call has one result, a list of `{"item": …, "result": …}` in the order of the items, and one record.
//! An item whose call fails has a separate record and does not affect the other items.
//!
//! The child calls of one response run side by side, and start while it is still read ([`feed`]). Regional child calls
//! of a global call run in every region (`spread`); this module finds their items.

mod batches;
mod feed;
mod found;
mod item;
mod missing_list;
mod outcomes;
mod slot;

use std::collections::VecDeque;
use std::time::Instant;

use futures_util::future::{BoxFuture, join_all};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::account_state::AccountState;
use super::call_outcome::{CallOutcome, SpreadItem, SpreadItems};
pub(super) use super::child_items::ParentAnswer;
use super::child_items::ParentItem;
use super::item_region::{ItemRegion, ItemRegions};
use crate::model::catalog::Function;
use crate::plan::spec::{Child, FilterError};
use crate::plan::{PlannedCall, RegionScope, is_spread};
use crate::run::{KeptItems, Status};
use batches::{Batches, ChildRequest};
pub(super) use feed::ItemFeed;
use feed::{collect, received};
use found::ItemResult;
use missing_list::why_no_items;
use outcomes::{ChildOutcomes, descendants};
use slot::ChildSlot;

/// The child calls of a call, which run while the call is read.
pub(super) struct RunningChildren<'scan> {
    scan: ChildScan<'scan>,
    outcomes: BoxFuture<'scan, ChildOutcomes<'scan>>,
    started: Instant,
}

/// Starts the child calls of a call. They get their items from the feed, and end after it.
pub(super) fn start<'scan>(
    account: &'scan AccountState,
    place: &'scan RegionScope,
    call: &'scan PlannedCall,
    kept: &'scan KeptItems,
) -> (ItemFeed<'scan>, RunningChildren<'scan>) {
    let scan = ChildScan { account, place, call, kept, above: 1 };
    let (feed, outcomes) = scan.below(&call.entry.each, 0, &call.entry.function, ParentItem::nothing());
    (feed, RunningChildren { scan, outcomes, started: Instant::now() })
}

impl RunningChildren<'_> {
    /// Runs the child calls while `reading` reads the call. Without a response there are no items, and the records
    /// have that reason: `reading` returns its output, and the status of a call without a response.
    pub(super) async fn run_beside<Output>(
        self,
        reading: impl Future<Output = (Output, Option<Status>)>,
    ) -> (Output, CallOutcome) {
        let Self { scan, outcomes, started } = self;
        let ((output, unanswered), outcomes) = tokio::join!(reading, outcomes);
        let outcome = match unanswered {
            Some(status) => outcomes.not_sent(scan, why_no_items(status)),
            None => outcomes.finish(scan, started),
        };
        (output, outcome)
    }
}

/// Runs a regional child call in one region, for the items of the global call.
pub(super) async fn run_for_items(
    account: &AccountState,
    place: &RegionScope,
    call: &PlannedCall,
    child: &Child,
    items: &SpreadItems,
    kept: &KeptItems,
) -> CallOutcome {
    let scan = ChildScan { account, place, call, kept, above: 0 };
    let started = Instant::now();
    let items = match items {
        Ok(items) => items,
        Err(why) => {
            let outcomes = ChildOutcomes::none(scan, std::slice::from_ref(child));
            return outcomes.not_sent(scan, why);
        }
    };
    let regions = ItemRegions::of(account, call, child);
    let here = stream::iter(items.clone()).map(|item| scan.here(child, &regions, item));
    let here = here.buffered(scan.at_once()).filter_map(std::future::ready).boxed();
    scan.for_items(child, 0, here).await.finish(scan, started)
}

/// An item of a child call.
enum FoundItem {
    /// It belongs to the place of the call.
    Here(ParentItem),
    /// It could not be found, or belongs to no scanned region.
    Lost(Box<ItemResult>),
}

/// A call of a child call that is ready to be sent, or an item without one.
enum ReadyItem {
    Request(Box<ChildRequest>),
    Lost(Box<ItemResult>),
}

/// Runs the child calls of one call in one account and place.
#[derive(Clone, Copy)]
struct ChildScan<'scan> {
    account: &'scan AccountState,
    place: &'scan RegionScope,
    call: &'scan PlannedCall,
    /// The results of items that are kept until the call has ended.
    kept: &'scan KeptItems,
    /// The number of functions of the call before that of the first slot.
    above: usize,
}

impl<'scan> ChildScan<'scan> {
    /// Returns why the function of a slot is not called in this account.
    fn why_not(self, slot: usize) -> Option<&'scan str> {
        self.call.why_not(&self.account.context.account.id, slot + self.above)
    }

    fn at_once(self) -> usize {
        self.account.context.shared.engine.limits.calls.max(1)
    }

    /// Runs the child calls of one response of `function`, which was requested for `item`, side by side. `first` is
    /// the slot of the first one. The items come from the feed.
    fn below<'run>(
        self,
        each: &'run [Child],
        first: usize,
        function: &Function,
        item: ParentItem,
    ) -> (ItemFeed<'run>, BoxFuture<'run, ChildOutcomes<'run>>)
    where
        'scan: 'run,
    {
        let mut targets = Vec::with_capacity(each.len());
        let mut running: Vec<BoxFuture<'run, ChildOutcomes<'run>>> = Vec::with_capacity(each.len());
        let mut slot = first;
        for child in each {
            let spread = is_spread(self.place, child);
            if !spread && self.why_not(slot).is_some() {
                let none = ChildOutcomes::none(self, std::slice::from_ref(child));
                running.push(std::future::ready(none).boxed());
            } else {
                let (sender, receiver) = mpsc::channel(self.at_once());
                targets.push((child, sender));
                running.push(if spread {
                    let items = collect(receiver);
                    items.map(|items| ChildOutcomes { slots: Vec::new(), spread: vec![Ok(items)] }).boxed()
                } else {
                    let items = received(receiver).map(move |item| self.found(item)).boxed();
                    self.for_items(child, slot, items).boxed()
                });
            }
            if !spread {
                slot += 1 + descendants(self.place, &child.each).count();
            }
        }
        let feed = ItemFeed::new(item, function, targets);
        let all = async move {
            let mut outcomes = ChildOutcomes::default();
            for outcome in join_all(running).await {
                outcomes.append(outcome);
            }
            outcomes
        };
        (feed, all.boxed())
    }

    fn found(self, item: SpreadItem) -> FoundItem {
        match item {
            Ok(item) => FoundItem::Here(item),
            Err((item, error)) => FoundItem::Lost(Box::new(ItemResult::failed(item, self.plain(error)))),
        }
    }

    /// Returns the item if it belongs to this region.
    async fn here(self, child: &Child, regions: &ItemRegions<'_>, item: SpreadItem) -> Option<FoundItem> {
        let FoundItem::Here(item) = self.found(item.clone()) else { return Some(self.found(item)) };
        match regions.of_item(child, &item.value, self.place).await {
            ItemRegion::Here => Some(FoundItem::Here(item)),
            ItemRegion::Other => None,
            ItemRegion::NotScanned(region) => {
                let why = format!("it is in {region}, which is not scanned");
                Some(FoundItem::Lost(Box::new(ItemResult::elsewhere(item.into_shown(), why))))
            }
        }
    }

    /// Runs `child` for items, several concurrently, and takes the outcomes in the order of the items.
    fn for_items<'run>(
        self,
        child: &'run Child,
        slot: usize,
        items: BoxStream<'run, FoundItem>,
    ) -> BoxFuture<'run, ChildOutcomes<'run>>
    where
        'scan: 'run,
    {
        async move {
            let mut own = ChildSlot::new(self, child);
            let mut below = ChildOutcomes::none(self, &child.each);
            let ended = self.requests(child, items).map(|ready| self.ready_item(child, slot, ready));
            let mut ended = std::pin::pin!(ended.buffered(self.at_once()));
            while let Some((results, nested)) = ended.next().await {
                for result in results {
                    own.take(result);
                }
                below.merge(nested);
            }
            let mut outcomes = ChildOutcomes { slots: vec![own], spread: Vec::new() };
            outcomes.append(below);
            outcomes
        }
        .boxed()
    }

    /// Returns the requests for items: one for each, or one for a batch.
    fn requests<'run>(
        self,
        child: &'run Child,
        items: BoxStream<'run, FoundItem>,
    ) -> impl Stream<Item = ReadyItem> + Send + 'run
    where
        'scan: 'run,
    {
        let state = (items, Batches::new(child.batch.as_ref()), None::<VecDeque<ChildRequest>>);
        stream::unfold(state, move |(mut items, mut batches, mut rest)| async move {
            loop {
                if let Some(rest) = &mut rest {
                    let request = rest.pop_front()?;
                    let state = (items, batches, Some(std::mem::take(rest)));
                    return Some((ReadyItem::Request(Box::new(request)), state));
                }
                let ready = match items.next().await {
                    Some(FoundItem::Here(item)) => {
                        let parameters = self.parameters(child, &item.value);
                        batches.add(item, parameters).map(|request| ReadyItem::Request(Box::new(request)))
                    }
                    Some(FoundItem::Lost(result)) => Some(ReadyItem::Lost(result)),
                    None => {
                        rest = Some(batches.rest().collect());
                        None
                    }
                };
                if let Some(ready) = ready {
                    return Some((ready, (items, batches, rest)));
                }
            }
        })
    }

    /// Sends a request, and the requests of the child calls below it.
    fn ready_item<'run>(
        self,
        child: &'run Child,
        slot: usize,
        ready: ReadyItem,
    ) -> BoxFuture<'run, (Vec<ItemResult>, ChildOutcomes<'run>)>
    where
        'scan: 'run,
    {
        async move {
            let request = match ready {
                ReadyItem::Request(request) => request,
                ReadyItem::Lost(result) => {
                    return (vec![*result], ChildOutcomes::none(self, &child.each));
                }
            };
            let ChildRequest { item, parameters, singles } = *request;
            let (result, nested) = self.one_item(child, slot, item, parameters).await;
            // One item that does not exist fails its whole batch, so each of them is called alone.
            if singles.is_empty() || !matches!(result.failure(), Some(Status::Vanished | Status::Empty)) {
                return (vec![result], nested);
            }
            let mut attempts = result.attempts;
            let (mut results, mut all) = (Vec::new(), ChildOutcomes::none(self, &child.each));
            for ChildRequest { item, parameters, .. } in singles {
                let (mut result, nested) = self.one_item(child, slot, item, parameters).await;
                result.attempts += std::mem::take(&mut attempts);
                results.push(result);
                all.merge(nested);
            }
            (results, all)
        }
        .boxed()
    }

    /// Runs `child` for one item or batch, and its own child calls for the items of that response.
    async fn one_item<'run>(
        self,
        child: &'run Child,
        slot: usize,
        item: ParentItem,
        parameters: Result<Map<String, Value>, FilterError>,
    ) -> (ItemResult, ChildOutcomes<'run>)
    where
        'scan: 'run,
    {
        let (feed, below) = self.below(&child.each, slot + 1, &child.function, item.clone());
        let (result, mut nested) = tokio::join!(self.read(child, item, parameters, feed), below);
        if let Some(status) = result.failure().filter(|status| status.is_failure()) {
            nested.without_list(status);
        }
        (result, nested)
    }
}

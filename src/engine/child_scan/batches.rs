//! The requests of a child call: one for each item, or one for a batch of items.

use serde_json::{Map, Value};

use crate::engine::child_items::ParentItem;
use crate::plan::spec::{FilterError, ItemBatch};

/// The maximum number of incomplete batches: items of different parents, whose parameters differ.
const MOST_OPEN: usize = 16;

/// A call to make for one item, or for the items of a batch.
pub(super) struct ChildRequest {
    /// The item: in a batch, the list of its items.
    pub(super) item: ParentItem,
    /// The parameters, or the reason why the item has none.
    pub(super) parameters: Result<Map<String, Value>, FilterError>,
    /// In a batch of several items, the calls for each of them.
    pub(super) singles: Vec<ChildRequest>,
}

/// Collects items until a batch is complete.
pub(super) struct Batches<'spec> {
    batch: Option<&'spec ItemBatch>,
    open: Vec<OpenBatch>,
}

struct OpenBatch {
    shared: Value,
    parameters: Map<String, Value>,
    items: Vec<(ParentItem, Map<String, Value>)>,
}

impl ChildRequest {
    fn single(item: ParentItem, parameters: Result<Map<String, Value>, FilterError>) -> Self {
        Self { item, parameters, singles: Vec::new() }
    }
}

impl<'spec> Batches<'spec> {
    pub(super) fn new(batch: Option<&'spec ItemBatch>) -> Self {
        Self { batch, open: Vec::new() }
    }

    /// Adds an item with the parameters of a call for it alone. Returns a request that is complete.
    pub(super) fn add(
        &mut self,
        item: ParentItem,
        parameters: Result<Map<String, Value>, FilterError>,
    ) -> Option<ChildRequest> {
        let (batch, parameters) = match (self.batch, parameters) {
            (Some(batch), Ok(parameters)) => (batch, parameters),
            (_, parameters) => return Some(ChildRequest::single(item, parameters)),
        };
        let shared = batch.shared_parameters(&parameters);
        let place = self.open.iter().position(|open| open.shared == shared).unwrap_or(self.open.len());
        if let Some(open) = self.open.get_mut(place) {
            batch.join(&mut open.parameters, parameters.clone());
            open.items.push((item, parameters));
        } else {
            let items = vec![(item, parameters.clone())];
            self.open.push(OpenBatch { shared, parameters, items });
        }
        if self.open[place].items.len() >= batch.size {
            return Some(self.open.remove(place).close());
        }
        (self.open.len() > MOST_OPEN).then(|| self.open.remove(0).close())
    }

    /// Returns the requests for the remaining items.
    pub(super) fn rest(&mut self) -> impl Iterator<Item = ChildRequest> {
        std::mem::take(&mut self.open).into_iter().map(OpenBatch::close)
    }
}

impl OpenBatch {
    fn close(self) -> ChildRequest {
        let Self { parameters, items, .. } = self;
        let of_one = |(item, parameters): (ParentItem, Map<String, Value>)| {
            ChildRequest::single(ParentItem::of_batch(&[item]), Ok(parameters))
        };
        let all: Vec<ParentItem> = items.iter().map(|(item, _)| item.clone()).collect();
        let singles = if items.len() > 1 { items.into_iter().map(of_one).collect() } else { Vec::new() };
        ChildRequest { item: ParentItem::of_batch(&all), parameters: Ok(parameters), singles }
    }
}

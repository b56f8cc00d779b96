//! Finds the items of child calls while their list is read, and passes them on.
//!
//! A filter that goes through a paginated list element by element finds the same items in each page as in all of
//! them, so these items are passed on page by page. Other filters get the complete response.
//!
//! Only a few items wait between the list and a child call: the next page is read when the items of this one have been
//! taken.

use futures_util::future::{BoxFuture, join_all};
use futures_util::{FutureExt, Stream, stream};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use crate::aws::client::{CallError, CallErrorKind};
use crate::engine::call_outcome::SpreadItem;
use crate::engine::child_items::{ParentAnswer, ParentItem};
use crate::engine::page_reader::PageObserver;
use crate::model::catalog::Function;
use crate::plan::spec::Child;

/// Passes the items of one response to the child calls below it.
pub(in crate::engine) struct ItemFeed<'scan> {
    /// The item that the response was requested for.
    item: ParentItem,
    targets: Vec<FeedTarget<'scan>>,
}

/// A child call that takes items.
struct FeedTarget<'scan> {
    child: &'scan Child,
    /// The member of the response whose pages are used one by one.
    list: Option<&'scan str>,
    /// Whether a page had that member.
    had_list: bool,
    items: mpsc::Sender<SpreadItem>,
}

impl<'scan> ItemFeed<'scan> {
    /// Creates a feed for the responses of `function` that are requested for `item`.
    pub(super) fn new(
        item: ParentItem,
        function: &Function,
        targets: impl IntoIterator<Item = (&'scan Child, mpsc::Sender<SpreadItem>)>,
    ) -> Self {
        let targets = targets.into_iter().map(|(child, items)| {
            let list = child.list_of_items().filter(|list| is_joined(function, list));
            FeedTarget { child, list, had_list: false, items }
        });
        Self { item, targets: targets.collect() }
    }

    /// Returns whether no child call takes items.
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// Returns whether a child call needs the complete response.
    pub(in crate::engine) fn needs_answer(&self) -> bool {
        self.targets.iter().any(|target| target.list.is_none())
    }

    /// Passes on the items that are only found in the complete response. It may be missing if no child call needs it.
    pub(in crate::engine) async fn complete(self, answer: Option<ParentAnswer<'_>>) {
        let nothing = Value::Object(Map::new());
        let answer = answer.unwrap_or(ParentAnswer::new(&nothing, None));
        let (item, targets) = (&self.item, self.targets.iter());
        // Without the list in any page, the filter decides whether it may be missing.
        let waiting = targets.filter(|target| !target.had_list);
        join_all(waiting.map(|target| target.pass_on(answer, item))).await;
    }
}

impl PageObserver for ItemFeed<'_> {
    fn page<'page>(
        &'page mut self,
        shown: &'page Value,
        original: Option<&'page Value>,
    ) -> BoxFuture<'page, ()> {
        async move {
            let page = ParentAnswer::new(shown, original);
            let item = &self.item;
            let fed = self.targets.iter_mut().filter_map(|target| {
                let has_list = target.list.is_some_and(|list| page.has(list));
                target.had_list |= has_list;
                has_list.then(|| target.pass_on(page, item))
            });
            join_all(fed).await;
        }
        .boxed()
    }
}

impl FeedTarget<'_> {
    async fn pass_on(&self, answer: ParentAnswer<'_>, item: &ParentItem) {
        let found = match answer.items(self.child, item) {
            Ok(items) => items.into_iter().map(Ok).collect(),
            Err(error) => {
                let error = CallError::new(CallErrorKind::Request, error.to_string());
                vec![Err((item.shown().clone(), error))]
            }
        };
        for found in found {
            // The receiver only ends when the run is stopped.
            if self.items.send(found).await.is_err() {
                return;
            }
        }
    }
}

/// Returns the items that a channel receives.
pub(super) fn received(receiver: mpsc::Receiver<SpreadItem>) -> impl Stream<Item = SpreadItem> + Send {
    stream::unfold(receiver, async |mut receiver| {
        let item = receiver.recv().await?;
        Some((item, receiver))
    })
}

/// Collects the items of a regional child call of a global call.
pub(super) async fn collect(mut receiver: mpsc::Receiver<SpreadItem>) -> Vec<SpreadItem> {
    let mut items = Vec::new();
    while let Some(item) = receiver.recv().await {
        items.push(item);
    }
    items
}

/// Returns whether the pages of a list are joined to one list.
fn is_joined(function: &Function, list: &str) -> bool {
    let pagination = function.operation().pagination.iter();
    pagination.flat_map(|pagination| &pagination.result_keys).any(|path| path.top_level() == Some(list))
}

//! Reads the response of a child call for one item or batch.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::feed::ItemFeed;
use super::found::{CleanedCounts, ItemError, ItemResult};
use super::{ChildScan, ParentAnswer};
use crate::aws::client::{CallError, CallErrorKind};
use crate::engine::child_items::ParentItem;
use crate::engine::classify::{classify, classify_item};
use crate::engine::page_reader::{Gathered, PageObserver, ReadSettings, gather, region_of};
use crate::engine::result_collector::{Collector, WantedMember};
use crate::model::catalog::{CallScope, Function, reach};
use crate::names::Region;
use crate::plan::spec::{Child, FilterError};
use crate::plan::{RegionScope, added_parameters};
use crate::run::{KeptItem, KeptOutcome, Status};

impl ChildScan<'_> {
    /// Reads the response for one item or batch, and passes the items in it to the child calls below. Responses that
    /// an earlier execution has kept are not requested again.
    pub(super) async fn read(
        self,
        child: &Child,
        item: ParentItem,
        parameters: Result<Map<String, Value>, FilterError>,
        mut feed: ItemFeed<'_>,
    ) -> ItemResult {
        // A redacted item does not identify the original one.
        let is_plain = item.is_plain();
        let item = item.into_shown();
        let parameters = match parameters {
            Ok(parameters) => parameters,
            Err(error) => return ItemResult::failed(item, self.plain(failed(error.to_string()))),
        };
        let earlier = is_plain.then(|| self.kept.find(&child.function.service().name, &child.name, &item));
        if let Some(kept) = earlier.flatten() {
            return self.repeat(child, item, kept, feed).await;
        }
        let gathered = match self.gather(child, parameters.clone(), &mut feed).await {
            Ok(gathered) => gathered,
            Err(error) => return ItemResult::failed(item, self.plain(error)),
        };
        let Gathered { collected, original, cleaned, pages, attempts, more, failure, .. } = gathered;
        let cleaned = CleanedCounts::from(&cleaned);
        let keeps = is_plain && failure.is_none();
        let keep = |outcome: KeptOutcome<'_>| {
            let CleanedCounts { redacted, secrets } = cleaned;
            self.keep(child, &item, &KeptItem { attempts, pages, more, redacted, secrets, outcome });
        };
        if let (0, Some(error)) = (pages, &failure) {
            let meaning = classify_item(error, self.account.context.region_state(self.place), &parameters);
            if is_plain && meaning.status == Status::Empty {
                keep(KeptOutcome::NotConfigured);
            }
            let error = ItemError { error: Box::new(error.clone()), meaning };
            return ItemResult { cleaned, pages, attempts, ..ItemResult::failed(item, error) };
        }
        // The collector keeps the whole response.
        let answer = Value::Object(collected.into_answer().unwrap_or_default());
        let original = original.map(Value::Object);
        let has_children = !feed.is_empty();
        feed.complete(Some(ParentAnswer::new(&answer, original.as_ref()))).await;
        let is_unchanged = cleaned.redacted == 0 && cleaned.secrets == 0;
        if has_children && keeps && is_unchanged {
            keep(KeptOutcome::Response(Cow::Borrowed(&answer)));
        }
        let outcome = self.select(child, answer);
        if let Ok(result) = &outcome
            && keeps
            && !has_children
        {
            keep(KeptOutcome::Result(Cow::Borrowed(result)));
        }
        ItemResult { item, cleaned, pages, attempts, more, elsewhere: None, cut_off: failure, outcome }
    }

    /// Returns the result of an item that an earlier execution has kept.
    async fn repeat(self, child: &Child, item: Value, kept: KeptItem<'_>, feed: ItemFeed<'_>) -> ItemResult {
        let KeptItem { attempts, pages, more, redacted, secrets, outcome } = kept;
        let outcome = match outcome {
            KeptOutcome::NotConfigured => {
                let error = CallError::new(CallErrorKind::Request, String::new());
                Err(ItemError { error: Box::new(error), meaning: Status::Empty.into() })
            }
            KeptOutcome::Result(result) => Ok(result.into_owned()),
            KeptOutcome::Response(answer) => {
                feed.complete(Some(ParentAnswer::new(&answer, None))).await;
                self.select(child, answer.into_owned())
            }
        };
        let cleaned = CleanedCounts { redacted, secrets };
        ItemResult { item, cleaned, pages, attempts, more, elsewhere: None, cut_off: None, outcome }
    }

    fn keep(self, child: &Child, item: &Value, kept: &KeptItem<'_>) {
        if let Err(error) = self.kept.keep(&child.function.service().name, &child.name, item, kept) {
            // The run ends with this error.
            let _ = self.account.context.shared.cannot_store(&error);
        }
    }

    fn select(self, child: &Child, answer: Value) -> Result<Value, ItemError> {
        let answer = if let Value::Object(answer) = answer { answer } else { Map::new() };
        child.selection.select(answer).map_err(|error| self.plain(failed(error.to_string())))
    }

    /// Classifies an error that is not the response of a service.
    pub(super) fn plain(self, error: CallError) -> ItemError {
        let meaning = classify(&error, self.account.context.region_state(self.place));
        ItemError { error: Box::new(error), meaning }
    }

    /// Returns the region that the calls of a function are sent to.
    fn region(self, function: &Function) -> Region {
        region_of(function, self.place, &self.account.context.shared.engine.plan.global_region)
    }

    pub(super) fn parameters(self, child: &Child, item: &Value) -> Result<Map<String, Value>, FilterError> {
        child.parameters(item, self.account.context.placeholders(&self.region(&child.function)))
    }

    async fn gather(
        self,
        child: &Child,
        mut parameters: Map<String, Value>,
        feed: &mut ItemFeed<'_>,
    ) -> Result<Gathered, CallError> {
        added_parameters(&child.function, &mut parameters);
        if let (CallScope::Buckets, RegionScope::Region(region)) = (reach(&child.function), self.place) {
            // A bucket list of a child call is not grouped by region, so it is limited to one region.
            parameters.entry("BucketRegion").or_insert_with(|| region.as_str().into());
        }
        let engine = &self.account.context.shared.engine;
        let function: &Function = &child.function;
        let reading = ReadSettings {
            function,
            region: self.region(function),
            parameters,
            paginate: child.paginate,
            keeps_original: feed.needs_answer(),
        };
        let (scratch, depth) = (engine.sink.scratch(), engine.sink.layout().depth());
        let collector = Collector::new(function, WantedMember::Filtered, child.max_items, scratch, depth);
        let observer: Option<&mut dyn PageObserver> = if feed.is_empty() { None } else { Some(feed) };
        gather(&self.account.context, reading, collector, observer)
            .await
            .map_err(|error| self.account.context.shared.cannot_store(&error))
    }
}

fn failed(message: String) -> CallError {
    CallError::new(CallErrorKind::Request, message)
}

//! The outcomes of the items of a child call.

use serde_json::Value;

use crate::aws::client::{CallError, CallErrorKind};
use crate::engine::call_outcome::SpreadItem;
use crate::engine::classify::Classification;
use crate::plan::redaction::RedactionCounts;
use crate::run::Status;

/// The outcome of one item, or the items of a regional child call.
pub(super) enum ParentItems {
    /// The outcome of one item.
    Result(Box<ItemResult>),
    /// The items of the regional child call with this number, which is made in every region.
    Spread(usize, Vec<SpreadItem>),
}

/// The outcome of one item of the child call in `slot`.
pub(super) struct ItemResult {
    pub(super) slot: usize,
    /// The redacted item, as written to the files of the run.
    pub(super) item: Value,
    pub(super) cleaned: RedactionCounts,
    pub(super) pages: u32,
    pub(super) attempts: u32,
    pub(super) more: bool,
    /// The reason why it was not called, if it belongs to no scanned region.
    pub(super) elsewhere: Option<String>,
    /// The error that ended the pagination of the item; the pages before it are in the outcome.
    pub(super) cut_off: Option<CallError>,
    pub(super) outcome: Result<Value, ItemError>,
}

/// The error of the call for an item, with its classification.
pub(super) struct ItemError {
    pub(super) error: Box<CallError>,
    pub(super) meaning: Classification,
}

impl ParentItems {
    pub(super) fn failed(slot: usize, item: Value, failure: ItemError) -> Self {
        Self::Result(Box::new(ItemResult::failed(slot, item, failure)))
    }

    pub(super) fn elsewhere(item: Value, message: String) -> Self {
        let error = CallError::new(CallErrorKind::Request, String::new());
        let failure = ItemError { error: Box::new(error), meaning: Status::Skipped.into() };
        Self::Result(Box::new(ItemResult {
            elsewhere: Some(message),
            ..ItemResult::failed(0, item, failure)
        }))
    }
}

impl ItemResult {
    pub(super) fn failed(slot: usize, item: Value, failure: ItemError) -> Self {
        Self {
            slot,
            item,
            cleaned: RedactionCounts::default(),
            pages: 0,
            attempts: failure.error.attempts,
            more: false,
            elsewhere: None,
            cut_off: None,
            outcome: Err(failure),
        }
    }
}

//! What came of the items of a child call.

use serde_json::Value;

use crate::aws::client::{CallError, CallErrorKind};
use crate::engine::call_outcome::SpreadItem;
use crate::engine::classify::Classification;
use crate::plan::redaction::RedactionCounts;
use crate::run::Status;

/// What was found for the items of a call.
pub(super) enum ParentItems {
    /// What came of one item.
    Result(Box<ItemResult>),
    /// Items of the child with this number, which is made region by region.
    Spread(usize, Vec<SpreadItem>),
}

/// What came of one item of the child in `slot`.
pub(super) struct ItemResult {
    pub(super) slot: usize,
    /// The item, as the files of the run may show it.
    pub(super) item: Value,
    pub(super) cleaned: RedactionCounts,
    pub(super) pages: u32,
    pub(super) attempts: u32,
    pub(super) more: bool,
    /// Why it was not asked: no scanned region has it.
    pub(super) elsewhere: Option<String>,
    /// What ended the pages of the item too early; those before it are in the outcome.
    pub(super) cut_off: Option<CallError>,
    pub(super) outcome: Result<Value, ItemError>,
}

/// Why the call for an item has no result, and what that means.
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

//! The outcomes of the items of a child call.

use serde_json::Value;

use crate::aws::client::{CallError, CallErrorKind};
use crate::engine::classify::Classification;
use crate::plan::redaction::RedactionCounts;
use crate::run::Status;

/// The outcome of one item of a child call.
pub(super) struct ItemResult {
    /// The redacted item, as written to the files of the run.
    pub(super) item: Value,
    pub(super) cleaned: CleanedCounts,
    pub(super) pages: u32,
    pub(super) attempts: u32,
    pub(super) more: bool,
    /// The reason why it was not called, if it belongs to no scanned region.
    pub(super) elsewhere: Option<String>,
    /// The error that ended the pagination of the item; the pages before it are in the outcome.
    pub(super) cut_off: Option<CallError>,
    pub(super) outcome: Result<Value, ItemError>,
}

/// The numbers of redacted values and of likely secrets, as in the ledger.
#[derive(Clone, Copy, Default)]
pub(super) struct CleanedCounts {
    pub(super) redacted: u64,
    pub(super) secrets: u64,
}

impl From<&RedactionCounts> for CleanedCounts {
    fn from(counts: &RedactionCounts) -> Self {
        Self { redacted: counts.redacted, secrets: counts.count() }
    }
}

/// The error of the call for an item, with its classification.
pub(super) struct ItemError {
    pub(super) error: Box<CallError>,
    pub(super) meaning: Classification,
}

impl ItemResult {
    pub(super) fn failed(item: Value, failure: ItemError) -> Self {
        Self {
            item,
            cleaned: CleanedCounts::default(),
            pages: 0,
            attempts: failure.error.attempts,
            more: false,
            elsewhere: None,
            cut_off: None,
            outcome: Err(failure),
        }
    }

    pub(super) fn elsewhere(item: Value, message: String) -> Self {
        let error = CallError::new(CallErrorKind::Request, String::new());
        let failure = ItemError { error: Box::new(error), meaning: Status::Skipped.into() };
        Self { elsewhere: Some(message), ..Self::failed(item, failure) }
    }

    /// Returns the status of a failure; `None` if there was a response.
    pub(super) fn failure(&self) -> Option<Status> {
        self.outcome.as_ref().err().map(|failure| failure.meaning.status)
    }
}

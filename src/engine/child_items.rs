//! The items of child calls: a response with the original values, beside its redacted form for the files of the run.
//!
//! A child call sends the original values. Its results and its ledger lines contain the redacted item.

use serde_json::Value;

use crate::plan::redaction::REDACTED;
use crate::plan::spec::{Child, FilterError};

/// The response of a call that has child calls, or a page of it.
#[derive(Clone, Copy)]
pub(super) struct ParentAnswer<'answer> {
    /// The response after redaction.
    shown: &'answer Value,
    /// The response before redaction, if redaction has changed it.
    original: Option<&'answer Value>,
}

/// One item to make a child call for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParentItem {
    /// The original item, from which the parameters of the child call are built.
    pub(super) value: Value,
    /// The redacted item, if it differs from the original.
    shown: Option<Value>,
}

impl<'answer> ParentAnswer<'answer> {
    pub(super) fn new(shown: &'answer Value, original: Option<&'answer Value>) -> Self {
        Self { shown, original }
    }

    /// Returns whether the response has a member that is not null.
    pub(super) fn has(self, member: &str) -> bool {
        self.shown.get(member).is_some_and(|value| !value.is_null())
    }

    /// Returns the items of `child`. `item` is the item that this response itself was requested for.
    ///
    /// If redaction changes the number of items that the filter finds, the redacted items cannot be matched with the
    /// original ones, and none of them is written.
    pub(super) fn items(self, child: &Child, item: &ParentItem) -> Result<Vec<ParentItem>, FilterError> {
        if self.original.is_none() && item.shown.is_none() {
            let items = child.items(self.shown, &item.value)?;
            return Ok(items.into_iter().map(|value| ParentItem { value, shown: None }).collect());
        }
        let value = child.items(self.original.unwrap_or(self.shown), &item.value)?;
        let shown = child.items(self.shown, item.shown()).ok().filter(|shown| shown.len() == value.len());
        let shown = shown.unwrap_or_else(|| vec![Value::from(REDACTED); value.len()]);
        let items = value.into_iter().zip(shown);
        Ok(items.map(|(value, shown)| ParentItem { value, shown: Some(shown) }).collect())
    }
}

impl ParentItem {
    /// Returns the item of a call that is not a child call.
    pub(super) fn nothing() -> Self {
        Self { value: Value::Null, shown: None }
    }

    /// Returns the item of a call for several items: the list of them.
    pub(super) fn of_batch(items: &[Self]) -> Self {
        let is_redacted = items.iter().any(|item| item.shown.is_some());
        Self {
            value: items.iter().map(|item| item.value.clone()).collect(),
            shown: is_redacted.then(|| items.iter().map(|item| item.shown().clone()).collect()),
        }
    }

    /// Returns whether redaction leaves the item as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.shown.as_ref().is_none_or(|shown| *shown == self.value)
    }

    pub(super) fn shown(&self) -> &Value {
        self.shown.as_ref().unwrap_or(&self.value)
    }

    pub(super) fn into_shown(self) -> Value {
        self.shown.unwrap_or(self.value)
    }
}

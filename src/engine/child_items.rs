//! What child calls are made from: an answer with the values that AWS gave, beside what the run's
//! files may show of it.
//!
//! A child asks with the values themselves. Its results and its lines of the ledger name the item as
//! redaction has left it.

use serde_json::{Map, Value};

use crate::plan::redaction::REDACTED;
use crate::plan::spec::{Child, FilterError};

/// The answer of a call that has children.
pub(super) struct ParentAnswer {
    /// After redaction.
    shown: Value,
    /// Before it, where it has changed anything.
    original: Option<Value>,
}

/// One item to ask a child for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParentItem {
    /// What the child's parameters are made from.
    pub(super) asked: Value,
    /// What files may show, where that is something else.
    shown: Option<Value>,
}

impl ParentAnswer {
    pub(super) fn new(shown: Map<String, Value>, original: Option<Map<String, Value>>) -> Self {
        Self { shown: Value::Object(shown), original: original.map(Value::Object) }
    }

    /// The items that `child` is asked for. `item` is the one that this answer itself was asked for.
    ///
    /// Where redaction changes how many items the filter finds, nobody can tell which one of them
    /// is which, and none is shown.
    pub(super) fn items(&self, child: &Child, item: &ParentItem) -> Result<Vec<ParentItem>, FilterError> {
        if self.original.is_none() && item.shown.is_none() {
            let items = child.items(&self.shown, &item.asked)?;
            return Ok(items.into_iter().map(|asked| ParentItem { asked, shown: None }).collect());
        }
        let asked = child.items(self.original.as_ref().unwrap_or(&self.shown), &item.asked)?;
        let shown = child.items(&self.shown, item.shown()).ok().filter(|shown| shown.len() == asked.len());
        let shown = shown.unwrap_or_else(|| vec![Value::from(REDACTED); asked.len()]);
        let items = asked.into_iter().zip(shown);
        Ok(items.map(|(asked, shown)| ParentItem { asked, shown: Some(shown) }).collect())
    }
}

impl ParentItem {
    /// What a call of the plan itself is asked for.
    pub(super) fn nothing() -> Self {
        Self { asked: Value::Null, shown: None }
    }

    pub(super) fn shown(&self) -> &Value {
        self.shown.as_ref().unwrap_or(&self.asked)
    }

    pub(super) fn into_shown(self) -> Value {
        self.shown.unwrap_or(self.asked)
    }
}

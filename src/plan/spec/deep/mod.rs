//! Deep scans: child calls for everything that hangs below the resources of a list, derived from the sources of
//! parameters in the catalog.
//!
//! The result is an ordinary spec. Its child calls have the sources in the catalog, and follow the classes
//! of operations: configuration and state, and history on request.

mod child_call;
mod items;
mod kinds;
mod origin;
mod references;
mod roots;
mod tree;

use serde_json::Value;

use super::error::SpecError;
use super::inventories::calls_mut;
use crate::model::catalog::{Catalog, OperationClass};

pub use roots::deep_calls_for;
pub(super) use roots::{NAME, everything};

/// How far a deep scan goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeepScan {
    /// Whether records of the past are followed as well.
    pub history: bool,
    /// The maximum number of child calls below each other; `None` means any.
    pub depth: Option<usize>,
}

impl DeepScan {
    /// Everything that is configuration or state, at any depth.
    pub const CONFIGURATION: Self = Self { history: false, depth: None };

    /// Returns whether calls of a class are followed.
    #[must_use]
    pub fn follows(self, class: OperationClass) -> bool {
        class <= OperationClass::State || (self.history && class == OperationClass::History)
    }
}

/// Adds the child calls to the calls of a spec's document. Calls that have child calls of the same function already
/// keep theirs.
///
/// # Errors
///
/// An error if the catalog cannot be read.
pub(super) fn expand(mut document: Value, catalog: &Catalog, scan: DeepScan) -> Result<Value, SpecError> {
    let calls = calls_mut(&mut document);
    let services: Vec<String> =
        calls.iter().filter_map(|call| call["service"].as_str()).map(str::to_owned).collect();
    let forest = tree::Forest::below(catalog, services.iter().map(|name| &**name).collect())?;
    for call in calls {
        *call = child_call::with_children(call.take(), &forest, catalog, scan);
    }
    Ok(document)
}

#[cfg(test)]
mod tests;

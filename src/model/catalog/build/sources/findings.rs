//! The sources that a review has to confirm: those with a close second, and those that are too weak.

use std::fmt;

use super::needs::{CHOSEN, Place};
use super::reviewed::ReviewedTable;
use super::tags;
use super::tying::{SUFFICIENT, ServiceTying};

/// The difference in points within which the choice between two lists is a coin's.
const CLOSE: i32 = 3;

/// A source that a review has to decide about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceFinding {
    /// The service.
    pub service: String,
    /// The function whose parameters need a source.
    pub function: String,
    /// The decision to make.
    pub kind: SourceFindingKind,
}

/// The kind of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceFindingKind {
    /// Two lists fit equally well: the chosen one and the other.
    Ambiguous(String, String),
    /// The best list is too weak, so that the function has no source.
    Weak(String),
}

impl fmt::Display for SourceFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: ", self.service, self.function)?;
        match &self.kind {
            SourceFindingKind::Ambiguous(chosen, other) => write!(formatter, "{chosen}, not {other}"),
            SourceFindingKind::Weak(list) => write!(formatter, "none, not {list}"),
        }
    }
}

/// Returns the findings about an operation.
pub(super) fn finding(
    tying: &ServiceTying<'_, '_>,
    index: usize,
    reviewed: &ReviewedTable,
) -> Option<SourceFinding> {
    if !tags::sources(tying, index, reviewed).is_empty() {
        return None;
    }
    let operation = &tying.service.operations[index];
    let kind = if let Some(reached) = &tying.reached[index] {
        let (other, points) = reached.second?;
        let chosen = reached.here()?;
        let is_close = reached.points - points <= CLOSE && reached.points < CHOSEN;
        SourceFindingKind::Ambiguous(list(tying, chosen), is_close.then(|| list(tying, other))?)
    } else {
        let best = tying.best(index).filter(|best| best.points < SUFFICIENT)?;
        SourceFindingKind::Weak(list(tying, best.here()?))
    };
    Some(SourceFinding {
        service: tying.service.name.to_owned(),
        function: operation.function.to_owned(),
        kind,
    })
}

fn list(tying: &ServiceTying<'_, '_>, (operation, collection): Place) -> String {
    let operation = &tying.service.operations[operation];
    format!("{} {}", operation.function, operation.collections[collection].path)
}

//! The outcomes of the child calls below one call.

use std::collections::VecDeque;
use std::time::Instant;

use super::ChildScan;
use super::slot::ChildSlot;
use crate::engine::call_outcome::{CallOutcome, SpreadItems};
use crate::plan::spec::Child;
use crate::plan::{RegionScope, is_spread};
use crate::run::Status;

/// The outcomes of child calls and of those below them, in the order of the spec.
#[derive(Default)]
pub(super) struct ChildOutcomes<'scan> {
    /// The child calls that are made in the same place as the call.
    pub(super) slots: Vec<ChildSlot<'scan>>,
    /// The items of the regional child calls of a global call.
    pub(super) spread: Vec<SpreadItems>,
}

impl<'scan> ChildOutcomes<'scan> {
    /// Returns the outcomes of calls without any item.
    pub(super) fn none(scan: ChildScan<'scan>, each: &'scan [Child]) -> Self {
        Self {
            slots: descendants(scan.place, each).map(|child| ChildSlot::new(scan, child)).collect(),
            spread: (0..count_spread(scan.place, each)).map(|_| Ok(Vec::new())).collect(),
        }
    }

    /// Adds the outcomes of the next child call.
    pub(super) fn append(&mut self, next: Self) {
        self.slots.extend(next.slots);
        self.spread.extend(next.spread);
    }

    /// Adds the outcomes of the same child calls for another item.
    pub(super) fn merge(&mut self, other: Self) {
        for (slot, other) in self.slots.iter_mut().zip(other.slots) {
            slot.merge(other);
        }
        for (items, other) in self.spread.iter_mut().zip(other.spread) {
            if let (Ok(items), Ok(other)) = (items, other) {
                items.extend(other);
            }
        }
    }

    /// Notes that a list is missing below which the child calls would have had items.
    pub(super) fn without_list(&mut self, status: Status) {
        self.slots.iter_mut().for_each(|slot| slot.without_list(status));
    }

    /// Returns the records of child calls that are not made because of `why`.
    pub(super) fn not_sent(self, scan: ChildScan<'_>, why: &str) -> CallOutcome {
        let slots = self.slots.into_iter().enumerate();
        let records = slots.map(|(index, slot)| slot.not_sent(scan.why_not(index).unwrap_or(why)));
        let spread = self.spread.iter().map(|_| Err(why.to_owned()));
        CallOutcome { records: records.collect(), results: Vec::new(), spread: spread.collect() }
    }

    /// Returns the results and records.
    pub(super) fn finish(self, scan: ChildScan<'_>, started: Instant) -> CallOutcome {
        let mut outcome = CallOutcome { spread: self.spread, ..CallOutcome::default() };
        for (index, slot) in self.slots.into_iter().enumerate() {
            match scan.why_not(index) {
                Some(reason) => outcome.records.push(slot.not_sent(reason)),
                None => slot.finish(started, &mut outcome),
            }
        }
        outcome
    }
}

/// Returns all child calls that are made in the same place, each before its own child calls.
pub(super) fn descendants<'spec>(
    place: &'spec RegionScope,
    each: &'spec [Child],
) -> impl Iterator<Item = &'spec Child> {
    let is_here = |child: &&Child| !is_spread(place, child);
    let mut waiting: VecDeque<&Child> = each.iter().filter(is_here).collect();
    std::iter::from_fn(move || {
        let child = waiting.pop_front()?;
        child.each.iter().filter(is_here).rev().for_each(|grandchild| waiting.push_front(grandchild));
        Some(child)
    })
}

/// Returns the number of regional child calls, without those below them.
fn count_spread(place: &RegionScope, each: &[Child]) -> usize {
    each.iter().map(|child| if is_spread(place, child) { 1 } else { count_spread(place, &child.each) }).sum()
}

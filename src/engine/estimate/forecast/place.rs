//! The forecast of one planned call in one account and region.

use std::collections::HashMap;

use super::UnknownCause;
use super::functions::{CallFunctions, ForecastFunction};
use crate::engine::estimate::earlier_run::CallCounts;
use crate::engine::estimate::filtered_items::PlaceItems;
use crate::engine::estimate::links::ChildLink;
use crate::names::AccountId;
use crate::plan::spec::OutputOrigin;

/// A planned call in one account and region, with the counts of the earlier run there.
pub(super) struct PlaceForecast<'plan> {
    pub(super) functions: &'plan CallFunctions<'plan>,
    pub(super) account: &'plan AccountId,
    /// `None` if the earlier run made no call in this place.
    pub(super) counts: Option<&'plan HashMap<usize, CallCounts>>,
    /// The items that were counted in its results there.
    pub(super) filtered: Option<&'plan PlaceItems>,
    /// The states of the global call whose items a regional child call is made for.
    pub(super) source: Option<&'plan [CallState]>,
    /// The minimum number of requests of the call's own function.
    pub(super) least: u64,
}

/// The expected outcome of one function in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallState {
    /// The number of requests; `None` if it is not known.
    pub(super) requests: Option<u64>,
    /// Whether the earlier run made this call.
    pub(super) is_in_run: bool,
    /// The number of responses; `None` if it is not known.
    responses: Option<u64>,
    /// The number of elements in the list that the ledger counts.
    elements: Option<u64>,
    /// The cause why the numbers below are not known.
    pub(super) cause: UnknownCause,
}

impl CallState {
    /// A function that is not called in the account.
    const NOT_CALLED: Self = Self {
        requests: Some(0),
        is_in_run: true,
        responses: Some(0),
        elements: None,
        cause: UnknownCause::ListNotCalled,
    };

    fn unknown(requests: Option<u64>, is_in_run: bool, cause: UnknownCause) -> Self {
        Self { requests, is_in_run, responses: None, elements: None, cause }
    }

    fn known(requests: u64, responses: u64, elements: Option<u64>) -> Self {
        Self {
            requests: Some(requests),
            is_in_run: true,
            responses: Some(responses),
            elements,
            cause: UnknownCause::ItemsNotCounted,
        }
    }
}

impl PlaceForecast<'_> {
    /// Returns the states of all functions of the call.
    pub(super) fn states(&self) -> Vec<CallState> {
        let CallFunctions { call, functions } = self.functions;
        let mut states: Vec<CallState> = Vec::with_capacity(functions.len());
        for (index, function) in functions.iter().enumerate() {
            let state = if call.why_not(self.account, index).is_some() {
                CallState::NOT_CALLED
            } else {
                match &function.link {
                    None => self.entry(function),
                    Some(link) => self.child(function, link, &states),
                }
            };
            states.push(state);
        }
        states
    }

    fn counts_of(&self, function: &ForecastFunction<'_>) -> Option<CallCounts> {
        self.counts?.get(&function.known?.id).copied()
    }

    fn entry(&self, function: &ForecastFunction<'_>) -> CallState {
        let Some(counts) = self.counts_of(function) else {
            return CallState::unknown(Some(self.least), false, UnknownCause::ListNotCalled);
        };
        let pages = u64::from(counts.pages);
        if !counts.is_complete() {
            return CallState::unknown(Some(pages.max(self.least)), true, UnknownCause::ListFailed);
        }
        // Of a list of buckets, only one region has sent requests.
        let requests = if counts.attempts == 0 { 0 } else { pages.max(1) };
        let list = function.known.and_then(|known| known.list);
        CallState::known(requests, u64::from(pages > 0), list.map(|_| counts.items))
    }

    fn child(
        &self,
        function: &ForecastFunction<'_>,
        link: &ChildLink<'_>,
        states: &[CallState],
    ) -> CallState {
        if let Some(counts) = self.counts_of(function)
            && (counts.is_complete() || counts.unanswered > 0)
        {
            return CallState::known(u64::from(counts.pages) + counts.unanswered, counts.items, None);
        }
        let above = match link.parent {
            Some(parent) => states.get(parent).map(|state| (state, self.functions.functions.get(parent))),
            // The items of a global call belong to one region each, and the ledger does not list which.
            None => None,
        };
        let Some((above, list)) = above else { return self.regional_child() };
        let known = list.and_then(|list| list.known);
        let list = known.and_then(|known| known.list);
        let is_counted = |name: &str| list == Some(name);
        let items = match link.child.output_origin() {
            OutputOrigin::Elements(name) if is_counted(name) => above.elements,
            OutputOrigin::Response => above.responses,
            OutputOrigin::Elements(_) | OutputOrigin::Other => {
                let is_empty =
                    above.elements == Some(0) && link.child.list_of_items().is_some_and(is_counted);
                let filtered = || {
                    let key = (known?.id, link.child.over().to_owned());
                    self.filtered?.get(&key).copied()
                };
                is_empty.then_some(0).or_else(filtered)
            }
        };
        let items = items.or((above.responses == Some(0)).then_some(0));
        match items {
            Some(items) => {
                let batch = link.child.batch.as_ref().map_or(1, |batch| batch.size.max(1) as u64);
                let requests = items.div_ceil(batch);
                CallState { is_in_run: false, ..CallState::known(requests, requests, None) }
            }
            None => CallState::unknown(None, false, above.cause),
        }
    }

    /// Returns the state of a regional child call without counts in this place.
    fn regional_child(&self) -> CallState {
        let source = self.source.and_then(|states| states.first());
        match source {
            Some(state) if state.elements == Some(0) => {
                CallState { is_in_run: false, ..CallState::known(0, 0, None) }
            }
            Some(state) => CallState::unknown(None, false, state.cause),
            None => CallState::unknown(None, false, UnknownCause::ListNotCalled),
        }
    }
}

//! Adds what a run saw in one account and region.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use super::HistoryError;
use super::calls::StoredCalls;
use super::known::KnownRuns;
use super::place_key::PlaceKey;
use super::row::{self, StoredResources, StoredState};
use super::span::{SpanStart, SpanState, UnseenCause};
use crate::aws::organization::Account;
use crate::reports::diff::{
    FieldChange, GapReason, Ignore, ResourceLabel, ResourceMatch, RunCoverage, SeenResource, listing, matches,
};
use crate::reports::resources::Resources;

/// A resource that was not there before, and what is stored of it if it had been removed.
type ReturnedPair = (SeenResource, Option<SeenResource>);

/// A run that is added to a history.
pub(super) struct RunAddition<'run> {
    pub(super) connection: &'run Connection,
    pub(super) resources: &'run Resources,
    pub(super) coverage: &'run RunCoverage,
    pub(super) calls: &'run StoredCalls<'run>,
    pub(super) ignore: &'run Ignore,
    /// Whether an earlier run used different redaction.
    pub(super) redacted_otherwise: bool,
    /// The number of the run.
    pub(super) run: i64,
}

impl RunAddition<'_> {
    /// Adds one place; `account` is the account as the run found it.
    pub(super) fn add_place(
        &self,
        place: &PlaceKey<'_>,
        account: Option<&Account>,
    ) -> Result<(), HistoryError> {
        let StoredResources { seen: stored, states } = row::living(self.connection, self.calls, place)?;
        let seen = self.seen(account, place)?;
        let mut known = KnownRuns::read(self.connection, place)?;
        let (mut new, mut details) = (Vec::new(), Vec::new());
        for matched in self.matches(stored, seen) {
            match matched {
                ResourceMatch::Both(stored, seen) => self.seen_again(&stored, &seen, &states, None)?,
                ResourceMatch::ListedOnly(stored, seen) => self.listed(place, &stored, &seen)?,
                ResourceMatch::Old(stored) => self.unseen(place, &stored, &states)?,
                ResourceMatch::New(seen) => new.push(seen),
            }
        }
        let (pairs, states) = self.returned(place, new)?;
        for (seen, earlier) in pairs {
            let known = known.last(self.calls.number(seen.pair));
            if let Some(earlier) = earlier {
                self.seen_again(&earlier, &seen, &states, known)?;
                continue;
            }
            let row = row::insert(self.connection, self.calls, place, &seen)?;
            self.start(row, SpanState::Present, known, None)?;
            details.extend(seen.about.map(|about| (row, about)));
        }
        for (row, about) in &details {
            row::set_owner(self.connection, place, *row, about)?;
        }
        self.note_complete_calls(place, &mut known)
    }

    fn matches(&self, stored: Vec<SeenResource>, seen: Vec<SeenResource>) -> Vec<ResourceMatch> {
        let is_family = |one: usize, other: usize| self.calls.is_family(one, other);
        matches(stored, seen, &is_family, self.redacted_otherwise)
    }

    /// Returns the resources that the run saw in a place.
    fn seen(
        &self,
        account: Option<&Account>,
        place: &PlaceKey<'_>,
    ) -> Result<Vec<SeenResource>, HistoryError> {
        let mut seen = Vec::new();
        let Some(account) = account else { return Ok(seen) };
        let calls = self.resources.calls();
        self.resources.each_found::<HistoryError>(account, place.region, &|_| true, &mut |found| {
            let about = ResourceLabel::of_detail(calls, &found);
            let (call, describes) = (found.call, listing(calls, found.call) != found.call);
            seen.push(SeenResource::new(found, call, describes, about));
            Ok(())
        })?;
        Ok(seen)
    }

    /// Stores the values of a resource that an earlier run saw, and their changes. `known` is the last run that could
    /// have seen it, if it had been removed.
    fn seen_again(
        &self,
        stored: &SeenResource,
        seen: &SeenResource,
        states: &HashMap<i64, StoredState>,
        known: Option<i64>,
    ) -> Result<(), HistoryError> {
        let Some(row) = stored.row else { return Ok(()) };
        let state = states.get(&row);
        if row::is_other(stored, seen) {
            let (changes, _) = self.ignore.changes(stored, seen, self.redacted_otherwise);
            let mut insert = self.connection.prepare_cached(
                "INSERT INTO changes (resource, run, after_run, path, old, new) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            let last_seen = self.last_seen(state);
            for FieldChange { path, old, new } in changes {
                let [old, new] = [old, new].map(|value| value.map(|value| value.to_string()));
                insert.execute(params![row, self.run, last_seen, path, old, new])?;
            }
            row::update(self.connection, self.calls, row, seen)?;
        }
        match state.map(|state| state.state) {
            Some(SpanState::Present) => Ok(()),
            Some(SpanState::Absent) => {
                let removed = self.removed_in(row)?;
                let after = known.map_or(removed, |known| known.max(removed));
                self.start(row, SpanState::Present, Some(after), None)
            }
            _ => self.start(row, SpanState::Present, None, None),
        }
    }

    /// Returns the last run that saw a resource.
    fn last_seen(&self, state: Option<&StoredState>) -> i64 {
        state.and_then(|state| state.seen_run).unwrap_or(self.run - 1)
    }

    /// Returns the run that found a resource removed.
    fn removed_in(&self, row: i64) -> Result<i64, HistoryError> {
        Ok(self
            .connection
            .prepare_cached("SELECT first_run FROM spans WHERE resource = ?1 AND last_run IS NULL")?
            .query_row([row], |row| row.get(0))?)
    }

    /// Stores that a resource is there, of which the run or an earlier one does not have the description.
    fn listed(
        &self,
        place: &PlaceKey<'_>,
        stored: &SeenResource,
        seen: &SeenResource,
    ) -> Result<(), HistoryError> {
        let Some(row) = stored.row else { return Ok(()) };
        if seen.describes || !stored.describes {
            // The earlier values are only those of the list.
            row::update(self.connection, self.calls, row, seen)?;
            return self.start(row, SpanState::Present, None, None);
        }
        let cause = if self.calls.is_made(stored.pair) {
            let gap = self.coverage.gap(place.account, place.region, stored.pair);
            UnseenCause::Gap(gap.unwrap_or(GapReason::NotDescribed.into()))
        } else {
            UnseenCause::NotInSpec
        };
        self.start(row, SpanState::Listed, None, Some(cause))
    }

    /// Stores that the run did not see a resource: it was removed if the run could have seen it.
    fn unseen(
        &self,
        place: &PlaceKey<'_>,
        stored: &SeenResource,
        states: &HashMap<i64, StoredState>,
    ) -> Result<(), HistoryError> {
        let Some(row) = stored.row else { return Ok(()) };
        let cause = if self.calls.is_made(stored.pair) {
            let calls = self.resources.calls();
            let gap =
                self.coverage.gap_for(calls, place.account, place.region, stored.pair, &stored.for_item);
            gap.map(UnseenCause::Gap)
        } else {
            Some(UnseenCause::NotInSpec)
        };
        if let Some(cause) = cause {
            return self.start(row, SpanState::Unknown, None, Some(cause));
        }
        let last_seen = self.last_seen(states.get(&row));
        self.start(row, SpanState::Absent, Some(last_seen), None)
    }

    /// Pairs resources that were not there before with the same ones that had been removed, whose states it returns.
    fn returned(
        &self,
        place: &PlaceKey<'_>,
        new: Vec<SeenResource>,
    ) -> Result<(Vec<ReturnedPair>, HashMap<i64, StoredState>), HistoryError> {
        let kinds: HashSet<(String, String)> =
            new.iter().map(|seen| (seen.service.clone(), seen.kind.clone())).collect();
        let StoredResources { seen: removed, states } =
            row::removed(self.connection, self.calls, place, &kinds)?;
        let pairs = self.matches(removed, new).into_iter().filter_map(|matched| match matched {
            ResourceMatch::Both(stored, seen) | ResourceMatch::ListedOnly(stored, seen) => {
                Some((seen, Some(stored)))
            }
            ResourceMatch::New(seen) => Some((seen, None)),
            ResourceMatch::Old(_) => None,
        });
        Ok((pairs.collect(), states))
    }

    fn start(
        &self,
        row: i64,
        state: SpanState,
        after: Option<i64>,
        cause: Option<UnseenCause>,
    ) -> Result<(), HistoryError> {
        SpanStart { state, run: self.run, after, cause }.store(self.connection, row)
    }

    /// Notes for each call of which the run has a complete result here that it could have seen what the call returns.
    fn note_complete_calls(&self, place: &PlaceKey<'_>, known: &mut KnownRuns) -> Result<(), HistoryError> {
        let calls = self.resources.calls();
        for (index, number) in self.calls.made() {
            let any = serde_json::Value::Null;
            if self.coverage.gap_for(calls, place.account, place.region, index, &any).is_none() {
                known.set(number, self.run);
            }
        }
        known.store(self.connection, place)
    }
}

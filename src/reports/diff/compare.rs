//! Compares two runs: account by account, place by place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Map;

use super::calls::CallPairs;
use super::change::{Change, ChangeKind, FieldChange, SeenIn};
use super::choice::Choice;
use super::coverage::{RunCoverage, listing};
use super::details::DetailOwners;
use super::facts::facts_of;
use super::former_users;
use super::gap::{Gap, GapReason};
use super::matching::{ResourceMatch, matches};
use super::runs::{changed_account, not_compared, notices, redaction_of};
use super::seen_resource::{ResourceLabel, SeenResource};
use super::spool::ChangeSpool;
use super::summary::{DiffSummary, DiffTally, RunSummary};
use super::{DiffError, Ignore};
use crate::aws::organization::Account;
use crate::names::AccountId;
use crate::reports::resources::Resources;

/// The differences between two runs.
#[derive(Debug)]
pub struct Difference {
    /// Totals, notices and unknown calls.
    pub summary: DiffSummary,
    pub(super) changes: ChangeSpool,
}

#[cfg(feature = "mcp")]
impl Difference {
    /// Returns the first changes, at most `limit`.
    ///
    /// # Errors
    ///
    /// Returns an error if the temporary file of the changes cannot be read.
    pub(crate) fn first_changes(&mut self, limit: usize) -> Result<Vec<Change>, DiffError> {
        self.changes.first(limit)
    }
}

/// Compares two runs. `names` are the names of their directories in reports.
pub fn compare(
    old: &Resources,
    new: &Resources,
    names: [String; 2],
    ignore: &Ignore,
    choice: &Choice,
) -> Result<Difference, DiffError> {
    let (old_coverage, new_coverage) = (RunCoverage::read(old)?, RunCoverage::read(new)?);
    choice.check(&[old.calls(), new.calls()], &[&old_coverage, &new_coverage])?;
    let calls = CallPairs::pair(old.calls(), new.calls(), |call| choice.has_call(call));
    let manifests = [old.results().manifest(), new.results().manifest()];
    let mut comparing = Comparing {
        old: RunSide { resources: old, coverage: old_coverage },
        new: RunSide { resources: new, coverage: new_coverage },
        calls: &calls,
        ignore,
        choice,
        redacted_otherwise: redaction_of(manifests[0]) != redaction_of(manifests[1]),
        changes: ChangeSpool::new()?,
        tally: DiffTally::default(),
    };
    let mut accounts = Vec::new();
    for (id, [old, new]) in merged(old.results().accounts(), new.results().accounts()) {
        if choice.has_account(id.as_str()) {
            accounts.extend(changed_account(id, old, new));
            comparing.account(id, [old, new])?;
        }
    }
    let [old_name, new_name] = names;
    let summary = DiffSummary {
        old: RunSummary::of(manifests[0], old_name),
        new: RunSummary::of(manifests[1], new_name),
        totals: comparing.tally.totals,
        groups: comparing.tally.groups(),
        unknown: comparing.tally.unknown(),
        accounts,
        not_compared: not_compared(&calls, old, new, choice),
        notices: notices(manifests),
    };
    let changes = former_users::add(comparing.changes, old)?;
    Ok(Difference { summary, changes })
}

/// One of the two runs.
struct RunSide<'run> {
    resources: &'run Resources,
    coverage: RunCoverage,
}

/// A comparison in progress.
struct Comparing<'run> {
    old: RunSide<'run>,
    new: RunSide<'run>,
    calls: &'run CallPairs,
    ignore: &'run Ignore,
    choice: &'run Choice,
    redacted_otherwise: bool,
    changes: ChangeSpool,
    tally: DiffTally,
}

/// An account and region, with the account as the old and the new run have it.
struct RegionPair<'run> {
    id: &'run AccountId,
    accounts: [Option<&'run Account>; 2],
    name: &'run str,
}

impl Comparing<'_> {
    fn account(&mut self, id: &AccountId, accounts: [Option<&Account>; 2]) -> Result<(), DiffError> {
        let mut places = BTreeSet::new();
        for (side, account) in [&self.old, &self.new].into_iter().zip(accounts) {
            places.extend(side.coverage.places(id).map(str::to_owned));
            if let Some(account) = account {
                places.extend(side.resources.results().places(account)?);
            }
        }
        for name in places.iter().filter(|place| self.choice.has_region(place)) {
            let place = RegionPair { id, accounts, name };
            self.count_calls(&place);
            self.place(&place)?;
        }
        Ok(())
    }

    /// Counts the calls in one place that both runs have complete results for, and the others.
    fn count_calls(&mut self, place: &RegionPair<'_>) {
        for (old, new) in &self.calls.pairs {
            let is_planned = self.old.coverage.has_line(place.id, place.name, *old)
                || self.new.coverage.has_line(place.id, place.name, *new);
            if !is_planned {
                continue;
            }
            let gaps = [
                self.old.coverage.gap(place.id, place.name, *old),
                self.new.coverage.gap(place.id, place.name, *new),
            ];
            match gaps {
                [None, None] => self.tally.totals.calls_compared += 1,
                [Some(one), Some(other)] if one.is_out_of_reach() && other.is_out_of_reach() => {}
                _ => {
                    self.tally.totals.calls_unknown += 1;
                    let call = &self.new.resources.calls()[*new];
                    let call = [call.service(), call.function()];
                    self.tally.count_unknown(gaps, call, [place.id.as_str(), place.name], [1, 0]);
                }
            }
        }
    }

    fn place(&mut self, place: &RegionPair<'_>) -> Result<(), DiffError> {
        let old = self.seen(&self.old, place.accounts[0], &self.calls.of_old, place)?;
        let new = self.seen(&self.new, place.accounts[1], &self.calls.of_new, place)?;
        let is_family = |one: usize, other: usize| {
            let (one, other) = (self.calls.pairs[one].1, self.calls.pairs[other].1);
            let calls = self.new.resources.calls();
            one != other && listing(calls, one) == listing(calls, other)
        };
        let mut owners = DetailOwners::default();
        old.iter().chain(&new).for_each(|seen| owners.add(seen));
        let matches = matches(old, new, &is_family, self.redacted_otherwise);
        let (mut changes, mut details): (Vec<Change>, Vec<(ResourceLabel, Change)>) = Default::default();
        for matched in matches.into_iter().filter(|matched| self.choice.has_type(matched)) {
            let owner = matched.about().filter(|label| owners.has(label)).cloned();
            let change = match matched {
                ResourceMatch::Both(old, new) => self.compared(place, &old, new, owner.is_some()),
                ResourceMatch::ListedOnly(old, new) => Some(self.listed_only(place, &old, new)),
                ResourceMatch::Old(seen) => Some(self.only_one(place, seen, SeenIn::Old)),
                ResourceMatch::New(seen) => Some(self.only_one(place, seen, SeenIn::New)),
            };
            match (owner, change) {
                (Some(owner), Some(change)) if change.change != ChangeKind::Unknown => {
                    details.push((owner, change));
                }
                (_, change) => changes.extend(change),
            }
        }
        let otherwise_unchanged = owners.put_below(&mut changes, details);
        let unchanged = &mut self.tally.totals.unchanged;
        *unchanged = unchanged.saturating_sub(otherwise_unchanged);
        changes.sort_by(|one, other| key(one).cmp(&key(other)));
        for change in &changes {
            self.tally.count(change);
            self.changes.push(change)?;
        }
        Ok(())
    }

    /// Returns the resources that a run saw in one place with the compared calls.
    fn seen(
        &self,
        side: &RunSide<'_>,
        account: Option<&Account>,
        pairs: &[Option<usize>],
        place: &RegionPair<'_>,
    ) -> Result<Vec<SeenResource>, DiffError> {
        let mut seen = Vec::new();
        let Some(account) = account else { return Ok(seen) };
        let calls = side.resources.calls();
        let is_wanted = |call: usize| pairs[call].is_some();
        side.resources.each_found::<DiffError>(account, place.name, &is_wanted, &mut |found| {
            let about = ResourceLabel::of_detail(calls, &found);
            let is_chosen = self.choice.has_kind(found.resource.service, found.resource.kind)
                || about.as_ref().is_some_and(|about| self.choice.has_kind(&about.service, &about.kind));
            if let Some(pair) = pairs[found.call].filter(|_| is_chosen) {
                let describes = listing(calls, found.call) != found.call;
                seen.push(SeenResource::new(found, pair, describes, about));
            }
            Ok(())
        })?;
        Ok(seen)
    }

    /// Compares a resource that both runs saw, or an answer about it that is no resource itself; returns `None` if it
    /// is unchanged.
    fn compared(
        &mut self,
        place: &RegionPair<'_>,
        old: &SeenResource,
        new: SeenResource,
        is_detail: bool,
    ) -> Option<Change> {
        let (fields, passed_over) = self.ignore.changes(old, &new, self.redacted_otherwise);
        if fields.is_empty() {
            self.tally.totals.unchanged += u64::from(!is_detail);
            self.tally.totals.ignored += u64::from(!is_detail && passed_over > 0);
            return None;
        }
        Some(place.change(ChangeKind::Changed, new, fields))
    }

    /// Returns the change for a resource that one run described and the other only listed.
    fn listed_only(&mut self, place: &RegionPair<'_>, old: &SeenResource, new: SeenResource) -> Change {
        let (old_pair, new_pair) = (self.calls.pairs[old.pair], self.calls.pairs[new.pair]);
        // The call that describes is a child of the call that lists.
        let old_describes = listing(self.old.resources.calls(), old_pair.0) != old_pair.0;
        let gap = if old_describes {
            self.new.coverage.gap(place.id, place.name, old_pair.1)
        } else {
            self.old.coverage.gap(place.id, place.name, new_pair.0)
        };
        let gap = gap.unwrap_or(GapReason::NotDescribed.into());
        let gaps = if old_describes { [None, Some(gap)] } else { [Some(gap), None] };
        self.unknown(place, new, SeenIn::Both, gaps, gap)
    }

    /// Returns the change for a resource that only one run saw.
    fn only_one(&mut self, place: &RegionPair<'_>, seen: SeenResource, seen_in: SeenIn) -> Change {
        let (old, new) = self.calls.pairs[seen.pair];
        let (side, call, change) = match seen_in {
            SeenIn::Old | SeenIn::Both => (&self.new, new, ChangeKind::Removed),
            SeenIn::New => (&self.old, old, ChangeKind::Added),
        };
        let calls = side.resources.calls();
        match side.coverage.gap_for(calls, place.id, place.name, call, &seen.for_item) {
            None => place.change(change, seen, Vec::new()),
            Some(gap) if change == ChangeKind::Removed => {
                self.unknown(place, seen, seen_in, [None, Some(gap)], gap)
            }
            Some(gap) => self.unknown(place, seen, seen_in, [Some(gap), None], gap),
        }
    }

    fn unknown(
        &mut self,
        place: &RegionPair<'_>,
        seen: SeenResource,
        seen_in: SeenIn,
        gaps: [Option<Gap>; 2],
        because: Gap,
    ) -> Change {
        let call = [seen.service.as_str(), &seen.function];
        self.tally.count_unknown(gaps, call, [place.id.as_str(), place.name], [0, 1]);
        let change = place.change(ChangeKind::Unknown, seen, Vec::new());
        Change { seen_in: Some(seen_in), because: Some(because), ..change }
    }
}

impl RegionPair<'_> {
    fn change(&self, change: ChangeKind, seen: SeenResource, fields: Vec<FieldChange>) -> Change {
        let name = |account: Option<&Account>| account.and_then(|account| account.name.clone());
        let facts = match change {
            ChangeKind::Added | ChangeKind::Removed => facts_of(&seen.service, &seen.kind, &seen.raw),
            ChangeKind::Changed | ChangeKind::Unknown => Map::new(),
        };
        Change {
            change,
            account: self.id.to_string(),
            account_name: name(self.accounts[1]).or_else(|| name(self.accounts[0])),
            region: self.name.to_owned(),
            service: seen.service,
            kind: seen.kind,
            resource_type: seen.resource_type.map(str::to_owned),
            function: seen.function,
            id: seen.id,
            arn: seen.arn,
            name: seen.name,
            facts,
            fields,
            details: Vec::new(),
            seen_in: None,
            because: None,
            who: Vec::new(),
            who_unknown: None,
        }
    }
}

/// The sort key of the changes of a place.
fn key(change: &Change) -> impl Ord + '_ {
    (&change.service, &change.kind, &change.id, &change.arn, &change.name, change.change, change.seen_in)
}

/// Merges the accounts of both runs by ID, which does not change as names do.
fn merged<'run>(
    old: &'run [Account],
    new: &'run [Account],
) -> BTreeMap<&'run AccountId, [Option<&'run Account>; 2]> {
    let mut accounts: BTreeMap<&AccountId, [Option<&Account>; 2]> = BTreeMap::new();
    for (side, list) in [old, new].into_iter().enumerate() {
        for account in list {
            accounts.entry(&account.id).or_default()[side] = Some(account);
        }
    }
    accounts
}

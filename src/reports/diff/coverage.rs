//! The coverage of a run: for each call in each place, whether its result is complete, and if not, why.
//!
//! It is read from the ledger, and takes a byte for each call and place.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::gap::{Gap, GapReason};
use crate::names::AccountId;
use crate::plan::redaction::is_hidden;
use crate::reports::resources::{ReportedCall, Resources};
use crate::run::{CallRecord, GapCounts, ResultsError, RunState, Status};

/// The coverage of a run.
#[derive(Debug)]
pub(in crate::reports) struct RunCoverage {
    accounts: HashMap<AccountId, AccountKnowledge>,
    /// All accounts that the run found, including those that it did not scan.
    found: HashSet<AccountId>,
    /// All distinct gaps; `AccountKnowledge` refers to them by position.
    gaps: Vec<Gap>,
    /// Items of child calls without a complete result.
    items: HashMap<(AccountId, String, usize), Vec<FailedItem>>,
    is_finished: bool,
}

/// An item of a child call without a complete result.
#[derive(Debug)]
struct FailedItem {
    /// The item; null if it may be any item.
    item: Value,
    /// The ID of the item.
    id: Option<String>,
    gap: Gap,
}

/// The coverage of an account.
#[derive(Debug)]
struct AccountKnowledge {
    by_name: BTreeMap<String, Box<[u8]>>,
    /// Why no call was sent, if none was. The places in the ledger are then those of the caller's account,
    /// and there may be others.
    not_entered: Option<Gap>,
}

/// The region name of calls that are about a whole account.
const GLOBAL: &str = "global";

/// The ledger has no line about the call.
const NO_LINE: u8 = 0;
/// The result is complete.
const COMPLETE: u8 = 1;
/// The code of the first gap; further gaps follow.
const FIRST_GAP: u8 = 2;

/// How complete a call's result in one place is.
enum KnownAnswer<'run> {
    /// Complete.
    All,
    /// Complete except for these items.
    AllBut(&'run [FailedItem]),
    /// Not reliable, with the reason.
    Not(Gap),
}

impl RunCoverage {
    /// Reads the ledger of a run.
    pub(in crate::reports) fn read(resources: &Resources) -> Result<Self, ResultsError> {
        let results = resources.results();
        let calls = resources.calls();
        let by_name: HashMap<(&str, &str), usize> =
            calls.iter().enumerate().map(|(index, call)| ((call.service(), call.name()), index)).collect();
        let mut coverage = Self {
            accounts: HashMap::new(),
            found: results.accounts().iter().map(|account| account.id.clone()).collect(),
            gaps: Vec::new(),
            items: HashMap::new(),
            is_finished: results.manifest().state == RunState::Finished,
        };
        let accepted = GapCounts::of(results.manifest());
        results.each_record(&mut |record| {
            let call = by_name.get(&(record.service.as_str(), &*record.name));
            if let Some(call) = call.filter(|_| !record.is_about_the_run()) {
                coverage.note(record, calls, *call, accepted.accepts(record));
            }
        })?;
        Ok(coverage)
    }

    fn note(&mut self, record: &CallRecord, calls: &[ReportedCall], call: usize, accepted: bool) {
        let gap = Gap::of(record).map(|gap| Gap { accepted, ..gap });
        if let Some(item) = &record.item {
            // An item without a gap had a response, even if only that it no longer exists.
            let Some(gap) = gap else { return };
            let key = (record.account.clone(), record.region.clone(), call);
            // A failure without an error code was detected by this program, and may be about more than this
            // item.
            let is_vague = record.status == Status::Failed && record.code.is_none();
            let item = if is_vague { Value::Null } else { item.clone() };
            let id = calls[call].id_of_parent(&item);
            self.items.entry(key).or_default().push(FailedItem { item, id, gap });
            return;
        }
        let code = gap.map_or(COMPLETE, |gap| self.code(gap));
        let not_entered = record.is_without_session().then_some(Gap {
            cause: GapReason::AccountNotEntered,
            denied_by: record.denied_by,
            accepted,
        });
        let places = self
            .accounts
            .entry(record.account.clone())
            .or_insert_with(|| AccountKnowledge { by_name: BTreeMap::new(), not_entered });
        places.not_entered = places.not_entered.and(not_entered);
        if !places.by_name.contains_key(&record.region) {
            places.by_name.insert(record.region.clone(), vec![NO_LINE; calls.len()].into());
        }
        if let Some(answers) = places.by_name.get_mut(&record.region) {
            answers[call] = code;
        }
    }

    /// Returns the code of a gap. There are fewer reasons than a byte has values.
    fn code(&mut self, gap: Gap) -> u8 {
        let position = self.gaps.iter().position(|known| *known == gap).unwrap_or_else(|| {
            self.gaps.push(gap);
            self.gaps.len() - 1
        });
        u8::try_from(position).unwrap_or(u8::MAX - FIRST_GAP) + FIRST_GAP
    }

    /// Returns the places of an account that the ledger has lines about, sorted.
    pub(in crate::reports) fn places(&self, account: &AccountId) -> impl Iterator<Item = &str> {
        self.accounts.get(account).into_iter().flat_map(|places| places.by_name.keys().map(String::as_str))
    }

    /// Returns the places of all accounts, some of them more than once.
    pub(super) fn all_places(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().flat_map(|account| self.places(account))
    }

    /// Returns all accounts that the run found.
    pub(super) fn all_accounts(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(AccountId::as_str)
    }

    /// Returns whether the ledger has a line about a call in one place.
    pub(super) fn has_line(&self, account: &AccountId, place: &str, call: usize) -> bool {
        let answers = self.accounts.get(account).and_then(|places| places.by_name.get(place));
        answers.is_some_and(|answers| answers[call] != NO_LINE)
    }

    /// Returns why the result of a call is incomplete, ignoring other calls; `None` if it is complete.
    pub(in crate::reports) fn gap(&self, account: &AccountId, place: &str, call: usize) -> Option<Gap> {
        match self.known(account, place, call) {
            KnownAnswer::All => None,
            KnownAnswer::AllBut(items) => items.first().map(|failed| failed.gap),
            KnownAnswer::Not(gap) => Some(gap),
        }
    }

    /// Returns why a run could not have seen a resource that `call` returns, for the item `for_item` if it
    /// is a child call; `None` if it could have seen it.
    pub(in crate::reports) fn gap_for(
        &self,
        calls: &[ReportedCall],
        account: &AccountId,
        place: &str,
        call: usize,
        for_item: &Value,
    ) -> Option<Gap> {
        // Calls that describe resources do not determine which resources exist.
        let lists = listing(calls, call);
        let (mut below, mut place_above) = (lists, place);
        let mut nearest = None;
        while let Some(parent) = calls[below].below() {
            if calls[below].is_spread() {
                place_above = GLOBAL;
            }
            nearest = self.gap(account, place_above, parent).or(nearest);
            below = parent;
        }
        if nearest.is_some() {
            return nearest;
        }
        match self.known(account, place, lists) {
            KnownAnswer::All => None,
            KnownAnswer::Not(gap) => Some(gap),
            KnownAnswer::AllBut(items) if lists == call => {
                let id = calls[call].id_of_parent(for_item);
                items.iter().find(|failed| failed.may_be(for_item, id.as_deref())).map(|failed| failed.gap)
            }
            // The item that the resource was listed for is not known here.
            KnownAnswer::AllBut(items) => items.first().map(|failed| failed.gap),
        }
    }

    fn known(&self, account: &AccountId, place: &str, call: usize) -> KnownAnswer<'_> {
        let not_sent = |otherwise: GapReason| {
            let cause = if self.is_finished { otherwise } else { GapReason::NotAsked };
            KnownAnswer::Not(cause.into())
        };
        let Some(places) = self.accounts.get(account) else {
            return if self.found.contains(account) {
                not_sent(GapReason::AccountNotScanned)
            } else {
                KnownAnswer::Not(GapReason::AccountNotFound.into())
            };
        };
        if let Some(gap) = places.not_entered {
            return KnownAnswer::Not(gap);
        }
        let answer = places.by_name.get(place).map_or(NO_LINE, |answers| answers[call]);
        let key = (account.clone(), place.to_owned(), call);
        match (self.items.get(&key), self.gap_of_code(answer)) {
            _ if answer == NO_LINE => not_sent(GapReason::RegionNotAsked),
            // The line for all items summarizes the lines for single items.
            (Some(items), _) => KnownAnswer::AllBut(items),
            (None, Some(gap)) => KnownAnswer::Not(gap),
            (None, None) => KnownAnswer::All,
        }
    }

    fn gap_of_code(&self, code: u8) -> Option<Gap> {
        self.gaps.get(usize::from(code.checked_sub(FIRST_GAP)?)).copied()
    }
}

impl FailedItem {
    /// Returns whether it may be the item that another run called with. Lists hold several items, which may
    /// differ between runs; objects may have changed, and are compared by their IDs.
    fn may_be(&self, other: &Value, id: Option<&str>) -> bool {
        let are_known = self.id.is_some() && id.is_some();
        match (&self.item, other) {
            (Value::Null | Value::Array(_), _) | (_, Value::Null | Value::Array(_)) => true,
            // A redacted value may be anything.
            (Value::String(item), _) | (_, Value::String(item)) if is_hidden(item) => true,
            (Value::Object(members), _) | (_, Value::Object(members))
                if members.values().any(Value::is_array) || !are_known =>
            {
                true
            }
            (item, other) => item == other || are_known && self.id.as_deref() == id,
        }
    }
}

/// Returns the call that lists the resources that a call describes: the call itself, unless a parent lists
/// the same resources.
pub(in crate::reports) fn listing(calls: &[ReportedCall], call: usize) -> usize {
    let mut listing = call;
    let mut above = calls[call].below();
    while let Some(parent) = above {
        if calls[parent].described_by().contains(&call) {
            listing = parent;
        }
        above = calls[parent].below();
    }
    listing
}

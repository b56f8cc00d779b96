//! What a run knows: of each call in each place, whether its answer is complete, and if not, why.
//!
//! It comes from the ledger, and has a byte for each call and place.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::gap::{Gap, GapReason};
use crate::names::AccountId;
use crate::plan::redaction::is_hidden;
use crate::reports::resources::{ReportedCall, Resources};
use crate::run::{CallRecord, ResultsError, RunState, Status};

/// What a run knows.
#[derive(Debug)]
pub(super) struct RunCoverage {
    accounts: HashMap<AccountId, AccountKnowledge>,
    /// All accounts that the run found, also those that it does not scan.
    found: HashSet<AccountId>,
    /// All gaps that there are, which `AccountKnowledge` names by their position.
    gaps: Vec<Gap>,
    /// Items of child calls that have no complete answer.
    items: HashMap<(AccountId, String, usize), Vec<FailedItem>>,
    is_finished: bool,
}

/// An item of a child call that has no complete answer.
#[derive(Debug)]
struct FailedItem {
    /// The item; null where it may be any.
    item: Value,
    /// What identifies it.
    id: Option<String>,
    gap: Gap,
}

/// What is known of an account.
#[derive(Debug)]
struct AccountKnowledge {
    by_name: BTreeMap<String, Box<[u8]>>,
    /// Why no call was sent, if none was. The places that the ledger has are then those of the caller's
    /// account, and there may be others.
    not_entered: Option<Gap>,
}

/// Where calls that are about a whole account are filed.
const GLOBAL: &str = "global";

/// The ledger has no line.
const NO_LINE: u8 = 0;
/// The answer is complete.
const COMPLETE: u8 = 1;
/// The first gap; the second is one more.
const FIRST_GAP: u8 = 2;

/// What is known of a call's answer in one place.
enum KnownAnswer<'run> {
    /// All.
    All,
    /// All but what concerns these items.
    AllBut(&'run [FailedItem]),
    /// Nothing that could be relied on.
    Not(Gap),
}

impl RunCoverage {
    /// Reads the ledger of a run.
    pub(super) fn read(resources: &Resources) -> Result<Self, ResultsError> {
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
        results.each_record(&mut |record| {
            let call = by_name.get(&(record.service.as_str(), &*record.name));
            if let Some(call) = call.filter(|_| !record.is_about_the_run()) {
                coverage.note(record, calls, *call);
            }
        })?;
        Ok(coverage)
    }

    fn note(&mut self, record: &CallRecord, calls: &[ReportedCall], call: usize) {
        let gap = Gap::of(record);
        if let Some(item) = &record.item {
            // An item that is no gap was answered, if only that it exists no longer.
            let Some(gap) = gap else { return };
            let key = (record.account.clone(), record.region.clone(), call);
            // A failure without a code is the program's own, and may be about more than this item.
            let is_vague = record.status == Status::Failed && record.code.is_none();
            let item = if is_vague { Value::Null } else { item.clone() };
            let id = calls[call].id_of_parent(&item);
            self.items.entry(key).or_default().push(FailedItem { item, id, gap });
            return;
        }
        let code = gap.map_or(COMPLETE, |gap| self.code(gap));
        let not_entered = record
            .is_without_session()
            .then_some(Gap { cause: GapReason::AccountNotEntered, denied_by: record.denied_by });
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

    /// The code of a gap. There are fewer reasons than a byte has values.
    fn code(&mut self, gap: Gap) -> u8 {
        let position = self.gaps.iter().position(|known| *known == gap).unwrap_or_else(|| {
            self.gaps.push(gap);
            self.gaps.len() - 1
        });
        u8::try_from(position).unwrap_or(u8::MAX - FIRST_GAP) + FIRST_GAP
    }

    /// The places of an account of which the ledger tells, sorted.
    pub(super) fn places(&self, account: &AccountId) -> impl Iterator<Item = &str> {
        self.accounts.get(account).into_iter().flat_map(|places| places.by_name.keys().map(String::as_str))
    }

    /// The places of all accounts, some of them more than once.
    pub(super) fn all_places(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().flat_map(|account| self.places(account))
    }

    /// All accounts that the run found.
    pub(super) fn all_accounts(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(AccountId::as_str)
    }

    /// Whether the ledger has a line about a call in one place.
    pub(super) fn has_line(&self, account: &AccountId, place: &str, call: usize) -> bool {
        let answers = self.accounts.get(account).and_then(|places| places.by_name.get(place));
        answers.is_some_and(|answers| answers[call] != NO_LINE)
    }

    /// Why the answer of a call is not complete, looking at it alone; `None` where it is.
    pub(super) fn gap(&self, account: &AccountId, place: &str, call: usize) -> Option<Gap> {
        match self.known(account, place, call) {
            KnownAnswer::All => None,
            KnownAnswer::AllBut(items) => items.first().map(|failed| failed.gap),
            KnownAnswer::Not(gap) => Some(gap),
        }
    }

    /// Why a run cannot tell whether a resource was there that `call` would have answered, for the item
    /// `asked_for` if it is a child call; `None` where it can tell.
    pub(super) fn gap_for(
        &self,
        calls: &[ReportedCall],
        account: &AccountId,
        place: &str,
        call: usize,
        asked_for: &Value,
    ) -> Option<Gap> {
        // What describes resources does not decide which there are.
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
                let id = calls[call].id_of_parent(asked_for);
                items.iter().find(|failed| failed.may_be(asked_for, id.as_deref())).map(|failed| failed.gap)
            }
            // What the resource was listed for is not known here.
            KnownAnswer::AllBut(items) => items.first().map(|failed| failed.gap),
        }
    }

    fn known(&self, account: &AccountId, place: &str, call: usize) -> KnownAnswer<'_> {
        let not_asked = |otherwise: GapReason| {
            let cause = if self.is_finished { otherwise } else { GapReason::NotAsked };
            KnownAnswer::Not(cause.into())
        };
        let Some(places) = self.accounts.get(account) else {
            return if self.found.contains(account) {
                not_asked(GapReason::AccountNotScanned)
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
            _ if answer == NO_LINE => not_asked(GapReason::RegionNotAsked),
            // The line for all items sums up what those for single ones say.
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
    /// Whether it may be the item that another run asked for. Lists hold several, and not the same in
    /// every run; objects may have changed, and are known by their ids.
    fn may_be(&self, other: &Value, id: Option<&str>) -> bool {
        let are_known = self.id.is_some() && id.is_some();
        match (&self.item, other) {
            (Value::Null | Value::Array(_), _) | (_, Value::Null | Value::Array(_)) => true,
            // What is redacted may be anything.
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

/// The call that lists what a call describes: itself, unless a call above it lists the same resources.
pub(super) fn listing(calls: &[ReportedCall], call: usize) -> usize {
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

//! What a comparison comes to, before the single changes.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::change::ChangeKind;
use super::gap::Gap;
use crate::run::{Manifest, RunState};

/// What a comparison comes to.
#[derive(Clone, Debug, Serialize)]
pub struct DiffSummary {
    /// The run that was, and the one that is.
    pub old: RunSummary,
    /// The run that is.
    pub new: RunSummary,
    /// How many resources there are of each change.
    pub totals: Totals,
    /// The same by account and service.
    pub groups: Vec<ServiceChanges>,
    /// What is not known and why, the most first.
    pub unknown: Vec<Unknown>,
    /// Accounts that only one run found, or that have another name.
    pub accounts: Vec<AccountChange>,
    /// Calls that only one run's spec has.
    pub not_compared: Vec<NotCompared>,
    /// What should be known about the two runs, a sentence each.
    pub notices: Vec<String>,
}

/// One of the two runs.
#[derive(Clone, Debug, Serialize)]
pub struct RunSummary {
    /// Its folder, as it was typed.
    pub run: String,
    /// When it began.
    pub started: DateTime<Utc>,
    /// Where it stands.
    pub state: RunState,
    /// Its spec: the file, address or carried spec.
    pub spec: String,
    /// Its organization's id.
    pub organization: Option<String>,
}

impl RunSummary {
    pub(super) fn of(manifest: &Manifest, run: String) -> Self {
        Self {
            run,
            started: manifest.started,
            state: manifest.state,
            spec: manifest.spec.source.clone(),
            organization: manifest.organization.clone(),
        }
    }
}

/// How many resources there are of each change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChangeCounts {
    /// Resources that came.
    pub added: u64,
    /// Resources that went.
    pub removed: u64,
    /// Resources that are not the same.
    pub changed: u64,
    /// Resources of which one run knows nothing.
    pub unknown: u64,
}

impl ChangeCounts {
    /// How many there are of a change.
    #[must_use]
    pub fn of(&self, change: ChangeKind) -> u64 {
        match change {
            ChangeKind::Added => self.added,
            ChangeKind::Removed => self.removed,
            ChangeKind::Changed => self.changed,
            ChangeKind::Unknown => self.unknown,
        }
    }

    fn count(&mut self, change: ChangeKind) {
        let count = match change {
            ChangeKind::Added => &mut self.added,
            ChangeKind::Removed => &mut self.removed,
            ChangeKind::Changed => &mut self.changed,
            ChangeKind::Unknown => &mut self.unknown,
        };
        *count += 1;
    }
}

/// How many there are in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Resources by what became of them.
    #[serde(flatten)]
    pub counts: ChangeCounts,
    /// Resources that are the same.
    pub unchanged: u64,
    /// Resources among these that only differ in fields that are ignored.
    pub ignored: u64,
    /// Calls, in single accounts and places, that both runs know the answer of.
    pub calls_compared: u64,
    /// Calls that one of the runs has no complete answer to.
    pub calls_unknown: u64,
}

impl Totals {
    /// Whether there is any of a change; what is unknown may be calls without resources.
    #[must_use]
    pub fn has(&self, change: ChangeKind) -> bool {
        self.counts.of(change) > 0 || change == ChangeKind::Unknown && self.calls_unknown > 0
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in ChangeKind::ALL {
            write!(formatter, "{} {}, ", self.counts.of(kind), kind.as_str())?;
        }
        write!(formatter, "{} unchanged", self.unchanged)?;
        match self.ignored {
            0 => Ok(()),
            ignored => write!(formatter, " ({ignored} of them but for ignored fields)"),
        }
    }
}

/// How many resources there are of each change in one account and service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceChanges {
    /// The account's id.
    pub account: String,
    /// The account's name, where it is known.
    pub account_name: Option<String>,
    /// The service.
    pub service: String,
    /// The numbers.
    #[serde(flatten)]
    pub counts: ChangeCounts,
}

/// What is not known, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// Why the old run does not tell, if it does not.
    pub old: Option<Gap>,
    /// Why the new run does not tell, if it does not.
    pub new: Option<Gap>,
    /// The service.
    pub service: String,
    /// The function.
    pub function: String,
    /// How many calls, in single accounts and places.
    pub calls: u64,
    /// How many resources one run saw of which the other knows nothing.
    pub resources: u64,
    /// An account for one.
    pub account: String,
    /// A place in it for one.
    pub region: String,
}

/// An account that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountChange {
    /// The account's id.
    pub account: String,
    /// What became of it.
    pub change: AccountChangeKind,
    /// Its name in the old run.
    pub old_name: Option<String>,
    /// Its name in the new run.
    pub new_name: Option<String>,
}

/// What became of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChangeKind {
    /// Only the new run found it.
    OnlyNew,
    /// Only the old run found it.
    OnlyOld,
    /// It has another name.
    Renamed,
}

/// A call that only one run's spec has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotCompared {
    /// The service.
    pub service: String,
    /// The function.
    pub function: String,
    /// The key of its result.
    pub name: String,
    /// The run whose spec has it.
    pub only_in: super::SeenIn,
}

/// Counts while a comparison goes on.
#[derive(Debug, Default)]
pub(super) struct DiffTally {
    pub(super) totals: Totals,
    groups: BTreeMap<(String, String), (Option<String>, ChangeCounts)>,
    unknown: BTreeMap<UnknownKey, UnknownCount>,
}

type UnknownKey = (Option<Gap>, Option<Gap>, String, String);

#[derive(Debug)]
struct UnknownCount {
    calls: u64,
    resources: u64,
    account: String,
    region: String,
}

impl DiffTally {
    pub(super) fn count(&mut self, change: &super::Change) {
        self.totals.counts.count(change.change);
        let key = (change.account.clone(), change.service.clone());
        let group =
            self.groups.entry(key).or_insert_with(|| (change.account_name.clone(), ChangeCounts::default()));
        group.1.count(change.change);
    }

    /// Counts calls and resources of which one run knows nothing.
    pub(super) fn count_unknown(
        &mut self,
        gaps: [Option<Gap>; 2],
        call: [&str; 2],
        place: [&str; 2],
        count: [u64; 2],
    ) {
        let key = (gaps[0], gaps[1], call[0].to_owned(), call[1].to_owned());
        let unknown = self.unknown.entry(key).or_insert_with(|| UnknownCount {
            calls: 0,
            resources: 0,
            account: place[0].to_owned(),
            region: place[1].to_owned(),
        });
        unknown.calls += count[0];
        unknown.resources += count[1];
    }

    pub(super) fn groups(&self) -> Vec<ServiceChanges> {
        let groups = self.groups.iter().map(|((account, service), (name, counts))| ServiceChanges {
            account: account.clone(),
            account_name: name.clone(),
            service: service.clone(),
            counts: *counts,
        });
        groups.collect()
    }

    pub(super) fn unknown(&self) -> Vec<Unknown> {
        let unknown = self.unknown.iter().map(|((old, new, service, function), count)| Unknown {
            old: *old,
            new: *new,
            service: service.clone(),
            function: function.clone(),
            calls: count.calls,
            resources: count.resources,
            account: count.account.clone(),
            region: count.region.clone(),
        });
        let mut unknown: Vec<Unknown> = unknown.collect();
        unknown.sort_by_key(|unknown| std::cmp::Reverse((unknown.resources, unknown.calls)));
        unknown
    }
}

//! The summary of a comparison, without the single changes.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::change::ChangeKind;
use super::gap::Gap;
use crate::run::{Manifest, RunState};

/// The summary of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct DiffSummary {
    /// The old run.
    pub old: RunSummary,
    /// The new run.
    pub new: RunSummary,
    /// How many resources there are of each change.
    pub totals: Totals,
    /// The number of resources of each change, by account and service.
    pub groups: Vec<ServiceChanges>,
    /// Calls with unknown results and the reasons, those with the most resources first.
    pub unknown: Vec<Unknown>,
    /// Accounts that only one run found, or that were renamed.
    pub accounts: Vec<AccountChange>,
    /// Calls that only one run's spec has.
    pub not_compared: Vec<NotCompared>,
    /// Notices about the two runs, one sentence each.
    pub notices: Vec<String>,
}

/// One of the two runs.
#[derive(Clone, Debug, Serialize)]
pub struct RunSummary {
    /// The directory of the run, as given by the user.
    pub run: String,
    /// When the run started.
    pub started: DateTime<Utc>,
    /// The state of the run.
    pub state: RunState,
    /// The spec of the run: a file, a URL or a built-in spec.
    pub spec: String,
    /// The ID of the organization.
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
    /// Resources that were added.
    pub added: u64,
    /// Resources that were removed.
    pub removed: u64,
    /// Resources that changed.
    pub changed: u64,
    /// Resources that one of the runs could not see.
    pub unknown: u64,
}

impl ChangeCounts {
    /// Returns the number of resources of one change.
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

/// The totals of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Resources by change.
    #[serde(flatten)]
    pub counts: ChangeCounts,
    /// Resources without changes.
    pub unchanged: u64,
    /// Unchanged resources that differ in ignored fields.
    pub ignored: u64,
    /// Calls, in single accounts and places, with complete results in both runs.
    pub calls_compared: u64,
    /// Calls without a complete result in one of the runs.
    pub calls_unknown: u64,
    /// Of these, calls whose gap is not new: both runs have it, or it is accepted.
    pub calls_known_unknown: u64,
    /// Unknown resources whose gap is accepted.
    pub resources_accepted: u64,
}

impl Totals {
    /// Returns whether there is a change of this kind. Calls without resources also count as unknown, but not those
    /// whose gap is not new.
    #[must_use]
    pub fn has(&self, change: ChangeKind) -> bool {
        match change {
            ChangeKind::Unknown => {
                self.counts.unknown > self.resources_accepted || self.calls_unknown > self.calls_known_unknown
            }
            _ => self.counts.of(change) > 0,
        }
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
            ignored => write!(formatter, " ({ignored} of them differ only in ignored fields)"),
        }
    }
}

/// How many resources there are of each change in one account and service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceChanges {
    /// The account's ID.
    pub account: String,
    /// The account's name, if known.
    pub account_name: Option<String>,
    /// The service.
    pub service: String,
    /// The numbers.
    #[serde(flatten)]
    pub counts: ChangeCounts,
}

/// Calls of one function with unknown results, and the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// The gap in the old run, if there is one.
    pub old: Option<Gap>,
    /// The gap in the new run, if there is one.
    pub new: Option<Gap>,
    /// The service.
    pub service: String,
    /// The function.
    pub function: String,
    /// How many calls, in single accounts and places.
    pub calls: u64,
    /// How many resources one run saw and the other could not see.
    pub resources: u64,
    /// The account of an example.
    pub account: String,
    /// The region of the example.
    pub region: String,
}

/// An account that was added, removed or renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountChange {
    /// The account's ID.
    pub account: String,
    /// The kind of change.
    pub change: AccountChangeKind,
    /// Its name in the old run.
    pub old_name: Option<String>,
    /// Its name in the new run.
    pub new_name: Option<String>,
}

/// The kind of change of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChangeKind {
    /// Only the new run found it.
    OnlyNew,
    /// Only the old run found it.
    OnlyOld,
    /// It was renamed.
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

/// Counters of a comparison in progress.
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

    /// Counts calls with a gap in one of the runs, and resources that one of the runs could not see.
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
        if Gap::are_known(gaps) {
            self.totals.calls_known_unknown += count[0];
            self.totals.resources_accepted += count[1];
        }
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

//! Entries for a file of accepted gaps, proposed from the causes of a run.

use chrono::NaiveDate;
use serde::Serialize;

use super::accepted::AcceptedFailures;
use super::causes::{CauseGroup, CauseSubject};
use super::tally::RunTally;
use crate::names::{AccountId, ServiceName};
use crate::plan::spec::AcceptedGap;

/// The most functions that an entry names; with more, it accepts all of its services.
const FUNCTIONS: usize = 20;

/// An entry in the form of the file.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ProposedGap {
    /// What the entry accepts in this run; it is not used.
    comment: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    account: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    region: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    service: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    function: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    status: Vec<String>,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
}

impl ProposedGap {
    /// Returns the entries that accept all gaps of a run: those that accepted some before, and one for each further
    /// cause, with this reason and last day. `accounts` is the number of scanned accounts.
    #[must_use]
    pub(crate) fn all_of(
        tally: &RunTally,
        accounts: u64,
        reason: &str,
        until: Option<NaiveDate>,
    ) -> Vec<Self> {
        let before = tally.gaps().entries().zip(tally.accepted_by_entry());
        let mut proposed: Vec<Self> =
            before.filter_map(|((gap, ..), used)| used.map(|used| Self::again(gap, &used))).collect();
        let groups = tally.causes.groups();
        proposed.extend(groups.iter().map(|group| Self {
            reason: reason.to_owned(),
            until,
            ..Self::of_cause(group, accounts)
        }));
        proposed
    }

    /// Returns whether the entry has a reason: a scan needs one.
    #[must_use]
    pub(crate) fn has_reason(&self) -> bool {
        !self.reason.trim().is_empty()
    }

    fn again(gap: &AcceptedGap, used: &AcceptedFailures) -> Self {
        let AcceptedGap { account, region, service, function, status, reason, until, .. } = gap.clone();
        Self { comment: used.extent(), account, region, service, function, status, reason, until }
    }

    /// Returns the entry that accepts a cause, without a reason.
    fn of_cause(group: &CauseGroup, accounts: u64) -> Self {
        let texts = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect::<Vec<_>>();
        let message = group.message().map_or_else(String::new, |message| format!(". {message}"));
        let mut entry = Self {
            comment: format!("{}{message}", group.title()),
            status: vec![group.status.as_str().to_owned()],
            ..Self::default()
        };
        match group.subject {
            CauseSubject::Session | CauseSubject::Account => {
                entry.account = texts(&mut group.accounts.iter().map(AccountId::as_str));
            }
            CauseSubject::Region => entry.region.clone_from(&group.regions),
            CauseSubject::Service => {
                // All accounts and several regions: others that are added later fail as well.
                if (group.accounts.len() as u64) < accounts {
                    entry.account = texts(&mut group.accounts.iter().map(AccountId::as_str));
                }
                if let [region] = group.regions.as_slice() {
                    entry.region = vec![region.clone()];
                }
                entry.service = texts(&mut group.services.iter().map(ServiceName::as_str));
                if group.functions.len() <= FUNCTIONS {
                    entry.function =
                        texts(&mut group.functions.iter().map(|(_, function)| function.as_str()));
                    entry.function.dedup();
                }
            }
        }
        entry
    }
}

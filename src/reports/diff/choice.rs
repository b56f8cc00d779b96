//! The selection of services, kinds, accounts and regions to compare.

use super::DiffError;
use super::coverage::RunCoverage;
use crate::reports::resources::ReportedCall;
use crate::util::suggest::did_you_mean;

/// The part of two runs to compare; an empty list means everything.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Services, as boto3 names them.
    pub services: Vec<String>,
    /// Kinds of resources.
    pub kinds: Vec<String>,
    /// Accounts, by their IDs.
    pub accounts: Vec<String>,
    /// Regions, or `global`.
    pub regions: Vec<String>,
}

/// Returns whether a name is selected.
fn has(wanted: &[String], name: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)
}

impl Choice {
    pub(super) fn has_call(&self, call: &ReportedCall) -> bool {
        has(&self.services, call.service())
            && (self.kinds.is_empty() || call.kinds().any(|kind| has(&self.kinds, kind)))
    }

    pub(super) fn has_kind(&self, kind: &str) -> bool {
        has(&self.kinds, kind)
    }

    pub(super) fn has_account(&self, id: &str) -> bool {
        has(&self.accounts, id)
    }

    pub(super) fn has_region(&self, region: &str) -> bool {
        has(&self.regions, region)
    }

    /// Checks that every selected name exists in one of the runs: a typo must not look like two equal runs.
    pub(super) fn check(
        &self,
        calls: &[&[ReportedCall]; 2],
        coverage: &[&RunCoverage; 2],
    ) -> Result<(), DiffError> {
        let calls = || calls.iter().flat_map(|calls| calls.iter());
        let places = || coverage.iter().flat_map(|coverage| coverage.all_places());
        let accounts = || coverage.iter().flat_map(|coverage| coverage.all_accounts());
        known("--service", &self.services, || calls().map(ReportedCall::service).collect())?;
        known("--kind", &self.kinds, || calls().flat_map(ReportedCall::kinds).collect())?;
        known("--account", &self.accounts, || accounts().collect())?;
        known("--region", &self.regions, || places().collect())
    }
}

fn known<'run>(
    option: &'static str,
    chosen: &[String],
    all: impl FnOnce() -> Vec<&'run str>,
) -> Result<(), DiffError> {
    if chosen.is_empty() {
        return Ok(());
    }
    let mut all = all();
    all.sort_unstable();
    all.dedup();
    match chosen.iter().find(|word| !all.contains(&word.as_str())) {
        Some(word) => Err(DiffError::NotThere(option, word.clone(), did_you_mean(word, all))),
        None => Ok(()),
    }
}

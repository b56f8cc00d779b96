//! The selection of services, kinds, accounts and regions to compare.

use super::DiffError;
use super::coverage::RunCoverage;
use super::matching::ResourceMatch;
use super::seen_resource::SeenResource;
use super::type_choice::TypeChoice;
use crate::reports::resources::ReportedCall;
use crate::util::suggest::did_you_mean;

/// The part of two runs to compare; an empty list means everything.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Services, as boto3 names them.
    pub services: Vec<String>,
    /// Kinds of resources.
    pub kinds: Vec<String>,
    /// Types of resources.
    pub types: Vec<TypeChoice>,
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
        let is_everything = self.kinds.is_empty() && self.types.is_empty();
        let of_resource = call.kind_of_parent().filter(|_| call.is_detail());
        let mut kinds = call.kinds().chain(of_resource);
        has(&self.services, call.service())
            && (is_everything || kinds.any(|kind| self.has_kind(call.service(), kind)))
    }

    /// Returns whether resources of a kind may be selected. The type of some depends on their values.
    pub(super) fn has_kind(&self, service: &str, kind: &str) -> bool {
        has(&self.kinds, kind)
            && (self.types.is_empty() || self.types.iter().any(|chosen| chosen.may_be(service, kind)))
    }

    /// Returns whether a resource of a selected kind is of a selected type, in one of the runs. It is checked after
    /// resources are matched: a run that only lists a resource may not know its type.
    pub(super) fn has_type(&self, matched: &ResourceMatch) -> bool {
        let is_of = |chosen: &TypeChoice, seen: &SeenResource| {
            chosen.may_be(&seen.service, &seen.kind) && chosen.is_of(seen.resource_type)
        };
        self.types.is_empty()
            || matched.about().is_some_and(|about| self.has_kind(&about.service, &about.kind))
            || matched.sides().any(|seen| self.types.iter().any(|chosen| is_of(chosen, seen)))
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
        for chosen in &self.types {
            let kinds = || calls().flat_map(|call| call.kinds().map(|kind| (call.service(), kind)));
            if !kinds().any(|(service, kind)| chosen.may_be(service, kind)) {
                let names = kinds().flat_map(|(service, kind)| chosen.names_like_this(service, kind));
                let mut names: Vec<String> = names.collect();
                names.sort_unstable();
                names.dedup();
                let nearest = did_you_mean(chosen.written(), names.iter().map(String::as_str));
                return Err(DiffError::NotThere("--type", chosen.written().to_owned(), nearest));
            }
        }
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

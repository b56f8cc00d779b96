//! What a scan will ask, said before anything of it is asked: the arithmetic of `scan plan`.
//!
//! Everything here is certain, or a lower bound, or says that it is an expectation. How many pages
//! an answer has, and for how many items child calls are made, is known to nobody beforehand.

mod price;
mod requests;
mod text;
mod time;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Limits;
use crate::aws::client::{MOST_EMPTY_PAGES, MOST_PAGES, RetryPolicy};
use crate::aws::organization::Organization;
use crate::names::{AccountId, FunctionName, Region, ServiceName};
use crate::plan::{Plan, PlannedAccount, RegionChoice};
use crate::run::ManifestCaller;
pub use price::Paid;
pub use requests::Requests;
pub use text::estimate_text;
pub use time::{Bound, QuotaUse, ShortestTime};

/// Counts up with every change that an older reader of the document would misunderstand.
const FORMAT_VERSION: u32 = 1;

/// What the arithmetic needs to know beside the plan.
#[derive(Clone, Copy, Debug)]
pub struct EstimateInputs<'run> {
    /// Whose credentials they are.
    pub caller: &'run ManifestCaller,
    /// How many accounts are entered with credentials of their own: the caller's, and those of further
    /// profiles.
    pub callers: u64,
    /// All accounts that were found.
    pub organization: &'run Organization,
    /// Whether they had to be listed.
    pub organization_scan: bool,
    /// The regions that each account is expected to be asked in; none when no call needs them.
    pub regions: &'run [Region],
    /// Whether these could be looked up.
    pub regions_are_known: bool,
    /// The file, URL or built-in name of the spec.
    pub spec: &'run str,
    /// What the user should know about the spec, a sentence each.
    pub notices: &'run [String],
    /// How much at once.
    pub limits: Limits,
    /// How often requests are tried again.
    pub retries: RetryPolicy,
}

/// What a scan comes to, as far as that can be known before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The version of this document's format.
    pub format_version: u32,
    /// Whose credentials they are.
    pub caller: ManifestCaller,
    /// The organization's id, if there is one and it may be read.
    pub organization: Option<String>,
    /// The file, URL or built-in name of the spec.
    pub spec: String,
    /// The accounts.
    pub accounts: EstimatedAccounts,
    /// Where calls are made in each account.
    pub places: EstimatedRegions,
    /// The calls.
    pub calls: EstimatedCalls,
    /// Calls that are made in some of the accounts only.
    #[serde(default)]
    pub limited: Vec<Limited>,
    /// Calls that are made for every item of an answer.
    pub child_calls: Vec<ChildCall>,
    /// The smallest number of requests.
    pub requests: Requests,
    /// The shortest time.
    pub time: ShortestTime,
    /// Calls that cost money by themselves.
    pub paid: Vec<Paid>,
    /// Entries of the spec that are not called.
    pub skipped: Vec<Skipped>,
    /// What else there is to know about the spec, a sentence each.
    pub notices: Vec<String>,
    /// How much at once, at most.
    pub limits: AtOnce,
    /// How often requests are tried again.
    pub retries: RetryPolicy,
    /// Where an answer that does not end is cut off.
    pub pages: PageBounds,
}

/// Where an answer that does not end is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageBounds {
    /// The most pages of an answer.
    pub most: u32,
    /// The most pages in a row without an item.
    pub most_empty_in_a_row: u32,
}

/// The accounts of an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedAccounts {
    /// How many there are.
    pub found: u64,
    /// How many will be scanned.
    pub to_scan: u64,
    /// Those that will not.
    pub not_scanned: Vec<NotScanned>,
}

/// An account that will not be scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotScanned {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: Option<String>,
    /// Why.
    pub reason: String,
}

/// Where calls are made in each account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedRegions {
    /// Whether something is asked once for the whole account.
    pub global: bool,
    /// The regions.
    pub regions: Vec<Region>,
    /// How they are known.
    pub regions_from: RegionSource,
}

/// How the regions of accounts are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionSource {
    /// The command line or the spec names them.
    Given,
    /// They are those of the caller's account; others may have more or fewer.
    Caller,
    /// They are those that every account has, because the caller's could not be looked up.
    Default,
    /// No call is about a region.
    NotNeeded,
}

/// The calls of an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedCalls {
    /// In all accounts: the lines that the ledger will have, those about single items and about what is not called
    /// in an account aside.
    pub total: u64,
    /// In one account, without those that are made in some accounts only.
    pub per_account: u64,
    /// The same by service, the largest first.
    pub services: Vec<ServiceCalls>,
}

/// The calls to one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCalls {
    /// The service.
    pub service: ServiceName,
    /// In all accounts.
    pub calls: u64,
    /// The smallest number of requests, in all accounts; child calls may need none.
    pub requests: u64,
}

/// A call that is made in some of the accounts only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limited {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The accounts in which it is called.
    pub accounts: Vec<AccountId>,
    /// Why it is not called in the others.
    pub reason: String,
}

/// A call that is made for every item of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildCall {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The call below whose items it is made for, as the result file names it.
    pub below: String,
    /// Requests that may be sent in a second, in one account and region.
    pub requests_per_second: u32,
}

/// An entry of the spec that is not called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The service, as the spec names it.
    pub service: String,
    /// The function, as the spec names it.
    pub function: String,
    /// Why it is not called.
    pub reason: String,
}

/// How much is under way at once, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtOnce {
    /// Requests in the whole run.
    pub concurrency: usize,
    /// Accounts.
    pub concurrent_accounts: usize,
    /// Regions of one account.
    pub concurrent_regions: usize,
    /// Services of one account and region.
    pub concurrent_services: usize,
}

impl Estimate {
    /// Estimates what `plan` comes to.
    #[must_use]
    pub fn new(plan: &Plan, circumstances: &EstimateInputs<'_>) -> Self {
        let EstimateInputs { caller, organization, regions, spec, limits, .. } = *circumstances;
        let requests = Requests::new(plan, circumstances);
        let time = ShortestTime::new(plan, circumstances, &requests);
        Self {
            format_version: FORMAT_VERSION,
            caller: caller.clone(),
            organization: organization.id.clone(),
            spec: spec.to_owned(),
            accounts: accounts(plan, organization),
            places: places(plan, circumstances),
            calls: calls(plan, regions),
            limited: limited(plan),
            child_calls: requests::child_calls(plan),
            requests,
            time,
            paid: price::paid(plan, regions),
            skipped: plan
                .skipped
                .iter()
                .map(|entry| Skipped {
                    service: entry.service.clone(),
                    function: entry.function.clone(),
                    reason: entry.reason.clone(),
                })
                .collect(),
            notices: circumstances.notices.to_vec(),
            limits: AtOnce {
                concurrency: limits.requests,
                concurrent_accounts: limits.accounts,
                concurrent_regions: limits.regions,
                concurrent_services: limits.services,
            },
            retries: circumstances.retries,
            pages: PageBounds { most: MOST_PAGES, most_empty_in_a_row: MOST_EMPTY_PAGES },
        }
    }
}

fn accounts(plan: &Plan, organization: &Organization) -> EstimatedAccounts {
    let not_scanned = organization.accounts.iter().filter_map(|account| {
        let reason = account.not_scanned()?;
        Some(NotScanned { id: account.id.clone(), name: account.name.clone(), reason })
    });
    EstimatedAccounts {
        found: organization.accounts.len() as u64,
        to_scan: plan.accounts.len() as u64,
        not_scanned: not_scanned.collect(),
    }
}

fn places(plan: &Plan, circumstances: &EstimateInputs<'_>) -> EstimatedRegions {
    let regions_from = match plan.regions {
        _ if !plan.needs_regions() => RegionSource::NotNeeded,
        RegionChoice::Given(_) => RegionSource::Given,
        RegionChoice::Enabled { .. } if circumstances.regions_are_known => RegionSource::Caller,
        RegionChoice::Enabled { .. } => RegionSource::Default,
    };
    EstimatedRegions {
        global: plan.calls.iter().any(|call| !call.is_regional()),
        regions: circumstances.regions.to_vec(),
        regions_from,
    }
}

fn calls(plan: &Plan, regions: &[Region]) -> EstimatedCalls {
    let all = plan.accounts.len() as u64;
    let mut services: BTreeMap<ServiceName, (u64, u64)> = BTreeMap::new();
    let mut per_account = 0;
    for call in &plan.calls {
        let places = requests::places_of(call, regions);
        for (index, (_, function)) in call.functions().enumerate() {
            let accounts = requests::accounts_of(plan, call, index);
            per_account += if accounts == all { places } else { 0 };
            services.entry(ServiceName::new(&*function.service().name)).or_default().0 += places * accounts;
        }
        let requests = requests::requests_of(call, regions) * requests::accounts_of(plan, call, 0);
        services.entry(call.service()).or_default().1 += requests;
    }
    let total = services.values().map(|(calls, _)| calls).sum();
    let mut services: Vec<_> = services
        .into_iter()
        .filter(|(_, (calls, _))| *calls > 0)
        .map(|(service, (calls, requests))| ServiceCalls { service, calls, requests })
        .collect();
    services.sort_by_key(|service| std::cmp::Reverse(service.calls));
    EstimatedCalls { total, per_account, services }
}

fn limited(plan: &Plan) -> Vec<Limited> {
    let mut limited = Vec::new();
    for call in &plan.calls {
        for (index, (_, function)) in call.functions().enumerate() {
            let reason = |account: &PlannedAccount| call.why_not(&account.id, index);
            let Some(why) = plan.accounts.iter().find_map(reason) else { continue };
            let called = plan.accounts.iter().filter(|account| reason(account).is_none());
            limited.push(Limited {
                service: ServiceName::new(&*function.service().name),
                function: FunctionName::new(function.name()),
                accounts: called.map(|account| account.id.clone()).collect(),
                reason: why.to_owned(),
            });
        }
    }
    limited
}

#[cfg(test)]
mod tests;

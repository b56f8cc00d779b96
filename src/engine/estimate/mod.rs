//! The arithmetic of `scan plan`: accounts, calls, minimum requests, shortest time and cost of a scan that has not
//! run.
//!
//! Every number is exact, a lower bound, or marked as an assumption. The number of pages of a response and the
//! number of items with child calls cannot be known in advance. The counts of an earlier run replace them
//! ([`Forecast`]).

mod child_text;
mod earlier_run;
mod expected_regions;
mod filtered_items;
mod forecast;
mod links;
mod lists;
mod price;
mod prices;
mod requests;
mod text;
mod text_parts;
mod time;
mod time_text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Limits;
use crate::aws::client::{MOST_EMPTY_PAGES, MOST_PAGES, RetryPolicy};
use crate::aws::organization::Organization;
use crate::names::{AccountId, FunctionName, Region, ServiceName};
use crate::plan::{Plan, PlannedAccount, RegionChoice};
use crate::run::ManifestCaller;
pub use earlier_run::EarlierRun;
pub use expected_regions::ExpectedRegions;
pub use filtered_items::FilteredItems;
pub use forecast::{Forecast, ForecastCall, ForecastRequests, UnknownCall, UnknownCause};
pub use lists::ChildList;
pub use price::Paid;
pub use requests::Requests;
pub use text::estimate_text;
pub use time::{Bound, QuotaUse, ShortestTime};

/// The version of the format. It is incremented with every change that breaks older readers of the document.
const FORMAT_VERSION: u32 = 1;

/// The inputs of an estimate in addition to the plan.
#[derive(Clone, Copy, Debug)]
pub struct EstimateInputs<'run> {
    /// The caller's account and ARN.
    pub caller: &'run ManifestCaller,
    /// The number of accounts with their own base credentials: the caller's account, and those of further profiles.
    pub callers: u64,
    /// All accounts that were found.
    pub organization: &'run Organization,
    /// Whether the accounts of the organization were listed.
    pub organization_scan: bool,
    /// Whether permission sets of IAM Identity Center are used, and no role is assumed.
    pub permission_sets: bool,
    /// The regions that are expected to be scanned in each account.
    pub regions: &'run ExpectedRegions,
    /// Whether the enabled regions could be looked up.
    pub regions_are_known: bool,
    /// The file, URL or built-in name of the spec.
    pub spec: &'run str,
    /// Notices about the spec, one sentence each.
    pub notices: &'run [String],
    /// The concurrency limits.
    pub limits: Limits,
    /// The retry policy of requests.
    pub retries: RetryPolicy,
}

/// The estimate of a scan, as far as it can be computed in advance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The version of this document's format.
    pub format_version: u32,
    /// The caller's account and ARN.
    pub caller: ManifestCaller,
    /// The organization's id, if the account is in an organization and the caller may read it.
    pub organization: Option<String>,
    /// The file, URL or built-in name of the spec.
    pub spec: String,
    /// Whether permission sets of IAM Identity Center are used, and no role is assumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub permission_sets: bool,
    /// The accounts.
    pub accounts: EstimatedAccounts,
    /// The regions in which calls are made in each account.
    pub places: EstimatedRegions,
    /// The calls.
    pub calls: EstimatedCalls,
    /// Calls that are made in some of the accounts only.
    #[serde(default)]
    pub limited: Vec<Limited>,
    /// The child calls, which are made for every item of a response.
    pub child_calls: Vec<ChildCall>,
    /// The lists whose items have child calls, those with most calls per item first.
    #[serde(default)]
    pub child_lists: Vec<ChildList>,
    /// The minimum number of requests.
    pub requests: Requests,
    /// The shortest time.
    pub time: ShortestTime,
    /// The requests that follow from the counts of an earlier run, if one is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// Calls that are billed per request.
    pub paid: Vec<Paid>,
    /// Entries of the spec that are not called.
    pub skipped: Vec<Skipped>,
    /// Notices about the spec, one sentence each.
    pub notices: Vec<String>,
    /// The concurrency limits.
    pub limits: AtOnce,
    /// The retry policy of requests.
    pub retries: RetryPolicy,
    /// The page limits, at which an endless pagination is truncated.
    pub pages: PageBounds,
}

/// The page limits, at which an endless pagination is truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageBounds {
    /// The most pages of a call.
    pub most: u32,
    /// The most consecutive pages without items.
    pub most_empty_in_a_row: u32,
}

/// The accounts of an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedAccounts {
    /// The number of accounts that were found.
    pub found: u64,
    /// The number of accounts that will be scanned.
    pub to_scan: u64,
    /// The accounts that will not be scanned.
    pub not_scanned: Vec<NotScanned>,
}

/// An account that will not be scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotScanned {
    /// The account's id.
    pub id: AccountId,
    /// The account's name.
    pub name: Option<String>,
    /// The reason.
    pub reason: String,
}

/// The regions in which calls are made in each account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedRegions {
    /// Whether there are global calls, which are made once per account.
    pub global: bool,
    /// The regions.
    pub regions: Vec<Region>,
    /// The source of the regions.
    pub regions_from: RegionSource,
}

/// The source of the regions of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionSource {
    /// The command line or the spec lists the regions.
    Given,
    /// The regions are those of the caller's account; other accounts may have more or fewer.
    Caller,
    /// The regions are the default ones, because those of the caller's account could not be looked up.
    Default,
    /// No call is regional.
    NotNeeded,
}

/// The calls of an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedCalls {
    /// The number of calls in all accounts. This is the number of ledger lines, without the lines for single items
    /// and for calls that an account skips.
    pub total: u64,
    /// The number of calls in one account, without the calls that are made in some accounts only.
    pub per_account: u64,
    /// The number of calls per service, the largest first.
    pub services: Vec<ServiceCalls>,
}

/// The calls to one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCalls {
    /// The service.
    pub service: ServiceName,
    /// The number of calls in all accounts.
    pub calls: u64,
    /// The minimum number of requests in all accounts; child calls may need none.
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

/// A call that is made for every item of a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildCall {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The call whose items it is made for, as named in the result file.
    pub below: String,
    /// The maximum number of items that are sent in one call; `None` if each item has its own call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u64>,
    /// The requests per second that may be sent in one account and region.
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

/// The concurrency limits of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtOnce {
    /// Requests in all accounts together.
    pub concurrency: usize,
    /// Accounts.
    pub concurrent_accounts: usize,
    /// Regions of one account.
    pub concurrent_regions: usize,
    /// Services of one account and region.
    pub concurrent_services: usize,
}

impl Estimate {
    /// Returns the estimate of `plan`.
    #[must_use]
    pub fn new(plan: &Plan, circumstances: &EstimateInputs<'_>) -> Self {
        let EstimateInputs { caller, organization, permission_sets, regions, spec, limits, .. } =
            *circumstances;
        let requests = Requests::new(plan, circumstances);
        let time = ShortestTime::new(plan, circumstances, &requests);
        Self {
            format_version: FORMAT_VERSION,
            caller: caller.clone(),
            organization: organization.id.clone(),
            spec: spec.to_owned(),
            permission_sets,
            accounts: accounts(plan, organization),
            places: places(plan, circumstances),
            calls: calls(plan, regions),
            limited: limited(plan),
            child_calls: requests::child_calls(plan),
            child_lists: lists::child_lists(plan),
            requests,
            time,
            forecast: None,
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

    /// Adds the requests that follow from the counts of an earlier run. `filtered` has the numbers of items that are
    /// only in its results.
    #[must_use]
    pub fn with_counts(
        self,
        plan: &Plan,
        circumstances: &EstimateInputs<'_>,
        earlier: &EarlierRun,
        filtered: &FilteredItems,
    ) -> Self {
        let forecast = Forecast::new(plan, circumstances, &self.requests, earlier, filtered);
        Self { forecast: Some(forecast), ..self }
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
        regions: circumstances.regions.common.clone(),
        regions_from,
    }
}

fn calls(plan: &Plan, regions: &ExpectedRegions) -> EstimatedCalls {
    let all = plan.accounts.len() as u64;
    let mut services: BTreeMap<ServiceName, (u64, u64)> = BTreeMap::new();
    let mut per_account = 0;
    for call in &plan.calls {
        let places = requests::places_of(call, &regions.common);
        for (index, (_, function)) in call.functions().enumerate() {
            let accounts = requests::accounts_of(plan, call, index);
            per_account += if accounts == all { places } else { 0 };
            services.entry(ServiceName::new(&*function.service().name)).or_default().0 +=
                regions.sum(plan, call, index, requests::places_of);
        }
        services.entry(call.service()).or_default().1 += regions.sum(plan, call, 0, requests::requests_of);
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

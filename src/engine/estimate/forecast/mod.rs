//! The forecast of a scan: its requests, time and cost if accounts have as many items as in an earlier run.
//!
//! A child call that the earlier run made has its own counts. Otherwise the number of its items is the number of
//! elements in its list, if the ledger or the results have that number. Nothing is extrapolated: calls without a count are listed.

mod functions;
mod place;
mod quotas;
mod text;
mod totals;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::earlier_run::EarlierRun;
use super::filtered_items::FilteredItems;
use super::price::Paid;
use super::requests::{Requests, regions_called};
use super::time::ShortestTime;
use super::{EstimateInputs, FunctionName, ServiceName};
use crate::model::catalog::CallScope;
use crate::names::AccountId;
use crate::plan::{Plan, PlannedAccount};
use functions::CallFunctions;
use place::{CallState, PlaceForecast};
use quotas::QuotaUses;
pub(super) use text::write_forecast;
use totals::ForecastTotals;

/// The requests, time and cost of a scan if accounts have as many items as in an earlier run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The folder of the earlier run.
    pub run: String,
    /// The file, URL or built-in name of its spec.
    pub spec: String,
    /// The time when it started.
    pub started: DateTime<Utc>,
    /// The requests.
    pub requests: ForecastRequests,
    /// The shortest time of these requests.
    pub time: ShortestTime,
    /// The calls that cost money.
    pub paid: Vec<Paid>,
    /// The functions, those with most requests first.
    pub calls: Vec<ForecastCall>,
    /// The child calls without a number of items, those without it in most places first.
    pub unknown: Vec<UnknownCall>,
    /// The accounts that the earlier run did not scan; their child calls are not counted.
    pub accounts_not_in_run: Vec<AccountId>,
    /// The number of calls that the earlier run did not make, with one page each.
    pub calls_not_in_run: u64,
}

/// The requests of a forecast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastRequests {
    /// The sum of the following fields.
    pub total: u64,
    /// The calls of the spec, with as many pages as in the earlier run.
    pub calls: u64,
    /// The child calls.
    pub child_calls: u64,
    /// The requests for sessions, regions and accounts.
    pub other: u64,
}

/// The requests of a function in all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecastCall {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The call as named in the result file.
    pub name: String,
    /// For a child call: the call whose items it is made for, as named in the result file.
    pub below: Option<String>,
    /// The number of requests.
    pub requests: u64,
}

/// A child call whose number of requests is not known in some places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownCall {
    /// The service.
    pub service: ServiceName,
    /// The function.
    pub function: FunctionName,
    /// The call as named in the result file.
    pub name: String,
    /// The call whose items it is made for, as named in the result file.
    pub below: String,
    /// The number of accounts and regions in which it is not known.
    pub places: u64,
    /// The cause in most of these places.
    pub cause: UnknownCause,
}

/// The cause why the number of requests of a child call is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownCause {
    /// The earlier run did not call the function that lists the items.
    ListNotCalled,
    /// The list was denied or failed in the earlier run.
    ListFailed,
    /// The earlier run has no number of these items.
    ItemsNotCounted,
}

impl Forecast {
    pub(super) fn new(
        plan: &Plan,
        circumstances: &EstimateInputs<'_>,
        minimum: &Requests,
        earlier: &EarlierRun,
        filtered: &FilteredItems,
    ) -> Self {
        let functions: Vec<CallFunctions<'_>> =
            plan.calls.iter().map(|call| CallFunctions::new(call, earlier)).collect();
        let mut totals = ForecastTotals::new(&functions);
        let mut quotas = QuotaUses::new(&functions);
        for account in &plan.accounts {
            let of_account =
                OfAccount { plan, circumstances, earlier, filtered, functions: &functions, account };
            of_account.add(&mut totals, &mut quotas);
            quotas.end_account();
        }
        let (calls, child_calls) = totals.requests();
        let other = minimum.minimum - minimum.calls;
        let requests = ForecastRequests { total: calls + child_calls + other, calls, child_calls, other };
        let expected = Requests { minimum: requests.total, calls: calls + child_calls, ..*minimum };
        let quota_seconds = quotas.seconds(circumstances.limits.accounts);
        let time = ShortestTime::of_requests(circumstances, &expected, quotas.into_busiest(), quota_seconds);
        let accounts = plan.accounts.iter().map(|account| &account.id);
        Self {
            run: earlier.folder.clone(),
            spec: earlier.spec.clone(),
            started: earlier.started,
            requests,
            time,
            paid: totals.paid(),
            calls: totals.calls(),
            unknown: totals.unknown(),
            accounts_not_in_run: accounts.filter(|id| !earlier.has_account(id)).cloned().collect(),
            calls_not_in_run: totals.calls_not_in_run,
        }
    }
}

/// The forecast of one account.
struct OfAccount<'plan> {
    plan: &'plan Plan,
    circumstances: &'plan EstimateInputs<'plan>,
    earlier: &'plan EarlierRun,
    filtered: &'plan FilteredItems,
    functions: &'plan [CallFunctions<'plan>],
    account: &'plan PlannedAccount,
}

impl OfAccount<'_> {
    /// Adds the requests of all calls in the account.
    fn add(&self, totals: &mut ForecastTotals<'_>, quotas: &mut QuotaUses) {
        // The states of the functions of global calls, for the regional child calls below them.
        let mut global: Vec<Vec<CallState>> = vec![Vec::new(); self.functions.len()];
        for (number, functions) in self.functions.iter().enumerate() {
            let call = functions.call;
            if !call.is_called_in(&self.account.id) {
                continue;
            }
            let places = regions_called(call, self.circumstances.regions.of(&self.account.id));
            for (index, place) in places.iter().enumerate() {
                let forecast = PlaceForecast {
                    functions,
                    account: &self.account.id,
                    counts: self.earlier.place(&self.account.id, place.as_str()),
                    filtered: self.filtered.place(&self.account.id, place.as_str()),
                    source: call.spread.as_ref().map(|spread| &*global[spread.source]),
                    // One region lists the account's buckets for all regions.
                    least: u64::from(call.reach != CallScope::Buckets || index == 0),
                };
                let states = forecast.states();
                for (function, state) in states.iter().enumerate() {
                    totals.add(number, function, state);
                    let requests = state.requests.unwrap_or(0);
                    quotas.add(number, function, place, &self.plan.global_region, requests);
                }
                if !call.is_regional() {
                    global[number] = states;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

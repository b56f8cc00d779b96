//! How many requests a scan sends at least.

use serde::{Deserialize, Serialize};

use super::{ChildCall, EstimateInputs};
use crate::aws::organization::ACCOUNTS_PER_PAGE;
use crate::engine::quota_of;
use crate::model::catalog::CallScope;
use crate::names::{FunctionName, Region, ServiceName};
use crate::plan::{Plan, PlannedCall, RegionChoice, RegionScope};

/// The smallest number of requests of a scan: when every answer has one page, no item has a child
/// call, and nothing is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// All of the following together.
    pub minimum: u64,
    /// For the calls of the spec, one page each.
    pub calls: u64,
    /// `sts:AssumeRole`: one for each account but the caller's own.
    pub sessions: u64,
    /// `ec2:DescribeRegions`: one for each account whose regions are looked up.
    pub region_look_ups: u64,
    /// `organizations:DescribeOrganization`, and the pages of `organizations:ListAccounts`.
    pub account_list: u64,
    /// `sts:GetCallerIdentity`.
    pub caller: u64,
}

impl Requests {
    pub(super) fn new(plan: &Plan, circumstances: &EstimateInputs<'_>) -> Self {
        let accounts = plan.accounts.len() as u64;
        let caller = &circumstances.caller.account;
        let of_call =
            |call: &PlannedCall| requests_of(call, circumstances.regions) * accounts_of(plan, call, 0);
        let calls = plan.calls.iter().map(of_call).sum();
        let entered = plan.accounts.iter().filter(|account| plan.is_called_in(&account.id));
        let sessions = match circumstances.callers {
            0 | 1 => entered.filter(|account| account.id != *caller).count() as u64,
            // Several profiles, and each account has one.
            _ => 0,
        };
        let callers = circumstances.callers.max(1);
        let looks_up = plan.needs_regions() && matches!(plan.regions, RegionChoice::Enabled { .. });
        let region_look_ups = if looks_up { accounts } else { 0 };
        let account_list = match pages_of(circumstances) {
            0 => 0,
            pages => pages + 1,
        };
        let minimum = calls + sessions + region_look_ups + account_list + callers;
        Self { minimum, calls, sessions, region_look_ups, account_list, caller: callers }
    }
}

/// The pages of the list of accounts, which are asked one after the other.
pub(super) fn pages_of(circumstances: &EstimateInputs<'_>) -> u64 {
    if !circumstances.organization_scan {
        return 0;
    }
    (circumstances.organization.accounts.len() as u64).div_ceil(ACCOUNTS_PER_PAGE.into()).max(1)
}

/// In how many accounts the function at this place of a call's is called.
pub(super) fn accounts_of(plan: &Plan, call: &PlannedCall, function: usize) -> u64 {
    plan.accounts.iter().filter(|account| call.why_not(&account.id, function).is_none()).count() as u64
}

/// In how many places of an account a call has a line in the ledger.
pub(super) fn places_of(call: &PlannedCall, regions: &[Region]) -> u64 {
    regions_called(call, regions).len() as u64
}

/// The smallest number of requests that a call takes in an account: the list of an account's
/// buckets is read once for all regions, and there may be no item to call for.
pub(super) fn requests_of(call: &PlannedCall, regions: &[Region]) -> u64 {
    let places = places_of(call, regions);
    match call.reach {
        _ if call.is_for_items() => 0,
        CallScope::Buckets => places.min(1),
        CallScope::Regional | CallScope::Global => places,
    }
}

/// The places of an account in which a call is made.
pub(super) fn regions_called(call: &PlannedCall, regions: &[Region]) -> Vec<RegionScope> {
    let places = std::iter::once(RegionScope::Global).chain(regions.iter().cloned().map(RegionScope::Region));
    places.filter(|place| call.is_asked_in(place)).collect()
}

/// The calls that are made for every item, in the order of the spec.
pub(super) fn child_calls(plan: &Plan) -> Vec<ChildCall> {
    let mut children = Vec::new();
    for call in &plan.calls {
        for (_, function) in call.functions().skip(usize::from(!call.is_for_items())) {
            let service = &*function.service().name;
            children.push(ChildCall {
                service: ServiceName::new(service),
                function: FunctionName::new(function.name()),
                below: call.entry.name.clone(),
                requests_per_second: quota_of(service, &function.operation().name).rate,
            });
        }
    }
    children
}

//! The minimum number of requests of a scan.

use serde::{Deserialize, Serialize};

use super::links::child_links;
use super::{ChildCall, EstimateInputs};
use crate::aws::organization::ACCOUNTS_PER_PAGE;
use crate::engine::quota_of;
use crate::model::catalog::CallScope;
use crate::names::{FunctionName, Region, ServiceName};
use crate::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice, RegionScope};

/// The page size of `sso:ListAccounts` (`MaxResultType` in botocore's model).
const ASSIGNED_PER_PAGE: u64 = 100;

/// The minimum number of requests of a scan: every response has one page, no item has a child call, and no request
/// is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// The sum of the following fields.
    pub minimum: u64,
    /// Requests for the calls of the spec, one page each.
    pub calls: u64,
    /// `sts:AssumeRole`: one per account except the caller's own. With permission sets, `sso:GetRoleCredentials`: one per
    /// account.
    pub sessions: u64,
    /// `ec2:DescribeRegions`: one per account whose regions are looked up.
    pub region_look_ups: u64,
    /// `organizations:DescribeOrganization`, and the pages of `organizations:ListAccounts`; with permission sets, those of
    /// `sso:ListAccounts`.
    pub account_list: u64,
    /// The requests to Organizations and the Resource Groups Tagging API for organizational units and tags.
    #[serde(default)]
    pub account_details: u64,
    /// `sts:GetCallerIdentity`.
    pub caller: u64,
}

impl Requests {
    pub(super) fn new(plan: &Plan, circumstances: &EstimateInputs<'_>) -> Self {
        let caller = &circumstances.caller.account;
        let of_call = |call| circumstances.regions.sum(plan, call, 0, requests_of);
        let calls = plan.calls.iter().map(of_call).sum();
        let entered = plan.accounts.iter().filter(|account| plan.is_called_in(&account.id));
        let sessions = match circumstances.callers {
            _ if circumstances.permission_sets => entered.count() as u64,
            0 | 1 => entered.filter(|account| account.id != *caller).count() as u64,
            // With several profiles, each account has its own credentials.
            _ => 0,
        };
        let callers = circumstances.callers.max(1);
        let looks_up = |account: &&PlannedAccount| {
            matches!(account.regions.as_ref().unwrap_or(&plan.regions), RegionChoice::Enabled { .. })
        };
        let region_look_ups =
            if plan.needs_regions() { plan.accounts.iter().filter(looks_up).count() as u64 } else { 0 };
        let account_list = match pages_of(circumstances) {
            0 => 0,
            // The organization is described too.
            pages if circumstances.organization_scan => pages + 1,
            pages => pages,
        };
        let account_details = if circumstances.organization_scan {
            circumstances.organization.fewest_detail_requests(caller, plan.accounts.len())
        } else {
            0
        };
        let minimum = calls + sessions + region_look_ups + account_list + account_details + callers;
        Self { minimum, calls, sessions, region_look_ups, account_list, account_details, caller: callers }
    }
}

/// Returns the number of pages of the list of accounts, which are fetched one after the other.
pub(super) fn pages_of(circumstances: &EstimateInputs<'_>) -> u64 {
    let per_page = match (circumstances.organization_scan, circumstances.permission_sets) {
        (true, _) => u64::from(ACCOUNTS_PER_PAGE),
        (false, true) => ASSIGNED_PER_PAGE,
        (false, false) => return 0,
    };
    (circumstances.organization.accounts.len() as u64).div_ceil(per_page).max(1)
}

/// Returns the number of accounts in which the call's function with this index is called.
pub(super) fn accounts_of(plan: &Plan, call: &PlannedCall, function: usize) -> u64 {
    plan.accounts.iter().filter(|account| call.why_not(&account.id, function).is_none()).count() as u64
}

/// Returns how many ledger lines a call has in an account: one per region, or one for `global`.
pub(super) fn places_of(call: &PlannedCall, regions: &[Region]) -> u64 {
    regions_called(call, regions).len() as u64
}

/// Returns the minimum number of requests of a call in an account: the bucket list is read once for all regions, and
/// there may be no items for a child call.
pub(super) fn requests_of(call: &PlannedCall, regions: &[Region]) -> u64 {
    let places = places_of(call, regions);
    match call.reach {
        _ if call.is_for_items() => 0,
        CallScope::Buckets => places.min(1),
        CallScope::Regional | CallScope::Global => places,
    }
}

/// Returns the regions of an account, or `global`, in which a call is made.
pub(super) fn regions_called(call: &PlannedCall, regions: &[Region]) -> Vec<RegionScope> {
    let places = std::iter::once(RegionScope::Global).chain(regions.iter().cloned().map(RegionScope::Region));
    places.filter(|place| call.is_asked_in(place)).collect()
}

/// Returns the child calls, in the order of the spec.
pub(super) fn child_calls(plan: &Plan) -> Vec<ChildCall> {
    plan.calls
        .iter()
        .flat_map(child_links)
        .map(|link| {
            let function = &link.child.function;
            let service = &*function.service().name;
            ChildCall {
                service: ServiceName::new(service),
                function: FunctionName::new(function.name()),
                below: link.above_name.to_owned(),
                batch: link.child.batch.as_ref().map(|batch| batch.size as u64),
                requests_per_second: quota_of(function).rate,
            }
        })
        .collect()
}

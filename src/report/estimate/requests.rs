//! How many requests a scan sends at least.

use serde::{Deserialize, Serialize};

use super::{ChildCall, Circumstances};
use crate::catalog::Reach;
use crate::engine::quota_of;
use crate::names::{FunctionName, Region, ServiceName};
use crate::organization::ACCOUNTS_PER_PAGE;
use crate::plan::{Place, Plan, PlannedCall, RegionChoice};

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
    pub(super) fn new(plan: &Plan, circumstances: &Circumstances<'_>) -> Self {
        let accounts = plan.accounts.len() as u64;
        let caller = &circumstances.caller.account;
        let per_account: u64 = plan.calls.iter().map(|call| requests_of(call, circumstances.regions)).sum();
        let calls = accounts * per_account;
        let sessions = plan.accounts.iter().filter(|account| account.id != *caller).count() as u64;
        let looks_up = plan.needs_regions() && matches!(plan.regions, RegionChoice::Enabled { .. });
        let region_look_ups = if looks_up { accounts } else { 0 };
        let account_list = match pages_of(circumstances) {
            0 => 0,
            pages => pages + 1,
        };
        let minimum = calls + sessions + region_look_ups + account_list + 1;
        Self { minimum, calls, sessions, region_look_ups, account_list, caller: 1 }
    }
}

/// The pages of the list of accounts, which are asked one after the other.
pub(super) fn pages_of(circumstances: &Circumstances<'_>) -> u64 {
    if !circumstances.organization_scan {
        return 0;
    }
    (circumstances.organization.accounts.len() as u64).div_ceil(ACCOUNTS_PER_PAGE.into()).max(1)
}

/// In how many places of an account a call has a line in the ledger.
pub(super) fn places_of(call: &PlannedCall, regions: &[Region]) -> u64 {
    asked_in(call, regions).len() as u64
}

/// The smallest number of requests that a call takes in an account: the list of an account's
/// buckets is read once for all regions.
pub(super) fn requests_of(call: &PlannedCall, regions: &[Region]) -> u64 {
    let places = places_of(call, regions);
    if call.reach == Reach::Buckets { places.min(1) } else { places }
}

/// The places of an account in which a call is made.
pub(super) fn asked_in(call: &PlannedCall, regions: &[Region]) -> Vec<Place> {
    let places = std::iter::once(Place::Global).chain(regions.iter().cloned().map(Place::Region));
    places.filter(|place| call.is_asked_in(place)).collect()
}

/// The calls that are made for every item, in the order of the spec.
pub(super) fn child_calls(plan: &Plan) -> Vec<ChildCall> {
    let mut children = Vec::new();
    for call in &plan.calls {
        for (_, function) in call.functions().skip(1) {
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

//! The shortest time in which a scan can be done, and what it is that does not let it be shorter.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::requests::{Requests, accounts_of, pages_of, regions_called};
use super::{EstimateInputs, ServiceName};
use crate::engine::{RequestQuota, quota_of, region_of};
use crate::model::catalog::CallScope;
use crate::names::Region;
use crate::plan::{Plan, PlannedCall};

/// How long an answer takes, in seconds, where a bound rests on it. AWS promises nothing about it:
/// this is an assumption, and every text that builds on it says so.
const ROUND_TRIP: f64 = 0.05;

/// Sources begin so when AWS says nothing about a quota.
const UNPUBLISHED: &str = "nothing is published";

/// A lower bound of the time that a scan takes, made of bounds that hold one by one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShortestTime {
    /// The list of accounts, and then the longest of the others.
    pub seconds: f64,
    /// Which of these it is.
    pub bound_by: Bound,
    /// What the busiest quota takes; accounts have their own, and only so many are at work at once.
    pub quota_seconds: f64,
    /// What opening the role sessions takes under the quota of STS.
    pub sessions_seconds: f64,
    /// What all requests take with so many at once.
    pub concurrency_seconds: f64,
    /// What the pages of the list of accounts take, one after the other.
    pub account_list_seconds: f64,
    /// How long an answer is assumed to take, for the last two.
    pub assumed_seconds_per_request: f64,
    /// The busiest quota of an account, if anything is asked.
    pub quota: Option<QuotaUse>,
}

/// What it is that does not let a scan be shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A quota of the accounts.
    Quota,
    /// The quota of STS, from which all sessions come.
    Sessions,
    /// How many requests are under way at once.
    Concurrency,
}

/// A quota, and what one account and region needs of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaUse {
    /// The service.
    pub service: ServiceName,
    /// Who shares it: the service, some operations of it, or one.
    pub shared_by: String,
    /// Where it is needed most.
    pub region: Region,
    /// The smallest number of requests there, in one account.
    pub requests: u64,
    /// Requests that may be sent at once, after a rest.
    pub burst: u32,
    /// Requests per second thereafter.
    pub requests_per_second: u32,
    /// How long the requests of one account take under it.
    pub seconds: f64,
    /// Whether AWS publishes it; otherwise it is the pace that a scan begins with.
    pub published: bool,
    /// Where AWS does, or what the pace is based on.
    pub source: String,
}

impl ShortestTime {
    pub(super) fn new(plan: &Plan, circumstances: &EstimateInputs<'_>, requests: &Requests) -> Self {
        let limits = circumstances.limits;
        let in_all = |call: &PlannedCall| accounts_of(plan, call, 0) == plan.accounts.len() as u64;
        let is_in_all = plan.calls.iter().any(in_all);
        // What is called in some accounts only binds those alone.
        let counted = plan.calls.iter().filter(|call| !is_in_all || in_all(call));
        let quota = busiest(counted, plan, circumstances.regions);
        let accounts = if is_in_all { plan.accounts.len() } else { 1 };
        let rounds = accounts.div_ceil(limits.accounts.max(1));
        let quota_seconds = quota.as_ref().map_or(0.0, |quota| quota.seconds) * real(rounds as u64);
        let sessions_seconds = seconds_under(quota_of("sts", "AssumeRole"), requests.sessions);
        // Sessions do not take a permit of the run.
        let gated = requests.calls + requests.region_look_ups;
        let concurrency_seconds = real(gated.div_ceil(limits.requests.max(1) as u64)) * ROUND_TRIP;
        let account_list_seconds = real(pages_of(circumstances)) * ROUND_TRIP;

        let (mut bound_by, mut longest) = (Bound::Concurrency, concurrency_seconds);
        for (bound, seconds) in [(Bound::Sessions, sessions_seconds), (Bound::Quota, quota_seconds)] {
            if seconds > longest {
                (bound_by, longest) = (bound, seconds);
            }
        }
        Self {
            seconds: rounded(account_list_seconds + longest),
            bound_by,
            quota_seconds: rounded(quota_seconds),
            sessions_seconds: rounded(sessions_seconds),
            concurrency_seconds: rounded(concurrency_seconds),
            account_list_seconds: rounded(account_list_seconds),
            assumed_seconds_per_request: ROUND_TRIP,
            quota,
        }
    }
}

/// How long so many requests take under a quota, from the first to the last: a burst goes at once.
fn seconds_under(quota: &RequestQuota, requests: u64) -> f64 {
    real(requests.saturating_sub(quota.burst.into())) / f64::from(quota.rate)
}

/// The quota that takes an account longest; where none makes it wait, the one that is used up most.
fn busiest<'plan>(
    calls: impl Iterator<Item = &'plan PlannedCall>,
    plan: &Plan,
    regions: &[Region],
) -> Option<QuotaUse> {
    let mut keys: HashMap<(Region, String), (&PlannedCall, u64)> = HashMap::new();
    // How many items there are to call for is not known.
    for call in calls.filter(|call| !call.is_for_items()) {
        let operation = &call.entry.function.operation().name;
        let service = &call.entry.function.service().name;
        let quota = quota_of(service, operation);
        // Any one region lists the account's buckets for all.
        let places = regions_called(call, regions).into_iter();
        for place in places.take(if call.reach == CallScope::Buckets { 1 } else { usize::MAX }) {
            let region = region_of(&call.entry.function, &place, &plan.global_region);
            keys.entry((region, quota.key(service, operation))).or_insert((call, 0)).1 += 1;
        }
    }
    let uses = keys.into_iter().map(|((region, shared_by), (call, requests))| {
        let function = &call.entry.function;
        let quota = quota_of(&function.service().name, &function.operation().name);
        QuotaUse {
            service: call.service(),
            shared_by,
            region,
            requests,
            burst: quota.burst,
            requests_per_second: quota.rate,
            seconds: rounded(seconds_under(quota, requests)),
            published: !quota.source.starts_with(UNPUBLISHED),
            source: quota.source.to_owned(),
        }
    });
    let used_up = |quota: &QuotaUse| real(quota.requests) / f64::from(quota.burst);
    uses.max_by(|one, other| {
        let by_time = one.seconds.total_cmp(&other.seconds);
        let by_use = by_time.then(used_up(one).total_cmp(&used_up(other)));
        // The same answer every time: the first by name.
        by_use.then_with(|| (&other.shared_by, &other.region).cmp(&(&one.shared_by, &one.region)))
    })
}

/// Seconds to the millisecond, as people and programs like to read them.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a number of requests is far below 2^52")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

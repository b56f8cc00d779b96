//! The shortest time of a scan, and the quota or limit that it is bound by.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::requests::{Requests, accounts_of, pages_of, regions_called};
use super::{EstimateInputs, ServiceName};
use crate::engine::limits::listed_quota;
use crate::engine::{RequestQuota, quota_of, region_of};
use crate::model::catalog::CallScope;
use crate::names::Region;
use crate::plan::{Plan, PlannedCall};

/// The assumed duration of a response, in seconds. AWS guarantees none, so every text that is based on this value
/// calls it an assumption.
const ROUND_TRIP: f64 = 0.05;

/// The prefix of the source of a quota that AWS does not publish.
const UNPUBLISHED: &str = "not published";

/// A lower bound of the duration of a scan, computed from bounds that each hold on their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShortestTime {
    /// The time of the list of accounts plus the longest of the other times.
    pub seconds: f64,
    /// The bound with the longest time.
    pub bound_by: Bound,
    /// The time of the busiest quota. Each account has its own quota, and a limited number of accounts runs
    /// concurrently.
    pub quota_seconds: f64,
    /// The time to open the role sessions under the STS quota.
    pub sessions_seconds: f64,
    /// The time of all requests under the concurrency limit.
    pub concurrency_seconds: f64,
    /// The time of the pages of the list of accounts, which are fetched one after the other.
    pub account_list_seconds: f64,
    /// The assumed duration of a response, on which the previous two fields are based.
    pub assumed_seconds_per_request: f64,
    /// The busiest quota of an account, if there are calls.
    pub quota: Option<QuotaUse>,
}

/// The limit that determines the shortest time of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// A quota of the accounts.
    Quota,
    /// The STS quota of the caller's account, which all role sessions share.
    Sessions,
    /// The limit of concurrent requests.
    Concurrency,
}

/// A quota, and its use by one account and region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaUse {
    /// The service.
    pub service: ServiceName,
    /// The operations that share the quota: all of the service, some, or one.
    pub shared_by: String,
    /// The region that uses the most of it.
    pub region: Region,
    /// The minimum number of requests in that region of one account.
    pub requests: u64,
    /// The burst: requests that may be sent immediately while the bucket is full.
    pub burst: u32,
    /// The requests per second after the burst.
    pub requests_per_second: u32,
    /// The time of the requests of one account under this quota.
    pub seconds: f64,
    /// Whether AWS publishes the quota; otherwise it is the rate that a scan starts with.
    pub published: bool,
    /// The page on which AWS publishes it, or the basis of the assumed rate.
    pub source: String,
}

impl ShortestTime {
    pub(super) fn new(plan: &Plan, circumstances: &EstimateInputs<'_>, requests: &Requests) -> Self {
        let limits = circumstances.limits;
        let regions = circumstances.regions;
        let in_all = |call: &PlannedCall| accounts_of(plan, call, 0) == plan.accounts.len() as u64;
        let is_in_all = plan.calls.iter().any(in_all);
        // A call that is made in some accounts only bounds the time of those accounts only.
        let counted = plan.calls.iter().filter(|call| !is_in_all || in_all(call));
        // Accounts with other regions may have fewer, and need less time.
        let alike = plan.accounts.iter().filter(|account| !regions.own.contains_key(&account.id)).count();
        let first = plan.accounts.first().map_or(&*regions.common, |account| regions.of(&account.id));
        let quota = busiest(counted, plan, if alike == 0 { first } else { &regions.common });
        let accounts = if is_in_all { alike.max(1) } else { 1 };
        let rounds = accounts.div_ceil(limits.accounts.max(1));
        let quota_seconds = quota.as_ref().map_or(0.0, |quota| quota.seconds) * real(rounds as u64);
        Self::of_requests(circumstances, requests, quota, quota_seconds)
    }

    /// Returns the shortest time of these requests. `quota` is the busiest quota of an account, and `quota_seconds`
    /// the time that the quotas of all accounts require.
    pub(super) fn of_requests(
        circumstances: &EstimateInputs<'_>,
        requests: &Requests,
        quota: Option<QuotaUse>,
        quota_seconds: f64,
    ) -> Self {
        let limits = circumstances.limits;
        let sessions = if circumstances.permission_sets {
            listed_quota("sso", "GetRoleCredentials")
        } else {
            listed_quota("sts", "AssumeRole")
        };
        let sessions_seconds = seconds_under(sessions, requests.sessions);
        // Opening a session takes no permit of the run's concurrency limit.
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

impl QuotaUse {
    pub(super) fn new(
        service: ServiceName,
        shared_by: String,
        quota: &RequestQuota,
        region: Region,
        requests: u64,
    ) -> Self {
        Self {
            service,
            shared_by,
            region,
            requests,
            burst: quota.burst,
            requests_per_second: quota.rate,
            seconds: rounded(seconds_under(quota, requests)),
            published: !quota.source.starts_with(UNPUBLISHED),
            source: quota.source.to_owned(),
        }
    }
}

/// Returns the time from the first to the last of the requests under a quota; a burst takes no time.
pub(super) fn seconds_under(quota: &RequestQuota, requests: u64) -> f64 {
    real(requests.saturating_sub(quota.burst.into())) / f64::from(quota.rate)
}

/// Returns the quota that delays an account the longest or, if there is no delay, the quota that is used up the
/// most.
fn busiest<'plan>(
    calls: impl Iterator<Item = &'plan PlannedCall>,
    plan: &Plan,
    regions: &[Region],
) -> Option<QuotaUse> {
    let mut keys: HashMap<(Region, String), (&PlannedCall, u64)> = HashMap::new();
    // The number of items of child calls is not known.
    for call in calls.filter(|call| !call.is_for_items()) {
        let operation = &call.entry.function.operation().name;
        let service = &call.entry.function.service().name;
        let quota = quota_of(&call.entry.function);
        // One region lists the account's buckets for all regions.
        let places = regions_called(call, regions).into_iter();
        for place in places.take(if call.reach == CallScope::Buckets { 1 } else { usize::MAX }) {
            let region = region_of(&call.entry.function, &place, &plan.global_region);
            keys.entry((region, quota.key(service, operation))).or_insert((call, 0)).1 += 1;
        }
    }
    busiest_of(keys.into_iter().map(|((region, shared_by), (call, requests))| {
        let function = &call.entry.function;
        QuotaUse::new(call.service(), shared_by, &quota_of(function), region, requests)
    }))
}

/// Returns the use that takes the longest or, if none takes time, the one that uses up the most of its burst.
pub(super) fn busiest_of(uses: impl Iterator<Item = QuotaUse>) -> Option<QuotaUse> {
    let used_up = |quota: &QuotaUse| real(quota.requests) / f64::from(quota.burst);
    uses.max_by(|one, other| {
        let by_time = one.seconds.total_cmp(&other.seconds);
        let by_use = by_time.then(used_up(one).total_cmp(&used_up(other)));
        // Ties are deterministic: the first by name.
        by_use.then_with(|| (&other.shared_by, &other.region).cmp(&(&one.shared_by, &one.region)))
    })
}

/// Returns seconds rounded to milliseconds.
pub(super) fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "a number of requests is far below 2^52")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

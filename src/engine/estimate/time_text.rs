//! The shortest time of a scan and its quota as human-readable text.

use std::fmt::{Result, Write};

use super::text_parts::duration;
use super::{Bound, Estimate, QuotaUse, ShortestTime};
use crate::util::plural::plural;

/// The address below which AWS publishes the pages that quotas refer to.
const DOCUMENTATION: &str = "docs.aws.amazon.com/";

/// Writes the limit that determines a shortest time.
pub(super) fn write_bound(text: &mut String, estimate: &Estimate, time: &ShortestTime) -> Result {
    let reason = match time.bound_by {
        Bound::Quota => "limited by an API quota".to_owned(),
        Bound::Sessions => format!(
            "limited by the {} quota: opening {} takes {}",
            if estimate.permission_sets { "IAM Identity Center" } else { "STS" },
            plural(estimate.requests.sessions, "session"),
            duration(time.sessions_seconds)
        ),
        Bound::Concurrency => format!(
            "limited by --concurrency {}, assuming {} s per response",
            estimate.limits.concurrency, time.assumed_seconds_per_request
        ),
    };
    writeln!(text, "               {reason}")
}

/// Writes the use of the busiest quota by an account, which `account` names.
pub(super) fn write_quota_use(
    text: &mut String,
    estimate: &Estimate,
    time: &ShortestTime,
    quota: &QuotaUse,
    account: &str,
) -> Result {
    let QuotaUse { shared_by, region, requests, burst, requests_per_second: rate, .. } = quota;
    let source = if quota.source.contains(".html") {
        format!("{DOCUMENTATION}{}", quota.source)
    } else {
        quota.source.clone()
    };
    let needed = plural(*requests, "request");
    if quota.seconds > 0.0 {
        writeln!(
            text,
            "Quota          {shared_by}: {needed} {account} in {region}; burst {burst}, then {rate}/s: {}",
            duration(quota.seconds)
        )?;
        let concurrent = estimate.limits.concurrent_accounts as u64;
        if estimate.accounts.to_scan > concurrent {
            writeln!(
                text,
                "               {} concurrently: {} for all",
                plural(concurrent, "account"),
                duration(time.quota_seconds)
            )?;
        }
    } else {
        writeln!(
            text,
            "Quota          not a limit; closest is {shared_by}: {needed} {account} in {region}; burst {burst}, \
             then {rate}/s"
        )?;
    }
    writeln!(text, "               ({source})")
}

//! An estimate as a table for people.

use std::collections::BTreeMap;
use std::fmt::{Result, Write};

use super::{Bound, Estimate, Limited, QuotaUse, RegionSource};
use crate::names::Region;
use crate::util::plural::plural;

/// How many rows a list shows; `--json` has them all.
const SHOWN: usize = 15;

/// The pages of sources that AWS publishes stand below this address.
const DOCUMENTATION: &str = "docs.aws.amazon.com/";

/// The estimate as text.
#[must_use]
pub fn estimate_text(estimate: &Estimate) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write_all(&mut text, estimate);
    text
}

fn write_all(text: &mut String, estimate: &Estimate) -> Result {
    let caller = &estimate.caller;
    for notice in &estimate.notices {
        writeln!(text, "{notice}")?;
    }
    writeln!(text, "Plan of {}: nothing of it has been called yet", estimate.spec)?;
    writeln!(text, "\nCaller         {} in account {}", caller.arn, caller.account)?;
    write_accounts(text, estimate)?;
    write_places(text, estimate)?;
    let calls = &estimate.calls;
    let accounts = plural(estimate.accounts.to_scan, "account");
    let some = if estimate.limited.is_empty() { "" } else { ", the others in some only" };
    writeln!(text, "Calls          {} in {accounts}, {} in each{some}", calls.total, calls.per_account)?;
    write_requests(text, estimate)?;
    write_time(text, estimate)?;
    write_limits(text, estimate)?;
    write_services(text, estimate)?;
    write_limited(text, estimate)?;
    write_children(text, estimate)?;
    write_paid(text, estimate)?;
    write_skipped(text, estimate)
}

fn write_accounts(text: &mut String, estimate: &Estimate) -> Result {
    let accounts = &estimate.accounts;
    let organization = estimate.organization.as_deref().map(|id| format!(" in organization {id}"));
    let organization = organization.unwrap_or_default();
    writeln!(text, "Accounts       {} found{organization}, {} to scan", accounts.found, accounts.to_scan)?;
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for account in &accounts.not_scanned {
        reasons.entry(&account.reason).or_default().push(account.id.as_str());
    }
    for (reason, ids) in reasons {
        let one = if ids.len() == 1 { "" } else { "for one, " };
        writeln!(text, "               {} not scanned, {reason}: {one}{}", ids.len(), ids[0])?;
    }
    Ok(())
}

fn write_places(text: &mut String, estimate: &Estimate) -> Result {
    let places = &estimate.places;
    let names: Vec<_> = places.regions.iter().map(Region::as_str).collect();
    match places.regions_from {
        RegionSource::NotNeeded if estimate.calls.services.is_empty() => {
            writeln!(text, "Regions        none: nothing is called")?;
        }
        RegionSource::NotNeeded => writeln!(text, "Regions        none: all calls are global")?,
        _ => writeln!(text, "Regions        {}: {}", names.len(), names.join(" "))?,
    }
    match places.regions_from {
        RegionSource::Caller => {
            let caller = &estimate.caller.account;
            writeln!(
                text,
                "               those of account {caller}; other accounts may have more or fewer"
            )?;
        }
        RegionSource::Default => {
            writeln!(
                text,
                "               those that every account has, because the caller's cannot be looked up"
            )?;
        }
        RegionSource::Given | RegionSource::NotNeeded => {}
    }
    if places.global && places.regions_from != RegionSource::NotNeeded {
        writeln!(text, "               and what is global, once in each account")?;
    }
    Ok(())
}

fn write_requests(text: &mut String, estimate: &Estimate) -> Result {
    let requests = &estimate.requests;
    writeln!(text, "Requests       at least {}, if every account can be entered:", requests.minimum)?;
    for (count, what) in [
        (requests.calls, "for calls, with one page each"),
        (requests.sessions, "sts AssumeRole, one for each account but the caller's own"),
        (requests.region_look_ups, "ec2 DescribeRegions, one for each account"),
        (requests.account_list, "for the list of accounts"),
        (requests.caller, "sts GetCallerIdentity"),
    ] {
        if count > 0 {
            writeln!(text, "               {count:>8}  {what}")?;
        }
    }
    let children = if estimate.child_calls.is_empty() { "" } else { "calls for every item, " };
    writeln!(
        text,
        "               {children}further pages and retries come on top; their number cannot be known"
    )
}

fn write_time(text: &mut String, estimate: &Estimate) -> Result {
    let time = &estimate.time;
    writeln!(text, "Shortest time  {}; a scan takes longer", duration(time.seconds))?;
    let reason = match time.bound_by {
        Bound::Quota => "a quota does not let it be shorter".to_owned(),
        Bound::Sessions => format!(
            "bound by the quota of STS: opening {} takes {}",
            plural(estimate.requests.sessions, "session"),
            duration(time.sessions_seconds)
        ),
        Bound::Concurrency => format!(
            "bound by --concurrency {}, if an answer takes {} s (an assumption)",
            estimate.limits.concurrency, time.assumed_seconds_per_request
        ),
    };
    writeln!(text, "               {reason}")?;
    time.quota.as_ref().map_or(Ok(()), |quota| write_quota(text, estimate, quota))
}

fn write_quota(text: &mut String, estimate: &Estimate, quota: &QuotaUse) -> Result {
    let QuotaUse { shared_by, region, requests, burst, requests_per_second: rate, .. } = quota;
    let source =
        if quota.published { format!("{DOCUMENTATION}{}", quota.source) } else { quota.source.clone() };
    let needed = plural(*requests, "request");
    if quota.seconds > 0.0 {
        writeln!(
            text,
            "Quota          {shared_by}: {needed} in each account in {region}, of which {burst} may be sent at \
             once and then {rate}/s: {}",
            duration(quota.seconds)
        )?;
        let at_once = estimate.limits.concurrent_accounts as u64;
        if estimate.accounts.to_scan > at_once {
            writeln!(
                text,
                "               {} at once: {} for all",
                plural(at_once, "account"),
                duration(estimate.time.quota_seconds)
            )?;
        }
    } else {
        writeln!(
            text,
            "Quota          none binds; the nearest is {shared_by}: {needed} in each account in {region}, and \
             {burst} may be sent at once, then {rate}/s"
        )?;
    }
    writeln!(text, "               ({source})")
}

fn write_limits(text: &mut String, estimate: &Estimate) -> Result {
    let limits = &estimate.limits;
    writeln!(
        text,
        "At once        {}, {}, {} of an account, {} of a region",
        plural(limits.concurrency, "request"),
        plural(limits.concurrent_accounts, "account"),
        plural(limits.concurrent_regions, "region"),
        plural(limits.concurrent_services, "service")
    )?;
    writeln!(text, "Retries        {}", estimate.retries)?;
    let pages = &estimate.pages;
    writeln!(
        text,
        "Pages          all of an answer, up to {} and {} in a row without an item",
        plural(pages.most, "page"),
        pages.most_empty_in_a_row
    )
}

fn write_services(text: &mut String, estimate: &Estimate) -> Result {
    let services = &estimate.calls.services;
    if services.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nCalls per service, and requests at least")?;
    for service in services.iter().take(SHOWN) {
        writeln!(text, "  {:>8}  {:>8}  {}", service.calls, service.requests, service.service)?;
    }
    if services.len() > SHOWN {
        let rest = &services[SHOWN..];
        let calls: u64 = rest.iter().map(|service| service.calls).sum();
        let requests: u64 = rest.iter().map(|service| service.requests).sum();
        writeln!(text, "  {calls:>8}  {requests:>8}  in {}", plural(rest.len(), "other"))?;
    }
    Ok(())
}

fn write_limited(text: &mut String, estimate: &Estimate) -> Result {
    let all = estimate.accounts.to_scan;
    write_list(text, "Called in some accounts only", &estimate.limited, |limited| {
        let Limited { service, function, accounts, reason } = limited;
        format!("{service} {function}, in {} of {}: {reason}", accounts.len(), plural(all, "account"))
    })
}

fn write_children(text: &mut String, estimate: &Estimate) -> Result {
    write_list(text, "Calls for every item, as many as there are items", &estimate.child_calls, |child| {
        format!(
            "{} {}, below {}: at most {}/s in an account and region",
            child.service, child.function, child.below, child.requests_per_second
        )
    })
}

fn write_paid(text: &mut String, estimate: &Estimate) -> Result {
    write_list(text, "Calls that cost money", &estimate.paid, |paid| {
        let at_least = match paid.usd {
            Some(usd) if paid.requests > 0 => format!(", at least {usd:.2} USD"),
            _ => String::new(),
        };
        let requests = match paid.requests {
            0 => "as many requests as there are items".to_owned(),
            some => format!("at least {}", plural(some, "request")),
        };
        format!("{} {}: {requests}{at_least}; {}", paid.service, paid.function, paid.why)
    })
}

fn write_skipped(text: &mut String, estimate: &Estimate) -> Result {
    write_list(text, "Not called", &estimate.skipped, |entry| {
        format!("{} {}: {}", entry.service, entry.function, entry.reason)
    })
}

/// A list under a title, unless there is nothing to list.
fn write_list<Item>(
    text: &mut String,
    title: &str,
    items: &[Item],
    line: impl Fn(&Item) -> String,
) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{title}")?;
    for item in items.iter().take(SHOWN) {
        writeln!(text, "  {}", line(item))?;
    }
    if items.len() > SHOWN {
        writeln!(text, "  and {} more: see --json", items.len() - SHOWN)?;
    }
    Ok(())
}

/// A time in the unit that people would use.
fn duration(seconds: f64) -> String {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 60.0 * MINUTE;
    match seconds {
        short if short < 2.0 * MINUTE => format!("{short:.1} s"),
        middling if middling < 2.0 * HOUR => format!("{:.0} min", middling / MINUTE),
        long => format!("{:.1} h", long / HOUR),
    }
}

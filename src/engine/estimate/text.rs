//! The output of `scan plan` as human-readable text.

use std::collections::BTreeMap;
use std::fmt::{Result, Write};

use super::child_text::write_children;
use super::forecast::write_forecast;
use super::text_parts::{SHOWN, duration, usd_text, write_list};
use super::time_text::{write_bound, write_quota_use};
use super::{Estimate, Limited, RegionSource};
use crate::names::Region;
use crate::util::plural::plural;

/// Formats an estimate as text.
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
    writeln!(text, "Plan for {} (dry run, no calls sent)", estimate.spec)?;
    writeln!(text, "\nCaller         {} in account {}", caller.arn, caller.account)?;
    write_accounts(text, estimate)?;
    write_places(text, estimate)?;
    let calls = &estimate.calls;
    let accounts = plural(estimate.accounts.to_scan, "account");
    let rest = if estimate.limited.is_empty() { "" } else { ", the rest in some accounts only" };
    writeln!(text, "Calls          {} in {accounts}, {} in each{rest}", calls.total, calls.per_account)?;
    write_requests(text, estimate)?;
    write_time(text, estimate)?;
    write_limits(text, estimate)?;
    write_services(text, estimate)?;
    write_limited(text, estimate)?;
    write_children(text, estimate)?;
    write_paid(text, estimate)?;
    write_skipped(text, estimate)?;
    estimate.forecast.as_ref().map_or(Ok(()), |forecast| write_forecast(text, estimate, forecast))
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
        let example = if ids.len() == 1 { "" } else { "e.g. " };
        writeln!(text, "               {} not scanned, {reason}: {example}{}", ids.len(), ids[0])?;
    }
    Ok(())
}

fn write_places(text: &mut String, estimate: &Estimate) -> Result {
    let places = &estimate.places;
    let names: Vec<_> = places.regions.iter().map(Region::as_str).collect();
    match places.regions_from {
        RegionSource::NotNeeded if estimate.calls.services.is_empty() => {
            writeln!(text, "Regions        none: no calls are planned")?;
        }
        RegionSource::NotNeeded => writeln!(text, "Regions        none: all calls are global")?,
        _ => writeln!(text, "Regions        {}: {}", names.len(), names.join(" "))?,
    }
    match places.regions_from {
        RegionSource::Caller => {
            let caller = &estimate.caller.account;
            writeln!(
                text,
                "               enabled in account {caller}; other accounts may have more or fewer"
            )?;
        }
        RegionSource::Default => {
            writeln!(
                text,
                "               the default regions; those of the caller's account could not be looked up"
            )?;
        }
        RegionSource::Given | RegionSource::NotNeeded => {}
    }
    if places.global && places.regions_from != RegionSource::NotNeeded {
        writeln!(text, "               plus global calls, once per account")?;
    }
    Ok(())
}

fn write_requests(text: &mut String, estimate: &Estimate) -> Result {
    let requests = &estimate.requests;
    let (condition, sessions, list) = if estimate.permission_sets {
        (
            "the first permission set is assigned",
            "sso GetRoleCredentials, one per account",
            "sso ListAccounts, to list the accounts",
        )
    } else {
        (
            "the role can be assumed",
            "sts AssumeRole, one per account except the caller's own",
            "organizations, to list the accounts",
        )
    };
    writeln!(text, "Requests       at least {}, if {condition} in every account:", requests.minimum)?;
    for (count, purpose) in [
        (requests.calls, "calls, one page each"),
        (requests.sessions, sessions),
        (requests.region_look_ups, "ec2 DescribeRegions, one per account"),
        (requests.account_list, list),
        (requests.account_details, "organizational units and tags of the accounts"),
        (requests.caller, "sts GetCallerIdentity"),
    ] {
        if count > 0 {
            writeln!(text, "               {count:>8}  {purpose}")?;
        }
    }
    let children = if estimate.child_calls.is_empty() { "" } else { "child calls, " };
    writeln!(text, "               plus {children}pagination and retries, which cannot be predicted")
}

fn write_time(text: &mut String, estimate: &Estimate) -> Result {
    let time = &estimate.time;
    writeln!(text, "Shortest time  {}; a scan takes longer", duration(time.seconds))?;
    write_bound(text, estimate, time)?;
    let account = "per account";
    time.quota.as_ref().map_or(Ok(()), |quota| write_quota_use(text, estimate, time, quota, account))
}

fn write_limits(text: &mut String, estimate: &Estimate) -> Result {
    let limits = &estimate.limits;
    writeln!(
        text,
        "Concurrency    {}, {}, {} per account, {} per region",
        plural(limits.concurrency, "request"),
        plural(limits.concurrent_accounts, "account"),
        plural(limits.concurrent_regions, "region"),
        plural(limits.concurrent_services, "service")
    )?;
    writeln!(text, "Retries        {}", estimate.retries)?;
    let pages = &estimate.pages;
    writeln!(
        text,
        "Pages          all of each call, up to {} or {} in a row without items",
        plural(pages.most, "page"),
        pages.most_empty_in_a_row
    )
}

fn write_services(text: &mut String, estimate: &Estimate) -> Result {
    let services = &estimate.calls.services;
    if services.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nCalls per service, and minimum requests")?;
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

fn write_paid(text: &mut String, estimate: &Estimate) -> Result {
    write_list(text, "Calls that cost money", &estimate.paid, |paid| {
        let at_least = match paid.usd {
            Some(usd) if paid.requests > 0 => format!(", at least {}", usd_text(usd)),
            _ => String::new(),
        };
        let requests = match paid.requests {
            0 => "at least one request per item".to_owned(),
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

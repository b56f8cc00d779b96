//! A forecast as human-readable text.

use std::fmt::{Result, Write};

use super::{Forecast, UnknownCall, UnknownCause};
use crate::engine::estimate::text_parts::{duration, usd_text, write_list};
use crate::engine::estimate::time_text::{write_bound, write_quota_use};
use crate::engine::estimate::{Estimate, Paid};
use crate::util::plural::plural;

/// Writes the forecast of an estimate.
pub(in crate::engine::estimate) fn write_forecast(
    text: &mut String,
    estimate: &Estimate,
    forecast: &Forecast,
) -> Result {
    let requests = &forecast.requests;
    writeln!(text, "\nWith the numbers of items in {}", forecast.run)?;
    writeln!(
        text,
        "               a run of {}, started {}",
        forecast.spec,
        forecast.started.format("%Y-%m-%d %H:%M UTC")
    )?;
    let at_least = if forecast.unknown.is_empty() { "" } else { "at least " };
    writeln!(text, "Requests       {at_least}{}, without retries:", requests.total)?;
    for (count, purpose) in [
        (requests.calls, "calls, with the pages of that run"),
        (requests.child_calls, "child calls"),
        (requests.other, "to assume roles, and to look up accounts and regions"),
    ] {
        if count > 0 {
            writeln!(text, "               {count:>8}  {purpose}")?;
        }
    }
    if forecast.calls_not_in_run > 0 {
        let calls = plural(forecast.calls_not_in_run, "call");
        writeln!(text, "               {calls} not in that run: counted with one page each")?;
    }
    if !forecast.accounts_not_in_run.is_empty() {
        let accounts = &forecast.accounts_not_in_run;
        let example = if accounts.len() == 1 { "" } else { "e.g. " };
        let number = plural(accounts.len(), "account");
        writeln!(text, "               {number} not in that run: {example}{}", accounts[0])?;
    }
    let time = &forecast.time;
    writeln!(text, "Shortest time  {}; a scan takes longer", duration(time.seconds))?;
    write_bound(text, estimate, time)?;
    if let Some(quota) = &time.quota {
        write_quota_use(text, estimate, time, quota, "in the busiest account")?;
    }
    writeln!(text, "Cost           {}", cost(forecast))?;
    write_list(text, "Most requests", &forecast.calls, |call| {
        let below = call.below.as_deref().map(|below| format!(", for items of {below}"));
        format!("{:>8}  {} {}{}", call.requests, call.service, call.name, below.unwrap_or_default())
    })?;
    write_list(text, "Child calls without a number of items", &unknown_lists(forecast), |list| {
        let UnknownList { first, functions, places } = list;
        let UnknownCall { service, name, below, cause, .. } = first;
        let cause = match cause {
            UnknownCause::ListNotCalled => "that run has no list of them",
            UnknownCause::ListFailed => "in that run, the list was denied or failed",
            UnknownCause::ItemsNotCounted => "that run has no number of them",
        };
        let calls = match functions {
            1 => String::new(),
            several => format!("{} such as ", plural(*several, "function")),
        };
        format!("{calls}{service} {name}, for items of {below}: {cause}, in {}", plural(*places, "place"))
    })
}

/// The child calls of a list without a number of items.
struct UnknownList<'forecast> {
    first: &'forecast UnknownCall,
    functions: u64,
    /// The largest number of places.
    places: u64,
}

/// Groups the child calls without a number of items by their list and the cause.
fn unknown_lists(forecast: &Forecast) -> Vec<UnknownList<'_>> {
    let mut lists: Vec<UnknownList<'_>> = Vec::new();
    for call in &forecast.unknown {
        let is_of = |list: &&mut UnknownList<'_>| {
            let first = list.first;
            (&first.service, &first.below, first.cause) == (&call.service, &call.below, call.cause)
        };
        match lists.iter_mut().find(is_of) {
            Some(list) => {
                list.functions += 1;
                list.places = list.places.max(call.places);
            }
            None => lists.push(UnknownList { first: call, functions: 1, places: call.places }),
        }
    }
    lists
}

/// Returns the cost of the requests with a price.
fn cost(forecast: &Forecast) -> String {
    let priced: Vec<&Paid> = forecast.paid.iter().filter(|paid| paid.usd.is_some()).collect();
    let usd: f64 = priced.iter().filter_map(|paid| paid.usd).sum();
    let requests: u64 = priced.iter().map(|paid| paid.requests).sum();
    let others: u64 = forecast.paid.iter().filter(|paid| paid.usd.is_none()).map(|paid| paid.requests).sum();
    let at_least = if forecast.unknown.is_empty() { "" } else { "at least " };
    let mut text = match requests {
        0 => "none of the counted requests has a price".to_owned(),
        some => format!("{at_least}{} for {}", usd_text(usd), plural(some, "request")),
    };
    if others > 0 {
        let _ = write!(text, "; {} more are billed, without a single price", plural(others, "request"));
    }
    text
}

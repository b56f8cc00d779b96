//! The summary at the end of a run, as text.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use super::tally::{Subject, Tally};
use crate::engine::Status;
use crate::names::AccountId;
use crate::output::account_folder;
use crate::plan::Plan;

/// How many services, accounts and causes are shown.
const SHOWN: usize = 10;

/// Says what was found, what is missing and why, and where everything is.
#[must_use]
pub fn summary(tally: &Tally, plan: &Plan, took: Duration, folder: &Path) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write_summary(&mut text, tally, plan, took, folder);
    text
}

fn write_summary(
    text: &mut String,
    tally: &Tally,
    plan: &Plan,
    took: Duration,
    folder: &Path,
) -> std::fmt::Result {
    let calls = tally.calls() - tally.of(Status::Skipped);
    writeln!(
        text,
        "\n{} items from {} calls ({} requests) in {:.1} s",
        tally.items,
        calls,
        tally.requests,
        took.as_secs_f64()
    )?;
    let statuses: Vec<_> = Status::ALL
        .iter()
        .filter(|status| tally.of(**status) > 0)
        .map(|status| format!("{} {status}", tally.of(*status)))
        .collect();
    writeln!(text, "  {}", statuses.join(", "))?;

    top(text, "Items per service", tally.services.iter().map(|(name, count)| (name.to_string(), *count)))?;
    if tally.accounts.len() > 1 {
        let named = |id: &AccountId| account_folder(id, plan.account_name(id));
        top(text, "Items per account", tally.accounts.iter().map(|(id, count)| (named(id), *count)))?;
    }
    if tally.buckets_left_out > 0 {
        writeln!(text, "\n{} buckets live in regions that were not scanned", tally.buckets_left_out)?;
    }
    write_redaction(text, tally)?;
    write_failures(text, tally)?;
    writeln!(text, "\nResults are in {}", folder.display())
}

/// What was taken out of the results, and what should not have been in AWS's answers at all.
fn write_redaction(text: &mut String, tally: &Tally) -> std::fmt::Result {
    if tally.redacted > 0 {
        writeln!(text, "\n{} sensitive values are redacted", tally.redacted)?;
    }
    if let Some(first) = &tally.first_secret {
        writeln!(
            text,
            "\n{} values in free text look like secrets; the first in {} {} of account {} in {}; see the \
             warnings in scan.log",
            tally.secrets, first.service, first.function, first.account, first.region
        )?;
    }
    Ok(())
}

fn write_failures(text: &mut String, tally: &Tally) -> std::fmt::Result {
    if tally.failures.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nNot complete: {} calls", tally.incomplete())?;
    let mut failures: Vec<_> = tally.failures.iter().collect();
    failures.sort_by_key(|(_, failures)| std::cmp::Reverse(failures.count));
    for (cause, failures) in failures.iter().take(SHOWN) {
        let example = &failures.example;
        let code = cause.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        match &cause.subject {
            Subject::Account(account) => writeln!(
                text,
                "  account {account} could not be entered: its {} calls are {}{code}",
                failures.count, cause.status
            )?,
            Subject::Service(service) => writeln!(
                text,
                "  {} × {}{code}: {service}; for one, {} in {} {}",
                failures.count, cause.status, example.function, example.account, example.region
            )?,
        }
        if let Some(message) = &example.message {
            writeln!(text, "      {message}")?;
        }
        if let Some(hint) = &example.hint {
            for hint in hint.lines() {
                writeln!(text, "      hint: {hint}")?;
            }
        }
    }
    if failures.len() > SHOWN {
        writeln!(text, "  and {} more causes: see ledger.ndjson", failures.len() - SHOWN)?;
    }
    Ok(())
}

fn top(text: &mut String, title: &str, counts: impl Iterator<Item = (String, u64)>) -> std::fmt::Result {
    let mut counts: Vec<_> = counts.collect();
    if counts.is_empty() {
        return Ok(());
    }
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    writeln!(text, "\n{title}")?;
    for (name, count) in counts.iter().take(SHOWN) {
        writeln!(text, "  {count:>8}  {name}")?;
    }
    if counts.len() > SHOWN {
        let rest: u64 = counts[SHOWN..].iter().map(|(_, count)| count).sum();
        writeln!(text, "  {rest:>8}  in {} others", counts.len() - SHOWN)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::summary;
    use crate::engine::{CallRecord, DeniedBy, Status};
    use crate::names::{AccountId, Region};
    use crate::plan::{Plan, PlannedAccount, RegionChoice};
    use crate::report::Tally;

    fn plan() -> Plan {
        let account =
            |id: &str, name: &str| PlannedAccount { id: AccountId::new(id), name: Some(name.to_owned()) };
        Plan {
            accounts: vec![account("111111111111", "Audit"), account("222222222222", "Shop")],
            calls: Vec::new(),
            skipped: Vec::new(),
            regions: RegionChoice::Enabled { except: Vec::new() },
            global_region: Region::new("us-east-1"),
        }
    }

    fn record(account: &str, service: &str, status: Status, items: u64) -> CallRecord {
        let mut record = CallRecord::new(&AccountId::new(account), "eu-west-1", service, "list", "list");
        (record.status, record.items, record.attempts) = (status, items, 1);
        record
    }

    #[test]
    fn says_what_was_found_what_is_missing_and_what_to_do() {
        let mut tally = Tally::default();
        tally.count(&record("111111111111", "sqs", Status::Ok, 7));
        tally.count(&record("222222222222", "sqs", Status::Ok, 2));
        let mut denied = record("222222222222", "kms", Status::Denied, 0);
        denied.by = Some(DeniedBy::Scp);
        denied.message = Some("explicit deny in a service control policy".to_owned());
        denied.hint = Some("exempt the role".to_owned());
        tally.count(&denied);
        let mut refused = record("222222222222", "sns", Status::Denied, 0);
        refused.inferred = true;
        tally.count(&refused);
        let text = summary(&tally, &plan(), Duration::from_millis(1500), Path::new("output/run"));
        assert_eq!(
            text,
            "\n9 items from 4 calls (4 requests) in 1.5 s\n  2 ok, 2 denied\n\
             \nItems per service\n         9  sqs\n\
             \nItems per account\n         7  111111111111-Audit\n         2  222222222222-Shop\n\
             \nNot complete: 2 calls\n\
             \x20 account 222222222222 could not be entered: its 1 calls are denied\n\
             \x20 1 × denied: kms; for one, list in 222222222222 eu-west-1\n\
             \x20     explicit deny in a service control policy\n\
             \x20     hint: exempt the role\n\
             \nResults are in output/run\n"
        );
    }
}

//! The summary at the end of a run, as text.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use super::tally::Tally;
use crate::engine::Status;

/// How many services, accounts and causes are shown.
const SHOWN: usize = 10;

/// Says what was found, what is missing and why, and where everything is.
#[must_use]
pub fn summary(tally: &Tally, took: Duration, folder: &Path) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write_summary(&mut text, tally, took, folder);
    text
}

fn write_summary(text: &mut String, tally: &Tally, took: Duration, folder: &Path) -> std::fmt::Result {
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

    top(text, "Items per service", tally.services.iter().map(|(name, count)| (name.as_str(), *count)))?;
    if tally.accounts.len() > 1 {
        top(text, "Items per account", tally.accounts.iter().map(|(id, count)| (id.as_str(), *count)))?;
    }
    if tally.buckets_left_out > 0 {
        writeln!(text, "\n{} buckets live in regions that were not scanned", tally.buckets_left_out)?;
    }
    write_failures(text, tally)?;
    writeln!(text, "\nResults are in {}", folder.display())
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
        writeln!(
            text,
            "  {} × {}{code}: {} {} in {} {}",
            failures.count, cause.status, example.service, example.function, example.account, example.region
        )?;
        if let Some(message) = &example.message {
            writeln!(text, "      {message}")?;
        }
        if let Some(hint) = &example.hint {
            writeln!(text, "      hint: {hint}")?;
        }
    }
    if failures.len() > SHOWN {
        writeln!(text, "  and {} more causes: see ledger.ndjson", failures.len() - SHOWN)?;
    }
    Ok(())
}

fn top<'tally>(
    text: &mut String,
    title: &str,
    counts: impl Iterator<Item = (&'tally str, u64)>,
) -> std::fmt::Result {
    let mut counts: Vec<_> = counts.collect();
    if counts.is_empty() {
        return Ok(());
    }
    counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(right.0)));
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

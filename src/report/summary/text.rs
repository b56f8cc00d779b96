//! The summary as text.

use std::fmt::{self, Write};

use super::{Count, Failed, SHOWN, Summary, top};

pub(super) fn text(summary: &Summary<'_>) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write(&mut text, summary);
    text
}

fn write(text: &mut String, summary: &Summary<'_>) -> fmt::Result {
    let throttled = match summary.throttled {
        0 => String::new(),
        requests => format!(", {requests} throttled"),
    };
    let Summary { items, calls, requests, seconds, .. } = summary;
    writeln!(text, "\n{items} items from {calls} calls ({requests} requests{throttled}) in {seconds:.1} s")?;
    writeln!(text, "  {}", summary.statuses().join(", "))?;
    write_counts(text, "Items per service", &summary.services)?;
    if summary.accounts.len() > 1 {
        write_counts(text, "Items per account", &summary.accounts)?;
    }
    if summary.buckets_left_out > 0 {
        writeln!(text, "\n{} buckets live in regions that were not scanned", summary.buckets_left_out)?;
    }
    if let Some(absent) = &summary.absent {
        writeln!(text, "\n{}", absent.text())?;
    }
    write_redaction(text, summary)?;
    write_failures(text, summary)?;
    writeln!(text, "\nResults are in {}", summary.folder)?;
    writeln!(text, "{}", summary.meaning())
}

/// What was taken out of the results, and what should not have been in AWS's answers at all.
fn write_redaction(text: &mut String, summary: &Summary<'_>) -> fmt::Result {
    if summary.redacted > 0 {
        writeln!(text, "\n{} sensitive values are redacted", summary.redacted)?;
    }
    if let Some(first) = summary.first_secret {
        writeln!(
            text,
            "\n{} values in free text look like secrets; the first in {} {} of account {} in {}; see the \
             warnings in scan.log",
            summary.secrets, first.service, first.function, first.account, first.region
        )?;
    }
    Ok(())
}

fn write_failures(text: &mut String, summary: &Summary<'_>) -> fmt::Result {
    if summary.failures.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nNot complete: {} calls", summary.incomplete)?;
    for failed in summary.failures.iter().take(SHOWN) {
        write_failure(text, failed)?;
    }
    if summary.failures.len() > SHOWN {
        writeln!(text, "  and {} more causes: see ledger.ndjson", summary.failures.len() - SHOWN)?;
    }
    Ok(())
}

fn write_failure(text: &mut String, failed: &Failed<'_>) -> fmt::Result {
    let Failed { calls, status, example, .. } = failed;
    let code = failed.code.map(|code| format!(" ({code})")).unwrap_or_default();
    if let Some(account) = failed.account {
        writeln!(text, "  account {account} could not be entered: its {calls} calls are {status}{code}")?;
    } else {
        let service = failed.service.unwrap_or_default();
        writeln!(
            text,
            "  {calls} × {status}{code}: {service}; for one, {} in {} {}",
            example.function, example.account, example.region
        )?;
    }
    if let Some(message) = &example.message {
        writeln!(text, "      {message}")?;
    }
    for hint in example.hint.iter().flat_map(|hint| hint.lines()) {
        writeln!(text, "      hint: {hint}")?;
    }
    Ok(())
}

fn write_counts(text: &mut String, title: &str, counts: &[Count]) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{title}")?;
    let (shown, rest) = top(counts);
    for Count { name, items } in shown {
        writeln!(text, "  {items:>8}  {name}")?;
    }
    if let Some((items, others)) = rest {
        writeln!(text, "  {items:>8}  in {others} others")?;
    }
    Ok(())
}

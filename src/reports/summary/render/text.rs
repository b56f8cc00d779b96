//! The summary as text.

use std::fmt::{self, Write};

use super::{FailureGroup, ItemCount, SHOWN, SummaryFacts, top};
use crate::util::plural::plural;

/// The most characters shown of a message; AWS's messages may hold encoded text of a thousand characters.
const LONGEST_MESSAGE: usize = 400;

pub(super) fn text(summary: &SummaryFacts<'_>) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write(&mut text, summary);
    text
}

fn write(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    let throttled = match summary.throttled {
        0 => String::new(),
        requests => format!(", {requests} throttled"),
    };
    writeln!(
        text,
        "\n{} in the responses to {} ({}{throttled}) in {:.1} s",
        plural(summary.items, "item"),
        plural(summary.calls, "call"),
        plural(summary.requests, "request"),
        summary.seconds
    )?;
    if let Some(statuses) = summary.statuses() {
        writeln!(text, "  {statuses}")?;
    }
    write_counts(text, "Items per service", &summary.services)?;
    if summary.accounts.len() > 1 {
        write_counts(text, "Items per account", &summary.accounts)?;
    }
    if summary.buckets_in_unscanned_regions > 0 {
        let are = if summary.buckets_in_unscanned_regions == 1 { "is" } else { "are" };
        let buckets = plural(summary.buckets_in_unscanned_regions, "bucket");
        writeln!(text, "\n{buckets} {are} in regions that were not scanned")?;
    }
    if let Some(warning) = &summary.absence_warning {
        writeln!(text, "\n{}", warning.text())?;
    }
    write_redaction(text, summary)?;
    write_failures(text, summary)?;
    write_accepted(text, summary)?;
    write_unfinished(text, summary)?;
    writeln!(text, "\nResults are in {}", summary.folder)?;
    writeln!(text, "{}", summary.meaning())
}

/// Writes how many values were redacted, and how many in free text look like secrets.
fn write_redaction(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    if summary.redacted > 0 {
        let are = if summary.redacted == 1 { "is" } else { "are" };
        writeln!(text, "\n{} {are} redacted", plural(summary.redacted, "sensitive value"))?;
    }
    if let Some(first) = summary.first_secret {
        let look = if summary.secrets == 1 { "looks like a secret" } else { "look like secrets" };
        writeln!(
            text,
            "\n{} in free text {look}; the first in {} {} of account {} in {}; see the warnings in scan.log",
            plural(summary.secrets, "value"),
            first.service,
            first.function,
            first.account,
            first.region
        )?;
    }
    Ok(())
}

fn write_failures(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    if summary.failures.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nNot complete: {} of {}", summary.incomplete, plural(summary.calls, "call"))?;
    for failure in summary.failures.iter().take(SHOWN) {
        write_failure(text, failure)?;
    }
    if let Some(further) = summary.further_causes() {
        writeln!(text, "  {further}")?;
    }
    Ok(())
}

/// Writes the accepted gaps, each with its reason.
fn write_accepted(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    if summary.accepted.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nAccepted: {} of {}", summary.accepted_calls(), plural(summary.calls, "call"))?;
    for failures in &summary.accepted {
        writeln!(text, "  {}", failures.title())?;
    }
    Ok(())
}

fn write_failure(text: &mut String, failure: &FailureGroup) -> fmt::Result {
    let FailureGroup { title, group } = failure;
    writeln!(text, "  {title}")?;
    for place in group.places() {
        writeln!(text, "      {place}")?;
    }
    if let Some(message) = group.message() {
        writeln!(text, "      {}", shortened(&message))?;
    }
    for hint in &group.hints {
        writeln!(text, "      hint: {hint}")?;
    }
    Ok(())
}

/// Writes the calls without a result, if the run was stopped.
fn write_unfinished(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    let Some(unfinished) = &summary.unfinished else { return Ok(()) };
    writeln!(text, "\nNot sent or interrupted: {}", unfinished.count())?;
    for place in unfinished.places() {
        writeln!(text, "  {place}")?;
    }
    Ok(())
}

/// Puts a message on one line, and shortens it to [`LONGEST_MESSAGE`] characters.
pub(super) fn shortened(message: &str) -> String {
    let mut letters = message.char_indices().skip(LONGEST_MESSAGE);
    let cut = letters.next().map_or(message.len(), |(end, _)| end);
    let end = if cut < message.len() { "…" } else { "" };
    let words: Vec<&str> = message[..cut].split_whitespace().collect();
    words.join(" ") + end
}

fn write_counts(text: &mut String, title: &str, counts: &[ItemCount]) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{title}")?;
    let (shown, rest) = top(counts);
    for ItemCount { name, items } in shown {
        writeln!(text, "  {items:>8}  {name}")?;
    }
    if let Some((items, others)) = rest {
        writeln!(text, "  {items:>8}  in {}", plural(others, "other"))?;
    }
    Ok(())
}

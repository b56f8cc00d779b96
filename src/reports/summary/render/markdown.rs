//! The summary as Markdown, for the job pages of GitHub and other CI systems.

use std::fmt::{self, Write};

use super::text::shortened;
use super::{FailureGroup, ItemCount, RunOutcome, SHOWN, SummaryFacts, top};
use crate::util::plural::plural;

pub(super) fn markdown(summary: &SummaryFacts<'_>) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write(&mut text, summary);
    text
}

fn write(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    let sign = if summary.ending == RunOutcome::Complete { "✅" } else { "⚠️" };
    writeln!(text, "## {sign} AWS inventory: {}\n", plural(summary.items, "item"))?;
    let SummaryFacts { throttled, seconds, .. } = summary;
    let (calls, requests) = (plural(summary.calls, "call"), plural(summary.requests, "request"));
    writeln!(text, "{calls}, {requests}, {throttled} throttled, {seconds:.1} s.")?;
    if let Some(statuses) = summary.statuses() {
        writeln!(text, "{statuses}.")?;
    }
    writeln!(text)?;
    writeln!(text, "{}. Results are in {}.\n", summary.meaning(), plain(&summary.folder))?;
    if let Some(unfinished) = &summary.unfinished {
        writeln!(text, "Not sent or interrupted: {}.\n", unfinished.count())?;
        for place in unfinished.places() {
            writeln!(text, "- {}", plain(&place))?;
        }
        writeln!(text)?;
    }
    write_counts(text, "Service", &summary.services)?;
    if summary.accounts.len() > 1 {
        write_counts(text, "Account", &summary.accounts)?;
    }
    if summary.buckets_in_unscanned_regions > 0 {
        let are = if summary.buckets_in_unscanned_regions == 1 { "is" } else { "are" };
        let buckets = plural(summary.buckets_in_unscanned_regions, "bucket");
        writeln!(text, "{buckets} {are} in regions that were not scanned.\n")?;
    }
    if let Some(warning) = &summary.absence_warning {
        writeln!(text, "{}.\n", plain(&warning.text()))?;
    }
    if summary.redacted > 0 {
        let are = if summary.redacted == 1 { "is" } else { "are" };
        writeln!(text, "{} {are} redacted.\n", plural(summary.redacted, "sensitive value"))?;
    }
    if summary.secrets > 0 {
        let look = if summary.secrets == 1 { "looks like a secret" } else { "look like secrets" };
        let values = plural(summary.secrets, "value");
        writeln!(text, "{values} in free text {look}: see the warnings in scan.log.\n")?;
    }
    write_failures(text, summary)?;
    write_accepted(text, summary)
}

fn write_counts(text: &mut String, title: &str, counts: &[ItemCount]) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(text, "| {title} | Items |\n|---|---:|")?;
    let (shown, rest) = top(counts);
    for ItemCount { name, items } in shown {
        writeln!(text, "| {} | {items} |", plain(name))?;
    }
    if let Some((items, others)) = rest {
        writeln!(text, "| {} | {items} |", plural(others, "other"))?;
    }
    writeln!(text)
}

fn write_failures(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    if summary.failures.is_empty() {
        return Ok(());
    }
    writeln!(text, "### Not complete: {} of {}\n", summary.incomplete, plural(summary.calls, "call"))?;
    writeln!(text, "| Calls | Cause | Where | Message | Hints |\n|---:|---|---|---|---|")?;
    for FailureGroup { group, .. } in summary.failures.iter().take(SHOWN) {
        let mut places = vec![group.extent()];
        places.extend(group.places());
        let message = group.message().map_or_else(String::new, |message| shortened(&message));
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            group.calls,
            plain(&group.cause()),
            plain(&places.join("; ")),
            plain(&message),
            plain(&group.hints.join("; "))
        )?;
    }
    if let Some(further) = summary.further_causes() {
        writeln!(text, "\n{}", plain(&further))?;
    }
    Ok(())
}

fn write_accepted(text: &mut String, summary: &SummaryFacts<'_>) -> fmt::Result {
    if summary.accepted.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n### Accepted: {} of {}\n", summary.accepted_calls(), plural(summary.calls, "call"))?;
    for failures in &summary.accepted {
        writeln!(text, "- {}", plain(&failures.title()))?;
    }
    Ok(())
}

/// Escapes a text for Markdown and puts it on one line. Names and messages come from AWS; a user who may name
/// an account must not be able to put markup on the page.
fn plain(text: &str) -> String {
    const SPECIAL: &str = "\\`*_{}[]()<>#+!|~&@:";
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => plain.push(' '),
            character if SPECIAL.contains(character) => {
                // Of all ways to escape a character, this one works in every Markdown dialect.
                let _ = write!(plain, "&#{};", u32::from(character));
            }
            character => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_is_a_name_and_neither_a_link_nor_a_cell() {
        assert_eq!(plain("a|b\n<img>"), "a&#124;b &#60;img&#62;");
        assert_eq!(plain("[x](http://y)"), "&#91;x&#93;&#40;http&#58;//y&#41;");
        assert_eq!(plain("111111111111-Log archive"), "111111111111-Log archive");
    }
}

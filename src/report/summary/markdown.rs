//! The summary as Markdown, as GitHub and others show it on the page of a job.

use std::fmt::{self, Write};

use super::{Count, Ending, Failed, SHOWN, Summary, top};

pub(super) fn markdown(summary: &Summary<'_>) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write(&mut text, summary);
    text
}

fn write(text: &mut String, summary: &Summary<'_>) -> fmt::Result {
    let sign = if summary.ending == Ending::Complete { "✅" } else { "⚠️" };
    writeln!(text, "## {sign} AWS inventory: {} items\n", summary.items)?;
    let Summary { calls, requests, throttled, seconds, .. } = summary;
    writeln!(text, "{calls} calls, {requests} requests, {throttled} throttled, {seconds:.1} s.")?;
    writeln!(text, "{}.\n", summary.statuses().join(", "))?;
    writeln!(text, "{}. Results are in {}.\n", summary.meaning(), plain(&summary.folder))?;
    write_counts(text, "Service", &summary.services)?;
    if summary.accounts.len() > 1 {
        write_counts(text, "Account", &summary.accounts)?;
    }
    if summary.buckets_left_out > 0 {
        writeln!(text, "{} buckets live in regions that were not scanned.\n", summary.buckets_left_out)?;
    }
    if let Some(absent) = &summary.absent {
        writeln!(text, "{}.\n", plain(&absent.text()))?;
    }
    if summary.redacted > 0 {
        writeln!(text, "{} sensitive values are redacted.\n", summary.redacted)?;
    }
    if summary.secrets > 0 {
        writeln!(
            text,
            "{} values in free text look like secrets: see the warnings in scan.log.\n",
            summary.secrets
        )?;
    }
    write_failures(text, summary)
}

fn write_counts(text: &mut String, title: &str, counts: &[Count]) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(text, "| {title} | Items |\n|---|---:|")?;
    let (shown, rest) = top(counts);
    for Count { name, items } in shown {
        writeln!(text, "| {} | {items} |", plain(name))?;
    }
    if let Some((items, others)) = rest {
        writeln!(text, "| {others} others | {items} |")?;
    }
    writeln!(text)
}

fn write_failures(text: &mut String, summary: &Summary<'_>) -> fmt::Result {
    if summary.failures.is_empty() {
        return Ok(());
    }
    writeln!(text, "### Not complete: {} calls\n", summary.incomplete)?;
    writeln!(text, "| Calls | Status | Where | Message | What to do |\n|---:|---|---|---|---|")?;
    for failed in summary.failures.iter().take(SHOWN) {
        let Failed { calls, status, example, .. } = failed;
        let code = failed.code.map(|code| format!(" ({})", plain(code))).unwrap_or_default();
        let place = match failed.account {
            Some(account) => format!("account {account} could not be entered"),
            None => format!(
                "{}; for one, {} in {} {}",
                failed.service.unwrap_or_default(),
                example.function,
                example.account,
                example.region
            ),
        };
        let message = plain(example.message.as_deref().unwrap_or_default());
        let hint = plain(example.hint.as_deref().unwrap_or_default());
        writeln!(text, "| {calls} | {status}{code} | {} | {message} | {hint} |", plain(&place))?;
    }
    if summary.failures.len() > SHOWN {
        writeln!(text, "\nand {} more causes: see ledger.ndjson", summary.failures.len() - SHOWN)?;
    }
    Ok(())
}

/// A text that Markdown takes for nothing but a text, on one line: names and messages come from AWS, and
/// whoever may name an account must not write on somebody's page.
fn plain(text: &str) -> String {
    const MEANS_SOMETHING: &str = "\\`*_{}[]()<>#+!|~&@:";
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => plain.push(' '),
            character if MEANS_SOMETHING.contains(character) => {
                // Of the ways to write a character that means nothing, the one that works everywhere.
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

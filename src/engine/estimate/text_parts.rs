//! Lists and durations in the output of `scan plan`.

use std::fmt::{Result, Write};

/// The most rows of a list; `--json` prints all rows.
pub(super) const SHOWN: usize = 15;

/// Writes a list with a title, unless the list is empty.
pub(super) fn write_list<Item>(
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

/// Formats a duration in seconds, minutes or hours.
pub(super) fn duration(seconds: f64) -> String {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 60.0 * MINUTE;
    match seconds {
        short if short < 2.0 * MINUTE => format!("{short:.1} s"),
        middling if middling < 2.0 * HOUR => format!("{:.0} min", middling / MINUTE),
        long => format!("{:.1} h", long / HOUR),
    }
}

/// Returns an amount for the terminal: in cents, or with the digits that it has if it is less than one.
pub(super) fn usd_text(usd: f64) -> String {
    if usd > 0.0 && usd < 0.01 {
        format!("{} USD", format!("{usd:.8}").trim_end_matches('0'))
    } else {
        format!("{usd:.2} USD")
    }
}

#[cfg(test)]
mod tests {
    use super::usd_text;

    #[test]
    fn small_amounts_are_not_printed_as_nothing() {
        for (usd, text) in
            [(0.0, "0.00 USD"), (0.000_000_4, "0.0000004 USD"), (0.000_07, "0.00007 USD"), (0.02, "0.02 USD")]
        {
            assert_eq!(usd_text(usd), text);
        }
    }
}

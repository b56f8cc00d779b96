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

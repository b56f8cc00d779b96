//! A table of the actions that each call needs.

use std::fmt::Write as _;

use super::needs::Need;

/// Returns a row for each action and call, in columns.
#[must_use]
pub fn explanation(needs: &[Need]) -> String {
    let row = |need: &Need| {
        let call = format!("{} {}", need.service, need.function);
        [need.action.to_string(), call, need.reason.as_str().to_owned()]
    };
    let header = ["Action", "Call", "Why"].map(str::to_owned);
    let rows: Vec<[String; 3]> = std::iter::once(header).chain(needs.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let (first, second) = (width(0), width(1));
    let mut text = String::new();
    for [action, call, why] in &rows {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{action:first$}  {call:second$}  {why}");
    }
    text
}

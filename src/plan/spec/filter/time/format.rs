//! `strftime`.

use super::{Broken, MONTHS, WEEKDAYS, days_before};

/// The style of a conversion: `%-5d`.
#[derive(Clone, Copy, Default)]
struct Style {
    /// `-`, `_` or `0`.
    padding: Option<char>,
    upper: bool,
    /// `#`: the opposite case.
    swap: bool,
    width: usize,
}

/// Formats a time. Text that is not a conversion stays unchanged. The error is the unsupported part of the
/// format.
pub(in super::super) fn format(time: &Broken, format: &str) -> Result<String, &'static str> {
    let mut text = String::new();
    let mut rest = format;
    while let Some(start) = rest.find('%') {
        text.push_str(&rest[..start]);
        let (style, letter, after) = conversion(&rest[start + 1..]);
        if letter == Some('z') && style.width > 0 {
            return Err("the offset from UTC in a width");
        }
        match letter.and_then(|letter| converted(time, style, letter)) {
            Some(converted) => text.push_str(&converted),
            None => text.push_str(&rest[start..rest.len() - after.len()]),
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// Returns the style of a conversion, its letter, and the rest of the text.
fn conversion(text: &str) -> (Style, Option<char>, &str) {
    let mut style = Style::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next().filter(|flag| "-_0^#".contains(*flag)) {
        match flag {
            '^' => style.upper = true,
            '#' => style.swap = true,
            padding => style.padding = Some(padding),
        }
        rest = &rest[1..];
    }
    let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    style.width = rest[..digits].parse().unwrap_or(0).min(1_000);
    rest = &rest[digits..];
    // Alternative numerals and eras, which the C locale does not have.
    let modifier = rest.chars().next().filter(|letter| matches!(letter, 'E' | 'O'));
    if modifier.is_some() {
        rest = &rest[1..];
    }
    let letter = rest.chars().next();
    let after = letter.map_or(rest, |letter| &rest[letter.len_utf8()..]);
    let fits = match modifier {
        Some('E') => letter.is_none_or(|letter| "cCxXyYz".contains(letter)),
        Some(_) => letter.is_none_or(|letter| "deHImMSuUVwWyz".contains(letter)),
        None => true,
    };
    (style, letter.filter(|_| fits), after)
}

fn converted(time: &Broken, style: Style, letter: char) -> Option<String> {
    let whole = |pattern: &str| format(time, pattern).ok().map(|text| words(style, &text, false));
    let name = |names: &[&'static str], index: i64| {
        usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("?")
    };
    let short = |name: &'static str| name.get(..3).unwrap_or(name);
    let hour = match time.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if time.hour >= 12 { "PM" } else { "AM" };
    let (iso_year, iso_week) = iso_week(time);
    let digits = |count: usize, number: i64| Some(number_text(style, '0', count, number));
    let spaced = |number: i64| Some(number_text(style, '_', 2, number));
    match letter {
        'a' => Some(words(style, short(name(&WEEKDAYS, time.weekday)), true)),
        'A' => Some(words(style, name(&WEEKDAYS, time.weekday), true)),
        'b' | 'h' => Some(words(style, short(name(&MONTHS, time.month)), true)),
        'B' => Some(words(style, name(&MONTHS, time.month), true)),
        'c' => whole("%a %b %e %H:%M:%S %Y"),
        'C' => digits(1, time.year.div_euclid(100)),
        'd' => digits(2, time.day),
        'D' | 'x' => whole("%m/%d/%y"),
        'e' => spaced(time.day),
        'F' => whole("%Y-%m-%d"),
        'g' => digits(2, iso_year.rem_euclid(100)),
        'G' => digits(1, iso_year),
        'H' => digits(2, time.hour),
        'I' => digits(2, hour),
        'j' => digits(3, time.yearday + 1),
        'k' => spaced(time.hour),
        'l' => spaced(hour),
        'm' => digits(2, time.month + 1),
        'M' => digits(2, time.minute),
        'n' => Some("\n".to_owned()),
        'p' => Some(words(Style { swap: false, ..style }, &lowered(half, style.swap), true)),
        'P' => Some(words(Style { swap: false, ..style }, &lowered(half, true), true)),
        'r' => whole("%I:%M:%S %p"),
        'R' => whole("%H:%M"),
        's' => digits(1, time.seconds()),
        'S' => digits(2, time.second),
        't' => Some("\t".to_owned()),
        'T' | 'X' => whole("%H:%M:%S"),
        'u' => digits(1, (time.weekday - 1).rem_euclid(7) + 1),
        'U' => digits(2, (time.yearday - time.weekday + 7) / 7),
        'V' => digits(2, iso_week),
        'w' => digits(1, time.weekday),
        'W' => digits(2, (time.yearday - (time.weekday - 1).rem_euclid(7) + 7) / 7),
        'y' => digits(2, time.year.rem_euclid(100)),
        'Y' => digits(1, time.year),
        'z' => Some(offset(style).to_owned()),
        'Z' => Some(words(Style { swap: false, ..style }, &lowered("UTC", style.swap), true)),
        '%' => Some(words(style, "%", false)),
        _ => None,
    }
}

fn lowered(text: &str, lower: bool) -> String {
    if lower { text.to_ascii_lowercase() } else { text.to_owned() }
}

/// Returns a text in a style.
fn words(style: Style, text: &str, swaps: bool) -> String {
    let text = if style.upper || style.swap && swaps { text.to_uppercase() } else { text.to_owned() };
    let fill = if style.padding == Some('0') { "0" } else { " " };
    format!("{}{text}", fill.repeat(style.width.saturating_sub(text.chars().count())))
}

/// Returns a number in a style.
fn number_text(style: Style, usual: char, digits: usize, number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let text = number.unsigned_abs().to_string();
    let width = style.width.max(digits);
    let missing = width.saturating_sub(text.len() + sign.len());
    match style.padding.unwrap_or(usual) {
        '-' => format!("{}{sign}{text}", " ".repeat(style.width.saturating_sub(text.len() + sign.len()))),
        '_' => format!("{}{sign}{text}", " ".repeat(missing)),
        _ => format!("{sign}{}{text}", "0".repeat(missing)),
    }
}

/// Returns `+0000` in a style.
fn offset(style: Style) -> &'static str {
    match style.padding {
        Some('-') => "+0",
        Some('_') => "+   0",
        _ => "+0000",
    }
}

/// Returns the year and the week of ISO 8601: weeks start on Monday, and the first week has the year's first
/// Thursday.
fn iso_week(time: &Broken) -> (i64, i64) {
    let monday = |year: i64| {
        let first = days_before(year, 0);
        // The first of January 1970 was a Thursday.
        let from_thursday = first.rem_euclid(7);
        // If the year starts after Thursday, its first week starts after the first of January.
        first - (from_thursday + 3).rem_euclid(7) + if (1..=3).contains(&from_thursday) { 7 } else { 0 }
    };
    let day = days_before(time.year, 0) + time.yearday;
    let year = if day >= monday(time.year + 1) {
        time.year + 1
    } else if day >= monday(time.year) {
        time.year
    } else {
        time.year - 1
    };
    (year, (day - monday(year)).div_euclid(7) + 1)
}

//! Steps through a text by its bytes: everything that is searched for is ASCII.
//!
//! Finders look at a text with these functions, which count the bytes in tests: a finder is called for each
//! trigger, so it must not look at the same bytes again and again (see [`super::places`]).

use std::ops::Range;

/// The maximum length of a name.
const LONGEST: usize = 160;

/// The maximum number of backslashes before a quote: those of five texts within each other.
const MOST_ESCAPES: usize = 31;

/// A secret part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan::redaction) struct Span {
    pub(in crate::plan::redaction) start: usize,
    pub(in crate::plan::redaction) end: usize,
    pub(in crate::plan::redaction) kind: &'static str,
}

/// Sorts spans and merges those that overlap.
pub(super) fn tidy(spans: &mut Vec<Span>) {
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    spans.dedup_by(|later, earlier| {
        let overlap = later.start < earlier.end;
        if overlap {
            earlier.end = earlier.end.max(later.end);
        }
        overlap
    });
}

/// Returns whether a byte can be in a name.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Counts bytes that a finder looks at, in tests.
#[inline]
pub(super) fn look_at(count: usize) {
    #[cfg(test)]
    work::add(count);
    #[cfg(not(test))]
    let _ = count;
}

/// Returns the place after all bytes, starting at `start`, that `fits` accepts.
pub(in crate::plan::redaction) fn skip(bytes: &[u8], start: usize, fits: impl Fn(u8) -> bool) -> usize {
    first_in(bytes, start..bytes.len(), |byte| !fits(byte)).unwrap_or(bytes.len())
}

/// Works as [`skip`], for at most `most` bytes.
pub(in crate::plan::redaction) fn skip_near(
    bytes: &[u8],
    start: usize,
    most: usize,
    fits: impl Fn(u8) -> bool,
) -> usize {
    skip(&bytes[..start.saturating_add(most).min(bytes.len())], start, fits)
}

/// Returns the start of the bytes before `end` that `fits` accepts.
pub(in crate::plan::redaction) fn skip_back(bytes: &[u8], end: usize, fits: impl Fn(u8) -> bool) -> usize {
    let start = bytes[..end].iter().rposition(|byte| !fits(*byte)).map_or(0, |place| place + 1);
    look_at(end - start + 1);
    start
}

/// Works as [`skip_back`], for at most `most` bytes.
pub(super) fn skip_back_near(bytes: &[u8], end: usize, most: usize, fits: impl Fn(u8) -> bool) -> usize {
    let first = end.saturating_sub(most);
    first + skip_back(&bytes[first..], end - first, fits)
}

/// Returns the first place in a range whose byte `fits` accepts.
pub(super) fn first_in(bytes: &[u8], range: Range<usize>, fits: impl Fn(u8) -> bool) -> Option<usize> {
    let start = range.start.min(range.end);
    let count = bytes[start..range.end].iter().position(|byte| fits(*byte));
    look_at(count.unwrap_or(range.end - start) + 1);
    count.map(|count| start + count)
}

/// Returns the first place in a range at which `part` is. It may extend beyond the range.
pub(super) fn first_part_in(bytes: &[u8], range: Range<usize>, part: &[u8]) -> Option<usize> {
    let (initial, mut start) = (*part.first()?, range.start);
    loop {
        let place = first_in(bytes, start..range.end.max(start), |byte| byte == initial)?;
        if bytes[place..].starts_with(part) {
            return Some(place);
        }
        start = place + 1;
    }
}

/// Returns whether a byte is a space or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns whether a byte ends a line.
pub(super) fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Returns the end of the line that contains this place.
pub(super) fn line_end(bytes: &[u8], place: usize) -> usize {
    skip(bytes, place, |byte| !is_line_break(byte))
}

/// Returns the number of blanks at the start of a line.
pub(super) fn indentation(bytes: &[u8], line: usize) -> usize {
    skip(bytes, line, is_blank) - line
}

/// Returns whether a text is at a place, compared case-insensitively.
pub(super) fn stands_at(bytes: &[u8], place: usize, text: &str) -> bool {
    bytes.get(place..place + text.len()).is_some_and(|there| there.eq_ignore_ascii_case(text.as_bytes()))
}

/// Returns the content range of a quoted text that starts at `place`. Its quotes may be escaped, because the
/// whole may be inside another quoted text.
pub(super) fn quoted(bytes: &[u8], place: usize) -> Option<(usize, usize)> {
    let escapes = skip_near(bytes, place, MOST_ESCAPES, |byte| byte == b'\\') - place;
    let quote = *bytes.get(place + escapes)?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let start = place + escapes + 1;
    let mut end = start;
    while end < bytes.len() {
        let slashes = skip(bytes, end, |byte| byte == b'\\') - end;
        match bytes.get(end + slashes) {
            // A doubled quote stands for one in SQL and YAML.
            Some(byte)
                if *byte == quote && quote == b'\'' && end > start && bytes.get(end + 1) == Some(byte) =>
            {
                end += 2;
            }
            Some(byte) if *byte == quote && slashes <= escapes => return Some((start, end)),
            _ => end += slashes + 1,
        }
    }
    // An unterminated quote extends to the end of its line.
    Some((start, line_end(bytes, start)))
}

/// Returns the range of the name that contains this place.
pub(super) fn name_at(bytes: &[u8], place: usize) -> (usize, usize) {
    // The first character of ` key` is before the name.
    let place = if bytes.get(place).copied().is_some_and(is_name) { place } else { place + 1 };
    (skip_back_near(bytes, place, LONGEST, is_name), skip_near(bytes, place, LONGEST, is_name))
}

/// The number of bytes that finders of this thread looked at.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static COUNT: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(count: usize) {
        COUNT.set(COUNT.get() + count);
    }

    /// Returns the number since the last call.
    pub(in crate::plan::redaction::text) fn take() -> usize {
        COUNT.take()
    }
}

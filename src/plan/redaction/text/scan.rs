//! Steps through a text by its bytes: everything that is searched for is ASCII.

/// The maximum length of a name.
const LONGEST: usize = 160;

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

/// Returns the place after all bytes, starting at `start`, that `fits` accepts.
pub(super) fn skip(bytes: &[u8], start: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[start.min(bytes.len())..]
        .iter()
        .position(|byte| !fits(*byte))
        .map_or(bytes.len(), |count| start + count)
}

/// Returns the start of the bytes before `end` that `fits` accepts.
pub(super) fn skip_back(bytes: &[u8], end: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[..end].iter().rposition(|byte| !fits(*byte)).map_or(0, |place| place + 1)
}

/// Returns whether a byte is a space or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns the start of the line that contains this place.
pub(super) fn line_start(bytes: &[u8], place: usize) -> usize {
    skip_back(bytes, place, |byte| !matches!(byte, b'\n' | b'\r'))
}

/// Returns the end of the line that contains this place.
pub(super) fn line_end(bytes: &[u8], place: usize) -> usize {
    skip(bytes, place, |byte| !matches!(byte, b'\n' | b'\r'))
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
    let escapes = skip(bytes, place, |byte| byte == b'\\') - place;
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
    let start = skip_back(bytes, place, is_name);
    (start.max(place.saturating_sub(LONGEST)), skip(bytes, place, is_name).min(place + LONGEST))
}

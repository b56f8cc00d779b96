//! Steps through a text, by its bytes: all that is looked for is ASCII.

/// Longer names are no names.
const LONGEST: usize = 160;

/// A part of a text that is secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan::redaction) struct Span {
    pub(in crate::plan::redaction) start: usize,
    pub(in crate::plan::redaction) end: usize,
    pub(in crate::plan::redaction) kind: &'static str,
}

/// Puts spans in order and makes one of those that overlap.
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

/// Whether a byte can be in a name.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// The place after all bytes from `start` on that `fits` takes.
pub(super) fn skip(bytes: &[u8], start: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[start.min(bytes.len())..]
        .iter()
        .position(|byte| !fits(*byte))
        .map_or(bytes.len(), |count| start + count)
}

/// The place where the bytes before `end` begin that `fits` takes.
pub(super) fn skip_back(bytes: &[u8], end: usize, fits: impl Fn(u8) -> bool) -> usize {
    bytes[..end].iter().rposition(|byte| !fits(*byte)).map_or(0, |place| place + 1)
}

/// Spaces and tabs.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Where the line begins that has this place.
pub(super) fn line_start(bytes: &[u8], place: usize) -> usize {
    skip_back(bytes, place, |byte| !matches!(byte, b'\n' | b'\r'))
}

/// Where the line ends that has this place.
pub(super) fn line_end(bytes: &[u8], place: usize) -> usize {
    skip(bytes, place, |byte| !matches!(byte, b'\n' | b'\r'))
}

/// How many blanks a line begins with.
pub(super) fn indentation(bytes: &[u8], line: usize) -> usize {
    skip(bytes, line, is_blank) - line
}

/// Whether a text stands at a place, whether in small or capital letters.
pub(super) fn stands_at(bytes: &[u8], place: usize, text: &str) -> bool {
    bytes.get(place..place + text.len()).is_some_and(|there| there.eq_ignore_ascii_case(text.as_bytes()))
}

/// A quoted text that begins at `place` with a quote, whose quotes may be escaped because all of it stands
/// in another quoted text: where what is between the quotes begins and ends.
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
            // Two stand for one in SQL and YAML.
            Some(byte)
                if *byte == quote && quote == b'\'' && end > start && bytes.get(end + 1) == Some(byte) =>
            {
                end += 2;
            }
            Some(byte) if *byte == quote && slashes <= escapes => return Some((start, end)),
            _ => end += slashes + 1,
        }
    }
    // One that is cut off goes to its line's end.
    Some((start, line_end(bytes, start)))
}

/// Where the name begins and ends that has this place.
pub(super) fn name_at(bytes: &[u8], place: usize) -> (usize, usize) {
    // The first sign of ` key` stands before the name.
    let place = if bytes.get(place).copied().is_some_and(is_name) { place } else { place + 1 };
    let start = skip_back(bytes, place, is_name);
    (start.max(place.saturating_sub(LONGEST)), skip(bytes, place, is_name).min(place + LONGEST))
}

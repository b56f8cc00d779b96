//! The arguments of a command in a text: as a shell reads them, and in serialized lists.

use std::ops::Range;

use crate::plan::redaction::text::scan::{is_blank, quoted, skip};

/// The maximum number of arguments that are read; no command with a secret has more.
const MOST_ARGUMENTS: usize = 64;

/// The ranges of the arguments after a place, up to the end of the command, without their quotes.
pub(super) struct CommandArguments<'text> {
    bytes: &'text [u8],
    place: usize,
    count: usize,
}

impl<'text> CommandArguments<'text> {
    pub(super) fn of(text: &'text str, place: usize) -> Self {
        Self { bytes: text.as_bytes(), place, count: 0 }
    }
}

impl Iterator for CommandArguments<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.bytes;
        while self.count < MOST_ARGUMENTS {
            // A serialized list has quotes and commas between its arguments; a line may continue below.
            let mut start = skip(bytes, self.place, |byte| is_blank(byte) || byte == b',');
            while bytes[start..].starts_with(b"\\\n") {
                start = skip(bytes, start + 2, is_blank);
            }
            self.place = start;
            match bytes.get(start) {
                None | Some(b'\n' | b'\r' | b';' | b'|' | b'&' | b')' | b']' | b'<') => return None,
                _ => {}
            }
            let (argument, after) = if let Some((from, to)) = quoted(bytes, start) {
                (from..to, skip(bytes, to, |byte| byte == b'\\') + 1)
            } else {
                let end = end_of_argument(bytes, start);
                // The last backslash may continue a line.
                let slashes = skip(bytes, start, |byte| byte == b'\\');
                (start..end, end.max(start + 1).max(slashes.saturating_sub(1)))
            };
            self.place = after.min(bytes.len());
            if !argument.is_empty() {
                self.count += 1;
                return Some(argument);
            }
        }
        None
    }
}

/// Returns the end of an argument that is not in quotes, but may contain quotes: `-p"X"`, `a:'b'`.
fn end_of_argument(bytes: &[u8], start: usize) -> usize {
    let end = skip(bytes, start, |byte| {
        !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' | b'"' | b'\'' | b'`' | b'<' | b'\\')
    });
    let opens = |after: &u8| {
        after.is_ascii_alphanumeric()
            || after.is_ascii_punctuation() && !matches!(after, b']' | b',' | b'}' | b')')
    };
    match bytes.get(end) {
        Some(b'"' | b'\'') if end > start && bytes.get(end + 1).is_some_and(opens) => {
            quoted(bytes, end).map_or(end, |(_, to)| (to + 1).min(bytes.len()))
        }
        _ => end,
    }
}

//! The line of a trigger.

use std::cell::Cell;

use super::scan::{is_blank, is_line_break, line_end, skip, skip_back};

/// A line of a text, without its line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextLine {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The place after the blanks at its start.
    pub(super) indented: usize,
    /// The place where the name of an entry would start: after blanks, dashes and quotes.
    pub(super) entry: usize,
}

/// The line of the last trigger: the next one is usually in the same line.
#[derive(Debug, Default)]
pub(super) struct LineMemory(Cell<Option<TextLine>>);

impl LineMemory {
    /// Returns the line that contains this place.
    pub(super) fn at(&self, bytes: &[u8], place: usize) -> TextLine {
        if let Some(line) = self.0.get().filter(|line| (line.start..=line.end).contains(&place)) {
            return line;
        }
        let start = skip_back(bytes, place, |byte| !is_line_break(byte));
        let line = TextLine {
            start,
            end: line_end(bytes, place),
            indented: skip(bytes, start, is_blank),
            entry: skip(bytes, start, |byte| is_blank(byte) || matches!(byte, b'-' | b'"' | b'\'' | b'?')),
        };
        self.0.set(Some(line));
        line
    }
}

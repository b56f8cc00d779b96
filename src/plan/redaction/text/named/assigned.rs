//! Values after a separator: `NAME=value`, `name: value`, and blocks and lists of YAML.

use super::Named;
use crate::plan::redaction::text::scan::{
    first_in, indentation, is_blank, is_line_break, is_name, line_end, look_at, quoted, skip, skip_near,
    stands_at,
};

/// The maximum length of the name of a type.
const LONGEST_TYPE: usize = 64;

/// The maximum number of YAML blocks within each other; values in deeper ones are in the value of the first.
const MOST_BLOCKS: usize = 16;

impl Named<'_> {
    /// Returns the value after a separator.
    pub(super) fn assigned(&self, after: usize, is_colon: bool) -> Option<(usize, usize)> {
        let place = skip(self.bytes, after, is_blank);
        let rest = &self.bytes[place..];
        // In YAML, the value may be in the lines below.
        if is_colon && matches!(rest.first(), Some(b'|' | b'>')) && self.is_at_line_start() {
            return self.block(place, true);
        }
        if is_colon && matches!(rest.first(), None | Some(b'\n' | b'\r')) && self.is_at_line_start() {
            return self.block(place, false);
        }
        if let Some(list) = rest.first().filter(|byte| matches!(byte, b'[' | b'{')) {
            return self.list(place, *list);
        }
        if is_colon && let Some(span) = self.typed(place) {
            return Some(span);
        }
        // `N'X'` of SQL, and the string prefixes of other languages.
        let has_letter = matches!(rest, [b'N' | b'E' | b'b' | b'r' | b'f' | b'u', b'"' | b'\'', ..]);
        let place = self.past_scheme(place + usize::from(has_letter));
        if let Some((start, end)) = quoted(self.bytes, place) {
            return Some((self.past_scheme(start).min(end), end));
        }
        if self.is_header() {
            return Some((place, self.end_of_header(place)));
        }
        if is_colon && self.is_at_line_start() && self.is_written_in_lines() {
            return Some((place, self.end_of_line_value(place)));
        }
        // A text without quotes ends at the end of the quoted text that contains it.
        let end = self.end_of_word(place);
        let is_spaced = is_colon && place > after;
        (!(is_spaced && is_prose(&self.text[place..end]))).then_some((place, end))
    }

    /// Returns the value in `password: &str = "X"`: a type, and then the value.
    fn typed(&self, place: usize) -> Option<(usize, usize)> {
        let is_type =
            |byte: u8| is_name(byte) || matches!(byte, b'&' | b'<' | b'>' | b'[' | b']' | b':' | b'?');
        let equals = skip(self.bytes, skip_near(self.bytes, place, LONGEST_TYPE, is_type), is_blank);
        let is_assigned = equals > place && self.bytes.get(equals) == Some(&b'=');
        is_assigned.then(|| quoted(self.bytes, skip(self.bytes, equals + 1, is_blank))).flatten()
    }

    /// Skips the scheme before a token in a header, which is not secret: `Bearer X`.
    fn past_scheme(&self, place: usize) -> usize {
        [
            "Bearer ",
            "Basic ",
            "Token ",
            "Digest ",
            "Negotiate ",
            "ApiKey ",
            "Splunk ",
            "GenieKey ",
            "SSWS ",
            "OAuth ",
        ]
        .iter()
        .find(|scheme| stands_at(self.bytes, place, scheme))
        .map_or(place, |scheme| skip(self.bytes, place + scheme.len(), is_blank))
    }

    /// Returns whether the name is the name of a header whose value contains blanks.
    fn is_header(&self) -> bool {
        let name = &self.text[self.start..self.end];
        ["cookie", "set-cookie", "authorization", "proxy-authorization"].iter().any(|header| {
            name.len() >= header.len() && name[name.len() - header.len()..].eq_ignore_ascii_case(header)
        })
    }

    fn end_of_header(&self, place: usize) -> usize {
        // In a text nested in another one, a line ends with `\n` and a quote with `\"`.
        self.memory.names.header_end.byte(self.bytes, place, |byte| {
            matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<' | b'\\')
        })
    }

    pub(super) fn is_at_line_start(&self) -> bool {
        self.start <= self.line().entry
    }

    /// Returns whether the text looks like a file and not like a sentence.
    fn is_written_in_lines(&self) -> bool {
        let has_lines = &self.memory.names.has_lines;
        let is_file = has_lines.get().unwrap_or_else(|| self.bytes.contains(&b'\n'));
        has_lines.set(Some(is_file));
        let value = || self.text[self.end..line_end(self.bytes, self.end)].trim_start_matches(':').trim();
        is_file || !value().contains(' ')
    }

    fn end_of_line_value(&self, place: usize) -> usize {
        let end = line_end(self.bytes, place);
        let line = &self.text[place..end];
        let line = line.find(" #").map_or(line, |comment| &line[..comment]);
        place + line.trim_end().trim_end_matches(',').len()
    }

    /// Returns the end of an unquoted value: before a blank, a quote or a tag, and before a separator that is
    /// followed by the next assignment or the end. A closing bracket ends it as well, unless one is opened in it.
    pub(super) fn end_of_word(&self, place: usize) -> usize {
        let (length, memory) = (self.bytes.len(), &self.memory.names);
        let opens = |place| matches!(self.bytes.get(place), Some(b'(' | b'{' | b'['));
        let first = memory.word_end_or_bracket.find(length, place, |mut range| {
            range.find(|place| self.ends_word(*place) || self.closes_word(*place) || opens(*place))
        });
        if opens(first) {
            return memory
                .word_end
                .find(length, first, |mut range| range.find(|place| self.ends_word(*place)));
        }
        first
    }

    fn ends_word(&self, place: usize) -> bool {
        look_at(1);
        match self.bytes[place] {
            b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<' | b'>' => true,
            b'\\' => matches!(self.bytes.get(place + 1), Some(b'n' | b'r' | b't' | b'"' | b'\'')),
            b',' | b';' | b'&' | b'|' => self.ends_value(place + 1),
            _ => false,
        }
    }

    fn closes_word(&self, place: usize) -> bool {
        matches!(self.bytes[place], b')' | b'}' | b']') && self.ends_value(place + 1)
    }

    /// Returns whether another assignment, a blank or the end follows.
    fn ends_value(&self, place: usize) -> bool {
        let Some(byte) = self.bytes.get(place) else { return true };
        let name = skip(self.bytes, place, is_name);
        b" \t\n\r\"'\\,;)}]".contains(byte)
            || (name > place && matches!(self.bytes.get(name), Some(b'=' | b':')))
    }

    /// Returns the lines below that have a larger indentation than the line with the name. Without `is_text`, they
    /// are a scalar or a list: nested members have their own names.
    fn block(&self, place: usize, is_text: bool) -> Option<(usize, usize)> {
        let line = self.line();
        let mut open = self.memory.names.blocks.borrow_mut();
        open.retain(|end| *end > line.start);
        if open.len() >= MOST_BLOCKS {
            return None;
        }
        let inner = line.indented - line.start;
        let first = (line_end(self.bytes, place) + 1).min(self.bytes.len());
        let (mut next, mut end) = (first, first);
        while next < self.bytes.len() {
            let line_end = line_end(self.bytes, next);
            let below = self.text[next..line_end].trim_end();
            let is_empty = below.trim_start().is_empty();
            if !is_empty && indentation(self.bytes, next) <= inner {
                break;
            }
            if !is_text && (below.contains(": ") || below.ends_with(':')) {
                return None;
            }
            if !is_empty {
                end = line_end;
            }
            next = line_end + 1;
        }
        open.push(end);
        let start = skip(self.bytes, first, |byte| is_blank(byte) || is_line_break(byte));
        (start < end).then_some((start, end))
    }

    /// Returns the texts of a list in brackets.
    fn list(&self, place: usize, open: u8) -> Option<(usize, usize)> {
        let end =
            self.memory.names.list_end.byte(self.bytes, place, |byte| matches!(byte, b']' | b'}' | b'\n'));
        let has_brackets =
            || first_in(self.bytes, place + 1..end, |byte| matches!(byte, b'[' | b'{')).is_some();
        (open == b'[' && !has_brackets()).then_some((place + 1, end))
    }
}

/// Returns whether a value is a word of a sentence.
fn is_prose(value: &str) -> bool {
    value.trim_end_matches(['.', ',', ';']).bytes().all(|byte| byte.is_ascii_lowercase())
}

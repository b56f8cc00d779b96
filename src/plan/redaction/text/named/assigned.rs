//! Values after a separator: `NAME=value`, `name: value`, and blocks and lists of YAML.

use super::Named;
use crate::plan::redaction::text::scan::{
    indentation, is_blank, is_name, line_end, line_start, quoted, skip, stands_at,
};

impl Named<'_> {
    /// Returns the value after a separator.
    pub(super) fn assigned(&self, after: usize, is_colon: bool) -> Option<(usize, usize)> {
        let place = skip(self.bytes, after, is_blank);
        let rest = &self.bytes[place..];
        // In YAML, the value may be in the lines below.
        if is_colon && matches!(rest.first(), Some(b'|' | b'>')) && self.is_at_line_start() {
            return self.block(place);
        }
        if is_colon && matches!(rest.first(), None | Some(b'\n' | b'\r')) && self.is_at_line_start() {
            return self.below(place);
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
        let equals = skip(self.bytes, skip(self.bytes, place, is_type), is_blank);
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
        let end = skip(self.bytes, place, |byte| !matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<'));
        // In a text nested in another one, a line ends with `\n` and a quote with `\"`.
        place + self.text[place..end].find('\\').unwrap_or(end - place)
    }

    pub(super) fn is_at_line_start(&self) -> bool {
        let line = line_start(self.bytes, self.start);
        self.bytes[line..self.start]
            .iter()
            .all(|byte| is_blank(*byte) || matches!(byte, b'-' | b'"' | b'\'' | b'?'))
    }

    /// Returns whether the text looks like a file and not like a sentence.
    fn is_written_in_lines(&self) -> bool {
        let value = &self.text[self.end..line_end(self.bytes, self.end)];
        self.bytes.contains(&b'\n') || !value.trim_start_matches(':').trim().contains(' ')
    }

    fn end_of_line_value(&self, place: usize) -> usize {
        let end = line_end(self.bytes, place);
        let line = &self.text[place..end];
        let line = line.find(" #").map_or(line, |comment| &line[..comment]);
        place + line.trim_end().trim_end_matches(',').len()
    }

    /// Returns the end of an unquoted value: before a blank, a quote or a tag, and before a separator that is
    /// followed by the next assignment or the end.
    pub(super) fn end_of_word(&self, place: usize) -> usize {
        let mut end = place;
        while let Some(byte) = self.bytes.get(end) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'<' | b'>' => break,
                b'\\' if matches!(self.bytes.get(end + 1), Some(b'n' | b'r' | b't' | b'"' | b'\'')) => break,
                b',' | b';' | b'&' | b'|' if self.ends_value(end + 1) => break,
                b')' | b'}' | b']'
                    if self.ends_value(end + 1) && !self.text[place..end].contains(['(', '{', '[']) =>
                {
                    break;
                }
                _ => end += 1,
            }
        }
        end
    }

    /// Returns whether another assignment, a blank or the end follows.
    fn ends_value(&self, place: usize) -> bool {
        let rest = skip(self.bytes, place, |byte| is_blank(byte) || matches!(byte, b'"' | b'\'' | b'\\'));
        let name = skip(self.bytes, rest, is_name);
        rest > place
            || matches!(self.bytes.get(place), None | Some(b'\n' | b'\r' | b',' | b';' | b')' | b'}' | b']'))
            || (name > rest && matches!(self.bytes.get(name), Some(b'=' | b':')))
    }

    /// Returns the lines below that have a larger indentation than the line with the name.
    fn block(&self, place: usize) -> Option<(usize, usize)> {
        let line = line_start(self.bytes, self.start);
        let inner = indentation(self.bytes, line);
        let first = line_end(self.bytes, place) + 1;
        let (mut next, mut end) = (first, first);
        while next < self.bytes.len() {
            let line_end = line_end(self.bytes, next);
            let is_empty = self.text[next..line_end].trim().is_empty();
            if !is_empty && indentation(self.bytes, next) <= inner {
                break;
            }
            if !is_empty {
                end = line_end;
            }
            next = line_end + 1;
        }
        let start = skip(self.bytes, first, |byte| is_blank(byte) || matches!(byte, b'\n' | b'\r'));
        (start < end).then_some((start, end))
    }

    /// Returns a scalar or a list in the lines below.
    fn below(&self, place: usize) -> Option<(usize, usize)> {
        let (start, end) = self.block(place)?;
        let block = &self.text[start..end];
        // Nested members have their own names.
        let has_members = block.lines().any(|line| line.contains(": ") || line.trim_end().ends_with(':'));
        (!has_members).then_some((start, end))
    }

    /// Returns the texts of a list in brackets.
    fn list(&self, place: usize, open: u8) -> Option<(usize, usize)> {
        let end = skip(self.bytes, place, |byte| !matches!(byte, b']' | b'}' | b'\n'));
        let inside = &self.text[place + 1..end];
        (open == b'[' && !inside.contains(['[', '{'])).then_some((place + 1, end))
    }
}

/// Returns whether a value is a word of a sentence.
fn is_prose(value: &str) -> bool {
    value.trim_end_matches(['.', ',', ';']).bytes().all(|byte| byte.is_ascii_lowercase())
}

//! Values beside a name without a separator: `--name value`, `name("value")`, and serialized pairs
//! (`name: X, value: Y`).

use super::{Named, looks_chosen};
use crate::plan::redaction::names::NameMeaning;
use crate::plan::redaction::text::scan::{
    first_in, is_blank, is_line_break, is_name, look_at, quoted, skip, skip_back, skip_near, stands_at,
};
use crate::plan::redaction::values;

impl Named<'_> {
    /// Returns the value of `--password X` and `set password X`; in a serialized list, of `"--password", "X"`.
    pub(super) fn option(&self, closed: usize, place: usize) -> Option<(usize, usize)> {
        let name = &self.bytes[self.start..self.end];
        let is_option = name.starts_with(b"-") && !name.starts_with(b"---");
        let is_set = [" set ", ":set "].iter().any(|word| self.text[..self.start].ends_with(word));
        if !is_option && !is_set {
            return None;
        }
        let mut start = place;
        if closed > self.end && self.bytes.get(start) == Some(&b',') {
            start = skip(self.bytes, start + 1, |byte| is_blank(byte) || matches!(byte, b'\n' | b'\r'));
        } else if start == closed {
            return None;
        }
        if let Some(span) = quoted(self.bytes, start) {
            return Some(span);
        }
        let end = self.end_of_word(start);
        (!self.bytes[start..].starts_with(b"-")).then_some((start, end))
    }

    /// Returns the value of `PASSWORD 'X'`, `setPassword("X")` and `password is X`.
    pub(super) fn argument(&self, place: usize) -> Option<(usize, usize)> {
        let is_call = self.bytes.get(place) == Some(&b'(');
        let start = if is_call { skip(self.bytes, place + 1, is_blank) } else { place };
        if is_call || place > self.end {
            // A closing quote does not open a value.
            let opens = self.closed() == self.end;
            if opens && let Some(span) = quoted(self.bytes, start) {
                return Some(span);
            }
        }
        let word = ["is ", "was ", "to ", "by ", "as "]
            .iter()
            .find(|word| place > self.end && stands_at(self.bytes, place, word))?;
        let start = skip(self.bytes, place + word.len(), is_blank);
        let span = quoted(self.bytes, start).unwrap_or_else(|| {
            let word = &self.text[start..self.end_of_word(start)];
            (start, start + word.trim_end_matches(['.', ',']).len())
        });
        looks_chosen(&self.text[span.0..span.1]).then_some(span)
    }

    /// Returns the value beside a name in quotes: `set("password", "X")`, `<entry key="password">X</entry>`.
    pub(super) fn next_to(&self, closed: usize) -> Option<(usize, usize)> {
        if closed == self.end || self.start < 2 {
            return None;
        }
        let before = skip_back(self.bytes, self.start, |byte| matches!(byte, b'"' | b'\'' | b'\\' | b'`'));
        match (self.bytes.get(before.checked_sub(1)?)?, self.bytes.get(closed)?) {
            (b'(', b',') => quoted(self.bytes, skip(self.bytes, closed + 1, is_blank)),
            (b'=', b'>') => {
                let end = self.memory.names.tag.byte(self.bytes, closed + 1, |byte| byte == b'<');
                let is_element = self.bytes[end..].starts_with(b"</");
                (is_element && end > closed + 1).then_some((closed + 1, end))
            }
            _ => None,
        }
    }

    /// Returns the value of `SET PASSWORD FOR 'u'@'h' = 'X'`.
    pub(super) fn of_user(&self, place: usize) -> Option<(usize, usize)> {
        const NEAR: usize = 96;
        if place == self.end || !stands_at(self.bytes, place, "for ") {
            return None;
        }
        let end = skip_near(self.bytes, place, NEAR, |byte| !is_line_break(byte));
        let equals = first_in(self.bytes, place..end, |byte| byte == b'=')?;
        quoted(self.bytes, skip(self.bytes, equals + 1, is_blank))
    }

    /// Returns the value of `neighbor 192.0.2.1 password X`: a name and a word that looks like a password.
    pub(super) fn word(&self, place: usize) -> Option<(usize, usize)> {
        /// The maximum length of a password and the signs after it.
        const LONGEST: usize = 128;
        let end = self.end_of_word(place);
        if place == self.end || self.meaning == NameMeaning::Address || end > place + LONGEST {
            return None;
        }
        let end = place + self.text[place..end].trim_end_matches([';', '.', ',', ')']).len();
        look_at(end - place);
        values::is_made_up(&self.text[place..end]).then_some((place, end))
    }

    /// Returns the value of a serialized pair: `name: DB_PASSWORD`, and then `value: X` in the same or the next
    /// line; `<name>password</name><value>X</value>`; `key="password" value="X"`.
    pub(super) fn pair(&self, closed: usize) -> Option<(usize, usize)> {
        const BETWEEN: usize = 48;
        let limit = closed + BETWEEN;
        let near = &self.bytes[..(limit + 1).min(self.bytes.len())];
        let mut place = closed;
        // Skips the end tag of an element.
        if near[place.min(near.len())..].starts_with(b"</") {
            place = skip(near, place, |byte| byte != b'>') + 1;
        }
        let is_between = |byte: u8| {
            is_blank(byte) || matches!(byte, b'\n' | b'\r' | b',' | b'"' | b'\'' | b'\\' | b'<' | b'{' | b';')
        };
        place = skip(near, place, is_between);
        // In a text within a text, line breaks are escaped as `\n`.
        while near[place..].starts_with(b"n ") && place > 0 && near[place - 1] == b'\\' {
            place = skip(near, place + 1, is_between);
        }
        if place == closed || place > limit {
            return None;
        }
        let end = skip_near(self.bytes, place, LONGEST_KEY + 1, is_name);
        if !VALUES.iter().any(|value| self.text[place..end].eq_ignore_ascii_case(value)) {
            return None;
        }
        let value = Self { start: place, end, ..*self };
        value.element().flatten().or_else(|| {
            let place = skip(self.bytes, value.closed(), is_blank);
            value.assigned(value.separator(place)?, self.bytes[place] == b':')
        })
    }

    /// Returns the value of `requirepass X`: a line of a configuration that is a name and a word.
    pub(super) fn setting(&self, place: usize) -> Option<(usize, usize)> {
        if place == self.end || !self.is_at_line_start() {
            return None;
        }
        let end = skip(self.bytes, place, |byte| !is_line_break(byte));
        let value = self.text.get(place..end)?.trim_end();
        (!value.contains(char::is_whitespace) && looks_chosen(value)).then_some((place, place + value.len()))
    }
}

/// The length of the longest of these keys.
const LONGEST_KEY: usize = 14;

/// The keys for the value of a pair.
const VALUES: [&str; 12] = [
    "value",
    "values",
    "defaultvalue",
    "default",
    "default_value",
    "stringvalue",
    "parametervalue",
    "outputvalue",
    "headervalue",
    "attributevalue",
    "val",
    "optionvalue",
];

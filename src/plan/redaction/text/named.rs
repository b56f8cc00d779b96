//! Values after the names of secrets, in any kind of text: `NAME=value`, `name: value`, `--name value`, `"name":
//! "value"`, `<name>value</name>`, `NAME 'value'`, `name("value")`, and serialized pairs (`name: X, value: Y`).

use super::scan::{
    Span, indentation, is_blank, is_name, line_end, line_start, name_at, quoted, skip, skip_back, stands_at,
};
use super::{NAMED, environment};
use crate::plan::redaction::names::{self, NameMeaning};
use crate::plan::redaction::values;

/// A name in a text, and its surroundings.
struct Named<'text> {
    text: &'text str,
    bytes: &'text [u8],
    start: usize,
    end: usize,
    meaning: NameMeaning,
}

/// Finds the value after the name that has a part of a secret's name at `place`.
pub(super) fn find(text: &str, place: usize, spans: &mut Vec<Span>) {
    if stands_at(text.as_bytes(), place, IDENTIFIED) {
        return identified(text, place + IDENTIFIED.len(), spans);
    }
    if environment::is_kubernetes_secret(text, place) {
        environment::of_kubernetes(text, spans);
    }
    let Some(named) = Named::at(text, place) else { return };
    // Several parts of one name are found in sequence.
    if spans.last().is_some_and(|span| span.start >= named.end && span.start <= named.end + 4) {
        return;
    }
    if let Some((start, end)) = named.value() {
        spans.push(Span { start, end, kind: NAMED });
    }
}

/// Part of `IDENTIFIED BY` in SQL that occurs in no name.
const IDENTIFIED: &str = "ntified by";

/// Finds the password in `CREATE USER x IDENTIFIED BY 'X'`.
fn identified(text: &str, after: usize, spans: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let start = skip(bytes, after, is_blank);
    let span = quoted(bytes, start).or_else(|| {
        let end = skip(bytes, start, |byte| !byte.is_ascii_whitespace() && byte != b';');
        looks_chosen(&text[start..end]).then_some((start, end))
    });
    if let Some((start, end)) = span.filter(|(start, end)| !values::is_harmless(&text[*start..*end], true)) {
        spans.push(Span { start, end, kind: NAMED });
    }
}

/// Returns whether `key`, which starts at `start`, belongs to the word before it: `api key`.
pub(super) fn joins(bytes: &[u8], start: usize) -> bool {
    let before = skip_back(bytes, start, |byte| byte == b' ');
    let word = skip_back(bytes, before, |byte| byte.is_ascii_alphabetic());
    let word = std::str::from_utf8(&bytes[word..before]).unwrap_or_default();
    before + 1 == start
        && (1..=16).contains(&word.len())
        && names::is_secret(&format!("{}key", word.to_ascii_lowercase()))
}

impl<'text> Named<'text> {
    fn at(text: &'text str, place: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let (start, end) = name_at(bytes, place);
        let name = text.get(start..end)?;
        let meaning = match names::meaning(name)? {
            NameMeaning::Environment => return None,
            // `key` alone means nothing in a text; `api key` does.
            NameMeaning::Key => joins(bytes, start).then_some(NameMeaning::Secret)?,
            meaning => meaning,
        };
        Some(Self { text, bytes, start, end, meaning })
    }

    /// Returns the range of the value that the name is for.
    fn value(&self) -> Option<(usize, usize)> {
        if let Some(element) = self.element() {
            return element;
        }
        let closed = self.closed();
        let place = skip(self.bytes, closed, is_blank);
        let found = match self.separator(place) {
            Some(after) => self.assigned(after, self.bytes[place] == b':'),
            None => self
                .option(closed, place)
                .or_else(|| self.argument(place))
                .or_else(|| self.next_to(closed))
                .or_else(|| self.of_user(place))
                .or_else(|| self.pair(closed))
                .or_else(|| self.setting(place))
                .or_else(|| self.word(place)),
        };
        found.filter(|(start, end)| self.is_secret(*start, *end))
    }

    /// Returns the place after the name and its closing characters: `password"]`, `password\"`, `password)`.
    fn closed(&self) -> usize {
        let end = skip(self.bytes, self.end, |byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b']'));
        end.min(self.end + 6)
    }

    /// Returns the place after a separator: `=`, `:`, `:=`, `=>`, `==`, `+=`, `?=`.
    fn separator(&self, place: usize) -> Option<usize> {
        let length = [":=", "=>", "==", "+=", "?=", "||=", "=", ":"]
            .iter()
            .find(|sign| self.bytes[place..].starts_with(sign.as_bytes()))?
            .len();
        // `arn:aws:…:secret:name` identifies a secret, and `AWS::SecretsManager::Secret` is its type.
        let word = skip_back(self.bytes, self.start, |byte| is_name(byte) || matches!(byte, b':' | b'/'));
        let is_name_of = self.bytes[place..].starts_with(b"::")
            || ["arn:", "resolve:"].iter().any(|prefix| stands_at(self.bytes, word, prefix));
        (!is_name_of).then_some(place + length)
    }

    /// Returns the value after a separator.
    fn assigned(&self, after: usize, is_colon: bool) -> Option<(usize, usize)> {
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

    fn is_at_line_start(&self) -> bool {
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
    fn end_of_word(&self, place: usize) -> usize {
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

    /// Returns the value of `--password X` and `set password X`; in a serialized list, of `"--password", "X"`.
    fn option(&self, closed: usize, place: usize) -> Option<(usize, usize)> {
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
    fn argument(&self, place: usize) -> Option<(usize, usize)> {
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
    fn next_to(&self, closed: usize) -> Option<(usize, usize)> {
        if closed == self.end || self.start < 2 {
            return None;
        }
        let before = skip_back(self.bytes, self.start, |byte| matches!(byte, b'"' | b'\'' | b'\\' | b'`'));
        match (self.bytes.get(before.checked_sub(1)?)?, self.bytes.get(closed)?) {
            (b'(', b',') => quoted(self.bytes, skip(self.bytes, closed + 1, is_blank)),
            (b'=', b'>') => {
                let end = skip(self.bytes, closed + 1, |byte| byte != b'<');
                let is_element = self.bytes[end..].starts_with(b"</");
                (is_element && end > closed + 1).then_some((closed + 1, end))
            }
            _ => None,
        }
    }

    /// Returns the value of `SET PASSWORD FOR 'u'@'h' = 'X'`.
    fn of_user(&self, place: usize) -> Option<(usize, usize)> {
        const NEAR: usize = 96;
        if place == self.end || !stands_at(self.bytes, place, "for ") {
            return None;
        }
        let end = line_end(self.bytes, place).min(place + NEAR);
        let equals = place + self.text.get(place..end)?.find('=')?;
        quoted(self.bytes, skip(self.bytes, equals + 1, is_blank))
    }

    /// Returns the value of `neighbor 192.0.2.1 password X`: a name and a word that looks like a password.
    fn word(&self, place: usize) -> Option<(usize, usize)> {
        if place == self.end || self.meaning == NameMeaning::Address {
            return None;
        }
        let end =
            place + self.text[place..self.end_of_word(place)].trim_end_matches([';', '.', ',', ')']).len();
        values::is_made_up(&self.text[place..end]).then_some((place, end))
    }

    /// Returns the value of a serialized pair: `name: DB_PASSWORD`, and then `value: X` in the same or the next
    /// line; `<name>password</name><value>X</value>`; `key="password" value="X"`.
    fn pair(&self, closed: usize) -> Option<(usize, usize)> {
        const BETWEEN: usize = 48;
        let limit = (closed + BETWEEN).min(self.bytes.len());
        let mut place = closed;
        // Skips the end tag of an element.
        if self.bytes[place..].starts_with(b"</") {
            place = skip(self.bytes, place, |byte| byte != b'>') + 1;
        }
        let is_between = |byte: u8| {
            is_blank(byte) || matches!(byte, b'\n' | b'\r' | b',' | b'"' | b'\'' | b'\\' | b'<' | b'{' | b';')
        };
        place = skip(self.bytes, place, is_between);
        // In a text within a text, line breaks are escaped as `\n`.
        while self.bytes[place.min(self.bytes.len())..].starts_with(b"n ")
            && place > 0
            && self.bytes[place - 1] == b'\\'
        {
            place = skip(self.bytes, place + 1, is_between);
        }
        if place == closed || place > limit {
            return None;
        }
        let end = skip(self.bytes, place, is_name);
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
    fn setting(&self, place: usize) -> Option<(usize, usize)> {
        let end = line_end(self.bytes, place);
        let value = self.text.get(place..end)?.trim_end();
        let is_setting = place > self.end && self.is_at_line_start() && !value.contains(char::is_whitespace);
        (is_setting && looks_chosen(value)).then_some((place, place + value.len()))
    }

    /// Returns the value of `<password>X</password>` and `<password encrypted="no">X</password>`. `Some(None)` is
    /// an element without a value.
    #[expect(clippy::option_option, reason = "the outer option is whether there is an element")]
    fn element(&self) -> Option<Option<(usize, usize)>> {
        let before = self.text.get(..self.start)?;
        if before.ends_with("</") {
            return Some(None);
        }
        let prefix = before.rfind('<').filter(|open| {
            let prefix = &before[open + 1..];
            prefix.is_empty()
                || (prefix.len() < 32
                    && prefix.ends_with(':')
                    && prefix[..prefix.len() - 1].bytes().all(is_name))
        });
        prefix?;
        let tag = skip(self.bytes, self.end, |byte| !matches!(byte, b'>' | b'<'));
        if self.bytes.get(tag) != Some(&b'>') || self.bytes[tag - 1] == b'/' {
            return None;
        }
        let mut start = tag + 1;
        let mut end = skip(self.bytes, start, |byte| byte != b'<');
        if self.bytes[start..].starts_with(b"<![CDATA[") {
            start += "<![CDATA[".len();
            end = start + self.text[start..].find("]]>").unwrap_or(self.text.len() - start);
        }
        let is_secret = start < end && self.is_secret(start, end);
        Some(is_secret.then_some((start, end)))
    }

    /// Returns whether the found value is a secret, and not a word, a number or a path.
    fn is_secret(&self, start: usize, end: usize) -> bool {
        let value = &self.text[start..end];
        let value = value.trim();
        // URLs are searched separately.
        let opens_nothing =
            self.meaning == NameMeaning::Address && (value.contains("://") || value.starts_with('/'));
        !value.is_empty()
            && !opens_nothing
            && !values::is_harmless(value, self.meaning == NameMeaning::Password)
            && !value.bytes().all(|byte| byte.is_ascii_punctuation())
    }
}

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

/// Returns whether a value is a word of a sentence.
fn is_prose(value: &str) -> bool {
    value.trim_end_matches(['.', ',', ';']).bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Returns whether a word looks like a chosen password: it is not a word of a language.
fn looks_chosen(value: &str) -> bool {
    value.len() >= 4
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

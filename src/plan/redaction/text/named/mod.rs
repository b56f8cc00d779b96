//! Values after the names of secrets, in any kind of text: `NAME=value`, `name: value`, `--name value`, `"name":
//! "value"`, `<name>value</name>`, `NAME 'value'`, `name("value")`, and serialized pairs (`name: X, value: Y`).

mod assigned;
mod beside;

use std::cell::{Cell, RefCell};

use super::lines::TextLine;
use super::places::{NextPlace, RunStart};
use super::scan::{Span, is_blank, is_name, name_at, quoted, skip, skip_back_near, skip_near, stands_at};
use super::{NAMED, SearchMemory, environment};
use crate::plan::redaction::names::{self, NameMeaning};
use crate::plan::redaction::values;

/// A name in a text, and its surroundings.
struct Named<'text> {
    text: &'text str,
    bytes: &'text [u8],
    memory: &'text SearchMemory,
    start: usize,
    end: usize,
    meaning: NameMeaning,
}

/// Places and results that names of a text have in common.
#[derive(Debug, Default)]
pub(super) struct NameMemory {
    /// The last name, which may have several triggers.
    name: Cell<(usize, usize)>,
    /// The last value that is a secret.
    value: Cell<(usize, usize)>,
    /// Whether the text has several lines.
    has_lines: Cell<Option<bool>>,
    /// The ends of the YAML blocks that the search is in.
    blocks: RefCell<Vec<usize>>,
    /// The start of the word that contains a name, with colons and slashes.
    path: RunStart,
    /// The end of a word, and the end or the opening bracket of one.
    word_end: NextPlace,
    word_end_or_bracket: NextPlace,
    header_end: NextPlace,
    list_end: NextPlace,
    tag: NextPlace,
    cdata_end: NextPlace,
}

/// Finds the value after the name that has a part of a secret's name at `place`.
pub(super) fn find(text: &str, place: usize, memory: &SearchMemory, spans: &mut Vec<Span>) {
    if stands_at(text.as_bytes(), place, IDENTIFIED) {
        return identified(text, place + IDENTIFIED.len(), spans);
    }
    if environment::is_kubernetes_secret(text, place) {
        environment::of_kubernetes(text, &memory.environments, spans);
    }
    let Some(named) = Named::at(text, place, memory) else { return };
    // Several parts of one name are found in sequence.
    if spans.last().is_some_and(|span| span.start >= named.end && span.start <= named.end + 4) {
        return;
    }
    if let Some((start, end)) = named.value() {
        let (known_start, known_end) = memory.names.value.get();
        if start < known_start || known_end < end {
            memory.names.value.set((start, end));
        }
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
    const LONGEST: usize = 16;
    let Some(before) = start.checked_sub(1).filter(|before| bytes[*before] == b' ') else { return false };
    let word = skip_back_near(bytes, before, LONGEST + 1, |byte| byte.is_ascii_alphabetic());
    let word = std::str::from_utf8(&bytes[word..before]).unwrap_or_default();
    (1..=LONGEST).contains(&word.len()) && names::is_secret(&format!("{}key", word.to_ascii_lowercase()))
}

impl<'text> Named<'text> {
    /// Returns the name at this place; `None` for a name of no secret, and for the one of the last trigger.
    fn at(text: &'text str, place: usize, memory: &'text SearchMemory) -> Option<Self> {
        let bytes = text.as_bytes();
        let (start, end) = name_at(bytes, place);
        if memory.names.name.replace((start, end)) == (start, end) {
            return None;
        }
        let meaning = match names::meaning(text.get(start..end)?)? {
            NameMeaning::Environment => return None,
            // `key` alone means nothing in a text; `api key` does.
            NameMeaning::Key => joins(bytes, start).then_some(NameMeaning::Secret)?,
            meaning => meaning,
        };
        Some(Self { text, bytes, memory, start, end, meaning })
    }

    /// Returns the line of the name.
    fn line(&self) -> TextLine {
        self.memory.lines.at(self.bytes, self.start)
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
        skip_near(self.bytes, self.end, 6, |byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b']'))
    }

    /// Returns the place after a separator: `=`, `:`, `:=`, `=>`, `==`, `+=`, `?=`.
    fn separator(&self, place: usize) -> Option<usize> {
        let length = [":=", "=>", "==", "+=", "?=", "||=", "=", ":"]
            .iter()
            .find(|sign| self.bytes[place..].starts_with(sign.as_bytes()))?
            .len();
        // `arn:aws:…:secret:name` identifies a secret, and `AWS::SecretsManager::Secret` is its type.
        let is_path = |byte| is_name(byte) || matches!(byte, b':' | b'/');
        let word = self.memory.names.path.before(self.bytes, self.start, is_path);
        let is_name_of = self.bytes[place..].starts_with(b"::")
            || ["arn:", "resolve:"].iter().any(|prefix| stands_at(self.bytes, word, prefix));
        (!is_name_of).then_some(place + length)
    }

    /// Returns the value of `<password>X</password>` and `<password encrypted="no">X</password>`. `Some(None)` is
    /// an element without a value.
    #[expect(clippy::option_option, reason = "the outer option is whether there is an element")]
    fn element(&self) -> Option<Option<(usize, usize)>> {
        let before = &self.bytes[..self.start];
        if before.ends_with(b"</") {
            return Some(None);
        }
        // The prefix of a namespace.
        let prefix = match before.last()? {
            b':' => skip_back_near(before, self.start - 1, LONGEST_PREFIX, is_name),
            _ => self.start,
        };
        if !before[..prefix].ends_with(b"<") {
            return None;
        }
        let tag = skip(self.bytes, self.end, |byte| !matches!(byte, b'>' | b'<'));
        if self.bytes.get(tag) != Some(&b'>') || self.bytes[tag - 1] == b'/' {
            return None;
        }
        let mut start = tag + 1;
        let mut end = skip(self.bytes, start, |byte| byte != b'<');
        if self.bytes[start..].starts_with(b"<![CDATA[") {
            start += "<![CDATA[".len();
            end = self.memory.names.cdata_end.part(self.bytes, start, b"]]>");
        }
        let is_secret = start < end && self.is_secret(start, end);
        Some(is_secret.then_some((start, end)))
    }

    /// Returns whether the found value is a secret, and not a word, a number or a path.
    fn is_secret(&self, start: usize, end: usize) -> bool {
        let (known_start, known_end) = self.memory.names.value.get();
        if known_start <= start && end <= known_end {
            return start < end;
        }
        let value = values::decisive(&self.text[start..end]);
        // URLs are searched separately.
        let opens_nothing =
            self.meaning == NameMeaning::Address && (value.contains("://") || value.starts_with('/'));
        !value.is_empty()
            && !opens_nothing
            && !values::is_harmless(value, self.meaning == NameMeaning::Password)
            && !value.bytes().all(|byte| byte.is_ascii_punctuation())
    }
}

/// The maximum length of the prefix of an element.
const LONGEST_PREFIX: usize = 30;

/// Returns whether a word looks like a chosen password: it is not a word of a language.
fn looks_chosen(value: &str) -> bool {
    value.len() >= 4
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

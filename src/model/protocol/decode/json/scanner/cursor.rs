//! A position in the text of a JSON document, which is read token by token.

use crate::model::protocol::decode::plain_text::plain_length;
use crate::model::protocol::decode::same_start::starts_with;
use crate::model::protocol::decode::white_space::white_space_length;

/// A position in a text.
pub(super) struct Cursor<'body> {
    text: &'body str,
    bytes: &'body [u8],
    at: usize,
}

/// A string as it is in the document.
#[derive(Clone, Copy)]
pub(super) struct RawString<'body> {
    /// The string with its quotation marks.
    pub(super) quoted: &'body str,
    pub(super) escapes: Escapes,
}

/// How the characters of a string are escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// None is.
    None,
    /// As `serde_json` writes them too.
    AsWritten,
    /// In another way, or wrongly.
    Other,
}

impl<'body> RawString<'body> {
    /// Returns the text between the quotation marks.
    pub(super) fn content(&self) -> &'body str {
        &self.quoted[1..self.quoted.len() - 1]
    }
}

impl<'body> Cursor<'body> {
    pub(super) fn new(text: &'body str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Moves back to a position.
    pub(super) fn return_to(&mut self, position: usize) {
        self.at = position;
    }

    /// Skips white space, and returns the byte behind it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        // AWS's JSON has none.
        if byte > b' ' {
            return Some(byte);
        }
        self.at += white_space_length(&self.bytes[self.at..]);
        self.bytes.get(self.at).copied()
    }

    /// Moves behind the next byte that is not white space, and returns it.
    #[inline]
    pub(super) fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Moves behind the next byte that is not white space if it is this one.
    #[inline]
    pub(super) fn take_if(&mut self, expected: u8) -> bool {
        let is_next = self.peek() == Some(expected);
        self.at += usize::from(is_next);
        is_next
    }

    /// Moves behind a text if it is here.
    #[inline]
    pub(super) fn skip(&mut self, expected: &[u8]) -> bool {
        let is_here = starts_with(&self.bytes[self.at..], expected);
        if is_here {
            self.at += expected.len();
        }
        is_here
    }

    /// Reads the name of a member and its colon; `None` if the name has escapes, too.
    #[inline]
    pub(super) fn name(&mut self) -> Option<&'body str> {
        self.peek()?;
        let name = self.string()?;
        (self.take_if(b':') && name.escapes == Escapes::None).then(|| name.content())
    }

    /// Reads the string that starts here; `None` if it has control characters, which JSON does not allow.
    #[inline]
    pub(super) fn string(&mut self) -> Option<RawString<'body>> {
        if *self.bytes.get(self.at)? != b'"' {
            return None;
        }
        let mut end = self.at + 1;
        let mut escapes = Escapes::None;
        loop {
            end += plain_length(self.bytes.get(end..)?);
            match self.bytes.get(end)? {
                b'"' => break,
                b'\\' => {
                    let is_as_written =
                        matches!(self.bytes.get(end + 1)?, b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't');
                    if !is_as_written {
                        escapes = Escapes::Other;
                    } else if escapes == Escapes::None {
                        escapes = Escapes::AsWritten;
                    }
                    end += 2;
                }
                _ => return None,
            }
        }
        let quoted = &self.text[self.at..=end];
        self.at = end + 1;
        Some(RawString { quoted, escapes })
    }

    /// Returns the characters of numbers that are here, without moving.
    pub(super) fn number(&self) -> &'body [u8] {
        let rest = &self.bytes[self.at..];
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
        &rest[..rest.iter().take_while(|byte| is_part(byte)).count()]
    }

    /// Moves behind the value that starts here, and returns its text, which may be invalid; `None` if it is cut off, or
    /// nests more than `deepest` levels.
    pub(super) fn value(&mut self, deepest: usize) -> Option<&'body str> {
        let start = self.at;
        match *self.bytes.get(start)? {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => self.skip_brackets(deepest)?,
            _ => {
                let is_end = |byte: &u8| {
                    matches!(byte, b',' | b']' | b'}' | b':' | b'"' | b' ' | b'\n' | b'\t' | b'\r')
                };
                self.at += self.bytes[start..].iter().position(is_end)?;
            }
        }
        Some(&self.text[start..self.at])
    }

    fn skip_brackets(&mut self, deepest: usize) -> Option<()> {
        let mut levels = 0;
        loop {
            match *self.bytes.get(self.at)? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' if levels == deepest => return None,
                b'{' | b'[' => levels += 1,
                b'}' | b']' => levels -= 1,
                _ => {}
            }
            self.at += 1;
            if levels == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Escapes};

    fn value(text: &str) -> Option<&str> {
        Cursor::new(text).value(3)
    }

    #[test]
    fn value_ends_where_its_brackets_and_quotes_do() {
        assert_eq!(value(r#"{"a": [1, "]}"]}, 2"#), Some(r#"{"a": [1, "]}"]}"#));
        assert_eq!(value(r#""a\"b\\", 2"#), Some(r#""a\"b\\""#));
        assert_eq!(value("12.5,"), Some("12.5"));
        assert_eq!(value("true]"), Some("true"));
        assert_eq!(value("[[[1]]]"), Some("[[[1]]]"));
    }

    #[test]
    fn cut_off_and_deep_values_are_not_read() {
        for text in ["", "[[[[1]]]]", "[1", r#""a"#, r#""a\"#, r#""a\""#, "12", "\"a\nb\""] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn string_knows_whether_its_escapes_are_those_of_files() {
        for (text, expected) in [
            (r#""plain \u{e9}""#, Escapes::Other),
            ("\"plain \u{e9}\"", Escapes::None),
            (r#""a\n\t\"\\""#, Escapes::AsWritten),
            (r#""a\n\/""#, Escapes::Other),
            (r#""\u0041\n""#, Escapes::Other),
        ] {
            let string = Cursor::new(text).string().expect("a string");
            assert!(string.escapes == expected && string.quoted == text, "{text}");
        }
    }

    #[test]
    fn name_without_colon_or_with_escapes_is_not_read() {
        assert_eq!(Cursor::new(r#" "a" : 1"#).name(), Some("a"));
        assert_eq!(Cursor::new(r#""a" 1"#).name(), None);
        assert_eq!(Cursor::new(r#""\u0041": 1"#).name(), None);
    }
}

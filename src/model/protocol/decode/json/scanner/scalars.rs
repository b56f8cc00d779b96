//! Transcription of scalars, of the JSON types that the model specifies.

use super::JsonScanner;
use super::cursor::Escapes;
use crate::model::catalog::ShapeId;
use crate::model::protocol::decode::listing::WrittenValue;
use crate::model::protocol::decode::plain_numbers::{is_plain_float, is_plain_integer};
use crate::model::protocol::timestamp::{isoformat_of_seconds, isoformat_of_utc};

impl JsonScanner<'_, '_> {
    pub(super) fn text(&mut self) -> Option<WrittenValue> {
        let string = self.cursor.string()?;
        if string.escapes == Escapes::Other {
            let text: String = serde_json::from_str(string.quoted).ok()?;
            self.written.text(&text).ok()?;
        } else {
            self.written.bytes.extend_from_slice(string.quoted.as_bytes());
        }
        Some(WrittenValue::Value)
    }

    pub(super) fn boolean(&mut self, shape: ShapeId) -> Option<WrittenValue> {
        for word in [&b"true"[..], b"false"] {
            if self.cursor.skip(word) {
                self.written.bytes.extend_from_slice(word);
                return Some(WrittenValue::Value);
            }
        }
        self.decoded(shape)
    }

    pub(super) fn integer(&mut self, shape: ShapeId) -> Option<WrittenValue> {
        self.number(shape, is_plain_integer)
    }

    pub(super) fn float(&mut self, shape: ShapeId) -> Option<WrittenValue> {
        // rest-json converts integers.
        let keeps_integers = !self.decoder.converts;
        self.number(shape, |text| is_plain_float(text) || keeps_integers && is_plain_integer(text))
    }

    /// Writes a number: as it is if that `is_plain`, else as the decoder returns it.
    fn number(&mut self, shape: ShapeId, is_plain: impl FnOnce(&[u8]) -> bool) -> Option<WrittenValue> {
        let text = self.cursor.number();
        if !is_plain(text) {
            return self.decoded(shape);
        }
        self.cursor.skip(text);
        self.written.bytes.extend_from_slice(text);
        Some(WrittenValue::Value)
    }

    /// Writes a timestamp, which is the number of seconds since 1970 or a text.
    pub(super) fn timestamp(&mut self, shape: ShapeId) -> Option<WrittenValue> {
        let start = self.cursor.position();
        if let Some(string) = self.cursor.string() {
            if let Some(time) = isoformat_of_utc(string.content().as_bytes()) {
                let bytes = &mut self.written.bytes;
                bytes.push(b'"');
                bytes.extend_from_slice(time);
                bytes.extend_from_slice(b"+00:00\"");
                return Some(WrittenValue::Value);
            }
        } else {
            let text = self.cursor.number();
            if let Some(time) = isoformat_of_seconds(text) {
                self.cursor.skip(text);
                let bytes = &mut self.written.bytes;
                bytes.push(b'"');
                bytes.extend_from_slice(time.as_bytes());
                bytes.push(b'"');
                return Some(WrittenValue::Value);
            }
        }
        self.cursor.return_to(start);
        self.decoded(shape)
    }

    /// Writes bytes, which are a text in base64. The decoder removes white space from it.
    pub(super) fn blob(&mut self, shape: ShapeId) -> Option<WrittenValue> {
        let start = self.cursor.position();
        let string = self.cursor.string()?;
        if string.escapes == Escapes::None && memchr::memchr(b' ', string.quoted.as_bytes()).is_none() {
            self.written.bytes.extend_from_slice(string.quoted.as_bytes());
            return Some(WrittenValue::Value);
        }
        self.cursor.return_to(start);
        self.decoded(shape)
    }
}

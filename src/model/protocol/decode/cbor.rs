//! The decoder of CBOR bodies (RFC 8949; `BaseCBORParser` and `BaseRpcV2Parser` in `botocore/parsers.py`).
//!
//! As in botocore, nulls in structures and maps count as absent, tag 1 marks a timestamp, and anything after the
//! first value is ignored.

use std::borrow::Cow;

use ciborium_ll::{Decoder, Header};
use serde_json::{Map, Value};

use super::frame::{Frame, index_of};
use super::{MAXIMUM_DEPTH, Problem, scalar, text};
use crate::model::catalog::{Service, ShapeId, ShapeKind, Structure};
use crate::model::protocol::timestamp::{EPOCH_TAG, Timestamp};
use crate::util::special_number;

/// Decodes a body into a value of the given shape, or of any shape.
pub(crate) fn value(service: &Service, shape: Option<ShapeId>, body: &[u8]) -> Result<Value, Problem> {
    let mut decoder = CborDecoder { service, body, position: 0, depth: 0, frame: Frame::default() };
    let first = decoder.header()?;
    decoder.value(first, shape)
}

struct CborDecoder<'body, 'model> {
    service: &'model Service,
    body: &'body [u8],
    position: usize,
    depth: usize,
    /// The members of all structures that are being decoded.
    frame: Frame,
}

impl<'body> CborDecoder<'body, '_> {
    /// Decodes the value that starts with a header.
    fn value(&mut self, header: Header, shape: Option<ShapeId>) -> Result<Value, Problem> {
        Ok(match header {
            Header::Positive(number) => Value::from(number),
            Header::Negative(inverted) => negative(inverted),
            Header::Float(number) => special_number::to_json(number),
            Header::Simple(20) => Value::Bool(false),
            Header::Simple(21) => Value::Bool(true),
            // Null and undefined.
            Header::Simple(22 | 23) => Value::Null,
            Header::Simple(_) | Header::Break => return Err(self.problem("an unexpected value")),
            Header::Bytes(length) => Value::String(scalar::base64(&self.chunks(length, false)?)),
            Header::Text(length) => Value::String(text(&self.chunks(length, true)?).into_owned()),
            Header::Tag(tag) => {
                let value = self.nested(|decoder| {
                    let tagged = decoder.header()?;
                    decoder.value(tagged, shape)
                })?;
                let moment = Timestamp::from_value(&value).filter(|_| tag == EPOCH_TAG && value.is_number());
                moment.map_or(value, |moment| Value::String(moment.isoformat()))
            }
            Header::Array(length) => self.nested(|decoder| decoder.items(length, shape))?,
            Header::Map(length) => self.nested(|decoder| {
                let service = decoder.service;
                match shape.map(|shape| service.kind(shape)) {
                    Some(ShapeKind::Structure(structure)) => decoder.members(length, structure),
                    Some(ShapeKind::Map(map)) => decoder.entries(length, Some(map.value.shape)),
                    _ => decoder.entries(length, None),
                }
            })?,
        })
    }

    fn items(&mut self, mut length: Option<usize>, shape: Option<ShapeId>) -> Result<Value, Problem> {
        let item = match shape.map(|shape| self.service.kind(shape)) {
            Some(ShapeKind::List(list)) => Some(list.member.shape),
            _ => None,
        };
        let mut items = Vec::new();
        while let Some(header) = self.next(&mut length)? {
            items.push(self.value(header, item)?);
        }
        Ok(Value::Array(items))
    }

    fn entries(&mut self, mut length: Option<usize>, shape: Option<ShapeId>) -> Result<Value, Problem> {
        let mut entries = Map::new();
        while let Some(header) = self.next(&mut length)? {
            let key = text(&self.key(header)?).into_owned();
            let header = self.header()?;
            let value = self.value(header, shape)?;
            if !value.is_null() {
                entries.insert(key, value);
            }
        }
        Ok(Value::Object(entries))
    }

    fn members(&mut self, mut length: Option<usize>, structure: &Structure) -> Result<Value, Problem> {
        let base = self.frame.len();
        while let Some(header) = self.next(&mut length)? {
            let key = self.key(header)?;
            let index = index_of(structure, self.frame.next(base), &text(&key));
            let header = self.header()?;
            let value = self.value(header, index.map(|index| structure.members[index].reference.shape))?;
            if let Some(index) = index.filter(|_| !value.is_null()) {
                self.frame.push(index, value);
            }
        }
        Ok(Value::Object(self.frame.take_last(base, structure)))
    }

    /// Decodes the key that starts with a header.
    fn key(&mut self, header: Header) -> Result<Cow<'body, [u8]>, Problem> {
        match header {
            Header::Text(length) => self.chunks(length, true),
            _ => Err(self.problem("a key that is not a text")),
        }
    }

    /// Returns the header of the next item; `None` at the end of a list or map with this number of items, or with a
    /// break as its end.
    fn next(&mut self, length: &mut Option<usize>) -> Result<Option<Header>, Problem> {
        match length {
            Some(0) => return Ok(None),
            Some(left) => *left -= 1,
            None => {}
        }
        let header = self.header()?;
        Ok((length.is_some() || header != Header::Break).then_some(header))
    }

    fn header(&mut self) -> Result<Header, Problem> {
        let mut decoder = Decoder::from(&self.body[self.position..]);
        let header = decoder.pull().map_err(|_| self.problem("no valid value"))?;
        self.position += decoder.offset();
        Ok(header)
    }

    /// Returns the bytes of a text or byte string: of this length, or in chunks of the same type up to a break.
    fn chunks(&mut self, length: Option<usize>, is_text: bool) -> Result<Cow<'body, [u8]>, Problem> {
        if let Some(length) = length {
            return self.take(length).map(Cow::Borrowed);
        }
        let mut joined = Vec::new();
        loop {
            match self.header()? {
                Header::Text(Some(length)) if is_text => joined.extend_from_slice(self.take(length)?),
                Header::Bytes(Some(length)) if !is_text => joined.extend_from_slice(self.take(length)?),
                Header::Break => return Ok(Cow::Owned(joined)),
                _ => return Err(self.problem("a chunk of another type")),
            }
        }
    }

    fn take(&mut self, length: usize) -> Result<&'body [u8], Problem> {
        let bytes = self.body[self.position..].get(..length).ok_or_else(|| self.problem("no valid value"))?;
        self.position += length;
        Ok(bytes)
    }

    fn nested(&mut self, decode: impl FnOnce(&mut Self) -> Result<Value, Problem>) -> Result<Value, Problem> {
        if self.depth == MAXIMUM_DEPTH {
            return Err(format!("it nests more than {MAXIMUM_DEPTH} levels"));
        }
        self.depth += 1;
        let value = decode(self);
        self.depth -= 1;
        value
    }

    fn problem(&self, found: &str) -> Problem {
        format!("{found} at byte {}", self.position)
    }
}

/// Returns the negative number whose bits are inverted.
fn negative(inverted: u64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "JSON has no integer below -2^63")]
    i64::try_from(inverted)
        .map_or_else(|_| Value::from(-1.0 - inverted as f64), |number| Value::from(!number))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::value;
    use crate::model::catalog::Service;
    use crate::model::catalog::build::service_from_model;

    fn service() -> Service {
        let model = json!({
            "metadata": {"protocol": "smithy-rpc-v2-cbor", "targetPrefix": "Test"},
            "operations": {"Get": {"name": "Get", "output": {"shape": "Response"}}},
            "shapes": {
                "Response": {"type": "structure", "members": {
                    "Since": {"shape": "Time"},
                    "Name": {"shape": "Text"},
                    "Tags": {"shape": "Tags"},
                    "Nested": {"shape": "Response"}
                }},
                "Text": {"type": "string"},
                "Time": {"type": "timestamp"},
                "Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}
            }
        });
        service_from_model("test", model).unwrap()
    }

    fn read(body: &[u8]) -> Result<Value, String> {
        let service = service();
        let output = service.operations[0].output.as_ref().map(|output| output.shape);
        value(&service, output, body)
    }

    #[test]
    fn cbor_members_are_ordered_as_in_the_model() {
        // {"Name": "a", "Extra": [1], "Since": 1(1.5), "Name": "b"}, and a byte after it.
        let body = b"\xa4\x64Name\x61a\x65Extra\x81\x01\x65Since\xc1\xf9\x3e\x00\x64Name\x61b\x00";
        let expected = r#"{"Since":"1970-01-01T00:00:01.500000+00:00","Name":"b"}"#;
        assert_eq!(read(body).unwrap().to_string(), expected);
    }

    #[test]
    fn cbor_nulls_count_as_absent() {
        // {"Name": null, "Tags": {"k": null, "l": "m"}, "Since": undefined}
        let body = b"\xbf\x64Name\xf6\x64Tags\xbf\x61k\xf6\x61l\x61m\xff\x65Since\xf7\xff";
        assert_eq!(read(body), Ok(json!({"Tags": {"l": "m"}})));
    }

    #[test]
    fn cbor_values_other_than_the_models_are_kept() {
        // {"Name": [-1, -2^64, {"a": h'00ff'}], "Since": "soon"}
        let body =
            b"\xa2\x64Name\x83\x20\x3b\xff\xff\xff\xff\xff\xff\xff\xff\xa1\x61a\x42\x00\xff\x65Since\x64soon";
        let expected = json!({"Since": "soon", "Name": [-1, -18_446_744_073_709_551_616.0, {"a": "AP8="}]});
        assert_eq!(read(body), Ok(expected));
    }

    #[test]
    fn invalid_cbor_is_an_error_with_its_position() {
        for (body, problem) in [
            (&b"\xa1\x64Nam"[..], "no valid value at byte 2"),
            (b"\xa1\x64Name", "no valid value at byte 6"),
            (b"\xbf\x64Name\x7f\x41a\xff\xff", "a chunk of another type at byte 8"),
            (b"\xa1\x01\x01", "a key that is not a text at byte 2"),
            (b"\xff", "an unexpected value at byte 1"),
            (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", "no valid value at byte 9"),
            (&[0x81; 200], "it nests more than 128 levels"),
        ] {
            assert_eq!(read(body), Err(problem.to_owned()), "{body:x?}");
        }
    }
}

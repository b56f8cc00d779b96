//! Encoding of CBOR bodies (RFC 8949; `CBORSerializer` in `botocore/serialize.py`), of requests and responses.

use ciborium_ll::{Encoder, Header};
use serde_json::{Map, Value};

use super::{EncodeError, member, text};
use crate::model::catalog::{Service, ShapeKind, ShapeReference, Structure, TimestampFormat};
use crate::model::protocol::timestamp::EPOCH_TAG;
use crate::util::special_number;

/// Encodes a structure as a CBOR map; null members are omitted.
///
/// # Errors
///
/// Fails if the members do not conform to the structure.
pub fn structure(
    service: &Service,
    structure: &Structure,
    members: &Map<String, Value>,
) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::with_capacity(256);
    CborEncoder { service, out: Encoder::from(&mut out) }.members(structure, members)?;
    Ok(out)
}

/// Encodes pairs of texts as a CBOR map.
///
/// # Errors
///
/// Fails only if the memory cannot be written.
#[cfg(feature = "demo")]
pub fn texts(pairs: &[(&str, &str)]) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    let mut encoder = Encoder::from(&mut out);
    encoder
        .push(Header::Map(Some(pairs.len())))
        .and_then(|()| {
            let mut texts = pairs.iter().flat_map(|(key, value)| [key, value]);
            texts.try_for_each(|text| encoder.text(text, None))
        })
        .map_err(|cause| EncodeError::new(cause.to_string()))?;
    Ok(out)
}

struct CborEncoder<'model, 'out> {
    service: &'model Service,
    out: Encoder<&'out mut Vec<u8>>,
}

impl CborEncoder<'_, '_> {
    fn value(&mut self, reference: &ShapeReference, value: &Value) -> Result<(), EncodeError> {
        match self.service.kind(reference.shape) {
            // Lists and maps may contain nulls.
            _ if value.is_null() => self.header(Header::Simple(22)),
            ShapeKind::Structure(structure) => self.members(structure, text::object(value)?),
            ShapeKind::List(list) => {
                let items = text::array(value)?;
                self.header(Header::Array(Some(items.len())))?;
                items.iter().enumerate().try_for_each(|(index, item)| {
                    self.value(&list.member, item).map_err(|error| error.at(index))
                })
            }
            ShapeKind::Map(map) => {
                let entries = text::object(value)?;
                self.header(Header::Map(Some(entries.len())))?;
                entries.iter().try_for_each(|(key, entry)| {
                    self.text(key)?;
                    self.value(&map.value, entry).map_err(|error| error.within(key))
                })
            }
            ShapeKind::Timestamp => self.moment(value),
            ShapeKind::Blob => {
                let bytes = text::bytes(value)?;
                self.out.bytes(&bytes, None).map_err(|cause| EncodeError::new(cause.to_string()))
            }
            kind => self.scalar(kind, value),
        }
    }

    fn members(&mut self, structure: &Structure, members: &Map<String, Value>) -> Result<(), EncodeError> {
        let present = members.iter().filter(|(_, value)| !value.is_null());
        self.header(Header::Map(Some(present.clone().count())))?;
        for (name, value) in present {
            let member = member(structure, name)?;
            self.text(member.location_name())?;
            self.value(&member.reference, value).map_err(|error| error.within(name))?;
        }
        Ok(())
    }

    /// Encodes seconds since 1970: as an integer, or as a float if they have a fraction.
    fn moment(&mut self, value: &Value) -> Result<(), EncodeError> {
        let seconds = text::moment(value)?.format(TimestampFormat::UnixTimestamp);
        self.header(Header::Tag(EPOCH_TAG))?;
        match seconds.parse::<i64>() {
            Ok(seconds) => self.integer(seconds),
            Err(_) => self.header(Header::Float(seconds.parse().unwrap_or_default())),
        }
    }

    fn scalar(&mut self, kind: &ShapeKind, value: &Value) -> Result<(), EncodeError> {
        let is_float = matches!(kind, ShapeKind::Float | ShapeKind::Double);
        match value {
            Value::String(text) => match special_number::from_text(text).filter(|_| is_float) {
                Some(number) => self.header(Header::Float(number)),
                None => self.text(text),
            },
            Value::Bool(flag) => self.header(Header::Simple(if *flag { 21 } else { 20 })),
            Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(integer), _, _) if !is_float => self.integer(integer),
                (_, Some(integer), _) if !is_float => self.header(Header::Positive(integer)),
                #[expect(clippy::cast_possible_truncation, reason = "the model's type has this precision")]
                (_, _, Some(number)) if matches!(kind, ShapeKind::Float) => {
                    self.header(Header::Float(f64::from(number as f32)))
                }
                (_, _, number) => self.header(Header::Float(number.unwrap_or_default())),
            },
            Value::Null | Value::Array(_) | Value::Object(_) => Err(EncodeError::expected("a scalar", value)),
        }
    }

    fn integer(&mut self, number: i64) -> Result<(), EncodeError> {
        self.header(match u64::try_from(number) {
            Ok(number) => Header::Positive(number),
            Err(_) => Header::Negative((!number).unsigned_abs()),
        })
    }

    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        self.out.text(text, None).map_err(|cause| EncodeError::new(cause.to_string()))
    }

    fn header(&mut self, header: Header) -> Result<(), EncodeError> {
        self.out.push(header).map_err(|cause| EncodeError::new(cause.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::structure;
    use crate::model::catalog::build::service_from_model;

    #[test]
    fn cbor_members_have_the_types_of_the_model() {
        let model = json!({
            "metadata": {"protocol": "smithy-rpc-v2-cbor", "targetPrefix": "Test"},
            "operations": {"Get": {"name": "Get", "input": {"shape": "Request"}}},
            "shapes": {
                "Request": {"type": "structure", "members": {
                    "Name": {"shape": "Text", "locationName": "name"},
                    "Since": {"shape": "Time"},
                    "Until": {"shape": "Time"},
                    "Key": {"shape": "Bytes"},
                    "Share": {"shape": "Double"},
                    "Flags": {"shape": "Flags"},
                    "Counts": {"shape": "Counts"}
                }},
                "Text": {"type": "string"},
                "Time": {"type": "timestamp"},
                "Bytes": {"type": "blob"},
                "Double": {"type": "double"},
                "Flag": {"type": "boolean"},
                "Long": {"type": "long"},
                "Flags": {"type": "list", "member": {"shape": "Flag"}},
                "Counts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Long"}}
            }
        });
        let service = service_from_model("test", model).unwrap();
        let input = service.input(&service.operations[0]).unwrap();
        for (parameters, expected) in [
            (json!({"Name": "a", "Key": null}), &b"\xa1\x64name\x61a"[..]),
            (json!({"Since": "1970-01-01T01:00:01+01:00"}), b"\xa1\x65Since\xc1\x01"),
            (json!({"Until": "1969-12-31T23:59:58.5Z"}), b"\xa1\x65Until\xc1\xf9\xbe\x00"),
            (json!({"Key": "AP8="}), b"\xa1\x63Key\x42\x00\xff"),
            (json!({"Share": 1}), b"\xa1\x65Share\xf9\x3c\x00"),
            (json!({"Share": "-Infinity"}), b"\xa1\x65Share\xf9\xfc\x00"),
            (json!({"Flags": [true, null, false]}), b"\xa1\x65Flags\x83\xf5\xf6\xf4"),
            (
                json!({"Counts": {"a": -2, "b": i64::MIN}}),
                b"\xa1\x66Counts\xa2\x61a\x21\x61b\x3b\x7f\xff\xff\xff\xff\xff\xff\xff",
            ),
        ] {
            let body = structure(&service, input, parameters.as_object().unwrap());
            assert_eq!(body.as_deref(), Ok(expected), "{parameters}");
        }
        let error = structure(&service, input, json!({"Name": [1]}).as_object().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "parameter `Name`: must be a scalar, not a list");
    }
}

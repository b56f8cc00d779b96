//! The decoder of JSON bodies, which converts the text to values in one pass (like `BaseJSONParser` in
//! `botocore/parsers.py`).

pub(super) mod listing;
pub(super) mod scanner;

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

use super::frame::{Frame, index_of};
use super::surrogates::without_lone_surrogates;
use super::{Problem, scalar, special_numbers, unknown_union_member};
use crate::model::catalog::{Protocol, Service, ShapeId, ShapeKind, Structure};
use crate::util::json_indent::depth::{DEEPEST, nests_within, on_a_large_stack};

/// Decodes a body into a value of the given shape. Bodies that nest deeper than the 128 levels of `serde_json` are
/// decoded up to [`DEEPEST`].
pub(super) fn value(service: &Service, shape: ShapeId, text: &str) -> Result<Value, Problem> {
    let parse = |text: &str, is_deep: bool| -> serde_json::Result<Value> {
        let mut decoder = JsonDecoder::new(service);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        if is_deep {
            deserializer.disable_recursion_limit();
        }
        let value = ValueOf { decoder: &mut decoder, shape }.deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(value)
    };
    read(text, |text| match parse(text, false) {
        // The parser has no error kind for it, and checking every body in advance would be slower.
        Err(cause)
            if cause.to_string().starts_with("recursion limit") && nests_within(text.as_bytes(), DEEPEST) =>
        {
            on_a_large_stack(|| parse(text, true))
        }
        value => value,
    })
}

/// Parses a text as JSON and, if that fails, with the extensions that Python accepts.
fn read<Found>(text: &str, parse: impl Fn(&str) -> serde_json::Result<Found>) -> Result<Found, Problem> {
    // A byte order mark is not valid JSON, but no reason to lose a page.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    parse(text).or_else(|cause| match as_python_reads(text) {
        Some(text) if cause.is_syntax() => parse(&text).map_err(|cause| cause.to_string()),
        _ => Err(cause.to_string()),
    })
}

/// Replaces the extensions that Python accepts and `serde_json` rejects; `None` when there are none.
fn as_python_reads(text: &str) -> Option<String> {
    let whole = without_lone_surrogates(text);
    special_numbers::as_texts(whole.as_deref().unwrap_or(text)).or(whole)
}

struct JsonDecoder<'model> {
    service: &'model Service,
    /// Scalars of another JSON type are converted, as rest-json does.
    converts: bool,
    /// The members of all structures that are being decoded.
    frame: Frame,
}

impl<'model> JsonDecoder<'model> {
    fn new(service: &'model Service) -> Self {
        let converts = service.protocol == Protocol::RestJson;
        Self { service, converts, frame: Frame::default() }
    }
}

/// A seed that decodes one value of a shape.
struct ValueOf<'decoder, 'model> {
    decoder: &'decoder mut JsonDecoder<'model>,
    shape: ShapeId,
}

impl<'model> ValueOf<'_, 'model> {
    fn kind(&self) -> &'model ShapeKind {
        self.decoder.service.kind(self.shape)
    }

    fn scalar(self, value: impl Into<Value>) -> Value {
        scalar::from_json(self.kind(), self.decoder.converts, value.into())
    }

    fn members<'de, Access: MapAccess<'de>>(
        self,
        structure: &'model Structure,
        mut access: Access,
    ) -> Result<Value, Access::Error> {
        let decoder = self.decoder;
        let base = decoder.frame.len();
        let mut unknown = None;
        while let Some(key) = access.next_key_seed(KeyOf { structure, next: decoder.frame.next(base) })? {
            match key {
                MemberKey::Member(index) => {
                    let shape = structure.members[index].reference.shape;
                    let value = access.next_value_seed(ValueOf { decoder: &mut *decoder, shape })?;
                    // A null member counts as absent.
                    if !value.is_null() {
                        decoder.frame.push(index, value);
                    }
                }
                MemberKey::Unknown(name) => {
                    let present = access.next_value::<Option<IgnoredAny>>()?.is_some();
                    unknown = unknown.or(name.filter(|_| present));
                }
            }
        }
        match unknown {
            Some(name) if decoder.frame.len() == base => Ok(unknown_union_member(&name)),
            _ => Ok(Value::Object(decoder.frame.take_last(base, structure))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for ValueOf<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueOf<'_, '_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        // Also where the model specifies a number: boto3 keeps the nulls in lists and maps.
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(self.scalar(value))
    }

    fn visit_seq<Access: SeqAccess<'de>>(self, mut access: Access) -> Result<Value, Access::Error> {
        let ShapeKind::List(list) = self.kind() else {
            return Value::deserialize(SeqAccessDeserializer::new(access));
        };
        let mut items = Vec::new();
        let decoder = self.decoder;
        while let Some(item) =
            access.next_element_seed(ValueOf { decoder: &mut *decoder, shape: list.member.shape })?
        {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<Access: MapAccess<'de>>(self, mut access: Access) -> Result<Value, Access::Error> {
        match self.kind() {
            ShapeKind::Structure(structure) => self.members(structure, access),
            ShapeKind::Map(map) => {
                let mut entries = Map::new();
                let decoder = self.decoder;
                while let Some(key) = access.next_key::<String>()? {
                    let seed = ValueOf { decoder: &mut *decoder, shape: map.value.shape };
                    entries.insert(key, access.next_value_seed(seed)?);
                }
                Ok(Value::Object(entries))
            }
            _ => Value::deserialize(MapAccessDeserializer::new(access)),
        }
    }
}

/// A seed that reads the name of a member without copying it.
struct KeyOf<'model> {
    structure: &'model Structure,
    /// The index of the member that probably follows.
    next: usize,
}

/// A name in a structure.
enum MemberKey {
    /// The index of the member.
    Member(usize),
    /// An unknown name; kept where a union needs it.
    Unknown(Option<String>),
}

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = MemberKey;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<MemberKey, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOf<'_> {
    type Value = MemberKey;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<MemberKey, E> {
        Ok(match index_of(self.structure, self.next, name) {
            Some(index) => MemberKey::Member(index),
            None => MemberKey::Unknown((self.structure.union && name != "__type").then(|| name.to_owned())),
        })
    }
}

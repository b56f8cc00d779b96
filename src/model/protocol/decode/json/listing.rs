//! Direct transcription of one list of a JSON response to text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::{JsonDecoder, KeyOf, MemberKey, Problem, ValueOf, read, scanner};
use crate::model::catalog::{Service, ShapeId, ShapeKind, Structure};
use crate::model::protocol::decode::list_plan::ListPlan;
use crate::model::protocol::decode::list_plan::is_plain;
use crate::model::protocol::decode::listing::{Listing, ListingOf, ListingText, WrittenValue};

/// Decodes the structure `shape` like [`super::value`], except for one member, the list `requested`, which is
/// returned as text. With its plan, the list of a usual document is read by the [`scanner`], and only the rest by the
/// decoder.
pub(in crate::model::protocol::decode) fn structure(
    service: &Service,
    shape: ShapeId,
    text: &str,
    requested: &ListingOf,
    plan: Option<&ListPlan>,
) -> Result<(Map<String, Value>, Option<Listing>), Problem> {
    let ShapeKind::Structure(structure) = service.kind(shape) else {
        return Err("its model is not a structure".to_owned());
    };
    if let Some(found) = plan.and_then(|plan| scanner::find(service, plan, text, requested.depth))
        && let Ok((members, later)) = decode(service, structure, &found.rest, requested)
    {
        // Of duplicate members, the last counts.
        return Ok((members, later.or(Some(found.listing))));
    }
    decode(service, structure, text, requested)
}

fn decode(
    service: &Service,
    structure: &Structure,
    text: &str,
    requested: &ListingOf,
) -> Result<(Map<String, Value>, Option<Listing>), Problem> {
    read(text, |text| {
        let mut decoder = JsonDecoder::new(service);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let visitor = AnswerOf { decoder: &mut decoder, structure, requested };
        let found = visitor.deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(found)
    })
}

/// A visitor for a whole response.
struct AnswerOf<'decoder, 'model> {
    decoder: &'decoder mut JsonDecoder<'model>,
    structure: &'model Structure,
    requested: &'decoder ListingOf,
}

impl<'de> DeserializeSeed<'de> for AnswerOf<'_, '_> {
    type Value = (Map<String, Value>, Option<Listing>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnswerOf<'_, '_> {
    type Value = (Map<String, Value>, Option<Listing>);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok((Map::new(), None))
    }

    fn visit_map<Access: MapAccess<'de>>(self, mut access: Access) -> Result<Self::Value, Access::Error> {
        let Self { decoder, structure, requested } = self;
        let mut listing = None;
        while let Some(key) = access.next_key_seed(KeyOf { structure, next: decoder.frame.next(0) })? {
            let MemberKey::Member(index) = key else {
                access.next_value::<IgnoredAny>()?;
                continue;
            };
            let member = &structure.members[index];
            let shape = member.reference.shape;
            if *member.name == *requested.member {
                let mut text = ListingText::new(requested.depth);
                let list = ListOf { decoder: &mut *decoder, shape, text: &mut text };
                // Of duplicate members, the last counts, and a null counts as absent.
                if let Some(count) = access.next_value_seed(list)? {
                    listing = Some(Listing { text: text.bytes, count });
                }
            } else {
                let value = access.next_value_seed(ValueOf { decoder: &mut *decoder, shape })?;
                if !value.is_null() {
                    decoder.frame.push(index, value);
                }
            }
        }
        Ok((decoder.frame.take_last(0, structure), listing))
    }
}

/// A seed that writes the items of the requested list; `None` means a null instead of the list.
struct ListOf<'decoder, 'model> {
    decoder: &'decoder mut JsonDecoder<'model>,
    shape: ShapeId,
    text: &'decoder mut ListingText,
}

impl<'de> DeserializeSeed<'de> for ListOf<'_, '_> {
    type Value = Option<u64>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListOf<'_, '_> {
    type Value = Option<u64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<Access: SeqAccess<'de>>(self, access: Access) -> Result<Self::Value, Access::Error> {
        write_items(self.decoder, self.shape, self.text, access).map(Some)
    }
}

/// A seed that writes one value of a shape; the counterpart of [`ValueOf`].
struct TextOf<'decoder, 'model> {
    decoder: &'decoder mut JsonDecoder<'model>,
    shape: ShapeId,
    text: &'decoder mut ListingText,
}

/// Writes the items of a list and returns their number.
fn write_items<'de, 'model, Access: SeqAccess<'de>>(
    decoder: &mut JsonDecoder<'model>,
    shape: ShapeId,
    text: &mut ListingText,
    mut access: Access,
) -> Result<u64, Access::Error> {
    let ShapeKind::List(list) = decoder.service.kind(shape) else {
        return Err(Access::Error::custom("unexpected list"));
    };
    let shape = list.member.shape;
    let mut count = 0;
    loop {
        let before = text.bytes.len();
        text.next();
        let item = TextOf { decoder: &mut *decoder, shape, text: &mut *text };
        if access.next_element_seed(item)?.is_none() {
            text.bytes.truncate(before);
            return Ok(count);
        }
        count += 1;
    }
}

impl<'model> TextOf<'_, 'model> {
    fn kind(&self) -> &'model ShapeKind {
        self.decoder.service.kind(self.shape)
    }

    fn value<E: Error>(self, value: &Value) -> Result<WrittenValue, E> {
        self.text.value(value).map_err(E::custom)?;
        Ok(WrittenValue::of(value))
    }

    /// Decodes a value and writes it.
    fn through<E: Error>(
        self,
        read: impl FnOnce(ValueOf<'_, 'model>) -> Result<Value, E>,
    ) -> Result<WrittenValue, E> {
        let Self { decoder, shape, text } = self;
        let value = read(ValueOf { decoder: &mut *decoder, shape })?;
        TextOf { decoder, shape, text }.value(&value)
    }

    fn members<'de, Access: MapAccess<'de>>(
        self,
        structure: &'model Structure,
        mut access: Access,
    ) -> Result<WrittenValue, Access::Error> {
        let Self { decoder, text, .. } = self;
        let opened = text.open();
        let mut next = 0;
        while let Some(key) = access.next_key_seed(KeyOf { structure, next })? {
            let MemberKey::Member(index) = key else {
                access.next_value::<IgnoredAny>()?;
                continue;
            };
            next = index + 1;
            text.member(index, structure).map_err(Access::Error::custom)?;
            let shape = structure.members[index].reference.shape;
            let value = TextOf { decoder: &mut *decoder, shape, text: &mut *text };
            if access.next_value_seed(value)? == WrittenValue::Null {
                text.forget_member();
            }
        }
        text.close_structure(&opened, false);
        Ok(WrittenValue::Value)
    }
}

impl<'de> DeserializeSeed<'de> for TextOf<'_, '_> {
    type Value = WrittenValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<WrittenValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TextOf<'_, '_> {
    type Value = WrittenValue;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<WrittenValue, E> {
        self.value(&Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<WrittenValue, E> {
        self.through(|way| way.visit_bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<WrittenValue, E> {
        self.through(|way| way.visit_i64(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<WrittenValue, E> {
        self.through(|way| way.visit_u64(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<WrittenValue, E> {
        self.through(|way| way.visit_f64(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<WrittenValue, E> {
        if matches!(self.kind(), ShapeKind::String) {
            self.text.text(value).map_err(E::custom)?;
            return Ok(WrittenValue::Value);
        }
        self.through(|way| way.visit_str(value))
    }

    fn visit_seq<Access: SeqAccess<'de>>(self, access: Access) -> Result<WrittenValue, Access::Error> {
        if !matches!(self.kind(), ShapeKind::List(_)) {
            return self.through(|way| way.visit_seq(access));
        }
        let Self { decoder, shape, text } = self;
        let opened = text.open();
        write_items(decoder, shape, text, access)?;
        text.close_list(&opened);
        Ok(WrittenValue::Value)
    }

    fn visit_map<Access: MapAccess<'de>>(self, access: Access) -> Result<WrittenValue, Access::Error> {
        match self.kind() {
            ShapeKind::Structure(structure) if is_plain(self.decoder.service, structure) => {
                self.members(structure, access)
            }
            _ => self.through(|way| way.visit_map(access)),
        }
    }
}

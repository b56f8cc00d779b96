//! The names that a type has in JSON, according to its own `Deserialize`.

use std::fmt;

use serde::de::{self, Deserialize, Visitor};
use serde::forward_to_deserialize_any;

/// The members of a structure, or the words of an enumeration without data.
pub(crate) fn names_of<'de, Type: Deserialize<'de>>() -> &'static [&'static str] {
    match Type::deserialize(Questioner) {
        Err(Answer::Names(names)) => names,
        Err(Answer::Other(other)) => panic!("{}: {other}", std::any::type_name::<Type>()),
        Ok(_) => panic!("{} has no names", std::any::type_name::<Type>()),
    }
}

/// Has no data; takes down the names that are requested from it.
struct Questioner;

#[derive(Debug)]
enum Answer {
    Names(&'static [&'static str]),
    Other(String),
}

impl<'de> de::Deserializer<'de> for Questioner {
    type Error = Answer;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Answer> {
        Err(Answer::Other("neither a structure nor an enumeration".to_owned()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Answer> {
        Err(Answer::Names(fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Answer> {
        Err(Answer::Names(variants))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl std::error::Error for Answer {}

impl de::Error for Answer {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }
}

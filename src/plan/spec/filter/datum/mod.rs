//! The values of filters: jaq's, with the operators, the order and the indexing of jq.
//!
//! jaq is generic over its values, so jq's operations on values (adding, comparing, indexing) are implemented
//! once here, and apply to everything that jaq evaluates.

pub(crate) mod access;
pub(crate) mod fault;
mod operators;
pub(crate) mod refusal;

use std::fmt;

use jaq_core::box_iter::BoxIter;
use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_core::{Exn, ValR, ValX};
use jaq_json::{Num, Rc, Val};

use super::number::{self, normal};
use super::write;
use fault::{error, not_a_key, not_iterable};

/// A value with jq's semantics.
#[derive(Clone, Debug, Default)]
#[repr(transparent)]
pub(super) struct Datum(pub(super) Val);

impl Datum {
    pub(super) fn null() -> Self {
        Self(Val::Null)
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self(Val::utf8_str(text.into()))
    }

    pub(super) fn number(number: f64) -> Self {
        Self(Val::Num(normal(number)))
    }

    pub(super) fn count(count: usize) -> Self {
        Self(Val::Num(Num::from_integral(count)))
    }

    pub(super) fn list(items: Vec<Self>) -> Self {
        items.into_iter().collect()
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Val::TStr(text) | Val::BStr(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    pub(super) fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Val::Num(number) => Some(number::value(number)),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> Option<&[Val]> {
        match &self.0 {
            Val::Arr(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the type for messages: `a string`.
    pub(super) fn article(&self) -> &'static str {
        match &self.0 {
            Val::Null => "null",
            Val::Bool(_) => "a boolean",
            Val::Num(_) => "a number",
            Val::BStr(_) | Val::TStr(_) => "a string",
            Val::Arr(_) => "an array",
            Val::Obj(_) => "an object",
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match &self.0 {
            Val::Null => "null",
            Val::Bool(_) => "boolean",
            Val::Num(_) => "number",
            Val::BStr(_) | Val::TStr(_) => "string",
            Val::Arr(_) => "array",
            Val::Obj(_) => "object",
        }
    }
}

fn take<T: Clone>(shared: Rc<T>) -> T {
    Rc::try_unwrap(shared).unwrap_or_else(|shared| (*shared).clone())
}

impl jaq_core::ValT for Datum {
    fn from_num(text: &str) -> ValR<Self> {
        Ok(Self(Val::Num(number::read(text))))
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(members: I) -> ValR<Self> {
        let member = |(name, value): (Self, Self)| match &name.0 {
            Val::TStr(_) => Ok((name.0, value.0)),
            _ => Err(not_a_key(&name)),
        };
        Ok(Self(Val::obj(members.into_iter().map(member).collect::<Result<_, _>>()?)))
    }

    fn key_values(self) -> BoxIter<'static, ValR<(Self, Self), Self>> {
        match self.0 {
            Val::Arr(items) => Box::new(
                take(items).into_iter().enumerate().map(|(index, item)| Ok((Self::count(index), Self(item)))),
            ),
            Val::Obj(members) => {
                Box::new(take(members).into_iter().map(|(name, value)| Ok((Self(name), Self(value)))))
            }
            _ => Box::new(std::iter::once(Err(not_iterable(&self)))),
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = ValR<Self>>> {
        match self.0 {
            Val::Arr(items) => Box::new(take(items).into_iter().map(|item| Ok(Self(item)))),
            Val::Obj(members) => Box::new(take(members).into_iter().map(|(_, value)| Ok(Self(value)))),
            _ => Box::new(std::iter::once(Err(not_iterable(&self)))),
        }
    }

    fn index(self, index: &Self) -> ValR<Self> {
        access::get(&self, index)
    }

    fn range(self, range: Range<&Self>) -> ValR<Self> {
        let bound = |bound: Option<&Self>| bound.map_or(Val::Null, |bound| bound.0.clone());
        access::slice(&self, &Self(bound(range.start)), &Self(bound(range.end)))
    }

    // Updates are rewritten to calls of `_modify` when a filter is compiled, as jq defines them.
    fn map_values<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        _: Opt,
        _: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        Err(Exn::from(error("an update in place")))
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        _: &Self,
        _: Opt,
        _: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        Err(Exn::from(error("an update in place")))
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        _: Range<&Self>,
        _: Opt,
        _: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        Err(Exn::from(error("an update in place")))
    }

    fn as_bool(&self) -> bool {
        !matches!(self.0, Val::Null | Val::Bool(false))
    }

    fn into_string(self) -> Self {
        match self.0 {
            Val::TStr(_) => self,
            value => Self::text(write::json(&value)),
        }
    }
}

impl jaq_std::ValT for Datum {
    fn into_seq<S: FromIterator<Self>>(self) -> Result<S, Self> {
        match self.0 {
            Val::Arr(items) => Ok(take(items).into_iter().map(Self).collect()),
            value => Err(Self(value)),
        }
    }

    fn is_int(&self) -> bool {
        matches!(self.0, Val::Num(Num::Int(_) | Num::BigInt(_)))
    }

    fn as_isize(&self) -> Option<isize> {
        match &self.0 {
            Val::Num(number) => number.as_isize(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        Self::as_f64(self)
    }

    fn is_utf8_str(&self) -> bool {
        matches!(self.0, Val::TStr(_))
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Val::TStr(text) | Val::BStr(text) => Some(text),
            _ => None,
        }
    }

    fn as_sub_str(&self, part: &[u8]) -> Self {
        Self::text(String::from_utf8_lossy(part))
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        Self::text(String::from_utf8_lossy(bytes.as_ref()))
    }
}

impl From<bool> for Datum {
    fn from(truth: bool) -> Self {
        Self(Val::Bool(truth))
    }
}

impl From<isize> for Datum {
    fn from(integer: isize) -> Self {
        Self(Val::Num(Num::Int(integer)))
    }
}

impl From<usize> for Datum {
    fn from(integer: usize) -> Self {
        Self::count(integer)
    }
}

impl From<f64> for Datum {
    fn from(number: f64) -> Self {
        Self::number(number)
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Range<Self>> for Datum {
    fn from(range: Range<Self>) -> Self {
        let bound = |name: &'static str, bound: Option<Self>| {
            (Val::utf8_str(name.as_bytes()), bound.map_or(Val::Null, |bound| bound.0))
        };
        Self(Val::obj([bound("start", range.start), bound("end", range.end)].into_iter().collect()))
    }
}

impl FromIterator<Self> for Datum {
    fn from_iter<T: IntoIterator<Item = Self>>(items: T) -> Self {
        Self(Val::Arr(Rc::new(items.into_iter().map(|item| item.0).collect())))
    }
}

impl fmt::Display for Datum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&write::json(&self.0))
    }
}

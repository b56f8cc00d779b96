//! Conversion of values between serde's JSON and jaq's, without serializing to text.

use jaq_json::{Num, Val};
use serde_json::{Map, Number, Value};

use super::datum::Datum;

/// Returns the value that a filter reads.
pub(super) fn from_json(value: &Value) -> Datum {
    Datum(from_value(value))
}

fn from_value(value: &Value) -> Val {
    match value {
        Value::Null => Val::Null,
        Value::Bool(truth) => Val::Bool(*truth),
        Value::Number(number) => Val::Num(from_number(number)),
        Value::String(text) => Val::utf8_str(text.clone()),
        Value::Array(items) => items.iter().map(from_value).collect(),
        Value::Object(members) => Val::obj(
            members.iter().map(|(name, value)| (Val::utf8_str(name.clone()), from_value(value))).collect(),
        ),
    }
}

fn from_number(number: &Number) -> Num {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(integer), _, _) => Num::from_integral(integer),
        (_, Some(integer), _) => Num::from_integral(integer),
        (_, _, float) => Num::Float(float.unwrap_or(f64::NAN)),
    }
}

/// Returns the JSON of a filter's output. Numbers that JSON lacks are written as jq writes them: NaN is null, and
/// an infinite number is the largest finite one.
pub(super) fn into_json(value: Datum) -> Value {
    into_value(value.0)
}

fn into_value(value: Val) -> Value {
    match value {
        Val::Null => Value::Null,
        Val::Bool(truth) => Value::Bool(truth),
        Val::Num(number) => into_number(&number),
        Val::BStr(text) | Val::TStr(text) => Value::String(into_text(&text)),
        Val::Arr(items) => match std::rc::Rc::try_unwrap(items) {
            Ok(items) => items.into_iter().map(into_value).collect(),
            Err(items) => items.iter().cloned().map(into_value).collect(),
        },
        Val::Obj(members) => {
            let mut object = Map::with_capacity(members.len());
            for (key, value) in members.iter() {
                object.insert(into_key(key), into_value(value.clone()));
            }
            Value::Object(object)
        }
    }
}

fn into_key(key: &Val) -> String {
    match key {
        Val::BStr(text) | Val::TStr(text) => into_text(text),
        other => other.to_string(),
    }
}

fn into_text(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn into_number(number: &Num) -> Value {
    match number {
        Num::Int(integer) => Value::from(i64::try_from(*integer).unwrap_or(i64::MAX)),
        Num::Float(float) => {
            Number::from_f64(float.clamp(f64::MIN, f64::MAX)).map_or(Value::Null, Value::Number)
        }
        // An integer larger than a machine's, or a literal of the filter that is not an integer.
        Num::BigInt(_) | Num::Dec(_) => {
            let text = number.to_string();
            let float = || text.parse().ok().and_then(Number::from_f64);
            text.parse::<u64>().map(Number::from).ok().or_else(float).map_or(Value::Null, Value::Number)
        }
    }
}

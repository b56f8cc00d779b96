//! Decoding of scalars, from text or JSON to the values that boto3 returns.
//!
//! A text that does not conform to the model remains a text. boto3 would raise an error and lose the page because
//! of one field.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::model::catalog::ShapeKind;
use crate::model::protocol::timestamp::Timestamp;
use crate::util::special_number;

/// Decodes a scalar from the text of an XML element or an HTTP header.
pub(super) fn from_text(kind: &ShapeKind, text: Cow<'_, str>) -> Value {
    let value = match kind {
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => integer(&text),
        ShapeKind::Float | ShapeKind::Double => float(&text),
        ShapeKind::Boolean => Some(Value::Bool(&*text == "true")),
        ShapeKind::Timestamp => timestamp(&text),
        ShapeKind::Blob => blob(&text).map(Value::String),
        ShapeKind::String
        | ShapeKind::Document
        | ShapeKind::Structure(_)
        | ShapeKind::List(_)
        | ShapeKind::Map(_) => None,
    };
    value.unwrap_or_else(|| Value::String(text.into_owned()))
}

/// Decodes a scalar from a JSON body. Only rest-json converts numbers and booleans
/// (`RestJSONParser._handle_integer` and its neighbours); awsJson passes them through.
pub(super) fn from_json(kind: &ShapeKind, converts: bool, value: Value) -> Value {
    let converted = match (kind, &value) {
        (ShapeKind::Timestamp, _) => {
            Timestamp::from_value(&value).map(|moment| Value::String(moment.isoformat()))
        }
        (ShapeKind::Blob, Value::String(text)) => blob(text).map(Value::String),
        (ShapeKind::Integer { .. } | ShapeKind::Long { .. }, _) if converts => to_integer(&value),
        (ShapeKind::Float | ShapeKind::Double, Value::Number(number)) if converts => {
            number.as_f64().map(special_number::to_json)
        }
        (ShapeKind::Float | ShapeKind::Double, Value::String(text)) if converts => float(text),
        (ShapeKind::Boolean, Value::String(text)) if converts => {
            Some(Value::Bool(text.eq_ignore_ascii_case("true")))
        }
        (ShapeKind::Boolean, Value::Number(_)) if converts => Some(Value::Bool(false)),
        _ => None,
    };
    converted.unwrap_or(value)
}

fn to_integer(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(flag) => Some(Value::from(i64::from(*flag))),
        Value::String(text) => integer(text),
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Value::Number(number) if number.is_f64() => {
            number.as_f64().filter(|number| number.abs() < 9e15).map(|number| Value::from(number as i64))
        }
        _ => None,
    }
}

fn integer(text: &str) -> Option<Value> {
    let text = text.trim();
    text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<u64>().map(Value::from)).ok()
}

fn float(text: &str) -> Option<Value> {
    text.trim().parse().ok().map(special_number::to_json)
}

fn timestamp(text: &str) -> Option<Value> {
    Timestamp::from_text(text).map(|moment| Value::String(moment.isoformat()))
}

/// Removes the line breaks from base64, which Python's decoder skips; `None` when it has none.
fn blob(text: &str) -> Option<String> {
    let is_white = |character: char| character.is_ascii_whitespace();
    text.contains(is_white).then(|| text.replace(is_white, ""))
}

/// Encodes raw bytes, such as streamed bodies, in base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Decodes a header with base64-encoded JSON; any other header remains a text.
pub(super) fn json_in_header(text: &str) -> Value {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_else(|| Value::from(text))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{from_json, from_text};
    use crate::model::catalog::ShapeKind;

    const INTEGER: ShapeKind = ShapeKind::Integer { max: None };

    #[test]
    fn text_becomes_what_the_model_says() {
        assert_eq!(from_text(&INTEGER, "12".into()), json!(12));
        assert_eq!(from_text(&ShapeKind::Double, "5".into()), json!(5.0));
        assert_eq!(from_text(&ShapeKind::Float, "-INF".into()), json!("-Infinity"));
        assert_eq!(from_text(&ShapeKind::Boolean, "true".into()), json!(true));
        assert_eq!(from_text(&ShapeKind::Boolean, "1".into()), json!(false));
        assert_eq!(from_text(&ShapeKind::Blob, "Zm9v\nYmFy".into()), json!("Zm9vYmFy"));
        assert_eq!(from_text(&ShapeKind::Timestamp, "0".into()), json!("1970-01-01T00:00:00+00:00"));
    }

    #[test]
    fn an_odd_text_stays_a_text() {
        for kind in [INTEGER, ShapeKind::Double, ShapeKind::Timestamp] {
            assert_eq!(from_text(&kind, "n/a".into()), json!("n/a"));
            assert_eq!(from_text(&kind, "".into()), json!(""));
        }
    }

    #[test]
    fn aws_json_hands_scalars_through() {
        for value in [json!("5"), json!(5.5), json!(true), Value::Null] {
            assert_eq!(from_json(&INTEGER, false, value.clone()), value);
        }
    }

    #[test]
    fn rest_json_converts_scalars_as_python_does() {
        assert_eq!(from_json(&INTEGER, true, json!("5")), json!(5));
        assert_eq!(from_json(&INTEGER, true, json!(5.9)), json!(5));
        assert_eq!(from_json(&ShapeKind::Double, true, json!(5)), json!(5.0));
        assert_eq!(from_json(&ShapeKind::Double, true, json!("NaN")), json!("NaN"));
        assert_eq!(from_json(&ShapeKind::Boolean, true, json!("TRUE")), json!(true));
        assert_eq!(from_json(&ShapeKind::Boolean, true, json!(1)), json!(false));
    }
}

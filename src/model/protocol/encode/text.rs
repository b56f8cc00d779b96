//! Encoding of scalars as text: for paths, query strings, headers, forms and XML.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::EncodeError;
use crate::model::catalog::{ShapeKind, TimestampFormat};
use crate::model::protocol::timestamp::Timestamp;

/// Encodes a scalar as text; `format` applies to timestamps.
pub(super) fn scalar<'value>(
    kind: &ShapeKind,
    value: &'value Value,
    format: TimestampFormat,
) -> Result<Cow<'value, str>, EncodeError> {
    match value {
        _ if matches!(kind, ShapeKind::Timestamp) => Ok(Cow::Owned(moment(value)?.format(format))),
        Value::String(text) => Ok(Cow::Borrowed(text)),
        Value::Number(number) => Ok(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Ok(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(EncodeError::expected("a scalar", value)),
    }
}

/// Parses a timestamp parameter: text in any of AWS's formats, or seconds since 1970.
pub(super) fn moment(value: &Value) -> Result<Timestamp, EncodeError> {
    Timestamp::from_value(value).ok_or_else(|| EncodeError::new(format!("{value} is not a timestamp")))
}

/// Returns the bytes of a blob parameter.
pub(super) fn bytes(value: &Value) -> Result<Vec<u8>, EncodeError> {
    let text = value.as_str().ok_or_else(|| EncodeError::expected("base64 text", value))?;
    STANDARD.decode(text).map_err(|cause| EncodeError::new(format!("is not valid base64: {cause}")))
}

/// Returns the members of a structure or map.
pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, EncodeError> {
    value.as_object().ok_or_else(|| EncodeError::expected("an object", value))
}

/// Returns the items of a list.
pub(super) fn array(value: &Value) -> Result<&[Value], EncodeError> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| EncodeError::expected("a list", value))
}

//! Scalar values of requests.

use serde_json::Value;

use crate::model::catalog::ShapeKind;

/// Parses a scalar; a text that does not match the type in the model stays a string.
pub(super) fn from_text(kind: &ShapeKind, text: &str) -> Value {
    let value = match kind {
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => text.parse::<i64>().ok().map(Value::from),
        ShapeKind::Float | ShapeKind::Double => text.parse::<f64>().ok().map(Value::from),
        ShapeKind::Boolean => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    value.unwrap_or_else(|| Value::from(text))
}

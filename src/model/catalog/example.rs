//! Example values of parameters, for tests of all operations.

use serde_json::{Value, json};

use super::{Service, ShapeKind, ShapeReference};

/// Returns a value of a shape, with only the members that are required; all strings in it are `text`.
pub(crate) fn example(service: &Service, reference: &ShapeReference, text: &str) -> Value {
    match service.kind(reference.shape) {
        ShapeKind::Structure(structure) => {
            let required = structure.members.iter().filter(|member| member.required);
            let members =
                required.map(|member| (member.name.to_string(), example(service, &member.reference, text)));
            Value::Object(members.collect())
        }
        ShapeKind::List(_) => json!([]),
        ShapeKind::Map(_) | ShapeKind::Document => json!({}),
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => json!(1),
        ShapeKind::Float | ShapeKind::Double => json!(1.5),
        ShapeKind::Boolean => json!(true),
        ShapeKind::Timestamp => json!("2026-11-21T00:00:00+00:00"),
        ShapeKind::String => json!(text),
        ShapeKind::Blob => json!("eHl6"),
    }
}

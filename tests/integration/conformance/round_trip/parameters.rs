//! The least parameters with which an operation can be called.

use aws_auto_inventory::model::catalog::{Function, Member, Service, ShapeKind};
use serde_json::{Map, Value, json};

/// Deeper than any model requires members to nest.
const DEEPEST: usize = 20;

/// A value for every required member, and for theirs.
pub(crate) fn least(function: &Function) -> Map<String, Value> {
    let (service, operation) = (function.service(), function.operation());
    let needed: Vec<&Member> = service.required_parameters(operation).collect();
    let optional_labels = service.input(operation).into_iter().flat_map(|input| &input.members);
    // A label of a host name is needed even where the model does not require it.
    let labels = optional_labels.filter(|member| member.host_label && !member.required);
    needed
        .into_iter()
        .chain(labels)
        .map(|member| (member.name.to_string(), value(service, member, 0)))
        .collect()
}

fn value(service: &Service, member: &Member, depth: usize) -> Value {
    match service.kind(member.reference.shape) {
        ShapeKind::Structure(structure) if depth < DEEPEST => {
            let mut required: Vec<&Member> =
                structure.members.iter().filter(|member| member.required).collect();
            if structure.union {
                required = structure.members.iter().take(1).collect();
            }
            required
                .into_iter()
                .map(|member| (member.name.to_string(), value(service, member, depth + 1)))
                .collect::<Map<_, _>>()
                .into()
        }
        ShapeKind::Structure(_) | ShapeKind::Map(_) | ShapeKind::Document => json!({}),
        ShapeKind::List(_) => json!([]),
        ShapeKind::String => json!(text(service, member)),
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => json!(1),
        ShapeKind::Float | ShapeKind::Double => json!(1.5),
        ShapeKind::Boolean => json!(true),
        ShapeKind::Blob => json!("AA=="),
        ShapeKind::Timestamp => json!("2026-11-21T00:00:00+00:00"),
    }
}

/// Endpoint rules look into some parameters.
fn text(service: &Service, member: &Member) -> &'static str {
    match (&*service.name, &*member.name) {
        (_, "AccountId") => "123456789012",
        ("cloudfront-keyvaluestore", "KvsARN") => "arn:aws:cloudfront::123456789012:key-value-store/name",
        _ if member.name.ends_with("ARN") || member.name.ends_with("Arn") => {
            "arn:aws:service:eu-west-1:123456789012:resource/name"
        }
        _ => "resource-name",
    }
}

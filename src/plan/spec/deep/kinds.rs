//! The kinds of the values in requests and responses, by their paths.

use super::origin::{ItemValue, Reference};
use crate::model::catalog::{Function, ItemsPath, ItemsStep, Service, ShapeId, ShapeKind};

/// Returns whether the member at a path of the request is a list.
pub(super) fn is_list(function: &Function, path: &[Box<str>]) -> bool {
    matches!(parameter(function, path), Some(ShapeKind::List(_)))
}

/// Returns whether the member at a path of the request is a text.
pub(super) fn is_text(function: &Function, path: &[Box<str>]) -> bool {
    matches!(parameter(function, path), Some(ShapeKind::String))
}

/// Returns whether the parameter with the member at a path of the request is required.
pub(super) fn is_required(function: &Function, path: &[Box<str>]) -> bool {
    let mut required = function.service().required_parameters(function.operation());
    required.any(|member| path.first().is_some_and(|name| *name == member.name))
}

/// Returns whether a value of the items at a path of the response is a number, such as that of a version.
pub(super) fn is_number(function: &Function, items: &ItemsPath, reference: &Reference) -> bool {
    let Reference { levels: 0, value: ItemValue::Field(names) } = reference else { return false };
    let service = function.service();
    let field = names.iter().map(|name| ItemsStep::Member(name.clone()));
    let mut steps = items.steps.iter().cloned().chain(field);
    let start = function.operation().output.as_ref().map(|output| output.shape);
    let shape = start.and_then(|start| steps.try_fold(start, |shape, step| below(service, shape, &step)));
    let kind = shape.map(|shape| service.kind(shape));
    matches!(kind, Some(ShapeKind::Integer { .. } | ShapeKind::Long { .. }))
}

fn parameter<'model>(function: &'model Function, path: &[Box<str>]) -> Option<&'model ShapeKind> {
    let service = function.service();
    let start = function.operation().input.as_ref()?.shape;
    let mut steps = path.iter().map(|name| ItemsStep::Member(name.clone()));
    steps.try_fold(start, |shape, step| below(service, shape, &step)).map(|shape| service.kind(shape))
}

fn below(service: &Service, shape: ShapeId, step: &ItemsStep) -> Option<ShapeId> {
    match (service.kind(shape), step) {
        (ShapeKind::Structure(structure), ItemsStep::Member(name)) => {
            structure.member(name).map(|(_, member)| member.reference.shape)
        }
        (ShapeKind::List(list), ItemsStep::Each) => Some(list.member.shape),
        (ShapeKind::Map(map), ItemsStep::Each) => Some(map.value.shape),
        (ShapeKind::Map(map), ItemsStep::Keys) => Some(map.key.shape),
        _ => None,
    }
}

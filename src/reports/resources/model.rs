//! The fields of each kind of resource and their types, from the models.

use super::call::ReportedCall;
use crate::model::catalog::{Service, ShapeId, ShapeKind};

/// The deepest nesting of fields. Deeper structures are rare, and some are recursive, such as filters that
/// combine filters.
const DEEPEST: usize = 6;
/// The most fields of a kind; if there are more, the deepest are excluded.
const MOST: usize = 400;

/// A kind of resource that a call of the spec can return.
#[derive(Debug)]
pub struct KnownKind<'run> {
    /// The service, as boto3 names it.
    pub service: &'run str,
    /// The kind: `instance`.
    pub kind: &'run str,
    /// The fields in the model's order; empty if a filter makes the resources.
    pub fields: Vec<KnownField>,
}

/// A field of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownField {
    /// The path, in the form of [`fields`](super::fields): `State.Name`.
    pub path: String,
    /// The type of its values.
    pub holds: FieldType,
    depth: usize,
}

/// The type of a field's values, as far as JSON distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// True or false.
    Flag,
    /// A whole number.
    Integer,
    /// Any number.
    Real,
    /// Text, or a list.
    Anything,
}

/// Returns the kinds that a call can return.
pub(super) fn kinds(call: &ReportedCall) -> impl Iterator<Item = KnownKind<'_>> {
    call.lists.iter().map(|list| {
        let fields = list.item.as_ref().map(|(service, item)| fields_of(service, *item)).unwrap_or_default();
        KnownKind { service: &call.service, kind: &list.rule.kind, fields }
    })
}

fn fields_of(service: &Service, item: ShapeId) -> Vec<KnownField> {
    let mut fields = Vec::new();
    if service.structure(item).is_none() {
        add(service, item, &mut vec!["value"], &mut fields);
    }
    add_members(service, item, &mut Vec::new(), &mut fields);
    let at_most = |depth: &usize| fields.iter().filter(|field| field.depth <= *depth).count() <= MOST;
    let depth = (0..=DEEPEST).rev().find(at_most).unwrap_or_default();
    fields.retain(|field| field.depth <= depth);
    fields
}

fn add_members<'model>(
    service: &'model Service,
    shape: ShapeId,
    path: &mut Vec<&'model str>,
    fields: &mut Vec<KnownField>,
) {
    let Some(structure) = service.structure(shape).filter(|_| path.len() < DEEPEST) else { return };
    for member in structure.members.iter().filter(|member| !member.reference.json_value) {
        path.push(&member.name);
        add(service, member.reference.shape, path, fields);
        path.pop();
    }
}

fn add<'model>(
    service: &'model Service,
    shape: ShapeId,
    path: &mut Vec<&'model str>,
    fields: &mut Vec<KnownField>,
) {
    let holds = match service.kind(shape) {
        ShapeKind::Structure(_) => return add_members(service, shape, path, fields),
        // The keys of maps and documents are data.
        ShapeKind::Map(_) | ShapeKind::Document => return,
        ShapeKind::Boolean => FieldType::Flag,
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => FieldType::Integer,
        ShapeKind::Float | ShapeKind::Double => FieldType::Real,
        ShapeKind::String | ShapeKind::Blob | ShapeKind::Timestamp | ShapeKind::List(_) => {
            FieldType::Anything
        }
    };
    fields.push(KnownField { path: path.join("."), holds, depth: path.len() });
}

#[cfg(test)]
mod tests {
    use super::{FieldType, MOST, kinds};
    use crate::model::catalog::{Catalog, Function};
    use crate::reports::resources::call::ReportedCall;

    /// Returns the fields of the only kind that a function returns, and their types.
    fn fields(service: &str, function: &str) -> Vec<(String, FieldType)> {
        let catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service(service).expect("a catalog").expect("a service");
        let call = ReportedCall::of_answer(&Function::find(&service, function).expect("a function"));
        let mut kinds = kinds(&call);
        let kind = kinds.next().expect("a kind");
        assert!(kinds.next().is_none());
        kind.fields.into_iter().map(|field| (field.path, field.holds)).collect()
    }

    #[test]
    fn a_model_tells_the_fields_of_what_a_call_answers() {
        let volume = fields("ec2", "describe_volumes");
        for (path, holds) in [
            ("Size", FieldType::Integer),
            ("Encrypted", FieldType::Flag),
            ("State", FieldType::Anything),
            ("CreateTime", FieldType::Anything),
            ("Attachments", FieldType::Anything),
        ] {
            assert!(volume.contains(&(path.to_owned(), holds)), "{path} is not in {volume:?}");
        }
        let instance = fields("ec2", "describe_instances");
        assert!(instance.contains(&("State.Code".to_owned(), FieldType::Integer)), "{instance:?}");
        assert!(!instance.iter().any(|(path, _)| path == "State"), "an object is represented by its members");
    }

    #[test]
    fn a_text_that_is_a_resource_is_its_own_field() {
        assert_eq!(fields("dynamodb", "list_tables"), [("value".to_owned(), FieldType::Anything)]);
    }

    #[test]
    fn keys_of_maps_are_data_and_no_fields() {
        let function = fields("lambda", "list_functions");
        assert!(!function.iter().any(|(path, _)| path.starts_with("Environment.Variables")), "{function:?}");
        assert!(function.contains(&("Environment.Error.Message".to_owned(), FieldType::Anything)));
    }

    #[test]
    fn no_kind_has_more_fields_than_a_table_has_room_for() {
        let catalog = Catalog::embedded().expect("a catalog");
        let mut most = 0;
        for entry in catalog.entries() {
            let service = catalog.service(&entry.name).expect("a catalog").expect("a service");
            for function in Function::all(&service) {
                let call = ReportedCall::of_answer(&function);
                most = kinds(&call).map(|kind| kind.fields.len()).max().unwrap_or_default().max(most);
            }
        }
        assert!((200..=MOST).contains(&most), "{most}");
    }
}

//! The fields of each kind of resource and their types, from the models.

use super::call::ReportedCall;
use crate::model::catalog::{Service, ShapeId, ShapeKind};

/// The deepest nesting of fields; a structure in this depth is a field. Deeper structures are rare, and some
/// are recursive, such as filters that combine filters.
const DEEPEST: usize = 6;
/// The most fields of a kind. If there are more, structures become fields in a smaller depth.
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
    /// Whether a resource is one field, `value`, because the model has no structure for it.
    pub is_whole: bool,
    /// Whether its items are about other resources, in whose rows they are: a policy, or tags.
    pub is_detail: bool,
}

/// A field of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownField {
    /// The path, in the form of [`fields`](super::fields): `State.Name`.
    pub path: String,
    /// The type of its values.
    pub holds: FieldType,
}

/// The type of a field's values, as far as JSON distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// True or false.
    Flag,
    /// A whole number.
    Integer,
    /// Any number; `NaN`, `Infinity` and `-Infinity` are texts in result files.
    Real,
    /// A time, as ISO 8601.
    Timestamp,
    /// An object whose keys are data.
    Map,
    /// Text, a list, a document, or a structure that is not divided into fields.
    Anything,
}

/// Returns the kinds that a call can return.
pub(super) fn kinds(call: &ReportedCall) -> impl Iterator<Item = KnownKind<'_>> {
    call.lists.iter().map(|list| {
        let fields = list.item.as_ref().map(|(service, item)| fields_of(service, *item)).unwrap_or_default();
        let is_whole = list.item.as_ref().is_some_and(|(service, item)| service.structure(*item).is_none());
        KnownKind {
            service: &call.service,
            kind: &list.rule.kind,
            fields,
            is_whole,
            is_detail: call.is_detail(),
        }
    })
}

fn fields_of(service: &Service, item: ShapeId) -> Vec<KnownField> {
    let fields = |deepest: usize| {
        let mut fields = Vec::new();
        if service.structure(item).is_some() {
            add_members(service, item, deepest, &mut Vec::new(), &mut fields);
        } else {
            add(service, item, 1, &mut vec!["value"], &mut fields);
        }
        fields
    };
    (1..=DEEPEST).rev().map(fields).find(|fields| fields.len() <= MOST).unwrap_or_default()
}

fn add_members<'model>(
    service: &'model Service,
    shape: ShapeId,
    deepest: usize,
    path: &mut Vec<&'model str>,
    fields: &mut Vec<KnownField>,
) {
    let members = service.structure(shape).map(|structure| structure.members.iter());
    for member in members.into_iter().flatten() {
        path.push(&member.name);
        if member.reference.json_value {
            fields.push(KnownField { path: path.join("."), holds: FieldType::Anything });
        } else {
            add(service, member.reference.shape, deepest, path, fields);
        }
        path.pop();
    }
}

fn add<'model>(
    service: &'model Service,
    shape: ShapeId,
    deepest: usize,
    path: &mut Vec<&'model str>,
    fields: &mut Vec<KnownField>,
) {
    let holds = match service.kind(shape) {
        // The presence of a structure without members has a meaning.
        ShapeKind::Structure(structure) if path.len() < deepest && !structure.members.is_empty() => {
            return add_members(service, shape, deepest, path, fields);
        }
        ShapeKind::Map(_) => FieldType::Map,
        ShapeKind::Boolean => FieldType::Flag,
        ShapeKind::Integer { .. } | ShapeKind::Long { .. } => FieldType::Integer,
        ShapeKind::Float | ShapeKind::Double => FieldType::Real,
        ShapeKind::Timestamp => FieldType::Timestamp,
        ShapeKind::String
        | ShapeKind::Blob
        | ShapeKind::List(_)
        | ShapeKind::Document
        | ShapeKind::Structure(_) => FieldType::Anything,
    };
    fields.push(KnownField { path: path.join("."), holds });
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
            ("CreateTime", FieldType::Timestamp),
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
    fn map_is_one_field() {
        let function = fields("lambda", "list_functions");
        let variables: Vec<_> =
            function.iter().filter(|(path, _)| path.starts_with("Environment.Variables")).collect();
        assert_eq!(variables, [&("Environment.Variables".to_owned(), FieldType::Map)]);
        assert!(function.contains(&("Environment.Error.Message".to_owned(), FieldType::Anything)));
    }

    /// What is below the deepest fields, and structures without members, are fields.
    #[test]
    fn undivided_structure_is_one_field() {
        let rule_group = fields("wafv2", "get_web_acl");
        let paths: Vec<&str> = rule_group.iter().map(|(path, _)| path.as_str()).collect();
        assert!(
            paths.contains(&"WebACL.DefaultAction.Allow.CustomRequestHandling.InsertHeaders"),
            "{paths:?}"
        );
        let stage = fields("apigateway", "get_stages");
        assert!(stage.contains(&("methodSettings".to_owned(), FieldType::Map)), "{stage:?}");
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

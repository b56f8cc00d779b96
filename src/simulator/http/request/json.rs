//! JSON bodies, and those of CBOR as JSON: converts the names on the wire to those of botocore.

use serde_json::{Map, Value};

use crate::model::catalog::{Service, ShapeKind, Structure};

/// Returns the members of a structure that is serialized as `value`; members that are not in the model are dropped.
pub(super) fn members(service: &Service, structure: &Structure, value: Value) -> Map<String, Value> {
    let Value::Object(mut given) = value else {
        return Map::new();
    };
    let member = |member: &crate::model::catalog::Member| {
        let value = given.remove(member.location_name())?;
        let value = rename(service, member.reference.shape, value);
        (!value.is_null()).then(|| (member.name.to_string(), value))
    };
    structure.members.iter().filter_map(member).collect()
}

fn rename(service: &Service, shape: crate::model::catalog::ShapeId, value: Value) -> Value {
    match (service.kind(shape), value) {
        (ShapeKind::Structure(structure), value @ Value::Object(_)) => {
            Value::Object(members(service, structure, value))
        }
        (ShapeKind::List(list), Value::Array(items)) => {
            items.into_iter().map(|item| rename(service, list.member.shape, item)).collect()
        }
        (ShapeKind::Map(map), Value::Object(entries)) => {
            entries.into_iter().map(|(key, value)| (key, rename(service, map.value.shape, value))).collect()
        }
        (_, value) => value,
    }
}

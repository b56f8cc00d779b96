//! Responses of every operation in the catalog, generated from their models.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::ACCOUNT;
use crate::model::catalog::{Catalog, Function, Member, Service, ShapeId, ShapeKind, Structure, read_only};
use crate::plan::redaction::{Redaction, RedactionCounts};

/// The values of a response that a test does not set.
pub(crate) const NEUTRAL: &str = "web-1";

/// Sets the values of a test in a response.
pub(crate) trait Plants {
    /// Returns the value of a member; `None` leaves it to its shape.
    fn member(&mut self, _: &Service, _: &Member, _path: &str) -> Option<Value> {
        None
    }

    /// Returns the value of a structure; `None` leaves it to its members.
    fn structure(&mut self, _: &Service, _: &Structure, _path: &str) -> Option<Value> {
        None
    }

    /// Returns the entries of a map of texts.
    fn entries(&mut self) -> Option<Value> {
        None
    }

    /// Returns the value of a text.
    fn text(&mut self, _path: &str) -> Value {
        json!(NEUTRAL)
    }
}

/// Returns a response with everything in its model; a shape that occurs several times is filled once.
pub(crate) fn answer(function: &Function, plants: &mut dyn Plants) -> Map<String, Value> {
    let Some(output) = function.operation().output.as_ref() else { return Map::new() };
    let mut filler = Filler { service: function.service(), plants, seen: HashSet::new() };
    match filler.shape(output.shape, "") {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

struct Filler<'a> {
    service: &'a Service,
    plants: &'a mut dyn Plants,
    seen: HashSet<u32>,
}

impl Filler<'_> {
    fn shape(&mut self, id: ShapeId, path: &str) -> Value {
        let service = self.service;
        match service.kind(id) {
            ShapeKind::Structure(structure) => {
                if let Some(value) = self.plants.structure(service, structure, path) {
                    return value;
                }
                if !self.seen.insert(id.0) {
                    return json!({});
                }
                let mut members = Map::new();
                for member in &structure.members {
                    let path = format!("{path}.{}", member.name);
                    let value = match self.plants.member(service, member, &path) {
                        Some(value) => value,
                        None => self.shape(member.reference.shape, &path),
                    };
                    members.insert(member.name.to_string(), value);
                }
                Value::Object(members)
            }
            ShapeKind::List(list) => json!([self.shape(list.member.shape, &format!("{path}[]"))]),
            ShapeKind::Map(map) if matches!(service.kind(map.value.shape), ShapeKind::String) => {
                let entries = self.plants.entries();
                entries.unwrap_or_else(|| json!({"first": self.plants.text(path)}))
            }
            ShapeKind::Map(map) => json!({"first": self.shape(map.value.shape, &format!("{path}[]"))}),
            ShapeKind::String => self.plants.text(path),
            ShapeKind::Document => json!({"state": self.plants.text(path)}),
            ShapeKind::Blob => json!("d2ViLTE="),
            ShapeKind::Boolean => json!(true),
            ShapeKind::Timestamp => json!("2026-11-28T06:00:00+00:00"),
            ShapeKind::Integer { .. } | ShapeKind::Long { .. } | ShapeKind::Float | ShapeKind::Double => {
                json!(7)
            }
        }
    }
}

/// Calls `work` for every function whose operation may be called.
pub(crate) fn each_function(mut look: impl FnMut(&Function)) {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for entry in catalog.entries() {
        let service = Arc::new(catalog.read(entry).expect("a service"));
        let admitted =
            |function: &Function| read_only::denial(&service.name, &function.operation().name).is_none();
        Function::all(&service).filter(admitted).for_each(|function| look(&function));
    }
}

/// Returns a response after redaction, done at once and, where possible, list by list as text: both results must
/// be equal.
pub(crate) fn cleaned(
    redaction: &Redaction,
    function: &Function,
    answer: Map<String, Value>,
) -> (Map<String, Value>, RedactionCounts) {
    let rules = redaction.rules(function);
    let mut parts = answer.clone();
    let mut whole = answer;
    let cleaned = rules.clean(&mut whole, ACCOUNT);
    for (name, value) in &mut parts {
        let Value::Array(items) = value else { continue };
        if rules.keep_as_is(name) {
            let text: String = items.iter().flat_map(|item| [",\n".to_owned(), item.to_string()]).collect();
            if let Some((items, _)) = rules.clean_list(name, text.as_bytes(), ACCOUNT) {
                *value = items;
            }
            assert_eq!(*value, whole[name], "{}:{} {name}", function.service().name, function.name());
        }
    }
    (whole, cleaned)
}

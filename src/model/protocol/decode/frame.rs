//! A stack of the members of structures during decoding, the innermost last.
//!
//! Members arrive in the service's order and are returned in the model's, which is that of boto3's responses. One
//! stack for all levels avoids an allocation per structure.

use serde_json::{Map, Value};

use crate::model::catalog::{Location, Structure};

/// Returns the index of the member with the serialized name `name`. Services often write members in the model's
/// order, so that the `next` one is tried before all others.
pub(super) fn index_of(structure: &Structure, next: usize, name: &str) -> Option<usize> {
    match structure.members.get(next) {
        Some(member) if member.location == Location::Body && member.wire_name() == name => Some(next),
        _ => structure.index_by_wire_name(name),
    }
}

/// A stack of members: each with its index in its structure.
#[derive(Default)]
pub(super) struct Frame(Vec<(usize, Value)>);

impl Frame {
    /// Returns the base index of a structure that starts now.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the index after that of the latest member of the structure at `base`.
    pub(super) fn next(&self, base: usize) -> usize {
        self.0[base..].last().map_or(0, |(latest, _)| latest + 1)
    }

    /// Adds a member to the innermost structure.
    pub(super) fn push(&mut self, index: usize, value: Value) {
        self.0.push((index, value));
    }

    /// Drops earlier duplicates of members of the structure at `base` once they are many: a response with many
    /// duplicates must not slow down the search.
    pub(super) fn forget_repeated(&mut self, base: usize, structure: &Structure) {
        if self.0.len() - base > 2 * structure.members.len() + 8 {
            let mut members = self.0.split_off(base);
            members.sort_by_key(|(index, _)| *index);
            members.dedup_by_key(|(index, _)| *index);
            self.0.append(&mut members);
        }
    }

    /// Returns the member `index` of the structure at `base`. The latest is checked first, since the items of a
    /// flattened list are adjacent.
    pub(super) fn get_mut(&mut self, base: usize, index: usize) -> Option<&mut Value> {
        self.0[base..].iter_mut().rev().find(|(other, _)| *other == index).map(|(_, value)| value)
    }

    /// Ends the structure at `base`; of duplicate members, the first counts, as in botocore's XML parser.
    pub(super) fn take_first(&mut self, base: usize, structure: &Structure) -> Map<String, Value> {
        self.sort(base);
        let mut members = Map::with_capacity(self.0.len() - base);
        let mut last = None;
        for (index, value) in self.0.drain(base..) {
            if last != Some(index) {
                members.insert(structure.members[index].name.as_ref().to_owned(), value);
            }
            last = Some(index);
        }
        members
    }

    /// Ends the structure at `base`; of duplicate members, the last counts, as in Python's JSON parser.
    pub(super) fn take_last(&mut self, base: usize, structure: &Structure) -> Map<String, Value> {
        self.sort(base);
        let mut members = Map::with_capacity(self.0.len() - base);
        for (index, value) in self.0.drain(base..) {
            members.insert(structure.members[index].name.as_ref().to_owned(), value);
        }
        members
    }

    fn sort(&mut self, base: usize) {
        let members = &mut self.0[base..];
        if !members.is_sorted_by_key(|(index, _)| *index) {
            members.sort_by_key(|(index, _)| *index);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Frame;
    use crate::model::catalog::build::service_from_model;
    use crate::model::catalog::{Service, Structure};

    fn service() -> Service {
        let model = json!({
            "metadata": {"protocol": "query"},
            "operations": {"Get": {"name": "Get", "output": {"shape": "Answer"}}},
            "shapes": {
                "Answer": {"type": "structure", "members": {"B": {"shape": "Text"}, "A": {"shape": "Text"}}},
                "Text": {"type": "string"}
            }
        });
        service_from_model("test", model).unwrap()
    }

    fn structure(service: &Service) -> &Structure {
        service.output(&service.operations[0]).unwrap()
    }

    #[test]
    fn members_leave_in_the_order_of_the_model() {
        let service = service();
        let mut frame = Frame::default();
        frame.push(1, json!("of the outer structure"));
        let base = frame.len();
        frame.push(1, json!("a"));
        frame.push(0, json!("b"));
        let members = frame.take_first(base, structure(&service));
        assert_eq!(serde_json::to_string(&members).unwrap(), r#"{"B":"b","A":"a"}"#);
        assert_eq!(frame.len(), base);
    }

    #[test]
    fn repeated_member_keeps_first_in_xml_and_last_in_json() {
        let service = service();
        let mut frame = Frame::default();
        let mut filled = || {
            for text in ["first", "last"] {
                frame.push(0, json!(text));
            }
            std::mem::take(&mut frame)
        };
        assert_eq!(filled().take_first(0, structure(&service))["B"], "first");
        assert_eq!(filled().take_last(0, structure(&service))["B"], "last");
    }
}

//! Forms and query strings: percent-encoded pairs, and the trees that the query protocols encode with them
//! (`Filter.1.Value.2=running`).

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::scalar;
use crate::model::catalog::{ListShape, Member, Protocol, Service, ShapeKind, ShapeReference, Structure};

/// Returns the decoded pairs of a form or a query string.
pub(in crate::simulator) fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let part = part.replace('+', " ");
        percent_decode_str(&part).decode_utf8_lossy().into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// Returns the members of a query or ec2 request.
pub(super) fn members(
    service: &Service,
    input: &Structure,
    pairs: &[(String, String)],
) -> Map<String, Value> {
    let mut root = FormNode::default();
    for (name, value) in pairs {
        name.split('.').fold(&mut root, |node, part| node.children.entry(part).or_default()).text =
            Some(value);
    }
    FormFields { service, ec2: service.protocol == Protocol::Ec2 }.structure(input, &root)
}

/// The names of a form as a tree.
#[derive(Default)]
struct FormNode<'form> {
    text: Option<&'form str>,
    children: BTreeMap<&'form str, FormNode<'form>>,
}

struct FormFields<'model> {
    service: &'model Service,
    ec2: bool,
}

impl FormFields<'_> {
    fn structure(&self, structure: &Structure, node: &FormNode<'_>) -> Map<String, Value> {
        let member = |member: &Member| {
            let value = self.member(member, node)?;
            Some((member.name.to_string(), value))
        };
        structure.members.iter().filter_map(member).collect()
    }

    fn member(&self, member: &Member, parent: &FormNode<'_>) -> Option<Value> {
        let mut name = self.name(&member.reference, &member.name);
        // The items of a flattened list may have a name that replaces that of the list.
        if let ShapeKind::List(list) = self.service.kind(member.reference.shape)
            && !self.ec2
            && member.reference.flattened
            && let Some(item) = &list.member.location_name
        {
            name = item.to_string();
        }
        self.value(&member.reference, parent.children.get(name.as_str())?)
    }

    fn value(&self, reference: &ShapeReference, node: &FormNode<'_>) -> Option<Value> {
        match self.service.kind(reference.shape) {
            ShapeKind::Structure(structure) => Some(Value::Object(self.structure(structure, node))),
            ShapeKind::List(list) => Some(self.items(reference, list, node)),
            ShapeKind::Map(map) => {
                let entries = if reference.flattened { node } else { node.children.get("entry")? };
                let (key_name, value_name) = (self.name(&map.key, "key"), self.name(&map.value, "value"));
                let entry = |entry: &FormNode<'_>| {
                    let key = entry.children.get(key_name.as_str())?.text?;
                    let value = self.value(&map.value, entry.children.get(value_name.as_str())?)?;
                    Some((key.to_owned(), value))
                };
                Some(Value::Object(entries.children.values().filter_map(entry).collect()))
            }
            kind => Some(scalar::from_text(kind, node.text?)),
        }
    }

    fn items(&self, reference: &ShapeReference, list: &ListShape, node: &FormNode<'_>) -> Value {
        let items = if self.ec2 || reference.flattened {
            Some(node)
        } else {
            node.children.get(list.member.location_name.as_deref().unwrap_or("member"))
        };
        let mut numbered: Vec<(u32, &FormNode<'_>)> = items
            .into_iter()
            .flat_map(|items| &items.children)
            .filter_map(|(number, item)| Some((number.parse().ok()?, item)))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        numbered.into_iter().filter_map(|(_, item)| self.value(&list.member, item)).collect()
    }

    /// Returns the last part of a name; the ec2 protocol prefers `queryName` and capitalizes the others.
    fn name(&self, reference: &ShapeReference, default: &str) -> String {
        let location_name = reference.location_name.as_deref();
        match reference.query_name.as_deref().filter(|_| self.ec2) {
            Some(name) => name.to_owned(),
            None if self.ec2 => {
                let mut name = location_name.unwrap_or(default).to_owned();
                if let Some(first) = name.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                name
            }
            None => location_name.unwrap_or(default).to_owned(),
        }
    }
}

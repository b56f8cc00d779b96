//! Valid things made invalid, byte by byte and node by node.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// What hurts parsers most.
const TOKENS: [&str; 24] = [
    "<",
    "</",
    "/>",
    "<a>",
    "</a>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&",
    "&#0;",
    "&#x110000;",
    "&amp;",
    "<?xml",
    "\"",
    "\\",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ":",
    "null",
    "-1e999",
];

/// A change of bytes.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Replace(u8),
    Insert(&'static str),
    InsertBytes(Vec<u8>),
    Remove(u8),
    Repeat(u8, u8),
    Cut,
}

/// Some changes, each with its place.
pub(super) fn edits() -> impl Strategy<Value = Vec<(u32, Edit)>> {
    let edit = prop_oneof![
        any::<u8>().prop_map(Edit::Replace),
        proptest::sample::select(&TOKENS[..]).prop_map(Edit::Insert),
        vec(any::<u8>(), 1..8).prop_map(Edit::InsertBytes),
        any::<u8>().prop_map(Edit::Remove),
        (1_u8.., any::<u8>()).prop_map(|(length, times)| Edit::Repeat(length, times)),
        Just(Edit::Cut),
    ];
    vec((any::<u32>(), edit), 1..6)
}

/// Changes the bytes.
pub(super) fn edit(bytes: &mut Vec<u8>, edits: &[(u32, Edit)]) {
    for (place, edit) in edits {
        let at = usize::try_from(*place).expect("a machine of 32 bits or more") % (bytes.len() + 1);
        let end = |length: u8| (at + usize::from(length)).min(bytes.len());
        match edit {
            Edit::Replace(byte) => bytes.get_mut(at).into_iter().for_each(|old| *old = *byte),
            Edit::Insert(token) => drop(bytes.splice(at..at, token.bytes())),
            Edit::InsertBytes(more) => drop(bytes.splice(at..at, more.iter().copied())),
            Edit::Remove(length) => drop(bytes.drain(at..end(*length))),
            Edit::Repeat(length, times) => {
                let part = bytes[at..end(*length)].repeat(usize::from(*times));
                bytes.splice(at..at, part);
            }
            Edit::Cut => bytes.truncate(at),
        }
    }
}

/// A change of a JSON document.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Put(Value),
    /// The value of another node.
    Copy(u32),
    /// Lists around it.
    Wrap(u8),
    /// A member more, with a copy of another node.
    Add(String, u32),
    /// Its text with another text at its end.
    Append(String),
}

/// Some changes, each with the number of its node.
pub(super) fn changes() -> impl Strategy<Value = Vec<(u32, Change)>> {
    let change = prop_oneof![
        json_value().prop_map(Change::Put),
        any::<u32>().prop_map(Change::Copy),
        any::<u8>().prop_map(Change::Wrap),
        ("\\PC{0,12}", any::<u32>()).prop_map(|(name, other)| Change::Add(name, other)),
        prop_oneof![".{0,12}", "[{}#.\\[\\]|$()\"'0-9a-z]{0,12}"].prop_map(Change::Append),
    ];
    vec((any::<u32>(), change), 1..6)
}

/// Changes the document.
pub(super) fn change(document: &mut Value, changes: &[(u32, Change)]) {
    for (place, change) in changes {
        let other = match change {
            Change::Copy(other) | Change::Add(_, other) => node(document, *other).clone(),
            _ => Value::Null,
        };
        let node = node(document, *place);
        match change {
            Change::Put(value) => *node = value.clone(),
            Change::Copy(_) => *node = other,
            Change::Wrap(times) => *node = (0..*times).fold(node.take(), |value, _| json!([value])),
            Change::Add(name, _) => match node {
                Value::Object(members) => drop(members.insert(name.clone(), other)),
                Value::Array(items) => items.push(other),
                _ => {}
            },
            Change::Append(more) => {
                if let Value::String(text) = node {
                    text.push_str(more);
                }
            }
        }
    }
}

/// Any JSON.
pub(super) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,8}", inner), 0..4).prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}

/// One of the document's nodes; any number will do.
fn node(document: &mut Value, number: u32) -> &mut Value {
    let mut left = usize::try_from(number).expect("a machine of 32 bits or more") % count(document);
    find(document, &mut left).expect("fewer than there are")
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn find<'value>(value: &'value mut Value, left: &mut usize) -> Option<&'value mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| find(item, left)),
        Value::Object(members) => members.values_mut().find_map(|member| find(member, left)),
        _ => None,
    }
}

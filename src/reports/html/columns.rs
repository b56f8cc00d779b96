//! The columns of a table: the fields of a resource in its row, in addition to ID, ARN, name and tags.
//!
//! Reviewed kinds have their columns in the table of facts. Other kinds have the first strings, numbers and flags of
//! their resources, and state, type and creation time if members have such names.

use serde_json::Value;

use crate::reports::members::values_at;
use crate::reports::resources::{FactRow, NONE, ResourceFacts, UsualFact};

/// The most columns that the rules find.
const FOUND: usize = 5;
/// The most characters of a cell. The whole value is in the JSON of the resource.
const LONGEST: usize = 300;
/// The mark at the end of a shortened text.
const CUT: char = '…';

/// The fields of a row.
#[derive(Debug, Default, PartialEq)]
pub(super) struct RowFields {
    pub(super) state: Value,
    pub(super) type_of: Value,
    pub(super) created: Value,
    /// The other columns, in order.
    pub(super) others: Vec<Value>,
}

/// The columns of one kind of resource.
#[derive(Debug)]
pub(super) struct Columns {
    kind: String,
    reviewed: Option<&'static FactRow>,
    /// The members that the rules have found so far.
    found: Vec<String>,
}

impl Columns {
    pub(super) fn new(service: &str, kind: &str) -> Self {
        Self { kind: kind.to_owned(), reviewed: FactRow::find(service, kind), found: Vec::new() }
    }

    /// Returns the titles of the columns that are specific to this kind.
    pub(super) fn titles(&self) -> Vec<&str> {
        match self.presets() {
            [] => self.found.iter().map(String::as_str).collect(),
            presets => presets.iter().map(|(title, _)| *title).collect(),
        }
    }

    fn presets(&self) -> &'static [(&'static str, &'static str)] {
        self.reviewed.map_or(&[], |row| row.others)
    }

    /// Returns the fields of a resource with these facts. `known` are the values that the row already has: ID, ARN
    /// and name.
    pub(super) fn fields(&mut self, raw: &Value, facts: &ResourceFacts, known: &[Option<&str>]) -> RowFields {
        let usual = [UsualFact::State, UsualFact::Type, UsualFact::Created]
            .map(|fact| fact.find(raw, &self.kind).filter(|_| self.reviewed.is_none()));
        let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, |text| cut(text).into());
        let path = |path: &str| if path == NONE { Value::Null } else { at(raw, path) };
        let others = match self.presets() {
            [] => self.found_in(raw, &usual.map(|found| found.map(|(name, _)| name)), known),
            presets => presets.iter().map(|(_, path)| at(raw, path)).collect(),
        };
        RowFields {
            state: self.reviewed.map_or_else(|| text(&facts.state), |row| path(row.state)),
            type_of: self.reviewed.map_or_else(|| text(&facts.size_or_type), |row| path(row.type_of)),
            created: text(&facts.created),
            others,
        }
    }

    /// Returns the values of the first members that the row does not have.
    fn found_in(&mut self, raw: &Value, taken: &[Option<&str>], known: &[Option<&str>]) -> Vec<Value> {
        for (name, value) in raw.as_object().into_iter().flatten() {
            let is_new = !taken.contains(&Some(name)) && !self.found.contains(name);
            let is_known = value.as_str().is_some_and(|text| known.contains(&Some(text)));
            if self.found.len() < FOUND && is_new && !is_known && is_scalar(value) {
                self.found.push(name.clone());
            }
        }
        self.found.iter().map(|name| raw.get(name).map(cell).unwrap_or_default()).collect()
    }
}

/// Returns the value at a path from the table of facts.
fn at(raw: &Value, path: &str) -> Value {
    if let Some(path) = path.strip_prefix('#') {
        let list = path.split('.').try_fold(raw, |value, member| value.get(member));
        return list.and_then(Value::as_array).map(|entries| entries.len().into()).unwrap_or_default();
    }
    match values_at(raw, path).as_slice() {
        [] => Value::Null,
        [value] => cell(value),
        several => {
            let texts: Vec<String> = several.iter().map(|value| plain(value)).collect();
            cut(&texts.join(", ")).into()
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty(),
        Value::Number(_) | Value::Bool(_) => true,
        _ => false,
    }
}

/// Converts a value to the value of a cell.
fn cell(value: &Value) -> Value {
    match value {
        Value::String(text) => cut(text).into(),
        Value::Array(_) | Value::Object(_) => cut(&value.to_string()).into(),
        value => value.clone(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{CUT}", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;

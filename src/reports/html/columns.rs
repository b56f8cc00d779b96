//! The columns of a table: the fields of a resource in its row, in addition to ID, ARN, name and tags.
//!
//! Reviewed kinds have their columns in `column_presets`. Other kinds have the first strings, numbers and
//! flags of their resources, and state, type and creation time if members have such names.

use serde_json::Value;

use super::column_presets::{ColumnPreset, reviewed};
use crate::reports::members::{squashed, state_word, values_at};

/// The most columns that the rules find.
const FOUND: usize = 5;
/// The most characters of a cell. The whole value is in the JSON of the resource.
const LONGEST: usize = 300;
/// The mark at the end of a shortened text.
const CUT: char = '…';

/// The names of AWS's members with creation times.
const CREATED: [&str; 10] = [
    "creationdate",
    "createdate",
    "createddate",
    "creationtime",
    "createdtime",
    "createtime",
    "createdat",
    "creationdatetime",
    "creationtimestamp",
    "launchtime",
];

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
    reviewed: Option<&'static ColumnPreset>,
    /// The members that the rules have found so far.
    found: Vec<String>,
}

impl Columns {
    pub(super) fn new(service: &str, kind: &str) -> Self {
        Self { kind: squashed(kind), reviewed: reviewed(service, kind), found: Vec::new() }
    }

    /// Returns the titles of the columns that are specific to this kind.
    pub(super) fn titles(&self) -> Vec<&str> {
        match self.reviewed {
            Some(row) => row.others.iter().map(|(title, _)| *title).collect(),
            None => self.found.iter().map(String::as_str).collect(),
        }
    }

    /// Returns the fields of a resource. `known` are the values that the row already has: ID, ARN and name.
    pub(super) fn fields(&mut self, raw: &Value, known: &[Option<&str>]) -> RowFields {
        match self.reviewed {
            Some(row) => self.of_row(row, raw),
            None => self.of_rules(raw, known),
        }
    }

    fn of_row(&self, row: &ColumnPreset, raw: &Value) -> RowFields {
        let field = |path: &str, rule: CommonColumn| match path {
            "" => self.member(raw, rule).map(|(_, value)| value).unwrap_or_default(),
            path => at(raw, path),
        };
        RowFields {
            state: field(row.state, CommonColumn::State),
            type_of: field(row.type_of, CommonColumn::Type),
            created: field(row.created, CommonColumn::Created),
            others: row.others.iter().map(|(_, path)| at(raw, path)).collect(),
        }
    }

    fn of_rules(&mut self, raw: &Value, known: &[Option<&str>]) -> RowFields {
        let [state, type_of, created] = [CommonColumn::State, CommonColumn::Type, CommonColumn::Created]
            .map(|rule| self.member(raw, rule));
        let taken: Vec<&str> =
            [&state, &type_of, &created].into_iter().flatten().map(|(name, _)| *name).collect();
        for (name, value) in raw.as_object().into_iter().flatten() {
            let is_new = !taken.contains(&name.as_str()) && !self.found.contains(name);
            let is_known = value.as_str().is_some_and(|text| known.contains(&Some(text)));
            if self.found.len() < FOUND && is_new && !is_known && is_scalar(value) {
                self.found.push(name.clone());
            }
        }
        let value = |found: Option<(&str, Value)>| found.map(|(_, value)| value).unwrap_or_default();
        RowFields {
            others: self.found.iter().map(|name| raw.get(name).map(cell).unwrap_or_default()).collect(),
            state: value(state),
            type_of: value(type_of),
            created: value(created),
        }
    }

    /// Returns the member of a resource that a rule matches, and its value.
    fn member<'raw>(&self, raw: &'raw Value, rule: CommonColumn) -> Option<(&'raw str, Value)> {
        let members = raw.as_object()?;
        members.iter().find_map(|(name, value)| {
            let squashed = squashed(name);
            if !rule.means(squashed.strip_prefix(&self.kind).unwrap_or(&squashed)) {
                return None;
            }
            let value = state_word(value)?;
            value.is_string().then(|| (name.as_str(), cell(value)))
        })
    }
}

/// A column that all tables have.
#[derive(Clone, Copy)]
enum CommonColumn {
    State,
    Type,
    Created,
}

impl CommonColumn {
    /// Returns whether a member name matches; the name of the kind has been removed from it.
    fn means(self, name: &str) -> bool {
        match self {
            Self::State => ["state", "status", "lifecyclestate"].contains(&name),
            Self::Type => {
                ["type", "class", "instancetype", "instanceclass", "nodetype", "engine"].contains(&name)
            }
            Self::Created => CREATED.contains(&name),
        }
    }
}

/// Returns the value at a path from `column_presets`.
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

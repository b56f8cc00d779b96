//! Compares two values, field by field.

mod lists;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::change::FieldChange;
use crate::plan::redaction::is_hidden;

/// The field name for a resource that is a plain string, as in exports.
const ITSELF: &str = "value";

/// A path in a resource: `NetworkInterfaces[eni-1].Status`.
#[derive(Clone, Debug, Default)]
pub(super) struct ValuePath {
    full: String,
    /// The path without the brackets that select an element: `NetworkInterfaces.Status`.
    plain: String,
}

/// The length of a path, to truncate it again.
#[derive(Clone, Copy)]
pub(super) struct Length(usize, usize);

impl ValuePath {
    pub(super) fn full(&self) -> &str {
        &self.full
    }

    pub(super) fn plain(&self) -> &str {
        &self.plain
    }

    /// Appends a member.
    pub(super) fn push(&mut self, member: &str) -> Length {
        let length = Length(self.full.len(), self.plain.len());
        for path in [&mut self.full, &mut self.plain] {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(member);
        }
        length
    }

    /// Appends an element of a list.
    pub(super) fn select(&mut self, element: &str) -> Length {
        let length = Length(self.full.len(), self.plain.len());
        self.full.push('[');
        self.full.push_str(element);
        self.full.push(']');
        length
    }

    /// Truncates the path to an earlier length.
    pub(super) fn truncate(&mut self, length: Length) {
        self.full.truncate(length.0);
        self.plain.truncate(length.1);
    }

    /// Returns the name of the last member.
    pub(super) fn member(&self) -> &str {
        self.plain.rsplit('.').next().unwrap_or_default()
    }
}

/// The changes that a comparison finds, and the number of ignored ones.
pub(super) struct Comparison<'rules> {
    /// Returns whether changes of a field are ignored.
    pub(super) is_ignored: &'rules dyn Fn(&ValuePath) -> bool,
    /// Whether the runs used different redaction.
    pub(super) redacted_otherwise: bool,
    /// The reported changes.
    pub(super) changes: Vec<FieldChange>,
    /// How many changes are ignored.
    pub(super) passed_over: u64,
    path: ValuePath,
}

impl<'rules> Comparison<'rules> {
    pub(super) fn new(is_ignored: &'rules dyn Fn(&ValuePath) -> bool, redacted_otherwise: bool) -> Self {
        Self {
            is_ignored,
            redacted_otherwise,
            changes: Vec::new(),
            passed_over: 0,
            path: ValuePath::default(),
        }
    }

    /// Compares the old and new value of a resource.
    pub(super) fn resource(&mut self, old: &Value, new: &Value) {
        match (old, new) {
            (Value::Object(_), Value::Object(_)) => self.values(old, new),
            _ => self.member(ITSELF, Some(old), Some(new)),
        }
    }

    /// Compares two values at the current path.
    pub(super) fn values(&mut self, old: &Value, new: &Value) {
        match (&*unpacked(old), &*unpacked(new)) {
            (Value::Object(old), Value::Object(new)) => self.objects(old, new),
            (Value::Array(old), Value::Array(new)) => lists::compare(self, old, new),
            (Value::Object(old), nothing) if is_nothing(nothing) => self.objects(old, &Map::new()),
            (nothing, Value::Object(new)) if is_nothing(nothing) => self.objects(&Map::new(), new),
            (Value::Array(old), nothing) if is_nothing(nothing) => lists::compare(self, old, &[]),
            (nothing, Value::Array(new)) if is_nothing(nothing) => lists::compare(self, &[], new),
            (old_nothing, new_nothing) if is_nothing(old_nothing) && is_nothing(new_nothing) => {}
            _ if is_equal(old, new) => {}
            _ => self.describe(Some(old), Some(new)),
        }
    }

    /// Compares a member of two objects; it may be missing in one of them.
    pub(super) fn member(&mut self, name: &str, old: Option<&Value>, new: Option<&Value>) {
        let length = self.path.push(name);
        match (old, new) {
            (Some(old), Some(new)) => self.values(old, new),
            (Some(Value::String(_) | Value::Number(_) | Value::Bool(_)), None)
            | (None, Some(Value::String(_) | Value::Number(_) | Value::Bool(_))) => self.describe(old, new),
            (Some(old), None) => self.values(old, &Value::Null),
            (None, Some(new)) => self.values(&Value::Null, new),
            (None, None) => {}
        }
        self.path.truncate(length);
    }

    /// Compares an element of two lists; it may be missing in one of them.
    pub(super) fn element(&mut self, name: &str, old: Option<&Value>, new: Option<&Value>) {
        let length = self.path.select(name);
        match (old, new) {
            (Some(old), Some(new)) => self.values(old, new),
            _ => self.describe(old, new),
        }
        self.path.truncate(length);
    }

    /// Returns the name of the current member.
    pub(super) fn in_member(&self) -> &str {
        self.path.member()
    }

    fn objects(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        for (name, value) in old {
            self.member(name, Some(value), new.get(name));
        }
        for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            self.member(name, None, Some(value));
        }
    }

    fn describe(&mut self, old: Option<&Value>, new: Option<&Value>) {
        let hidden = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(is_hidden);
        let is_hidden = self.redacted_otherwise && hidden(old) != hidden(new);
        if is_hidden || (self.is_ignored)(&self.path) {
            self.passed_over += 1;
            return;
        }
        let kept = |value: Option<&Value>| value.filter(|value| !value.is_null()).cloned();
        self.changes.push(FieldChange { path: self.path.full().to_owned(), old: kept(old), new: kept(new) });
    }
}

/// Parses a string that contains JSON, as policies often are: the order of its members does not matter.
fn unpacked(value: &Value) -> Cow<'_, Value> {
    let text = value.as_str().filter(|text| text.trim_start().starts_with(['{', '[']));
    match text.and_then(|text| serde_json::from_str(text).ok()) {
        Some(document) => Cow::Owned(document),
        None => Cow::Borrowed(value),
    }
}

/// Returns whether a value is null or empty: services omit at one time the members that they return empty at
/// another.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => false,
    }
}

fn is_equal(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => old == new,
    }
}

/// Returns a text that is equal for values that differ only in the order of members and elements.
pub(super) fn canonical(value: &Value) -> String {
    match &*unpacked(value) {
        Value::Object(members) => {
            let mut texts: Vec<String> = members
                .iter()
                .filter(|(_, value)| !is_nothing(value))
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            texts.sort_unstable();
            format!("{{{}}}", texts.join(","))
        }
        Value::Array(items) => {
            let mut texts: Vec<String> = items.iter().map(canonical).collect();
            texts.sort_unstable();
            format!("[{}]", texts.join(","))
        }
        scalar => scalar.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Comparison, canonical};

    /// Returns the changes, as `path: old -> new`.
    fn changes(old: &Value, new: &Value) -> Vec<String> {
        let mut comparison = Comparison::new(&|_| false, false);
        comparison.resource(old, new);
        let text =
            |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        let found = comparison.changes.iter();
        found
            .map(|change| format!("{}: {} -> {}", change.path, text(&change.old), text(&change.new)))
            .collect()
    }

    #[test]
    fn members_are_compared_wherever_they_stand() {
        assert!(changes(&json!({"A": 1, "B": {"C": 2}}), &json!({"B": {"C": 2}, "A": 1})).is_empty());
        assert_eq!(
            changes(
                &json!({"State": {"Name": "running"}, "Left": 1}),
                &json!({"State": {"Name": "stopped"}, "Came": true})
            ),
            ["State.Name: \"running\" -> \"stopped\"", "Left: 1 -> nothing", "Came: nothing -> true"]
        );
    }

    #[test]
    fn nothing_is_nothing_however_it_is_written() {
        let ways = [json!({}), json!({"A": null}), json!({"A": []}), json!({"A": {}})];
        for old in &ways {
            for new in &ways {
                assert!(changes(old, new).is_empty(), "{old} {new}");
            }
            assert_eq!(changes(old, &json!({"A": ["x"]})), ["A[x]: nothing -> \"x\""]);
            assert_eq!(changes(&json!({"A": {"B": {"C": 1}}}), old), ["A.B.C: 1 -> nothing"]);
        }
        assert_eq!(changes(&json!({"A": ""}), &json!({})), ["A: \"\" -> nothing"]);
    }

    #[test]
    fn values_of_other_types_are_changes() {
        assert_eq!(changes(&json!({"A": 1}), &json!({"A": "1"})), ["A: 1 -> \"1\""]);
        assert_eq!(changes(&json!({"A": {"B": 1}}), &json!({"A": [1]})), ["A: {\"B\":1} -> [1]"]);
        assert!(changes(&json!({"A": 1}), &json!({"A": 1.0})).is_empty());
        assert_eq!(changes(&json!("one"), &json!("two")), ["value: \"one\" -> \"two\""]);
    }

    #[test]
    fn a_policy_in_a_text_is_compared_as_the_json_that_it_is() {
        let old = json!({"Policy": r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow"}]}"#});
        let same =
            json!({"Policy": r#"{"Statement": [{"Effect":"Allow","Sid":"A"}], "Version":"2012-10-17"}"#});
        assert!(changes(&old, &same).is_empty());
        let other =
            json!({"Policy": r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny"}]}"#});
        assert_eq!(changes(&old, &other), ["Policy.Statement[A].Effect: \"Allow\" -> \"Deny\""]);
        assert_eq!(changes(&json!({"A": "{no json"}), &json!({"A": "{none"})).len(), 1);
    }

    #[test]
    fn value_redacted_in_one_run_is_no_change() {
        let (shown, hidden) =
            (json!({"Password": "x", "Size": 1}), json!({"Password": "[redacted]", "Size": 2}));
        let mut comparison = Comparison::new(&|_| false, true);
        comparison.resource(&shown, &hidden);
        assert_eq!((comparison.changes.len(), comparison.passed_over), (1, 1));
        assert_eq!(changes(&shown, &hidden).len(), 2, "both runs redact alike");
    }

    #[test]
    fn ignored_fields_are_counted_and_not_told() {
        let is_ignored = |path: &super::ValuePath| path.plain() == "Last.Used";
        let mut comparison = Comparison::new(&is_ignored, false);
        comparison
            .resource(&json!({"Last": {"Used": 1, "By": "a"}}), &json!({"Last": {"Used": 2, "By": "b"}}));
        assert_eq!(comparison.passed_over, 1);
        assert_eq!(comparison.changes[0].path, "Last.By");
    }

    #[test]
    fn a_canonical_text_knows_no_order() {
        let one = json!({"A": [{"B": 1, "C": []}, 2], "P": "{\"x\":1,\"y\":2}"});
        let other = json!({"P": "{\"y\":2, \"x\":1}", "A": [2, {"B": 1}]});
        assert_eq!(canonical(&one), canonical(&other));
        assert_ne!(canonical(&one), canonical(&json!({"A": [2]})));
    }
}

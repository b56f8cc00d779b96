//! The values that the items of a call consist of: those of its parameters, and those that calls below it need.

use super::origin::{ItemValue, Reference};

/// The values of the items of a call. An item with one value is that value.
#[derive(Clone, Debug, Default)]
pub(super) struct ItemValues(Vec<NamedValue>);

/// A value of an item.
#[derive(Clone, Debug)]
pub(super) struct NamedValue {
    pub(super) reference: Reference,
    /// Its name in the item.
    pub(super) name: String,
    /// Whether the call cannot be made without it: an item that lacks it has no such call. Other values are optional, or
    /// only for calls below.
    pub(super) is_needed: bool,
}

impl ItemValues {
    /// Adds a value. `name` is its name in an item with several values; a number is added if it is taken.
    pub(super) fn add(&mut self, reference: Reference, name: &str, is_needed: bool) {
        if let Some(known) = self.0.iter_mut().find(|known| known.reference == reference) {
            known.is_needed |= is_needed;
            return;
        }
        let is_taken = |name: &str| self.0.iter().any(|known| known.name == name);
        let mut unique = name.to_owned();
        let mut number = 2;
        while is_taken(&unique) {
            unique = format!("{name}{number}");
            number += 1;
        }
        self.0.push(NamedValue { reference, name: unique, is_needed });
    }

    fn find(&self, reference: &Reference) -> Option<&NamedValue> {
        self.0.iter().find(|known| known.reference == *reference)
    }

    /// Returns whether a value is in every item.
    pub(super) fn is_certain(&self, reference: &Reference) -> bool {
        self.find(reference).is_some_and(|known| known.is_needed)
    }

    /// Returns the jq filter of a value in an item.
    pub(super) fn filter(&self, reference: &Reference) -> Option<String> {
        let known = self.find(reference)?;
        Some(if self.0.len() == 1 { ".".to_owned() } else { member(&known.name) })
    }

    /// Returns the values of calls above, as seen from the parent.
    pub(super) fn of_parent(&self) -> impl Iterator<Item = (Reference, &str)> {
        self.0.iter().filter_map(|NamedValue { reference, name, .. }| {
            let levels = reference.levels.checked_sub(1)?;
            Some((Reference { levels, value: reference.value.clone() }, &**name))
        })
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, NamedValue> {
        self.0.iter()
    }
}

/// Returns the jq path of a member: `.Name`.
pub(super) fn member(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_plain { format!(".{name}") } else { format!(".[{}]", serde_json::Value::from(name)) }
}

/// Returns the name of a value in an item: the last name of its path.
pub(super) fn name_of<'value>(value: &'value ItemValue, otherwise: &'value str) -> &'value str {
    let (ItemValue::Field(path) | ItemValue::Enclosing { field: path, .. }) = value;
    path.last().map_or(otherwise, |name| name)
}

#[cfg(test)]
mod tests {
    use super::ItemValues;
    use crate::plan::spec::deep::origin::{ItemValue, Reference};

    fn reference(levels: usize, name: &str) -> Reference {
        Reference { levels, value: ItemValue::Field(vec![name.into()]) }
    }

    #[test]
    fn single_value_is_the_item_and_several_have_names() {
        let mut values = ItemValues::default();
        values.add(reference(0, "Arn"), "cluster", true);
        assert_eq!(values.filter(&reference(0, "Arn")).as_deref(), Some("."));
        values.add(reference(1, "Arn"), "cluster", true);
        assert_eq!(values.filter(&reference(0, "Arn")).as_deref(), Some(".cluster"));
        assert_eq!(values.filter(&reference(1, "Arn")).as_deref(), Some(".cluster2"));
        assert_eq!(values.filter(&reference(2, "Arn")), None);
    }

    #[test]
    fn parent_has_the_values_of_calls_above() {
        let mut values = ItemValues::default();
        values.add(reference(0, "Id"), "id", true);
        values.add(reference(2, "Arn"), "cluster", true);
        let of_parent: Vec<_> = values.of_parent().collect();
        assert_eq!(of_parent, [(reference(1, "Arn"), "cluster")]);
    }

    #[test]
    fn only_needed_values_are_in_every_item() {
        let mut values = ItemValues::default();
        values.add(reference(0, "Id"), "id", false);
        values.add(reference(0, "Arn"), "arn", false);
        values.add(reference(0, "Arn"), "arn", true);
        assert!(values.is_certain(&reference(0, "Arn")) && !values.is_certain(&reference(0, "Id")));
        assert!(!values.is_certain(&reference(1, "Arn")));
    }
}

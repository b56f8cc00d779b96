//! The origin of a parameter, as seen from its call: a constant, or a value of the item of a call above.

use serde_json::{Map, Value};

use crate::model::catalog::{CallSource, ParameterOrigin};

/// A value of an item of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ItemValue {
    /// A member of the item; without a path, the item.
    Field(Vec<Box<str>>),
    /// A member of an element around the item in the response.
    Enclosing {
        /// The number of lists between them.
        levels: u8,
        /// The path of the member; without one, the element, or the key of a map.
        field: Vec<Box<str>>,
    },
}

/// A value of the item of a call: its own item is 0 levels up, that of its parent 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) levels: usize,
    pub(super) value: ItemValue,
}

/// Where the value of a parameter comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ParameterValue {
    /// The same value in all calls, possibly with a placeholder.
    Constant(Value),
    /// A value of an item.
    Reference(Reference),
}

/// The calls above a call, from the entry of the spec down to its parent.
#[derive(Clone, Copy)]
pub(super) struct Ancestry<'tree> {
    /// The parameters of the entry.
    pub(super) entry: &'tree Map<String, Value>,
    /// The sources of the calls between the entry and the call.
    pub(super) sources: &'tree [&'tree CallSource],
}

impl Ancestry<'_> {
    /// Resolves an origin of a parameter of the call; `None` if a call above does not have the value.
    pub(super) fn resolve(self, origin: &ParameterOrigin) -> Option<ParameterValue> {
        let reference = |levels: u8, value| {
            let levels = usize::from(levels);
            // The entry of a spec has no item.
            (levels <= self.sources.len()).then_some(ParameterValue::Reference(Reference { levels, value }))
        };
        match origin {
            ParameterOrigin::Item { levels, field } => reference(*levels, ItemValue::Field(field.clone())),
            ParameterOrigin::Enclosing { levels, field } => {
                reference(0, ItemValue::Enclosing { levels: *levels, field: field.clone() })
            }
            ParameterOrigin::Input { levels, parameter } => self.input(usize::from(*levels), parameter),
            ParameterOrigin::Account => Some(ParameterValue::Constant("{account}".into())),
            ParameterOrigin::Region => Some(ParameterValue::Constant("{region}".into())),
            ParameterOrigin::Partition => Some(ParameterValue::Constant("{partition}".into())),
            ParameterOrigin::Now { days: 0 } => Some(ParameterValue::Constant("{now}".into())),
            ParameterOrigin::Now { days } => {
                Some(ParameterValue::Constant(format!("{{now{days:+}d}}").into()))
            }
            ParameterOrigin::Constant(text) => serde_json::from_str(text).ok().map(ParameterValue::Constant),
            ParameterOrigin::Enumeration(values) => {
                values.first().map(|value| ParameterValue::Constant((**value).into()))
            }
        }
    }

    /// Resolves the value that a call above was called with.
    fn input(self, levels: usize, parameter: &[Box<str>]) -> Option<ParameterValue> {
        let Some(index) = self.sources.len().checked_sub(levels) else {
            // One more level up is the entry.
            let is_entry = levels == self.sources.len() + 1;
            return is_entry.then(|| at(self.entry, parameter)).flatten().map(ParameterValue::Constant);
        };
        let source = self.sources[index];
        let sourced = source.parameters.iter().find(|sourced| *sourced.path == *parameter)?;
        let above = Self { entry: self.entry, sources: &self.sources[..index] };
        match above.resolve(&sourced.origin)? {
            ParameterValue::Reference(Reference { levels: more, value }) => {
                Some(ParameterValue::Reference(Reference { levels: levels + more, value }))
            }
            constant @ ParameterValue::Constant(_) => Some(constant),
        }
    }
}

fn at(parameters: &Map<String, Value>, path: &[Box<str>]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let value = parameters.get(&**first)?;
    rest.iter().try_fold(value, |value, name| value.get(&**name)).cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Ancestry, ItemValue, ParameterValue, Reference};
    use crate::model::catalog::{CallSource, ParameterOrigin, SourcedParameter};

    fn field(name: &str) -> ParameterOrigin {
        ParameterOrigin::Item { levels: 0, field: vec![name.into()] }
    }

    fn source(parameter: &str, origin: ParameterOrigin) -> CallSource {
        let parameter = SourcedParameter { path: vec![parameter.into()], origin };
        CallSource { parent: None, parameters: vec![parameter], batch: None, filter: None }
    }

    fn input(levels: u8, name: &str) -> ParameterOrigin {
        ParameterOrigin::Input { levels, parameter: vec![name.into()] }
    }

    fn reference(levels: usize, name: &str) -> ParameterValue {
        let value = ItemValue::Field(vec![name.into()]);
        ParameterValue::Reference(Reference { levels, value })
    }

    #[test]
    fn input_of_a_call_above_is_the_value_of_its_item() {
        let clusters = source("cluster", field("Arn"));
        let services = source("cluster", input(1, "cluster"));
        let entry = Map::new();
        let one = Ancestry { entry: &entry, sources: &[&clusters] };
        assert_eq!(one.resolve(&input(1, "cluster")), Some(reference(1, "Arn")));
        let two = Ancestry { entry: &entry, sources: &[&clusters, &services] };
        assert_eq!(two.resolve(&input(1, "cluster")), Some(reference(2, "Arn")));
    }

    #[test]
    fn input_of_the_entry_is_constant() {
        let Value::Object(entry) = json!({"Scope": "REGIONAL"}) else { unreachable!() };
        let groups = source("Scope", input(1, "Scope"));
        let regional = Some(ParameterValue::Constant(json!("REGIONAL")));
        assert_eq!(Ancestry { entry: &entry, sources: &[] }.resolve(&input(1, "Scope")), regional);
        assert_eq!(Ancestry { entry: &entry, sources: &[&groups] }.resolve(&input(1, "Scope")), regional);
    }

    #[test]
    fn value_that_no_call_above_has_is_unknown() {
        let entry = Map::new();
        let ancestry = Ancestry { entry: &entry, sources: &[] };
        assert_eq!(ancestry.resolve(&input(1, "Scope")), None);
        assert_eq!(ancestry.resolve(&ParameterOrigin::Item { levels: 1, field: vec![] }), None);
    }

    #[test]
    fn times_are_placeholders() {
        let entry = Map::new();
        let ancestry = Ancestry { entry: &entry, sources: &[] };
        let time = |days| ancestry.resolve(&ParameterOrigin::Now { days });
        assert_eq!(time(-30), Some(ParameterValue::Constant(json!("{now-30d}"))));
        assert_eq!(time(0), Some(ParameterValue::Constant(json!("{now}"))));
    }
}

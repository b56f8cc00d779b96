//! Batches of items: one call for several items, whose values are sent in a list.
//!
//! The parameter that takes the list has a filter, which yields the value of one item. All other parameters of a call
//! must be equal for its items.

use serde_json::{Map, Value};

use super::template::ParameterTemplate;
use crate::model::catalog::{Service, ShapeId, ShapeKind, Structure};

/// How the items of a child call are sent together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemBatch {
    /// The maximum number of items in a call.
    pub size: usize,
    /// The path of the list in the parameters, as a JSON pointer.
    list: String,
}

impl ItemBatch {
    /// Finds the list of `parameters` that takes the values of the items. Afterwards the template yields a list with
    /// the value of one item there.
    pub(super) fn find(
        size: usize,
        parameters: &mut ParameterTemplate,
        service: &Service,
        input: Option<&Structure>,
    ) -> Result<Self, String> {
        let mut finder = ListFinder { service, found: Vec::new() };
        if let (ParameterTemplate::Object(members), Some(input)) = (parameters, input) {
            finder.members(members, input, "");
        }
        let mut found = finder.found.into_iter();
        match (found.next(), found.next()) {
            (Some(list), None) => Ok(Self { size, list }),
            (None, _) => {
                Err("it needs a parameter that takes a list, with a filter in braces for the value of one \
                              item: \"{.}\""
                    .to_owned())
            }
            (Some(_), Some(_)) => Err("more than one parameter takes a list of the items' values".to_owned()),
        }
    }

    /// Returns the parameters without the list. They are equal for items that can be sent together.
    #[must_use]
    pub fn shared_parameters(&self, parameters: &Map<String, Value>) -> Value {
        let mut rest = Value::Object(parameters.clone());
        if let Some(list) = rest.pointer_mut(&self.list) {
            *list = Value::Null;
        }
        rest
    }

    /// Adds the value of another item to the parameters of a batch.
    pub fn join(&self, batch: &mut Map<String, Value>, item: Map<String, Value>) {
        let mut item = Value::Object(item);
        let mut joined = Value::Object(std::mem::take(batch));
        if let (Some(Value::Array(values)), Some(Value::Array(value))) =
            (joined.pointer_mut(&self.list), item.pointer_mut(&self.list))
        {
            values.append(value);
        }
        if let Value::Object(joined) = joined {
            *batch = joined;
        }
    }
}

/// Finds filters in place of a list.
struct ListFinder<'model> {
    service: &'model Service,
    /// JSON pointers.
    found: Vec<String>,
}

impl ListFinder<'_> {
    fn members(&mut self, members: &mut [(String, ParameterTemplate)], structure: &Structure, path: &str) {
        for (name, template) in members {
            if let Some((_, member)) = structure.member(name) {
                self.value(template, member.reference.shape, &below(path, name));
            }
        }
    }

    fn value(&mut self, template: &mut ParameterTemplate, shape: ShapeId, path: &str) {
        match (template, self.service.kind(shape)) {
            (template @ ParameterTemplate::Filled(_), ShapeKind::List(_)) => {
                let filled = std::mem::replace(template, ParameterTemplate::Fixed(Value::Null));
                if let ParameterTemplate::Filled(filter) = filled {
                    *template = ParameterTemplate::Listed(filter);
                }
                self.found.push(path.to_owned());
            }
            (ParameterTemplate::List(items), ShapeKind::List(list)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(item, list.member.shape, &below(path, &index.to_string()));
                }
            }
            (ParameterTemplate::Object(members), ShapeKind::Structure(structure)) => {
                self.members(members, structure, path);
            }
            (ParameterTemplate::Object(members), ShapeKind::Map(map)) => {
                for (name, template) in members {
                    self.value(template, map.value.shape, &below(path, name));
                }
            }
            _ => {}
        }
    }
}

fn below(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::model::catalog::Catalog;
    use crate::plan::spec::placeholder::tests::with_values;
    use crate::plan::spec::{Child, ScanSpec};

    fn child(function: &str, parameters: &Value) -> Result<Child, String> {
        let spec = json!([{"service": "ecs", "function": "list_clusters", "each": [
            {"over": ".clusterArns[]", "batch": 2, "function": function, "parameters": parameters},
        ]}]);
        let catalog = Catalog::embedded().expect("a catalog");
        let spec = ScanSpec::parse(&spec.to_string(), "test", &catalog).map_err(|error| error.to_string())?;
        Ok(spec.entries[0].each[0].clone())
    }

    fn parameters(child: &Child, item: &Value) -> Map<String, Value> {
        with_values(|values| child.parameters(item, values)).expect("parameters")
    }

    #[test]
    fn values_of_items_are_joined_in_the_list() {
        let services = json!({"cluster": "{.cluster}", "services": "{.service}", "include": ["TAGS"]});
        let child = child("describe_services", &services).expect("a child");
        let batch = child.batch.as_ref().expect("a batch");
        let item = |cluster: &str, service: &str| {
            parameters(&child, &json!({"cluster": cluster, "service": service}))
        };
        let mut joined = item("a", "1");
        let shared = |item: &Map<String, Value>| batch.shared_parameters(item);
        assert_eq!(shared(&joined), shared(&item("a", "2")));
        assert_ne!(shared(&joined), shared(&item("b", "2")));
        batch.join(&mut joined, item("a", "2"));
        assert_eq!(
            Value::Object(joined),
            json!({"cluster": "a", "services": ["1", "2"], "include": ["TAGS"]})
        );
    }

    #[test]
    fn batch_without_a_single_list_is_an_error() {
        for (function, parameters, cause) in [
            ("list_services", json!({"cluster": "{.}"}), "`batch`: it needs a parameter that takes a list"),
            (
                "describe_clusters",
                json!({"clusters": ["{.}"]}),
                "`batch`: it needs a parameter that takes a list",
            ),
            (
                "describe_clusters",
                json!({"clusters": "{.}", "include": "{.}"}),
                "`batch`: more than one parameter takes a list",
            ),
        ] {
            let message = child(function, &parameters).expect_err("an error");
            assert!(message.contains(cause), "{message}");
        }
    }

    #[test]
    fn item_without_value_for_the_list_is_an_error() {
        let child = child("describe_services", &json!({"cluster": "c", "services": "{.service}"}));
        let child = child.expect("a child");
        let error = with_values(|values| child.parameters(&json!({}), values)).expect_err("no value");
        assert!(error.to_string().contains("no value for the parameter `services`"), "{error}");
        let error =
            with_values(|values| child.parameters(&json!({"service": 1}), values)).expect_err("no text");
        assert!(error.to_string().contains("`services[0]`: must be a string"), "{error}");
    }
}

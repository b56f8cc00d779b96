//! Parameters of child calls: JSON in which a string `{<jq>}` is replaced with a value of the item. Placeholders
//! such as `{account}` are filled as in any call.

use serde_json::{Map, Value};
use std::sync::Arc;

use super::filter::{FilterError, JqFilter};
use super::placeholder::{self, PlaceholderValues};

/// Parameters with placeholders for values.
#[derive(Clone, Debug)]
pub(super) enum ParameterTemplate {
    /// A value that does not depend on the item.
    Fixed(Value),
    /// A text with placeholders.
    Text(String),
    /// The single output of the filter on the item.
    Filled(Arc<JqFilter>),
    /// A list with the single output of the filter on the item; batches of items have a list of all outputs.
    Listed(Arc<JqFilter>),
    List(Vec<ParameterTemplate>),
    Object(Vec<(String, ParameterTemplate)>),
}

/// Returns whether a string is replaced with a value of the item: exactly `{<jq>}`.
pub(super) fn is_template(text: &str) -> bool {
    filter_text(text).is_some()
}

fn filter_text(text: &str) -> Option<&str> {
    if placeholder::is_whole(text) {
        return None;
    }
    text.strip_prefix('{')?.strip_suffix('}')
}

impl ParameterTemplate {
    /// Parses a template; filters that do not compile are passed to `complain` with their path.
    pub(super) fn read(
        value: &Value,
        path: &str,
        compile: &mut impl FnMut(&str) -> Result<Arc<JqFilter>, String>,
        complain: &mut impl FnMut(&str, String),
    ) -> Self {
        match value {
            Value::String(text) => match filter_text(text) {
                Some(filter) => match compile(filter) {
                    Ok(filter) => Self::Filled(filter),
                    Err(message) => {
                        complain(path, placeholder::mistake(text).unwrap_or(message));
                        Self::Fixed(Value::Null)
                    }
                },
                None if placeholder::is_in(text) => Self::Text(text.clone()),
                None => Self::Fixed(value.clone()),
            },
            Value::Array(items) => Self::List(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| Self::read(item, &format!("{path}[{index}]"), compile, complain))
                    .collect(),
            ),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(name, value)| {
                        (name.clone(), Self::read(value, &format!("{path}.{name}"), compile, complain))
                    })
                    .collect(),
            ),
            fixed => Self::Fixed(fixed.clone()),
        }
    }

    /// Returns the template as it was written.
    pub(super) fn written(&self) -> Value {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(text) => text.clone().into(),
            Self::Filled(filter) | Self::Listed(filter) => format!("{{{}}}", filter.text()).into(),
            Self::List(items) => items.iter().map(Self::written).collect(),
            Self::Object(members) => {
                members.iter().map(|(name, template)| (name.clone(), template.written())).collect()
            }
        }
    }

    /// Returns the parameters for an item. A member whose value is null is omitted, because AWS does not accept
    /// nulls.
    pub(super) fn fill(&self, item: &Value, values: PlaceholderValues<'_>) -> Result<Value, FilterError> {
        Ok(match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(text) => placeholder::fill_text(text, values).into(),
            Self::Filled(filter) => the_only_value(filter, item)?,
            Self::Listed(filter) => match the_only_value(filter, item)? {
                Value::Null => Value::Null,
                value => Value::Array(vec![value]),
            },
            Self::List(items) => items
                .iter()
                .map(|template| template.fill(item, values))
                .collect::<Result<Vec<_>, _>>()?
                .into(),
            Self::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (name, template) in members {
                    let value = template.fill(item, values)?;
                    if !value.is_null() {
                        object.insert(name.clone(), value);
                    }
                }
                Value::Object(object)
            }
        })
    }
}

fn the_only_value(filter: &JqFilter, item: &Value) -> Result<Value, FilterError> {
    let mut values = filter.run(item, item)?;
    match (values.pop(), values.len()) {
        (Some(value), 0) => Ok(value),
        (last, before) => Err(FilterError::new(format!(
            "jq filter `{}` in the parameters must yield one value, not {}",
            filter.text(),
            before + usize::from(last.is_some())
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ParameterTemplate;
    use crate::plan::spec::filter::JqFilter;
    use crate::plan::spec::placeholder::tests::with_values;

    fn fill(parameters: &Value, item: &Value) -> Result<Value, String> {
        let mut complaints = Vec::new();
        let template = ParameterTemplate::read(
            parameters,
            "parameters",
            &mut JqFilter::compile,
            &mut |path, message| {
                complaints.push(format!("{path}: {message}"));
            },
        );
        match complaints.pop() {
            Some(complaint) => Err(complaint),
            None => with_values(|values| template.fill(item, values)).map_err(|error| error.to_string()),
        }
    }

    #[test]
    fn values_keep_their_type() {
        let item = json!({"arn": "a", "count": 3, "tags": ["x"], "none": null});
        let parameters = json!({
            "Arn": "{.arn}", "Fixed": "text {.arn}", "Count": "{.count}",
            "Nested": {"Names": ["{.tags[0]}", "y"], "All": "{.tags}"},
            "Text": "{\"\\(.arn)-\\(.count)\"}", "Absent": "{.none}",
        });
        let filled = json!({
            "Arn": "a", "Fixed": "text {.arn}", "Count": 3,
            "Nested": {"Names": ["x", "y"], "All": ["x"]}, "Text": "a-3",
        });
        assert_eq!(fill(&parameters, &item), Ok(filled));
    }

    #[test]
    fn placeholders_and_filters_are_told_apart() {
        let parameters = json!({
            "Id": "{account}", "Arn": "arn:{partition}:x", "Name": "{.account}", "Since": "{now-1d}",
            "Length": "{.account | length}",
        });
        let filled = json!({
            "Id": "123456789012", "Arn": "arn:aws:x", "Name": "{account}", "Since": "2026-11-20T22:10:05Z",
            "Length": 9,
        });
        assert_eq!(fill(&parameters, &json!({"account": "{account}"})), Ok(filled));
        let message = fill(&json!({"Id": "{acount}"}), &json!(1)).expect_err("no filter");
        assert!(
            message.ends_with("there is no placeholder `{acount}`; did you mean `account`?"),
            "{message}"
        );
    }

    #[test]
    fn a_place_takes_exactly_one_value() {
        let message = fill(&json!({"Name": "{.[]}"}), &json!([1, 2])).expect_err("two values");
        assert_eq!(message, "jq filter `.[]` in the parameters must yield one value, not 2");
        let message = fill(&json!({"Name": "{empty}"}), &json!(1)).expect_err("no value");
        assert!(message.ends_with("not 0"), "{message}");
    }

    #[test]
    fn a_filter_that_does_not_compile_is_named_with_its_path() {
        let message = fill(&json!({"Names": ["{.a |}"]}), &json!(1)).expect_err("no filter");
        assert!(message.starts_with("parameters.Names[0]: the jq filter does not compile"), "{message}");
    }
}

//! Selects the part of a response that goes into the result: all of it, one key, or the outputs of a jq filter.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::filter::{FilterError, JqFilter};
use crate::model::catalog::{Operation, Service, ShapeKind, Structure};
use crate::util::suggest::did_you_mean;

/// A compiled `result_key`.
#[derive(Clone, Debug)]
pub enum ResultSelector {
    /// The whole response.
    Whole,
    /// One member of the response.
    Key(SelectedMember),
    /// The outputs of a jq filter on the response, as a list.
    Filter(Arc<JqFilter>),
}

/// The path to a member of the response, and the value that replaces it when the response omits it.
#[derive(Clone, Debug)]
pub struct SelectedMember {
    text: Box<str>,
    empty: Value,
}

impl std::ops::Deref for SelectedMember {
    type Target = str;

    /// Returns the key as it was written.
    fn deref(&self) -> &str {
        &self.text
    }
}

impl ResultSelector {
    /// Returns the `result_key` as it was written.
    #[must_use]
    pub fn written(&self) -> Option<&str> {
        match self {
            Self::Whole => None,
            Self::Key(key) => Some(key),
            Self::Filter(filter) => Some(filter.text()),
        }
    }

    /// Returns whether it keeps all items of a response: a filter does if it is only a path.
    #[must_use]
    pub fn keeps_all_items(&self) -> bool {
        let Self::Filter(filter) = self else { return true };
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '?');
        filter.text().replace("[]", "").chars().all(is_part)
    }

    /// Parses a `result_key` for the responses of an operation.
    ///
    /// A text of names and dots is a key of the response, unless it starts with a dot; any other text is a jq
    /// filter. A nested key such as `DistributionList.Items` is supported because AWS Auto Inventory's own guide
    /// uses one.
    pub(super) fn read(
        service: &Service,
        operation: &Operation,
        result_key: Option<&str>,
        compile: &mut impl FnMut(&str) -> Result<Arc<JqFilter>, String>,
    ) -> Result<Self, String> {
        match result_key.map(str::trim) {
            None | Some("") => Ok(Self::Whole),
            Some(filter) if filter.starts_with('.') => compile(filter).map(Self::Filter),
            Some(text) if can_be_key(text) => SelectedMember::read(service, operation, text).map(Self::Key),
            Some(filter) => compile(filter).map(Self::Filter).map_err(|mistake| {
                // If the text compiles as a filter once a dot is put before it, it was meant as one.
                let with_dot = format!(".{filter}");
                match compile(&with_dot) {
                    Ok(_) => {
                        format!(
                            "`{filter}` is not a key of the response; a jq filter starts with a dot: `{with_dot}`"
                        )
                    }
                    Err(_) => mistake,
                }
            }),
        }
    }

    /// Returns the result for a complete response.
    ///
    /// A key that the response omits yields the empty value of its shape: an empty list or object, else null. A
    /// service that has nothing to list may omit the list itself.
    pub fn select(&self, answer: Map<String, Value>) -> Result<Value, FilterError> {
        match self {
            Self::Whole => Ok(Value::Object(answer)),
            Self::Key(key) => Ok(key.take(answer)),
            Self::Filter(filter) => filter.run(&Value::Object(answer), &Value::Null).map(Value::Array),
        }
    }
}

/// Returns whether a text has only the characters of member names and dots.
fn can_be_key(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-'))
}

impl SelectedMember {
    fn read(service: &Service, operation: &Operation, key: &str) -> Result<Self, String> {
        let mut structure = service.output(operation);
        let mut kind = None;
        for part in key.split('.') {
            let member = structure.and_then(|structure| structure.member(part));
            let Some((_, member)) = member else { return Err(unknown(operation, structure, part)) };
            structure = service.structure(member.reference.shape);
            kind = Some(service.kind(member.reference.shape));
        }
        let empty = match kind {
            Some(ShapeKind::List(_)) => Value::Array(Vec::new()),
            Some(ShapeKind::Map(_)) => Value::Object(Map::new()),
            _ => Value::Null,
        };
        Ok(Self { text: key.into(), empty })
    }

    fn take(&self, answer: Map<String, Value>) -> Value {
        self.split('.')
            .try_fold(Value::Object(answer), |value, part| match value {
                Value::Object(mut members) => members.shift_remove(part),
                _ => None,
            })
            .filter(|value| !value.is_null())
            .unwrap_or_else(|| self.empty.clone())
    }
}

fn unknown(operation: &Operation, structure: Option<&Structure>, part: &str) -> String {
    let operation = &operation.name;
    match structure {
        None => format!("there is no key `{part}` in the response of {operation}"),
        Some(structure) => {
            let known: Vec<&str> = structure.members.iter().map(|member| &*member.name).collect();
            let near = did_you_mean(part, known.iter().copied());
            let near = if near.is_empty() && !known.is_empty() && known.len() <= 12 {
                format!("; its keys are `{}`", known.join("`, `"))
            } else {
                near
            };
            format!("there is no key `{part}` in the response of {operation}{near}")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ResultSelector;
    use crate::model::catalog::Catalog;
    use crate::plan::spec::filter::JqFilter;

    fn read(service: &str, function: &str, key: &str) -> Result<ResultSelector, String> {
        let catalog = Catalog::embedded().expect("a catalog");
        let service = catalog.service(service).expect("loads").expect("exists");
        let operation = service.operation(function).expect("an operation");
        ResultSelector::read(&service, operation, Some(key), &mut JqFilter::compile)
    }

    fn select(service: &str, function: &str, key: &str, answer: &Value) -> Value {
        let answer = answer.as_object().cloned().expect("an answer");
        read(service, function, key).expect("a selection").select(answer).expect("a result")
    }

    #[test]
    fn a_key_gives_its_value() {
        let answer = json!({"Buckets": [{"Name": "b"}], "Owner": {"ID": "o"}});
        assert_eq!(select("s3", "list_buckets", "Buckets", &answer), json!([{"Name": "b"}]));
        assert_eq!(select("s3", "list_buckets", "", &answer), answer);
        let answer = json!({"VpcConfig": {"SubnetIds": ["s"]}});
        assert_eq!(
            select("lambda", "get_function_configuration", "VpcConfig.SubnetIds", &answer),
            json!(["s"])
        );
    }

    #[test]
    fn a_key_that_the_answer_leaves_out_gives_nothing_of_its_kind() {
        assert_eq!(select("s3", "list_buckets", "Buckets", &json!({})), json!([]));
        assert_eq!(select("sqs", "get_queue_attributes", "Attributes", &json!({})), json!({}));
        assert_eq!(select("s3", "list_buckets", "Owner", &json!({})), json!(null));
        assert_eq!(
            select("lambda", "get_function_configuration", "VpcConfig.SubnetIds", &json!({"VpcConfig": {}})),
            json!([])
        );
    }

    #[test]
    fn a_key_inside_a_key_of_the_guide_works() {
        let answer = json!({"DistributionList": {"Items": [{"Id": "E1"}], "Quantity": 1}});
        let items = select("cloudfront", "list_distributions", "DistributionList.Items", &answer);
        assert_eq!(items, json!([{"Id": "E1"}]));
    }

    #[test]
    fn a_filter_gives_a_list_of_its_outputs() {
        let answer = json!({"Clusters": [{"Id": "j-1", "Name": "a"}, {"Id": "j-2", "Name": "b"}]});
        let names = select("emr", "list_clusters", ".Clusters[]|.Id, .Name", &answer);
        assert_eq!(names, json!(["j-1", "a", "j-2", "b"]));
    }

    #[test]
    fn unmistakable_filter_is_parsed_as_filter() {
        let answer = json!({"Buckets": [{"Name": "a"}, {"Name": "b"}], "Owner": {"ID": "o"}});
        for (filter, outputs) in [
            ("[.Buckets[].Name]", json!([["a", "b"]])),
            ("{owner: .Owner.ID}", json!([{"owner": "o"}])),
            ("(.Buckets[0], .Buckets[1]) | .Name", json!(["a", "b"])),
            ("\"\\(.Owner.ID)!\"", json!(["o!"])),
            ("@json \"\\(.Owner)\"", json!(["{\"ID\":\"o\"}"])),
            ("to_entries[] | .key", json!(["Buckets", "Owner"])),
            ("map_values(length)", json!([{"Buckets": 2, "Owner": 1}])),
            ("if .Owner then 1 else 2 end", json!([1])),
            ("reduce .Buckets[] as $b (\"\"; . + $b.Name)", json!(["ab"])),
            ("-(.Buckets | length)", json!([-2])),
            (" [ .Owner.ID ] ", json!([["o"]])),
        ] {
            assert_eq!(select("s3", "list_buckets", filter, &answer), outputs, "{filter}");
        }
    }

    #[test]
    fn a_mistake_in_what_can_only_be_a_filter_is_shown() {
        let complaint = |key| read("s3", "list_buckets", key).expect_err("no selection");
        assert_eq!(
            complaint("[.Buckets[].Name"),
            "the jq filter does not compile at character 1: `[` is never closed\n    [.Buckets[].Name\n    ^"
        );
        assert_eq!(
            complaint("Buckets | length"),
            "`Buckets | length` is not a key of the response; a jq filter starts with a dot: `.Buckets | length`"
        );
        assert!(
            complaint("lenght(.Buckets)").contains("there is no function `lenght` that takes 1 argument")
        );
        assert!(complaint("Buckets[?Name]").contains("JMESPath"));
    }

    #[test]
    fn a_wrong_key_is_told_the_nearest_one() {
        let complaint = |service, function, key| read(service, function, key).expect_err("no selection");
        assert_eq!(
            complaint("ec2", "describe_instances", "Reservation"),
            "there is no key `Reservation` in the response of DescribeInstances; did you mean `Reservations`?"
        );
        assert_eq!(
            complaint("s3", "list_buckets", "Buckets[].Name"),
            "`Buckets[].Name` is not a key of the response; a jq filter starts with a dot: `.Buckets[].Name`"
        );
        assert_eq!(
            complaint("s3", "list_buckets", "Everything"),
            "there is no key `Everything` in the response of ListBuckets; \
             its keys are `Buckets`, `Owner`, `ContinuationToken`, `Prefix`"
        );
        assert!(complaint("s3", "list_buckets", ".Buckets[").contains("does not compile"));
    }
}

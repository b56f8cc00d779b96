//! Several specs of one scan, merged into one document.
//!
//! The document has the form with `inventories`: each spec is one inventory, whose regions are those of the spec. So the
//! rules for names are the same: two calls of one service with the same name get different numbers.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::error::SpecError;

/// A spec to merge: its origin, and its document, which is valid.
pub(super) type NamedDocument = (String, Value);

/// Merges the documents of specs, which are valid one by one. A call that several of them make in the same regions is made
/// once.
///
/// # Errors
///
/// Returns an error if the specs exclude different regions: that would exclude regions of the other specs too.
pub(super) fn merge(documents: Vec<NamedDocument>) -> Result<Value, SpecError> {
    let (mut merged, mut excluded) = (MergedSpecs::default(), None::<(String, Value)>);
    for (origin, document) in documents {
        let mut members = match document {
            Value::Object(members) => members,
            calls => Map::from_iter([("calls".to_owned(), calls)]),
        };
        let own =
            members.remove("exclude_regions").filter(|regions| *regions != json!([])).unwrap_or(Value::Null);
        match &excluded {
            Some((other, regions)) if *regions != own => {
                return Err(SpecError::Unreadable(format!(
                    "{other} and {origin} have different `exclude_regions`: remove them, and use --exclude-regions"
                )));
            }
            _ => excluded = Some((origin.clone(), own)),
        }
        merged.add(members);
    }
    Ok(merged.document(excluded.map(|(_, regions)| regions).filter(|regions| !regions.is_null())))
}

/// The inventories of the merged document.
#[derive(Default)]
struct MergedSpecs {
    inventories: Vec<Value>,
    accepted_gaps: Vec<Value>,
    descriptions: Vec<String>,
    /// The calls that there are, with their regions.
    seen: HashSet<String>,
}

impl MergedSpecs {
    fn add(&mut self, mut members: Map<String, Value>) {
        if let Some(Value::Array(gaps)) = members.shift_remove("accepted_gaps") {
            self.accepted_gaps.extend(gaps);
        }
        if let Some(Value::String(description)) = members.shift_remove("description") {
            self.descriptions.push(description);
        }
        let regions = members.shift_remove("regions");
        if let Some(calls) = members.shift_remove("calls") {
            let inventory = Map::from_iter([("sheets".to_owned(), calls)]);
            return self.add_inventory(inventory, regions.as_ref());
        }
        // An older configuration of AWS Auto Inventory, which has one inventory or several.
        let is_list = |key: &&String| key.eq_ignore_ascii_case("inventories");
        match members.keys().find(is_list).cloned().and_then(|key| members.shift_remove(&key)) {
            Some(Value::Array(inventories)) => inventories.into_iter().for_each(|inventory| {
                if let Value::Object(inventory) = inventory {
                    self.add_inventory(inventory, regions.as_ref());
                }
            }),
            _ => self.add_inventory(members, regions.as_ref()),
        }
    }

    /// Adds an inventory without the calls that are there already.
    fn add_inventory(&mut self, mut inventory: Map<String, Value>, regions: Option<&Value>) {
        let has_aws = inventory.keys().any(|key| key.eq_ignore_ascii_case("aws"));
        if let Some(regions) = regions.filter(|_| !has_aws) {
            inventory.insert("aws".to_owned(), json!({ "region": regions }));
        }
        let aws =
            inventory.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws")).map(|(_, aws)| aws.to_string());
        let sheets = inventory.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case("sheets"));
        if let Some((_, Value::Array(sheets))) = sheets {
            sheets.retain(|sheet| self.seen.insert(format!("{sheet} {aws:?}")));
        }
        self.inventories.push(Value::Object(inventory));
    }

    fn document(self, excluded: Option<Value>) -> Value {
        let mut document = json!({ "inventories": self.inventories });
        if !self.descriptions.is_empty() {
            document["description"] = self.descriptions.join("; ").into();
        }
        if !self.accepted_gaps.is_empty() {
            document["accepted_gaps"] = self.accepted_gaps.into();
        }
        if let Some(excluded) = excluded {
            document["exclude_regions"] = excluded;
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::merge;
    use crate::model::catalog::Catalog;
    use crate::plan::spec::ScanSpec;

    fn merged(documents: &[Value]) -> ScanSpec {
        let catalog = Catalog::embedded().expect("the embedded catalog");
        let named =
            documents.iter().enumerate().map(|(index, document)| (format!("{index}.json"), document.clone()));
        let document = merge(named.collect()).expect("specs that fit together");
        ScanSpec::check(document, String::new(), "several", &catalog).expect("a spec")
    }

    fn buckets() -> Value {
        json!({"service": "s3", "function": "list_buckets"})
    }

    fn names(spec: &ScanSpec) -> Vec<&str> {
        spec.entries.iter().map(|entry| &*entry.name).collect()
    }

    #[test]
    fn calls_of_several_specs_have_different_names() {
        let prefixed = |prefix: &str| json!({"service": "sqs", "function": "list_queues", "parameters": {"QueueNamePrefix": prefix}});
        let named = |prefix: &str| {
            let mut queues = prefixed(prefix);
            queues["name"] = "Queues".into();
            json!([queues])
        };
        let spec = merged(&[named("a"), named("b"), json!([buckets(), prefixed("a")])]);
        assert_eq!(names(&spec), ["Queues", "Queues-2", "list_buckets", "list_queues"]);
        assert!(spec.notices.is_empty(), "{:?}", spec.notices);
    }

    #[test]
    fn same_call_of_several_specs_is_made_once() {
        let spec = merged(&[json!([buckets()]), json!({"calls": [buckets()], "description": "all"})]);
        assert_eq!(spec.entries.len(), 1);
        assert_eq!(spec.description.as_deref(), Some("all"));
        // In other regions, it is another call.
        let topics = json!({"service": "sns", "function": "list_topics"});
        let spec = merged(&[json!([topics]), json!({"calls": [topics], "regions": ["eu-west-1"]})]);
        assert_eq!(names(&spec), ["list_topics", "list_topics-2"]);
    }

    #[test]
    fn regions_of_a_spec_are_those_of_its_calls_alone() {
        let spec = merged(&[
            json!({"calls": [{"service": "sns", "function": "list_topics"}], "regions": ["eu-west-1"]}),
            json!({"sheets": [{"service": "sqs", "function": "list_queues"}], "aws": {"region": ["us-east-1"]}}),
            json!([buckets()]),
        ]);
        let regions: Vec<Option<String>> = spec
            .entries
            .iter()
            .map(|entry| entry.configured_regions.as_ref().map(|regions| regions[0].to_string()))
            .collect();
        assert_eq!(regions, [Some("eu-west-1".to_owned()), Some("us-east-1".to_owned()), None]);
        assert!(spec.regions.is_none());
    }

    #[test]
    fn specs_that_exclude_different_regions_are_an_error() {
        let excluding = |regions: Value| json!({"calls": [buckets()], "exclude_regions": regions});
        let of =
            |documents: [Value; 2]| merge(documents.map(|document| ("s.json".to_owned(), document)).into());
        let error = of([excluding(json!(["eu-west-1"])), json!([buckets()])]).expect_err("different regions");
        assert!(error.to_string().contains("use --exclude-regions"), "{error}");
        let merged =
            of([excluding(json!(["eu-west-1"])), excluding(json!(["eu-west-1"]))]).expect("equal regions");
        assert_eq!(merged["exclude_regions"], json!(["eu-west-1"]));
        assert!(of([excluding(json!([])), json!([buckets()])]).is_ok());
    }
}

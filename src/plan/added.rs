//! Parameters that are added to those of the spec, so that no region repeats the results of another one.

use serde_json::{Map, Value, json};

use crate::model::catalog::Function;

/// A parameter that is added.
struct Added {
    service: &'static str,
    operation: &'static str,
    parameter: &'static str,
    value: bool,
    /// The parameter is not added if one of these is given.
    unless: &'static [&'static str],
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers, and for the tests"))]
    source: &'static str,
}

const ADDED: &[Added] = &[Added {
    service: "cloudtrail",
    operation: "DescribeTrails",
    parameter: "includeShadowTrails",
    value: false,
    unless: &["trailNameList"],
    source: "a trail of all regions, or of the organization, is repeated in every region unless it is false \
             (botocore: cloudtrail, DescribeTrailsRequest)",
}];

/// Adds the parameters that restrict a call's response to one region.
pub fn added_parameters(function: &Function, parameters: &mut Map<String, Value>) {
    let (service, operation) = (&*function.service().name, &*function.operation().name);
    let rows = ADDED.iter().filter(|row| row.service == service && row.operation == operation);
    for row in rows {
        let is_given = |name: &&str| parameters.contains_key(*name);
        if !is_given(&row.parameter) && !row.unless.iter().any(is_given) {
            parameters.insert(row.parameter.to_owned(), json!(row.value));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{ADDED, added_parameters};
    use crate::model::catalog::{Catalog, Function};

    fn with_added(parameters: &Value) -> Value {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service("cloudtrail").expect("loads").expect("exists");
        let function = Function::find(&service, "describe_trails").expect("exists");
        let mut parameters: Map<String, Value> = parameters.as_object().expect("an object").clone();
        added_parameters(&function, &mut parameters);
        parameters.into()
    }

    #[test]
    fn a_trail_is_described_in_its_home_region() {
        assert_eq!(with_added(&json!({})), json!({"includeShadowTrails": false}));
    }

    #[test]
    fn parameters_of_spec_are_kept() {
        for given in [json!({"includeShadowTrails": true}), json!({"trailNameList": ["audit"]})] {
            assert_eq!(with_added(&given), given);
        }
    }

    #[test]
    fn every_row_names_parameters_that_exist() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        for row in ADDED {
            let service = catalog.service(row.service).expect("loads").expect(row.service);
            let operation =
                service.operations.iter().find(|its| &*its.name == row.operation).expect("exists");
            let input = service.input(operation).expect("parameters");
            for name in row.unless.iter().chain([&row.parameter]) {
                assert!(input.member(name).is_some(), "{} {name}", row.operation);
            }
            assert!(!row.source.is_empty());
        }
    }
}

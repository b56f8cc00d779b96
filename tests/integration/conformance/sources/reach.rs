//! How many functions can be called, and which that other tools call cannot.

use aws_auto_inventory::model::catalog::function_name;

use super::SOURCES;

/// Functions that table plugins call, in the spelling of the API: a sample.
const SAMPLE: &str = include_str!("../classes/depth-sample.txt");

#[test]
fn most_functions_with_required_parameters_are_reached() {
    let mut reached = 0;
    for (name, (service, _)) in &SOURCES.services {
        let needy = service
            .operations
            .iter()
            .filter(|operation| service.required_parameters(operation).next().is_some());
        reached += needy.filter(|operation| SOURCES.reaches(name, &operation.function)).count();
    }
    assert!(reached >= 4_400, "{reached} functions are reached");
}

#[test]
fn functions_that_other_tools_call_are_reached() {
    let names = || SAMPLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let missing: Vec<&str> = names()
        .filter(|name| {
            let (service, operation) = name.split_once(':').expect("a service and an operation");
            !SOURCES.reaches(service, &function_name(operation))
        })
        .collect();
    assert_eq!(missing, ["codedeploy:ListTagsForResource"], "of {} functions", names().count());
}

#[test]
fn every_function_without_source_has_a_reason() {
    for (service, operation) in SOURCES.all() {
        let has_source = !operation.sources.is_empty();
        assert_eq!(has_source, operation.missing.is_none(), "{service} {}", operation.function);
    }
}

//! Tests of deep specs of the embedded catalog.

mod coverage;
mod samples;
mod start;

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::{DeepScan, deep_calls_for, everything, expand};
use crate::model::catalog::{Catalog, Service};
use crate::plan::spec::ScanSpec;

pub(super) static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("a catalog"));

pub(super) const HISTORY: DeepScan = DeepScan { history: true, depth: None };

fn service(name: &str) -> Arc<Service> {
    CATALOG.service(name).expect("loads").expect("exists")
}

fn calls(name: &str, scan: DeepScan) -> Vec<Value> {
    deep_calls_for(&CATALOG, &[service(name)], scan).expect("a catalog in order")
}

/// Returns the calls of a function at any depth.
fn find<'calls>(calls: &'calls [Value], function: &str) -> Vec<&'calls Value> {
    let mut found = Vec::new();
    for call in calls {
        if call["function"] == function {
            found.push(call);
        }
        found.extend(find(call["each"].as_array().map_or(&[], Vec::as_slice), function));
    }
    found
}

/// Returns all functions that a spec calls, with their services.
pub(super) fn functions(calls: &[Value], parent: &str, found: &mut HashSet<(String, String)>) {
    for call in calls {
        let service = call["service"].as_str().unwrap_or(parent);
        found.insert((service.to_owned(), call["function"].as_str().expect("a function").to_owned()));
        functions(call["each"].as_array().map_or(&[], Vec::as_slice), service, found);
    }
}

#[test]
fn spec_of_all_details_loads_with_nothing_skipped() {
    for scan in [DeepScan::CONFIGURATION, HISTORY] {
        let text = everything(&CATALOG, scan).expect("a catalog in order");
        let spec = ScanSpec::parse(&text, "deep", &CATALOG).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((spec.skipped.len(), spec.notices.len()), (0, 0), "{:?}", spec.notices);
    }
}

#[test]
fn details_of_tables_are_called_for_each_table() {
    let calls = calls("dynamodb", DeepScan::CONFIGURATION);
    let [describe] = &find(&calls, "describe_table")[..] else { panic!("{calls:#?}") };
    assert_eq!(describe["over"], ".TableNames[]?");
    assert_eq!(describe["parameters"], json!({"TableName": "{.}"}));
    let below = describe["each"].as_array().expect("the calls for each table");
    let [tags] = &find(below, "list_tags_of_resource")[..] else { panic!("{below:#?}") };
    assert_eq!(tags["over"], ".Table.TableArn | values");
}

/// AWS Organizations has five levels of organizational units below a root.
#[test]
fn tree_of_units_is_listed_to_its_full_depth() {
    let calls = calls("organizations", DeepScan::CONFIGURATION);
    let mut units = find(&calls, "list_roots");
    let mut levels = 0;
    while let [list] = &units[..] {
        let each = list["each"].as_array().map_or(&[][..], Vec::as_slice);
        let is_units = |call: &&Value| call["function"] == "list_organizational_units_for_parent";
        units = each.iter().filter(is_units).collect();
        levels += units.len();
    }
    assert_eq!(levels, 5);
    assert_eq!(find(&calls, "list_accounts_for_parent").len(), 1 + 5);
}

#[test]
fn filter_of_the_items_stands_in_the_path() {
    let calls = calls("ecs", DeepScan::CONFIGURATION);
    let [express] = &find(&calls, "describe_express_gateway_service")[..] else { panic!("{calls:#?}") };
    let is_express = "select(.resourceManagementType == \"ECS\")";
    assert_eq!(express["over"], format!(".services[]? | {is_express} | .serviceArn | values"));
}

/// Packages of some formats have no namespace; the formats are needed for all.
#[test]
fn optional_parameters_may_be_missing_in_items() {
    let calls = calls("codeartifact", DeepScan::CONFIGURATION);
    let [package] = &find(&calls, "describe_package")[..] else { panic!("{calls:#?}") };
    let over = package["over"].as_str().expect("a filter");
    assert!(over.contains("format: (.format | values)") && over.contains("namespace: .namespace"), "{over}");
    assert_eq!(package["parameters"]["namespace"], "{.namespace}");
}

#[test]
fn parameters_of_calls_above_are_passed_on() {
    let calls = calls("ecs", DeepScan::CONFIGURATION);
    let [services] = &find(&calls, "describe_services")[..] else { panic!("{calls:#?}") };
    assert_eq!(services["parameters"]["cluster"], "{.cluster}");
    assert_eq!(services["batch"], 10);
}

/// The revision is a number in the list of configurations, and a text in the path of the request.
#[test]
fn numbers_are_passed_as_texts_where_these_are_needed() {
    let calls = calls("mq", DeepScan::CONFIGURATION);
    let [revision] = &find(&calls, "describe_configuration_revision")[..] else { panic!("{calls:#?}") };
    assert_eq!(
        revision["parameters"],
        json!({
            "ConfigurationId": "{.ConfigurationId}",
            "ConfigurationRevision": "{.ConfigurationRevision | tostring}"
        })
    );
}

#[test]
fn tags_are_called_for_the_reviewed_kind_only() {
    let calls = calls("dynamodb", HISTORY);
    let [tags] = &find(&calls, "list_tags_of_resource")[..] else { panic!("{calls:#?}") };
    assert_eq!(tags["over"], ".Table.TableArn | values");
}

#[test]
fn depth_limits_child_calls_below_each_other() {
    let depth = |depth| calls("apigateway", DeepScan { history: false, depth: Some(depth) });
    assert!(find(&depth(0), "get_resources").is_empty());
    assert_eq!(find(&depth(1), "get_resources").len(), 1);
    assert!(find(&depth(1), "get_integration").is_empty());
}

#[test]
fn own_child_calls_of_a_spec_are_kept() {
    let own = json!([{"service": "dynamodb", "function": "ListTables", "each": [
        {"over": ".TableNames[]", "function": "DescribeTable", "parameters": {"TableName": "{.}"}}
    ]}]);
    let deep = expand(own.clone(), &CATALOG, DeepScan::CONFIGURATION).expect("a catalog in order");
    let calls = deep.as_array().expect("calls");
    assert_eq!(find(calls, "describe_table").len(), 0);
    assert_eq!(calls[0]["each"][0], own[0]["each"][0]);
    assert_eq!(find(calls, "describe_continuous_backups").len(), 1);
}

/// Configurations of AWS Auto Inventory have their calls in sheets.
#[test]
fn sheets_of_older_configurations_get_child_calls() {
    let sheet = || json!({"name": "Tables", "service": "dynamodb", "function": "list_tables"});
    let oldest = json!({"name": "all", "Sheets": [sheet()]});
    let older = json!({"sheets": [sheet()], "inventories": [{"name": "all", "sheets": [sheet()]}]});
    for document in [oldest, older] {
        let deep = expand(document, &CATALOG, DeepScan::CONFIGURATION).expect("a catalog in order");
        let spec = ScanSpec::check(deep, String::new(), "the test", &CATALOG).expect("a spec");
        let children = spec.entries[0].each.iter().map(|child| child.function.name());
        assert!(children.clone().any(|function| function == "describe_table"), "{children:?}");
        assert_eq!(spec.notices, [""; 0]);
    }
}

#[test]
fn deep_specs_call_what_plugins_call() {
    let sample = include_str!("../../../../../tests/integration/conformance/classes/depth-sample.txt");
    let share = |scan| {
        let calls = deep_calls_for(&CATALOG, &[], scan).expect("a catalog in order");
        let mut called = HashSet::new();
        functions(&calls, "", &mut called);
        let wanted: Vec<_> =
            sample.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        let missing: Vec<_> = wanted
            .iter()
            .filter(|line| {
                let (service, function) = line.split_once(':').expect("a service and a function");
                !called.contains(&(service.to_owned(), crate::model::catalog::function_name(function)))
            })
            .collect();
        let share = (wanted.len() - missing.len()) * 1000 / wanted.len();
        (share, format!("{missing:?}"))
    };
    let (configuration, history) = (share(DeepScan::CONFIGURATION), share(HISTORY));
    assert!(configuration.0 >= 850, "{configuration:?}");
    assert!(history.0 >= 980, "{history:?}");
}

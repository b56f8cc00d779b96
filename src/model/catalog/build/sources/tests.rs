//! Tests of the derivation with small models.

use serde_json::{Value, json};

use super::derive;
use crate::model::catalog::build::model::{Model, Paginators};
use crate::model::catalog::build::source::ServiceFiles;
use crate::model::catalog::build::translate;
use crate::model::catalog::{CallSource, MissingSource, OperationSources, ParameterOrigin};

/// Derives the sources of a service with these operations: name, members of the request (`!` is required), members of
/// the response.
fn sources(operations: &Value, shapes: &Value) -> Vec<OperationSources> {
    let mut model = json!({
        "metadata": {"protocol": "json", "endpointPrefix": "x", "targetPrefix": "X", "jsonVersion": "1.1"},
        "operations": {}, "shapes": {"String": {"type": "string"}}
    });
    for (name, shape) in shapes.as_object().expect("shapes") {
        model["shapes"][name] = shape.clone();
    }
    for (name, operation) in operations.as_object().expect("operations") {
        let (input, output) = (format!("{name}Request"), format!("{name}Response"));
        model["operations"][name] =
            json!({"name": name, "input": {"shape": input}, "output": {"shape": output}});
        model["shapes"][&input] = structure(&operation[0]);
        model["shapes"][&output] = structure(&operation[1]);
    }
    let model: Model = serde_json::from_value(model).expect("a model");
    let files = ServiceFiles {
        name: "x".to_owned(),
        model,
        paginators: Paginators::default(),
        endpoint_rules: "{}".to_owned(),
    };
    let service = translate::translate(&files, |_, _| true).expect("a service");
    derive(&service, &files.model).sources.operations
}

fn structure(members: &Value) -> Value {
    let mut structure = json!({"type": "structure", "members": {}, "required": []});
    for (name, shape) in members.as_object().expect("members") {
        let name = match name.strip_suffix('!') {
            Some(name) => {
                structure["required"].as_array_mut().expect("names").push(name.into());
                name
            }
            None => name,
        };
        structure["members"][name] = json!({"shape": shape});
    }
    structure
}

fn list_of(shape: &str) -> Value {
    json!({"type": "list", "member": {"shape": shape}})
}

/// Returns the only source of a function.
#[track_caller]
fn source<'sources>(operations: &'sources [OperationSources], function: &str) -> &'sources CallSource {
    let found = operations.iter().find(|operation| *operation.function == *function);
    match found.map(|operation| &*operation.sources) {
        Some([source]) => source,
        other => panic!("{function} has {other:?}"),
    }
}

#[track_caller]
fn origin<'source>(source: &'source CallSource, parameter: &str) -> &'source ParameterOrigin {
    let given = source.parameters.iter().find(|given| given.path.join(".") == parameter);
    &given.unwrap_or_else(|| panic!("no {parameter} in {source:?}")).origin
}

fn parent(source: &CallSource) -> String {
    source.parent.as_ref().map(|parent| format!("{} {}", parent.function, parent.items)).unwrap_or_default()
}

fn item(field: &str) -> ParameterOrigin {
    let path = field.split('.').filter(|name| !name.is_empty());
    ParameterOrigin::Item { levels: 0, field: path.map(Into::into).collect() }
}

#[test]
fn list_has_the_identifiers_of_descriptions() {
    let found = sources(
        &json!({
            "ListThings": [{}, {"things": "Things"}],
            "ListOthers": [{}, {"others": "Others"}],
            "DescribeThing": [{"ThingName!": "String"}, {"state": "String"}]
        }),
        &json!({
            "Things": list_of("Thing"), "Thing": structure(&json!({"Name": "String", "State": "String"})),
            "Others": list_of("Other"), "Other": structure(&json!({"Name": "String", "ThingName": "String"}))
        }),
    );
    let source = source(&found, "describe_thing");
    assert_eq!(parent(source), "list_things things[]");
    assert_eq!(origin(source, "ThingName"), &item("Name"));
}

/// A call for one parameter per item, and another that the list was called with.
#[test]
fn parameters_come_from_item_and_call_above() {
    let found = sources(
        &json!({
            "ListClusters": [{}, {"clusterArns": "Strings"}],
            "ListServices": [{"cluster!": "String"}, {"serviceArns": "Strings"}],
            "DescribeServices": [{"cluster!": "String", "services!": "TenStrings"}, {"services": "Strings"}]
        }),
        &json!({"Strings": list_of("String"),
            "TenStrings": {"type": "list", "member": {"shape": "String"}, "max": 10}}),
    );
    let source = source(&found, "describe_services");
    assert_eq!(parent(source), "list_services serviceArns[]");
    assert_eq!(origin(source, "services"), &item(""));
    let above = ParameterOrigin::Input { levels: 1, parameter: vec!["cluster".into()] };
    assert_eq!(origin(source, "cluster"), &above);
    assert_eq!(source.batch, Some(10));
}

#[test]
fn word_of_the_list_is_not_multiplied() {
    let found = sources(
        &json!({
            "ListRules": [{"Scope!": "Scope"}, {"Rules": "Rules"}],
            "GetRule": [{"Scope!": "Scope", "RuleId!": "String"}, {"Text": "String"}]
        }),
        &json!({
            "Scope": {"type": "string", "enum": ["REGIONAL", "GLOBAL"]},
            "Rules": list_of("Rule"), "Rule": structure(&json!({"RuleId": "String"}))
        }),
    );
    let each = ParameterOrigin::Enumeration(vec!["REGIONAL".into(), "GLOBAL".into()]);
    assert_eq!(origin(source(&found, "list_rules"), "Scope"), &each);
    let above = ParameterOrigin::Input { levels: 1, parameter: vec!["Scope".into()] };
    assert_eq!(origin(source(&found, "get_rule"), "Scope"), &above);
}

#[test]
fn tags_are_those_of_every_list_with_arns() {
    let found = sources(
        &json!({
            "ListKeys": [{}, {"Keys": "Keys"}],
            "ListRings": [{}, {"Rings": "Rings"}],
            "ListNames": [{}, {"Names": "Names"}],
            "ListTagsForResource": [{"ResourceArn!": "String"}, {"Tags": "Names"}]
        }),
        &json!({
            "Keys": list_of("Key"), "Key": structure(&json!({"KeyArn": "String"})),
            "Rings": list_of("Ring"), "Ring": structure(&json!({"Arn": "String"})),
            "Names": list_of("String")
        }),
    );
    let tags = found.iter().find(|operation| &*operation.function == "list_tags_for_resource");
    let parents: Vec<String> = tags.expect("sources").sources.iter().map(parent).collect();
    assert_eq!(parents, ["list_keys Keys[]", "list_rings Rings[]"]);
}

/// Returns the parents of the only operation that returns tags.
fn tagged(operations: &Value, shapes: &Value) -> Vec<String> {
    let found = sources(operations, shapes);
    let tags = found.iter().find(|operation| &*operation.function == "list_tags_for_resource");
    tags.expect("sources").sources.iter().map(parent).collect()
}

#[test]
fn tags_are_those_of_resources_that_are_created_with_tags() {
    let parents = tagged(
        &json!({
            "ListKeys": [{}, {"Keys": "Keys"}], "CreateKey": [{"Tags": "Strings"}, {}],
            "ListRings": [{}, {"Rings": "Rings"}], "CreateRing": [{"Name": "String"}, {}],
            "ListTagsForResource": [{"ResourceArn!": "String"}, {"Tags": "Strings"}]
        }),
        &json!({
            "Keys": list_of("Key"), "Key": structure(&json!({"KeyArn": "String"})),
            "Rings": list_of("Ring"), "Ring": structure(&json!({"Arn": "String"})),
            "Strings": list_of("String")
        }),
    );
    assert_eq!(parents, ["list_keys Keys[]"]);
}

#[test]
fn description_has_the_arn_that_the_list_lacks() {
    let parents = tagged(
        &json!({
            "ListKeys": [{}, {"Keys": "Keys"}], "CreateKey": [{"Tags": "Strings"}, {}],
            "GetKey": [{"KeyName!": "String"}, {"KeyArn": "String", "State": "String"}],
            "ListTagsForResource": [{"ResourceArn!": "String"}, {"Tags": "Strings"}]
        }),
        &json!({
            "Keys": list_of("Key"), "Key": structure(&json!({"KeyName": "String"})),
            "Strings": list_of("String")
        }),
    );
    assert_eq!(parents, ["get_key "]);
}

/// A second version of a list has the items that a second version of their description is about.
#[test]
fn list_of_the_same_version_is_chosen() {
    let found = sources(
        &json!({
            "ListAnalyzers": [{}, {"analyzers": "Analyzers"}],
            "ListFindings": [{"analyzerArn!": "String"}, {"findings": "Findings"}],
            "ListFindingsV2": [{"analyzerArn!": "String"}, {"findings": "Findings"}],
            "GetFindingV2": [{"analyzerArn!": "String", "id!": "String"}, {"Text": "String"}]
        }),
        &json!({
            "Analyzers": list_of("Analyzer"), "Analyzer": structure(&json!({"arn": "String"})),
            "Findings": list_of("Finding"), "Finding": structure(&json!({"id": "String"}))
        }),
    );
    assert_eq!(parent(source(&found, "get_finding_v2")), "list_findings_v2 findings[]");
}

#[test]
fn pattern_of_arns_excludes_ids() {
    let found = sources(
        &json!({
            "ListRooms": [{}, {"rooms": "Rooms"}],
            "GetRoom": [{"identifier!": "RoomIdentifier"}, {"Text": "String"}]
        }),
        &json!({
            "RoomIdentifier": {"type": "string", "pattern": "arn:aws:chat:.*"},
            "Rooms": list_of("Room"), "Room": structure(&json!({"id": "String", "arn": "String"}))
        }),
    );
    assert_eq!(origin(source(&found, "get_room"), "identifier"), &item("arn"));
}

/// A structure further down belongs to something else than the item.
#[test]
fn structure_is_taken_from_the_item_itself() {
    let found = sources(
        &json!({
            "ListReports": [{}, {"reports": "Reports"}],
            "GetCost": [{"TimePeriod!": "Period"}, {"Text": "String"}]
        }),
        &json!({
            "Period": structure(&json!({"Text": "String"})),
            "Reports": list_of("Report"), "Report": structure(&json!({"Settings": "Settings"})),
            "Settings": structure(&json!({"LookBack": "Period"}))
        }),
    );
    let missing = found.iter().find(|operation| &*operation.function == "get_cost");
    assert!(missing.expect("the operation").missing.is_some(), "{missing:?}");
}

#[test]
fn words_of_the_item_are_not_multiplied() {
    let word = |words: &[&str]| json!({"type": "string", "enum": words});
    let found = sources(
        &json!({
            "ListFlows": [{}, {"flows": "Flows"}],
            "GetFlow": [{"flowId!": "String", "kind!": "Kind", "state!": "State"}, {"Text": "String"}]
        }),
        &json!({
            "Kind": word(&["A", "B"]), "ListedKind": word(&["A", "B", "C"]),
            "State": word(&["ON", "OFF"]), "ListedState": word(&["NEW", "OLD"]),
            "Flows": list_of("Flow"),
            "Flow": structure(&json!({"flowId": "String", "kind": "ListedKind", "state": "ListedState"}))
        }),
    );
    let source = source(&found, "get_flow");
    assert_eq!(origin(source, "kind"), &item("kind"));
    let each = ParameterOrigin::Enumeration(vec!["ON".into(), "OFF".into()]);
    assert_eq!(origin(source, "state"), &each);
}

#[test]
fn free_text_is_named_as_missing() {
    let found = sources(
        &json!({
            "ListThings": [{}, {"things": "Strings"}],
            "SearchThings": [{"QueryString!": "String"}, {"things": "Strings"}]
        }),
        &json!({"Strings": list_of("String")}),
    );
    let missing = found.iter().find_map(|operation| operation.missing.clone());
    assert_eq!(missing, Some(MissingSource::FreeText("QueryString".into())));
}

#[test]
fn account_and_times_need_no_list() {
    let found = sources(
        &json!({"GetReport": [
            {"AccountId!": "String", "StartTime!": "Time", "EndTime!": "Time"}, {"Text": "String"}
        ]}),
        &json!({"Time": {"type": "timestamp"}}),
    );
    let source = source(&found, "get_report");
    assert_eq!(origin(source, "AccountId"), &ParameterOrigin::Account);
    assert_eq!(origin(source, "StartTime"), &ParameterOrigin::Now { days: -30 });
    assert_eq!(origin(source, "EndTime"), &ParameterOrigin::Now { days: 0 });
}

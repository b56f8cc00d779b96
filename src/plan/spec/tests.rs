//! Specs from text to entries.

use serde_json::{Value, json};

use super::{ScanSpec, SkipReason, SpecError};
use crate::model::catalog::Catalog;
use crate::plan::spec::placeholder::tests::with_values;

fn parse(document: &Value) -> Result<ScanSpec, SpecError> {
    let catalog = Catalog::embedded().expect("a catalog");
    ScanSpec::parse(&document.to_string(), "scan.json", &catalog)
}

fn spec(document: &Value) -> ScanSpec {
    parse(document).unwrap_or_else(|error| panic!("{error}"))
}

fn complaint(document: &Value) -> String {
    parse(document).expect_err("something wrong").to_string()
}

#[test]
fn a_spec_of_aws_auto_inventory_loads() {
    let spec = spec(&json!([
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservations",
         "parameters": {"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]}},
        {"service": "s3", "function": "list_buckets", "result_key": "Buckets"},
        {"function": "list_clusters", "parameters": {"ClusterStates": ["WAITING"]},
         "result_key": ".Clusters[]|.Id, .Name", "service": "emr"},
    ]));
    let names: Vec<_> = spec.entries.iter().map(|entry| entry.function.to_string()).collect();
    assert_eq!(names, ["ec2 describe_instances", "s3 list_buckets", "emr list_clusters"]);
    assert_eq!(spec.entries[0].parameters["Filters"][0]["Values"], json!(["running"]));
    assert!(spec.entries.iter().all(|entry| entry.paginate && entry.each.is_empty()));
    assert_eq!((spec.skipped.len(), spec.notices.len()), (0, 0));
    assert_eq!(spec.hash.len(), 64);
}

#[test]
fn no_entry_overwrites_another() {
    let call = json!({"service": "ec2", "function": "describe_instances"});
    let taken = json!({"service": "ec2", "function": "describe_instances", "name": "describe_instances-2"});
    let other = json!({"service": "rds", "function": "describe_db_instances"});
    let spec = spec(&json!([call, call, call, taken, other]));
    let names: Vec<_> = spec.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "describe_instances",
            "describe_instances-3",
            "describe_instances-4",
            "describe_instances-2",
            "describe_db_instances"
        ]
    );
}

#[test]
fn a_name_is_given_once_and_is_safe_in_a_path() {
    let call = |name: &str| json!({"service": "s3", "function": "list_buckets", "name": name});
    assert!(complaint(&json!([call("a"), call("a")])).contains("the name `a` is used by another call"));
    for name in ["../x", "a\\b", "", ".hidden", "a\nb"] {
        assert!(complaint(&json!([call(name)])).contains("`name`"), "{name}");
    }
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let text = complaint(&json!([
        {"service": "ec2", "function": "describe_instance"},
        {"service": "s3", "function": "delete_bucket"},
        {"service": "ec3", "function": "describe_instances"},
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservation",
         "parameters": {"Filter": []}},
        {"service": "s3", "function": "list_buckets", "result_key": ".Buckets[] | .Name |"},
    ]));
    let expected = "\
scan.json has 6 problems:
  entry 1 (ec2 describe_instance): ec2 has no function `describe_instance`; did you mean `describe_instances`?
  entry 2 (s3 delete_bucket): `delete_bucket` is not a read operation; scan only calls read operations: functions that \
start with list, describe, get, batch_get, search and similar verbs
  entry 3 (ec3 describe_instances): unknown service `ec3`; did you mean `ec2`, `ecr` or `ecs`?
  entry 4 (ec2 describe_instances): parameter `Filter`: no such member; did you mean `Filters`?
  entry 4 (ec2 describe_instances): `result_key`: there is no key `Reservation` in the response of \
DescribeInstances; did you mean `Reservations`?
  entry 5 (s3 list_buckets): `result_key`: the jq filter does not compile at character 21: expected term
      .Buckets[] | .Name |
                          ^";
    assert_eq!(text, expected);
}

#[test]
fn uncallable_entry_is_skipped_with_reason() {
    let spec = spec(&json!([
        {"service": "dynamodb", "function": "list_tables"},
        {"service": "dynamodb", "function": "describe_table"},
        {"service": "dynamodb", "function": "describe_backup"},
        {"service": "dynamodb", "function": "get_paginator"},
        {"service": "sts", "function": "GetSessionToken", "regions": ["us-east-1"]},
    ]));
    assert_eq!(spec.entries.len(), 1);
    assert_eq!(spec.skipped[0].reason, SkipReason::AbsentParameters(vec!["TableName".to_owned()]));
    assert_eq!(spec.skipped[2].reason, SkipReason::Helper);
    assert_eq!(spec.skipped[3].function, "get_session_token");
    assert!(spec.skipped[3].regions.is_some());
    assert_eq!(
        spec.notices,
        [
            "2 entries are skipped, such as dynamodb describe_table (missing required parameters: TableName)",
            "1 entry is skipped: dynamodb get_paginator (a helper method of boto3, not an API call)",
            "1 entry is skipped: sts get_session_token (excluded from inventories: credential: AWS credentials)",
        ]
    );
}

/// A spec of which no call remains is an error, unless its entries are helpers or retired.
#[test]
fn empty_spec_is_error_where_calls_were_wanted() {
    let helper = json!({"service": "s3", "function": "get_waiter"});
    let retired = json!({"service": "qldb", "function": "list_ledgers"});
    for (service, function, reason) in [
        ("sts", "get_session_token", "excluded from inventories: credential: AWS credentials"),
        ("dynamodb", "describe_table", "missing required parameters: TableName"),
        (
            "quicksight",
            "list_data_sets",
            "missing required parameters: AwsAccountId (\"AwsAccountId\": \"{account}\" is the scanned account)",
        ),
        ("sdb", "list_domains", "the service only supports the outdated signature version 2"),
        ("waf", "get_change_token", "not a read operation: it creates a token for a change"),
    ] {
        let call = json!({"service": service, "function": function});
        let message =
            format!("scan.json: nothing is left to call: {service} {function} is skipped ({reason})");
        assert_eq!(complaint(&json!([call])), message);
        assert_eq!(complaint(&json!([helper, call])), format!("{message}, and so is 1 other"));
        let mixed = json!([retired, helper, call]);
        assert_eq!(complaint(&mixed), format!("{message}, and so are 2 others"));
    }
    assert_eq!(complaint(&json!([])), "scan.json: the list of calls is empty");
    let unknown = json!([helper, {"service": "s3", "function": "list_bukets"}]);
    assert!(complaint(&unknown).contains("did you mean `list_buckets`?"));
}

#[test]
fn spec_of_helpers_and_retired_functions_loads_empty() {
    let helper = json!({"service": "s3", "function": "get_waiter"});
    let retired = json!({"service": "qldb", "function": "list_ledgers"});
    let its_function = json!({"service": "chime", "function": "list_meetings"});
    for entries in [json!([helper]), json!([retired]), json!([its_function]), json!([helper, retired])] {
        let spec = spec(&entries);
        assert_eq!((spec.entries.len(), spec.skipped.len()), (0, entries.as_array().expect("a list").len()));
        let last = spec.notices.last().expect("a notice");
        assert_eq!(
            last,
            "nothing is left to call: its entries are helper methods of boto3, or retired by AWS"
        );
    }
}

#[test]
fn settings_for_the_run_and_for_an_entry_are_kept() {
    let spec = spec(&json!({
        "$schema": "scan.schema.json", "version": 1, "description": "small", "regions": ["eu-west-1", "eu-west-1"],
        "exclude_regions": ["eu-west-2"],
        "calls": [{"service": "ec2", "function": "describe_images", "parameters": {"Owners": ["self"]},
                   "regions": ["us-east-1"], "paginate": false, "max_items": 10, "name": "images"}],
    }));
    let entry = &spec.entries[0];
    assert_eq!((entry.name.as_str(), entry.paginate, entry.max_items), ("images", false, Some(10)));
    assert_eq!(entry.regions.as_ref().expect("regions")[0].as_str(), "us-east-1");
    assert_eq!(spec.regions.expect("regions").len(), 1);
    assert_eq!((spec.exclude_regions.len(), spec.description.as_deref()), (1, Some("small")));
}

#[test]
fn children_are_called_for_the_items_of_the_answer() {
    let spec = spec(&json!([{
        "service": "ecs", "function": "list_clusters", "result_key": "clusterArns",
        "each": [{
            "over": ".clusterArns[]", "function": "list_services", "parameters": {"cluster": "{.}"},
            "each": [{
                "over": ".serviceArns as $all | range(0; $all | length; 10) \
                         | {cluster: $item, services: $all[.:. + 10]}",
                "function": "describe_services", "result_key": "services",
                "parameters": {"cluster": "{.cluster}", "services": "{.services}", "include": ["TAGS"]},
            }],
        }],
    }]));
    let services = &spec.entries[0].each[0];
    assert_eq!(services.name, "list_services");
    let items = services.items(&json!({"clusterArns": ["c1", "c2"]}), &Value::Null).expect("items");
    assert_eq!(items, [json!("c1"), json!("c2")]);
    assert_eq!(
        Value::Object(with_values(|values| services.parameters(&items[0], values)).expect("parameters")),
        json!({"cluster": "c1"})
    );
    let details = &services.each[0];
    let arns: Vec<_> = (0..12).map(|number| format!("s{number}")).collect();
    let batches = details.items(&json!({"serviceArns": arns}), &items[0]).expect("items");
    assert_eq!(batches.len(), 2);
    assert_eq!(
        Value::Object(with_values(|values| details.parameters(&batches[1], values)).expect("parameters")),
        json!({"cluster": "c1", "services": ["s10", "s11"], "include": ["TAGS"]})
    );
}

#[test]
fn a_child_is_checked_like_an_entry() {
    let child = |child: Value| {
        complaint(&json!([{"service": "dynamodb", "function": "list_tables", "each": [child]}]))
    };
    for (wrong, message) in [
        (
            json!({"over": ".TableNames[]", "function": "describe_table"}),
            "each 1 (describe_table): the required parameter `TableName` is missing",
        ),
        (
            json!({"over": ".TableNames[", "function": "describe_table", "parameters": {"TableName": "{.}"}}),
            "each 1 (describe_table): `over`: the jq filter does not compile",
        ),
        (
            json!({"over": ".", "function": "describe_table", "parameters": {"TableName": "{.|}"}}),
            "each 1 (describe_table): parameter `TableName`: the jq filter does not compile",
        ),
        (
            json!({"over": ".", "function": "describe_table", "parameters": {"TableName": 3}}),
            "each 1 (describe_table): parameter `TableName`: must be a string, not the number 3",
        ),
        (
            json!({"over": ".", "function": "delete_table", "parameters": {"TableName": "{.}"}}),
            "scan only calls read operations",
        ),
        (
            json!({"over": ".", "function": "scan", "parameters": {"TableName": "{.}"}}),
            "it cannot be called: excluded from inventories: bulk data",
        ),
        (
            json!({"over": ".", "service": "s3", "function": "get_bucket_location", "regions": ["us-east-1"]}),
            "unknown key `regions`",
        ),
    ] {
        let text = child(wrong);
        assert!(text.contains(message), "{message}\n{text}");
    }
}

/// A value of an item that does not fit a parameter is an error of that item alone.
#[test]
fn item_value_of_wrong_type_is_error_of_that_item() {
    let spec = spec(&json!([{
        "service": "dynamodb", "function": "list_tables",
        "each": [{"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.Name}"}}],
    }]));
    let child = &spec.entries[0].each[0];
    assert!(with_values(|values| child.parameters(&json!({"Name": "t"}), values)).is_ok());
    for (item, message) in [
        (json!({"Name": 3}), "an invalid value for the parameter `TableName`: must be a string"),
        (json!({}), "no value for the parameter `TableName`"),
        (json!("t"), "cannot index a string"),
    ] {
        let error = with_values(|values| child.parameters(&item, values)).expect_err("an error").to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn a_spec_of_every_function_of_every_service_loads() {
    let catalog = Catalog::embedded().expect("a catalog");
    let mut calls = Vec::new();
    for entry in catalog.entries() {
        let service = catalog.service(&entry.name).expect("loads").expect("exists");
        let functions = service.operations.iter().map(|operation| &*operation.function);
        calls.extend(
            functions
                .chain(["get_paginator", "get_waiter"])
                .map(|function| json!({"service": entry.name, "function": function})),
        );
    }
    let count = calls.len();
    let spec = spec(&Value::Array(calls));
    assert_eq!(spec.entries.len() + spec.skipped.len(), count);
    assert!(spec.entries.len() > 2_000, "{}", spec.entries.len());
    assert_eq!(spec.notices.len(), 3, "{:?}", spec.notices);
}

#[test]
fn boto3s_other_name_for_a_parameter_works() {
    let filters = r#"[{"Name": "state", "Values": ["available"]}]"#;
    for name in ["Filter", "Filters"] {
        let text = format!(
            r#"[{{"service": "ec2", "function": "describe_nat_gateways", "parameters": {{"{name}": {filters}}}}}]"#
        );
        let catalog = Catalog::embedded().expect("a catalog");
        let spec = ScanSpec::parse(&text, "test", &catalog).expect("a spec");
        assert!(spec.entries[0].parameters.contains_key("Filter"), "{name}");
    }
}

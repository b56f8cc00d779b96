use serde_json::{Map, Value, json};

use super::{ItemOrigin, ItemPath, ReportedCall};
use crate::model::catalog::{Catalog, Function};
use crate::plan::spec::ScanSpec;

fn calls(spec: &Value) -> Vec<ReportedCall> {
    let catalog = Catalog::embedded().expect("a catalog");
    ReportedCall::all(&ScanSpec::parse(&spec.to_string(), "the test", &catalog).expect("a spec"))
}

/// Returns the paths of the resources in a complete response, and their kinds.
fn lists(service: &str, function: &str, parameters: &Value) -> Vec<(String, String)> {
    let spec = json!([{"service": service, "function": function, "parameters": parameters}]);
    let call = calls(&spec).remove(0);
    let paths = call.places.iter().map(|place| place.path.join("."));
    paths.zip(call.lists.iter().map(|list| list.rule.kind.clone())).collect()
}

fn one(path: &str, kind: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), kind.to_owned())]
}

#[test]
fn a_complete_answer_has_its_resources_in_its_lists() {
    assert_eq!(lists("ec2", "describe_vpcs", &json!({})), one("Vpcs", "vpc"));
    assert_eq!(
        lists("cloudfront", "list_distributions", &json!({})),
        one("DistributionList.Items", "distribution")
    );
    let kinds: Vec<String> =
        lists("cloudwatch", "describe_alarms", &json!({})).into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, ["metric_alarm", "composite_alarm", "log_alarm"]);
}

#[test]
fn an_answer_about_one_thing_is_one_resource() {
    assert_eq!(lists("dynamodb", "describe_table", &json!({"TableName": "t"})), one("Table", "table"));
    assert_eq!(lists("s3", "get_bucket_versioning", &json!({"Bucket": "b"})), one("", "bucket_versioning"));
    let stream = json!({"DeliveryStreamName": "s"});
    let path = "DeliveryStreamDescription";
    assert_eq!(lists("firehose", "describe_delivery_stream", &stream), one(path, "delivery_stream"));
    assert_eq!(lists("s3", "get_bucket_acl", &json!({"Bucket": "b"})), one("", "bucket_acl"));
}

#[test]
fn tags_alone_belong_together() {
    let spec = json!([{"service": "s3", "function": "get_bucket_tagging", "result_key": "TagSet",
        "parameters": {"Bucket": "b"}}]);
    assert_eq!(calls(&spec)[0].places, [ItemPath { path: Vec::new(), as_one: true }]);
}

#[test]
fn a_child_that_describes_what_its_parent_lists_is_known() {
    let spec = json!([{"service": "s3", "function": "list_buckets"}, {
        "service": "dynamodb", "function": "list_tables",
        "each": [
            {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}},
            {"over": ".TableNames[]", "function": "describe_continuous_backups", "parameters": {"TableName": "{.}"}},
        ],
    }]);
    let described: Vec<_> = calls(&spec).into_iter().map(|call| call.described_by).collect();
    assert_eq!(described, [vec![], vec![2], vec![], vec![]]);
}

#[test]
fn resource_without_id_takes_id_from_parameters() {
    let spec = json!([{"service": "s3", "function": "list_buckets", "each": [
        {"over": ".Buckets[]", "function": "get_bucket_versioning", "parameters": {"Bucket": "{.Name}"}},
    ]}]);
    let calls = calls(&spec);
    assert_eq!(calls[1].id_of_parent(&json!({"Name": "logs"})).as_deref(), Some("logs"));
    assert_eq!(calls[1].id_of_parent(&json!("logs")).as_deref(), Some("logs"));
    assert_eq!(calls[0].id_of_parent(&json!("logs")), None);
}

#[test]
fn answer_that_identifies_one_thing_is_whole() {
    let device = json!({"DeviceName": "d", "DeviceFleetName": "f"});
    assert_eq!(lists("sagemaker", "describe_device", &device), one("", "device"));
}

#[test]
fn failures_are_no_resources() {
    assert_eq!(lists("ecs", "describe_clusters", &json!({})), one("clusters", "cluster"));
    let names = json!({"names": ["build"]});
    assert_eq!(lists("codebuild", "batch_get_projects", &names), one("projects", "project"));
    let ids = json!({"ids": ["1"]});
    assert_eq!(
        lists("opensearchserverless", "batch_get_collection", &ids),
        one("collectionDetails", "collection")
    );
}

#[test]
fn parameter_for_tags_makes_their_absence_known() {
    let tags = |parameters: Value| {
        let spec = json!([{"service": "oam", "function": "get_link", "parameters": parameters}]);
        let link = json!({"Id": "l", "Arn": "arn:aws:oam:eu-west-1:123456789012:link/l", "Tags": {}});
        let origin =
            ItemOrigin { partition: "aws", region: Some("eu-west-1"), account: "123456789012", parent: None };
        calls(&spec)[0].lists[0].rule.identify(&link, &origin).tags
    };
    assert_eq!(tags(json!({"Identifier": "l"})), None);
    assert_eq!(tags(json!({"Identifier": "l", "IncludeTags": true})), Some(Map::new()));
}

/// Lambda returns the name of the function beside the ARN of its code signing configuration.
#[test]
fn answer_named_after_its_parent_is_a_detail() {
    let child = |function: &str| json!({"over": ".Functions[].FunctionName", "function": function, "parameters": {"FunctionName": "{.}"}});
    let spec = json!([{"service": "lambda", "function": "list_functions", "each": [
        child("get_function_code_signing_config"), child("list_aliases"),
    ]}]);
    let is_detail: Vec<bool> = calls(&spec).iter().map(ReportedCall::is_detail).collect();
    assert_eq!(is_detail, [false, true, false]);
}

#[test]
fn http_status_says_nothing_of_a_resource() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let call = |service: &str, function: &str| {
        let service = catalog.service(service).expect("readable").expect("a service");
        ReportedCall::of_answer(&Function::find(&service, function).expect("a function"))
    };
    let restriction = call("quicksight", "describe_ip_restriction");
    assert!(restriction.says_nothing(&json!({"Status": 200, "IpRestrictionRuleMap": {}})));
    assert!(!restriction.says_nothing(&json!({"Status": 200, "Enabled": false})));
    let alarm = call("cloudwatch", "describe_alarms");
    assert!(!alarm.says_nothing(&json!({"Status": 200})), "a number of the service itself");
}

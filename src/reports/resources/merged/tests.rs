//! What several calls return about one resource.

use serde_json::{Value, json};

use crate::model::catalog::Catalog;
use crate::reports::resources::Resource;
use crate::reports::resources::samples::SampleRun;

fn run(spec: &Value, files: &[(&str, &str, Value)]) -> SampleRun {
    let catalog = Catalog::embedded().expect("a catalog");
    SampleRun::new(&catalog, spec, files, &[])
}

/// Kind, ID, tags, and details.
fn row(resource: &Resource<'_>) -> Value {
    json!([resource.kind, resource.id, resource.tags, resource.details])
}

fn buckets() -> Value {
    let child = |function: &str, key: &str| json!({"over": ".Buckets[].Name", "function": function, "result_key": key, "parameters": {"Bucket": "{.}"}});
    json!([{"service": "s3", "function": "list_buckets", "result_key": "Buckets", "each": [
        child("get_bucket_tagging", "TagSet"),
        child("get_public_access_block", "PublicAccessBlockConfiguration"),
        child("get_bucket_logging", "LoggingEnabled"),
    ]}])
}

#[test]
fn settings_and_tags_belong_to_their_bucket() {
    let answers = [
        ("s3", "list_buckets", json!([{"Name": "logs"}, {"Name": "web"}])),
        ("s3", "get_bucket_tagging", json!([{"item": "web", "result": [{"Key": "team", "Value": "shop"}]}])),
        ("s3", "get_public_access_block", json!([{"item": "logs", "result": {"BlockPublicAcls": true}}])),
        (
            "s3",
            "get_bucket_logging",
            json!([{"item": "logs", "result": null}, {"item": "web", "result": null}]),
        ),
    ];
    assert_eq!(
        run(&buckets(), &answers).merged(row),
        [
            json!(["bucket", "logs", null, {
                "get_public_access_block": {"BlockPublicAcls": true}, "get_bucket_logging": null
            }]),
            json!(["bucket", "web", {"team": "shop"}, {"get_bucket_logging": null}]),
        ]
    );
}

/// Function names in the plural do not make tags resources.
#[test]
fn lists_of_tags_belong_to_their_resource() {
    let spec = json!([{"service": "iam", "function": "list_users", "each": [
        {"over": ".Users[].UserName", "function": "list_user_tags", "parameters": {"UserName": "{.}"}},
    ]}]);
    let answers = [
        ("iam", "list_users", json!({"Users": [{"UserName": "anna", "UserId": "AIDA1"}]})),
        (
            "iam",
            "list_user_tags",
            json!([{"item": "anna", "result": {"Tags": [{"Key": "team", "Value": "shop"}]}}]),
        ),
    ];
    assert_eq!(run(&spec, &answers).merged(row), [json!(["user", "AIDA1", {"team": "shop"}, {}])]);
}

/// `GetSAMLProvider` returns neither the ARN nor the name.
#[test]
fn description_keeps_arn_of_listed_item() {
    let spec = json!([{"service": "iam", "function": "list_saml_providers", "each": [{
        "over": ".SAMLProviderList[].Arn", "function": "get_saml_provider",
        "parameters": {"SAMLProviderArn": "{.}"},
    }]}]);
    let arn = "arn:aws:iam::123456789012:saml-provider/login";
    let answers = [
        ("iam", "list_saml_providers", json!({"SAMLProviderList": [{"Arn": arn}]})),
        ("iam", "get_saml_provider", json!([{"item": arn, "result": {"Tags": []}}])),
    ];
    let rows = run(&spec, &answers).merged(|resource| (resource.arn.clone(), resource.name.clone()));
    assert_eq!(rows, [(Some(arn.to_owned()), Some("login".to_owned()))]);
}

#[test]
fn tables_with_only_names_are_resources() {
    let spec = json!([{"service": "glue", "function": "get_databases", "each": [
        {"over": ".DatabaseList[].Name", "function": "get_tables", "parameters": {"DatabaseName": "{.}"}},
    ]}]);
    let table = json!({"Name": "orders", "DatabaseName": "shop"});
    let answers = [
        ("glue", "get_databases", json!({"DatabaseList": [{"Name": "shop"}]})),
        ("glue", "get_tables", json!([{"item": "shop", "result": {"TableList": [table]}}])),
    ];
    let rows = run(&spec, &answers).merged(|resource| (resource.kind.to_owned(), resource.parent.clone()));
    assert_eq!(rows, [("database".to_owned(), None), ("table".to_owned(), Some("shop".to_owned()))]);
}

#[test]
fn answer_without_its_resource_is_a_row() {
    let answers = [
        ("s3", "list_buckets", json!([])),
        ("s3", "get_public_access_block", json!([{"item": "deleted", "result": {"BlockPublicAcls": true}}])),
    ];
    assert_eq!(run(&buckets(), &answers).merged(row), [json!(["public_access_block", "deleted", null, {}])]);
}

#[test]
fn description_takes_item_of_list_and_tags_along() {
    let spec = json!([{"service": "eks", "function": "list_clusters", "result_key": "clusters", "each": [
        {"over": ".clusters[]", "function": "describe_cluster", "result_key": "cluster", "parameters": {"name": "{.}"}},
    ]}]);
    let cluster =
        json!({"name": "shop", "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/shop", "tags": {}});
    let answers = [
        ("eks", "list_clusters", json!(["shop", "new"])),
        ("eks", "describe_cluster", json!([{"item": "shop", "result": cluster}])),
    ];
    assert_eq!(
        run(&spec, &answers).merged(row),
        [json!(["cluster", "new", null, {}]), json!(["cluster", "shop", {}, {}]),]
    );
}

/// A call for many items returns those that failed beside those that it describes.
#[test]
fn batch_description_replaces_listed_items() {
    let spec = json!([
        {"service": "ecs", "function": "list_clusters", "each": [{
            "over": ".clusterArns", "function": "describe_clusters", "parameters": {"clusters": "{.}"},
        }]},
        {"service": "codebuild", "function": "list_projects", "each": [{
            "over": ".projects", "function": "batch_get_projects", "parameters": {"names": "{.}"},
        }]},
    ]);
    let arn = |name: &str| format!("arn:aws:ecs:eu-west-1:123456789012:cluster/{name}");
    let (shop, old) = (arn("shop"), arn("old"));
    let project = json!({"name": "build", "arn": "arn:aws:codebuild:eu-west-1:123456789012:project/build"});
    let answers = [
        ("ecs", "list_clusters", json!({"clusterArns": [shop, old]})),
        (
            "ecs",
            "describe_clusters",
            json!([{"item": [shop, old], "result": {
                "clusters": [{"clusterName": "shop", "clusterArn": shop, "status": "ACTIVE"}],
                "failures": [{"arn": old, "reason": "MISSING"}],
            }}]),
        ),
        ("codebuild", "list_projects", json!({"projects": ["build"]})),
        (
            "codebuild",
            "batch_get_projects",
            json!([{"item": ["build"], "result": {"projects": [project], "projectsNotFound": ["other"]}}]),
        ),
    ];
    let rows = run(&spec, &answers).merged(|resource| (resource.function.to_owned(), resource.arn.clone()));
    assert_eq!(
        rows,
        [
            ("list_clusters".to_owned(), Some(old)),
            ("describe_clusters".to_owned(), Some(shop)),
            ("batch_get_projects".to_owned(), project["arn"].as_str().map(str::to_owned)),
        ]
    );
}

#[test]
fn batch_description_has_listed_item_in_details() {
    let spec = json!([{"service": "ivs", "function": "list_channels", "each": [{
        "over": "[.channels[].arn]", "function": "batch_get_channel", "parameters": {"arns": "{.}"},
    }]}]);
    let listed =
        json!({"arn": "arn:aws:ivs:eu-west-1:123456789012:channel/1", "name": "live", "latencyMode": "LOW"});
    let described = json!({"arn": listed["arn"], "name": "live", "type": "STANDARD"});
    let answers = [
        ("ivs", "list_channels", json!({"channels": [listed]})),
        (
            "ivs",
            "batch_get_channel",
            json!([{"item": [listed["arn"]], "result": {"channels": [described], "errors": []}}]),
        ),
    ];
    let rows = run(&spec, &answers).merged(|resource| (resource.raw.clone(), json!(resource.details)));
    assert_eq!(rows, [(described, json!({"list_channels": listed}))]);
}

#[test]
fn summary_is_a_row_of_the_kind_that_was_listed() {
    let spec = json!([{"service": "kinesis", "function": "list_streams", "result_key": "StreamNames", "each": [
        {"over": ".StreamNames[]", "function": "describe_stream_summary", "result_key": "StreamDescriptionSummary",
         "parameters": {"StreamName": "{.}"}},
    ]}]);
    let answers = [
        ("kinesis", "list_streams", json!(["clicks"])),
        (
            "kinesis",
            "describe_stream_summary",
            json!([{"item": "clicks", "result": {"StreamName": "clicks"}}]),
        ),
    ];
    assert_eq!(run(&spec, &answers).merged(row), [json!(["stream", "clicks", null, {}])]);
}

#[test]
fn cluster_of_several_services_is_one_row() {
    let spec = json!([
        {"service": "neptune", "function": "describe_db_clusters", "result_key": "DBClusters"},
        {"service": "rds", "function": "describe_db_clusters", "result_key": "DBClusters"},
    ]);
    let cluster = json!({
        "DBClusterIdentifier": "graph", "Engine": "neptune",
        "DBClusterArn": "arn:aws:rds:eu-west-1:123456789012:cluster:graph",
    });
    let answers = [
        ("neptune", "describe_db_clusters", json!([cluster])),
        ("rds", "describe_db_clusters", json!([cluster])),
    ];
    let rows = run(&spec, &answers).merged(|resource| (resource.service.to_owned(), resource.resource_type));
    assert_eq!(rows, [("rds".to_owned(), Some("AWS::Neptune::DBCluster"))]);
}

#[test]
fn resources_without_arn_are_all_reported() {
    let spec =
        json!([{"service": "logs", "function": "describe_metric_filters", "result_key": "metricFilters"}]);
    let filter = json!({"filterName": "errors", "logGroupName": "a"});
    let answers = [("logs", "describe_metric_filters", json!([filter, filter]))];
    assert_eq!(run(&spec, &answers).merged(row).len(), 2);
}

#[test]
fn bucket_without_tags_is_not_one_with_unknown_tags() {
    let names = ["web", "logs", "locked"];
    let answers = [
        ("s3", "list_buckets", names.iter().map(|name| json!({"Name": name})).collect()),
        ("s3", "get_bucket_tagging", json!([{"item": "web", "result": [{"Key": "team", "Value": "shop"}]}])),
    ];
    let line = json!({"service": "s3", "function": "get_bucket_tagging"});
    let with = |more: Value| {
        let mut line = line.clone();
        line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        line
    };
    let lines = [
        with(json!({"status": "truncated", "items_not_configured": 1, "failed_items": 1})),
        with(json!({"status": "denied", "item": "locked"})),
    ];
    let catalog = Catalog::embedded().expect("a catalog");
    let tags = |lines: &[Value]| {
        SampleRun::new(&catalog, &buckets(), &answers, lines).merged(|resource| json!(resource.tags))
    };
    assert_eq!(tags(&lines), [json!({"team": "shop"}), json!({}), json!(null)]);
    let none_reported = [with(json!({"status": "ok"}))];
    assert_eq!(tags(&none_reported), [json!({"team": "shop"}), json!(null), json!(null)]);
}

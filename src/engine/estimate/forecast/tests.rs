//! Tests of forecasts: the arithmetic of requests, time and cost from the lines of a ledger.

use serde_json::{Value, json};

use super::{Forecast, UnknownCause};
use crate::engine::estimate::earlier_run::EarlierRun;
use crate::engine::estimate::filtered_items::FilteredItems;
use crate::engine::estimate::tests::{estimate, inputs_of, plan};
use crate::engine::estimate::{Estimate, estimate_text};
use crate::model::catalog::Catalog;
use crate::names::AccountId;
use crate::plan::Plan;
use crate::plan::spec::ScanSpec;
use crate::run::CallRecord;

/// Lists of tables, details of each, and backups in batches; streams below the details.
const DEEP: &str = r#"[{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
    {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}, "each": [
        {"over": ".Table.TableArn", "function": "list_tags_of_resource", "parameters": {"ResourceArn": "{.}"}},
        {"over": ".Table.GlobalSecondaryIndexes[]?.IndexArn", "function": "get_resource_policy",
         "parameters": {"ResourceArn": "{.}"}}]}]},
  {"service": "ecs", "function": "list_clusters", "result_key": "clusterArns", "each": [
    {"over": ".clusterArns[]", "function": "describe_clusters", "batch": 100, "parameters": {"clusters": "{.}"}}]}]"#;

/// The same lists without child calls.
const LISTS: &str = r#"[{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames"},
    {"service": "ecs", "function": "list_clusters", "result_key": "clusterArns"}]"#;

/// Returns a line of the ledger of the caller's account.
fn line(region: &str, (service, function): (&str, &str), more: &Value) -> CallRecord {
    let mut line = json!({
        "account": "100000000000", "region": region, "service": service, "function": function, "name": function,
        "status": "ok", "attempts": 1, "pages": 1, "items": 0, "duration_ms": 0,
    });
    let members = line.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    serde_json::from_value(line).expect("a line of the ledger")
}

fn earlier(spec: &str, lines: &[CallRecord]) -> EarlierRun {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let spec = ScanSpec::parse(spec, "test", &catalog).expect("a spec");
    EarlierRun::of_records("output/latest", &spec, lines)
}

const TABLES: (&str, &str) = ("dynamodb", "list_tables");
const CLUSTERS: (&str, &str) = ("ecs", "list_clusters");
const TABLE: (&str, &str) = ("dynamodb", "describe_table");

/// A run with 250 tables and 201 clusters in one region, and none in the other.
fn lists() -> Vec<CallRecord> {
    vec![
        line("eu-west-1", TABLES, &json!({"items": 250, "pages": 3, "attempts": 5})),
        line("eu-west-1", CLUSTERS, &json!({"items": 201, "pages": 3, "attempts": 3})),
        line("us-east-1", TABLES, &json!({"status": "empty"})),
        line("us-east-1", CLUSTERS, &json!({"status": "empty"})),
    ]
}

fn with_counts(plan: &Plan, earlier: &EarlierRun) -> Estimate {
    inputs_of(plan, |inputs| {
        Estimate::new(plan, inputs).with_counts(plan, inputs, earlier, &FilteredItems::default())
    })
}

fn forecast(spec: &str, accounts: u64, earlier: &EarlierRun) -> Forecast {
    with_counts(&plan(spec, accounts), earlier).forecast.expect("a forecast")
}

/// Returns the names and requests of all functions.
fn requests(forecast: &Forecast) -> Vec<(&str, u64)> {
    forecast.calls.iter().map(|call| (&*call.name, call.requests)).collect()
}

#[test]
fn items_times_child_calls_are_requests() {
    let forecast = forecast(DEEP, 1, &earlier(LISTS, &lists()));
    assert_eq!(
        requests(&forecast),
        [
            ("describe_table", 250),
            // One item of each response.
            ("list_tags_of_resource", 250),
            // Retries are not counted.
            ("list_tables", 4),
            ("list_clusters", 4),
            // Batches of 100.
            ("describe_clusters", 3),
        ]
    );
    assert_eq!((forecast.requests.calls, forecast.requests.child_calls), (8, 503));
    assert_eq!(forecast.requests.total, 511 + forecast.requests.other);
}

#[test]
fn items_within_items_are_unknown_without_counts() {
    let forecast = forecast(DEEP, 1, &earlier(LISTS, &lists()));
    let [unknown] = &forecast.unknown[..] else { panic!("{:?}", forecast.unknown) };
    assert_eq!((&*unknown.name, &*unknown.below), ("get_resource_policy", "describe_table"));
    // In the other region there are no tables, so there are no indexes.
    assert_eq!((unknown.places, unknown.cause), (1, UnknownCause::ItemsNotCounted));
}

#[test]
fn child_calls_of_earlier_run_have_their_own_counts() {
    let mut lines = lists();
    lines.push(line("eu-west-1", TABLE, &json!({"items": 240, "pages": 240, "items_not_configured": 7})));
    lines.push(line("eu-west-1", TABLE, &json!({"status": "denied", "item": "orders"})));
    lines.push(line("eu-west-1", TABLE, &json!({"status": "skipped", "item": "elsewhere"})));
    lines.push(line("eu-west-1", ("dynamodb", "get_resource_policy"), &json!({"items": 9, "pages": 9})));
    let forecast = forecast(DEEP, 1, &earlier(DEEP, &lines));
    let requests = requests(&forecast);
    assert!(requests.contains(&("describe_table", 248)), "{requests:?}");
    assert!(requests.contains(&("get_resource_policy", 9)), "{requests:?}");
    // Each response of the earlier run has one table.
    assert!(requests.contains(&("list_tags_of_resource", 240)), "{requests:?}");
    assert_eq!(forecast.unknown, []);
}

#[test]
fn child_calls_of_denied_list_are_unknown() {
    let mut lines = lists();
    lines[0] = line("eu-west-1", TABLES, &json!({"status": "denied", "pages": 0}));
    let forecast = forecast(DEEP, 1, &earlier(LISTS, &lines));
    let unknown: Vec<_> = forecast.unknown.iter().map(|call| (&*call.name, call.cause)).collect();
    assert_eq!(
        unknown,
        [
            ("describe_table", UnknownCause::ListFailed),
            ("list_tags_of_resource", UnknownCause::ListFailed),
            ("get_resource_policy", UnknownCause::ListFailed),
        ]
    );
}

#[test]
fn accounts_and_calls_not_in_run_are_listed() {
    let forecast = forecast(DEEP, 2, &earlier(LISTS, &lists()));
    let accounts: Vec<_> = forecast.accounts_not_in_run.iter().map(AccountId::as_str).collect();
    assert_eq!((accounts, forecast.calls_not_in_run), (vec!["100000000001"], 4));
    let places = forecast.unknown.iter().map(|call| call.places).max();
    assert_eq!((places, forecast.unknown[0].cause), (Some(3), UnknownCause::ListNotCalled));
}

/// Different parameters can list other items.
#[test]
fn list_with_other_parameters_is_not_in_run() {
    let own = r#"[{"service": "ec2", "function": "describe_snapshots", "result_key": "Snapshots",
        "parameters": {"OwnerIds": ["self"]}, "each": [{"over": ".Snapshots[].SnapshotId",
        "function": "describe_snapshot_attribute", "parameters": {"SnapshotId": "{.}", "Attribute": "productCodes"}}]}]"#;
    let all = r#"[{"service": "ec2", "function": "describe_snapshots", "result_key": "Snapshots"}]"#;
    let lines = [line("eu-west-1", ("ec2", "describe_snapshots"), &json!({"items": 9}))];
    let forecast = forecast(own, 1, &earlier(all, &lines));
    assert_eq!((forecast.calls_not_in_run, forecast.unknown[0].places), (2, 2));
}

#[test]
fn busiest_quota_of_child_calls_bounds_the_time() {
    let spec = r#"[{"service": "lambda", "function": "list_functions", "result_key": "Functions", "each": [
        {"over": ".Functions[].FunctionName", "function": "get_policy", "parameters": {"FunctionName": "{.}"}}]}]"#;
    let lines = [line("eu-west-1", ("lambda", "list_functions"), &json!({"items": 3_015, "pages": 61}))];
    let time = forecast(spec, 1, &earlier(spec, &lines)).time;
    let quota = time.quota.expect("a quota");
    assert_eq!((quota.requests, quota.region.as_str()), (3_015, "eu-west-1"));
    // Burst of 15, then 15 per second.
    assert_eq!(format!("{:.1}", time.quota_seconds), "200.0");
}

#[test]
fn child_calls_with_a_price_cost_money() {
    let spec = r#"[{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
        {"over": ".TableNames[]", "service": "ce", "function": "list_cost_allocation_tags"}]}]"#;
    let lines = [line("eu-west-1", ("dynamodb", "list_tables"), &json!({"items": 30}))];
    let paid = forecast(spec, 1, &earlier(spec, &lines)).paid;
    let paid: Vec<_> = paid.iter().map(|paid| (paid.function.as_str(), paid.requests)).collect();
    assert_eq!(paid, [("list_cost_allocation_tags", 30)]);
}

#[test]
fn forecast_is_a_section_of_the_text() {
    let text = estimate_text(&with_counts(&plan(DEEP, 1), &earlier(LISTS, &lists())));
    let (plan, forecast) = text.split_once("\nWith the numbers").expect("a forecast");
    let (_, children) = plan.split_once("Child calls: ").expect("child calls");
    assert_eq!(
        children,
        "\
4 functions for the items of 4 lists
  dynamodb list_tables: 1 call per item
  dynamodb describe_table: 1 call per item
  dynamodb describe_table (Table.GlobalSecondaryIndexes): 1 call per item
  ecs list_clusters: 0.01 calls per item

Functions of the child calls
  dynamodb describe_table, for each item of list_tables: at most 50/s per account and region
  dynamodb list_tags_of_resource, for each item of describe_table: at most 10/s per account and region
  dynamodb get_resource_policy, for each item of describe_table: at most 50/s per account and region
  ecs describe_clusters, for up to 100 items of list_clusters: at most 20/s per account and region
"
    );
    assert_eq!(
        forecast,
        " of items in output/latest
               a run of test, started 1970-01-01 00:00 UTC
Requests       at least 518, without retries:
                      8  calls, with the pages of that run
                    503  child calls
                      7  to assume roles, and to look up accounts and regions
Shortest time  24.1 s; a scan takes longer
               limited by an API quota
Quota          dynamodb ListTagsOfResource: 250 requests in the busiest account in eu-west-1; burst 10, then 10/s: 24.0 s
               (documentation of the operation in botocore)
Cost           none of the counted requests has a price

Most requests
       250  dynamodb describe_table, for items of list_tables
       250  dynamodb list_tags_of_resource, for items of describe_table
         4  dynamodb list_tables
         4  ecs list_clusters
         3  ecs describe_clusters, for items of list_clusters

Child calls without a number of items
  dynamodb get_resource_policy, for items of describe_table: that run has no number of them, in 1 place
"
    );
}

#[test]
fn estimate_without_counts_has_no_forecast() {
    assert_eq!(estimate(&plan(DEEP, 1)).forecast, None);
}

#[test]
fn unknown_child_calls_of_one_list_are_one_line() {
    let mut lines = lists();
    lines[0] = line("eu-west-1", TABLES, &json!({"status": "denied", "pages": 0}));
    let spec = r#"[{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
        {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}},
        {"over": ".TableNames[]", "function": "describe_time_to_live", "parameters": {"TableName": "{.}"}}]}]"#;
    let text = estimate_text(&with_counts(&plan(spec, 1), &earlier(LISTS, &lines)));
    let (_, unknown) = text.split_once("Child calls without a number of items\n").expect("unknown calls");
    assert_eq!(
        unknown,
        "  2 functions such as dynamodb describe_table, for items of list_tables: in that run, the list was \
         denied or failed, in 1 place\n"
    );
}

//! The plan of a scan with the counts of an earlier run equals the requests that the scan then sends.

use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;
use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox, Simulated, Tree};

/// Tables, clusters and instances with their details, in a spec with and without child calls.
fn spec(is_deep: bool) -> Value {
    let mut spec = json!([
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames"},
        {"service": "ecs", "function": "list_clusters", "result_key": "clusterArns"},
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservations"},
    ]);
    if is_deep {
        // The items are in the elements of the list, and only the results have their number.
        spec[2]["each"] = json!([
            {"over": ".Reservations[].Instances[] | select(.SubnetId) | .SubnetId", "function": "describe_subnets",
             "parameters": {"SubnetIds": ["{.}"]}},
        ]);
        spec[0]["each"] = json!([
            {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}},
            {"over": ".TableNames[]", "function": "describe_time_to_live", "parameters": {"TableName": "{.}"}},
        ]);
        spec[1]["each"] = json!([
            {"over": ".clusterArns[]", "batch": 2, "function": "describe_clusters", "parameters": {"clusters": "{.}"}},
        ]);
    }
    spec
}

/// An organization of three accounts with some resources.
fn organization() -> Simulated {
    Simulated::new(World::sized(
        3,
        2,
        Amounts { vpcs: 1, reservations: 4, tables: 7, ecs_clusters: 5, ..Amounts::default() },
    ))
}

const OPTIONS: [&str; 3] = ["-s", "spec.json", "--organization-scan"];

/// Returns the forecast of the next scan.
#[track_caller]
fn forecast(sandbox: &Sandbox) -> Value {
    let plan = ["plan", "--json", "--counts", "output/latest"];
    let plan: Finished = sandbox.run(plan.iter().chain(&OPTIONS));
    plan.expect_exit(0);
    let plan: Value = serde_json::from_str(&plan.stdout).expect("JSON");
    plan["forecast"].clone()
}

/// Scans, and returns the requests of the calls in the ledger.
#[track_caller]
fn scanned_requests(sandbox: &Sandbox) -> u64 {
    sandbox.run(OPTIONS.iter().chain(&["--output-dir", "next"])).expect_exit(0);
    let tree = Tree::open(&sandbox.path("next"), "organization-");
    tree.ledger.iter().filter_map(|line| line["attempts"].as_u64()).sum()
}

#[test]
fn counts_of_lists_forecast_requests_of_deep_scan() {
    let aws = organization();
    let sandbox = aws.sandbox().spec(&spec(false));
    sandbox.run(OPTIONS).expect_exit(0);
    let sandbox = sandbox.spec(&spec(true));
    let forecast = forecast(&sandbox);
    assert_eq!((&forecast["unknown"], &forecast["calls_not_in_run"]), (&json!([]), &json!(0)));
    let requests = &forecast["requests"];
    let expected = requests["calls"].as_u64().unwrap_or(0) + requests["child_calls"].as_u64().unwrap_or(0);
    assert!(requests["child_calls"].as_u64() > Some(0), "{forecast}");
    assert_eq!(expected, scanned_requests(&sandbox), "{forecast}");
}

#[test]
fn counts_of_deep_scan_forecast_the_same_scan() {
    let aws = organization();
    let sandbox = aws.sandbox().spec(&spec(true));
    sandbox.run(OPTIONS).expect_exit(0);
    let forecast = forecast(&sandbox);
    let requests = &forecast["requests"];
    let expected = requests["calls"].as_u64().unwrap_or(0) + requests["child_calls"].as_u64().unwrap_or(0);
    assert_eq!(expected, scanned_requests(&sandbox), "{forecast}");
}

#[test]
fn folder_without_run_is_an_error() {
    let aws = organization();
    let sandbox = aws.sandbox().spec(&spec(true));
    let plan = sandbox.run(["plan", "--counts", "nowhere"].iter().chain(&OPTIONS));
    plan.expect_exit(2);
    plan.stderr_contains("nowhere");
    plan.stderr_contains("name the folder of a run");
    let plan = sandbox.run(["plan", "--counts", "s3://bucket/run"].iter().chain(&OPTIONS));
    plan.expect_exit(2);
    plan.stderr_contains("runs are read from local folders");
}

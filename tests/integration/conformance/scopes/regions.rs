//! Regional children of global calls, and the regions of entries.

use aws_auto_inventory::simulator::World;
use serde_json::{Value, json};

use crate::sandbox::{Listener, Sandbox, Simulated, Tree};

/// The account of the simulator's administrator in the demonstration.
const CALLER: &str = "104205104205";

fn access_points() -> Value {
    json!([{"service": "sts", "function": "get_caller_identity", "each": [
        {"over": ".Account", "service": "s3control", "function": "list_access_points",
         "parameters": {"AccountId": "{.}"}}]}])
}

/// The regions in which a service was called, with the number of calls.
fn asked(aws: &Simulated, service: &str) -> Vec<(String, u64)> {
    let requests = aws.requests().into_iter();
    requests
        .filter(|((_, _, its, _), _)| its == service)
        .map(|((_, region, ..), count)| (region, count))
        .collect()
}

/// Region, function and status of each line of the ledger.
fn lines(tree: &Tree) -> Vec<String> {
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let mut lines: Vec<String> = tree
        .ledger
        .iter()
        .map(|line| format!("{} {} {}", word(line, "region"), word(line, "function"), word(line, "status")))
        .collect();
    lines.sort();
    lines
}

/// A regional child of a global call is called in the chosen regions alone.
#[test]
fn regional_child_of_global_call_runs_in_chosen_regions() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&access_points());
    sandbox.run(["-s", "spec.json", "-r", "eu-west-1", "eu-central-1"]).expect_exit(0);
    assert_eq!(asked(&aws, "s3control"), [("eu-central-1".to_owned(), 1), ("eu-west-1".to_owned(), 1)]);
    let tree = Tree::open(&sandbox.path("output"), "");
    assert_eq!(
        lines(&tree),
        [
            "eu-central-1 list_access_points ok",
            "eu-west-1 list_access_points ok",
            "global get_caller_identity ok"
        ]
    );
    for region in ["eu-central-1", "eu-west-1"] {
        let result = tree.result(CALLER, region, "s3control");
        assert_eq!(result["list_access_points"][0]["item"], CALLER, "{region}: {result}");
    }
    assert_eq!(tree.result(CALLER, "global", "sts")["get_caller_identity"]["Account"], CALLER);
}

#[test]
fn a_region_that_is_lost_is_made_again_without_the_others() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&access_points());
    sandbox.run(["-s", "spec.json", "-r", "eu-west-1", "eu-central-1", "--run-name", "run"]).expect_exit(0);
    let before = asked(&aws, "s3control");
    let file = Tree::open(&sandbox.path("output"), "run").result_path(CALLER, "eu-west-1", "s3control");
    std::fs::remove_file(&file).expect("removes");
    sandbox.run(["resume", "output/run"]).expect_exit(0);
    assert!(file.exists());
    let after = asked(&aws, "s3control");
    assert_eq!((before[0].1, before[1].1), (1, 1));
    assert_eq!((after[0].1, after[1].1), (1, 2), "eu-central-1 is not called again");
    assert_eq!(lines(&Tree::open(&sandbox.path("output"), "run")).len(), 3, "no line twice");
}

#[test]
fn a_plan_counts_regional_children_in_the_regions() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&access_points());
    let run = sandbox.run(["plan", "-s", "spec.json", "-r", "eu-west-1", "eu-central-1", "--json"]);
    run.expect_exit(0);
    let plan: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&plan["calls"]["total"], &plan["requests"]["calls"]), (&json!(3), &json!(1)));
    assert_eq!(plan["child_calls"][0]["function"], "list_access_points");
    assert_eq!(plan["places"]["regions"], json!(["eu-west-1", "eu-central-1"]));
}

#[test]
fn two_runs_of_regional_children_compare_as_equal() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&access_points());
    for name in ["one", "two"] {
        sandbox.run(["-s", "spec.json", "-r", "eu-west-1", "--run-name", name]).expect_exit(0);
    }
    let run = sandbox.run(["diff", "output/one", "output/two", "--fail-on", "added,removed,changed,unknown"]);
    run.expect_exit(0);
    assert!(run.stdout.contains("0 added, 0 removed, 0 changed, 0 unknown"), "{}", run.stdout);
}

/// Nothing is sent for a spec that has nothing to call.
#[track_caller]
fn expect_nothing_to_call(spec: &Value, arguments: &[&str], expected: &str) {
    let listener = Listener::new();
    let sandbox = Sandbox::new().aws(&listener.url(), "AKIAEXAMPLE", "secret").spec(spec);
    let run = sandbox.run([&["-s", "spec.json"], arguments].concat());
    run.expect_exit(2).stderr_contains("nothing is left to call").stderr_contains(expected);
    sandbox.run([&["plan", "-s", "spec.json"], arguments].concat()).expect_exit(2);
    assert_eq!(listener.connections(), 0);
}

#[test]
fn a_plan_of_nothing_is_an_error_before_anything_is_sent() {
    let entries = json!([
        {"service": "ec2", "function": "describe_volumes", "regions": ["eu-west-1"]},
        {"service": "s3", "function": "list_buckets", "regions": ["eu-west-1"]}]);
    expect_nothing_to_call(&entries, &["-r", "us-east-1"], "its entries are for eu-west-1");
    expect_nothing_to_call(&entries, &["--exclude-regions", "eu-west-1"], "these are excluded");
}

/// Every entry has a line, also where none of its regions is scanned.
#[test]
fn entry_without_scanned_region_has_line() {
    let aws = Simulated::new(World::demo());
    let spec = json!([
        {"service": "ec2", "function": "describe_volumes", "regions": ["eu-west-1"]},
        {"service": "sqs", "function": "list_queues"}]);
    let sandbox = aws.sandbox().spec(&spec);
    sandbox.run(["-s", "spec.json", "-r", "us-east-1"]).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "");
    assert_eq!(lines(&tree), ["* describe_volumes skipped", "us-east-1 list_queues empty"]);
    let line = tree.ledger.iter().find(|line| line["region"] == "*").expect("a line");
    assert_eq!(line["message"], "none of its regions (eu-west-1) is scanned");
}

#[test]
fn an_account_that_has_not_enabled_a_region_of_an_entry_says_so() {
    let aws = Simulated::new(World::demo());
    let spec = json!([
        {"service": "ec2", "function": "describe_volumes", "regions": ["ap-east-1"]},
        {"service": "iam", "function": "list_roles"}]);
    let sandbox = aws.sandbox().spec(&spec);
    sandbox.run(["-s", "spec.json"]).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "");
    assert_eq!(lines(&tree), ["ap-east-1 describe_volumes skipped", "global list_roles ok"]);
}

#[test]
fn buckets_of_regions_that_an_entry_leaves_out_are_counted() {
    let aws = Simulated::new(World::demo());
    let spec = json!([{"service": "s3", "function": "list_buckets", "result_key": "Buckets",
        "regions": ["eu-west-1"]}]);
    let sandbox = aws.sandbox().spec(&spec);
    sandbox.run(["-s", "s3", "-r", "us-east-1", "eu-west-1", "--run-name", "all"]).expect_exit(0);
    let all = Tree::open(&sandbox.path("output"), "all");
    let count = |tree: &Tree, region: &str| {
        tree.ledger_lines(CALLER, region, "s3", "list_buckets")[0]["items"].as_u64().unwrap_or_default()
    };
    let in_us_east_1 = count(&all, "us-east-1");
    let elsewhere: u64 = left_out(&all);
    std::fs::remove_dir_all(sandbox.path("output")).expect("removes");

    let run = sandbox.run(["-s", "spec.json", "-r", "us-east-1", "eu-west-1"]);
    run.expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "");
    assert!(in_us_east_1 > 0, "the demonstration has buckets there");
    assert_eq!(left_out(&tree), elsewhere + in_us_east_1);
    run.stdout_contains(&format!("{} buckets are in regions", left_out(&tree)));
}

fn left_out(tree: &Tree) -> u64 {
    let lines = tree.ledger.iter().filter_map(|line| line["buckets_in_unscanned_regions"].as_object());
    lines.flat_map(|regions| regions.values()).filter_map(Value::as_u64).sum()
}

/// The regions of the command line override those of a configuration in either form.
#[test]
fn command_line_regions_override_configuration() {
    let aws = Simulated::new(World::demo());
    let call = json!({"service": "sqs", "function": "list_queues"});
    let object = json!({"version": 1, "calls": [call], "regions": ["eu-west-1"]});
    let inventory = json!({"name": "mine", "aws": {"region": ["eu-west-1"]}, "sheets": [call]});
    let older = json!({"inventories": [inventory]});
    for configuration in [object, older, inventory] {
        let sandbox = aws.sandbox().spec(&configuration);
        let regions = |arguments: &[&str]| {
            sandbox.run([&["-s", "spec.json"], arguments].concat()).expect_exit(0);
            let lines = lines(&Tree::open(&sandbox.path("output"), ""));
            std::fs::remove_dir_all(sandbox.path("output")).expect("removes");
            lines
        };
        assert_eq!(regions(&[]), ["eu-west-1 list_queues empty"], "{configuration}");
        assert_eq!(regions(&["-r", "us-east-1"]), ["us-east-1 list_queues empty"], "{configuration}");
    }
}

//! Regions that are chosen by a pattern of their names.

use std::collections::BTreeSet;

use aws_auto_inventory::simulator::World;
use serde_json::{Value, json};

use crate::sandbox::{Simulated, Tree};

/// The account of the simulator's administrator in the demonstration.
const CALLER: &str = "104205104205";

fn queues() -> Value {
    json!([{"service": "sqs", "function": "list_queues"}])
}

/// Scans the caller's account, which has four regions enabled, and returns the regions of the ledger.
fn regions(spec: &Value, arguments: &[&str]) -> Vec<String> {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(spec);
    sandbox.run([&["-s", "spec.json"], arguments].concat()).expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "");
    let regions: BTreeSet<String> =
        tree.ledger.iter().filter_map(|line| line["region"].as_str()).map(str::to_owned).collect();
    regions.into_iter().collect()
}

#[test]
fn a_pattern_scans_the_enabled_regions_that_match() {
    assert_eq!(
        regions(&queues(), &["-r", "eu-*"]),
        ["eu-central-1", "eu-west-1"],
        "eu-west-2 is not enabled"
    );
    let with_one_more = ["eu-central-1", "eu-west-1", "us-east-1"];
    assert_eq!(regions(&queues(), &["-r", "eu-*", "us-east-1"]), with_one_more);
    let arguments = ["-r", "EU-*", "us-*", "--exclude-regions", "*-central-*,us-west-2"];
    assert_eq!(regions(&queues(), &arguments), ["eu-west-1", "us-east-1"]);
}

#[test]
fn all_regions_override_those_of_the_spec() {
    let spec = json!({"version": 1, "calls": queues(), "regions": ["us-*"]});
    assert_eq!(regions(&spec, &[]), ["us-east-1", "us-west-2"]);
    assert_eq!(regions(&spec, &["-r", "all"]), ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]);
}

#[test]
fn an_entry_may_be_for_the_regions_of_a_pattern() {
    let spec = json!([{"service": "sqs", "function": "list_queues", "regions": ["*-west-1", "af-*"]}]);
    assert_eq!(regions(&spec, &[]), ["eu-west-1"]);
    let africa = json!([{"service": "sqs", "function": "list_queues", "regions": ["af-*"]}]);
    assert_eq!(regions(&africa, &[]), ["af-*"], "a line says that it is not scanned");
}

#[test]
fn resume_scans_the_regions_of_the_pattern() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&json!([{"service": "ec2", "function": "describe_vpcs"}]));
    sandbox.run(["-s", "spec.json", "-r", "eu-*", "us-east-1", "--run-name", "run"]).expect_exit(0);
    let manifest = std::fs::read_to_string(sandbox.path("output/run/manifest.json")).expect("reads");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    assert_eq!(manifest["settings"]["regions"], json!(["eu-*", "us-east-1"]));
    let lost = Tree::open(&sandbox.path("output"), "run").result_path(CALLER, "eu-west-1", "ec2");
    std::fs::remove_file(&lost).expect("removes");
    sandbox.run(["resume", "output/run"]).expect_exit(0);
    assert!(lost.exists());
    assert_eq!(Tree::open(&sandbox.path("output"), "run").ledger.len(), 3, "no other region");
}

#[test]
fn a_pattern_that_matches_nothing_is_refused() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&queues());
    let refused = |arguments: &[&str], expected: &str| {
        sandbox.run([&["-s", "spec.json"], arguments].concat()).expect_exit(2).stderr_contains(expected);
    };
    refused(&["-r", "europe-*"], "--regions: `europe-*` does not match any AWS region");
    refused(&["-r", "eu-*", "--exclude-regions", "eu-*"], "--exclude-regions excludes every region");
    refused(&["--exclude-regions", "all"], "--exclude-regions excludes every region");
    refused(&["-r", "cn-*"], "cn-* belongs to the partition aws-cn, but these credentials belong to aws");
}

#[test]
fn policy_with_a_pattern_allows_region_lookup() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&queues());
    let actions = |regions: &str| {
        let run = sandbox.run(["policy", "-s", "spec.json", "-r", regions]);
        run.expect_exit(0);
        run.stdout.contains("ec2:DescribeRegions")
    };
    assert!(actions("eu-*") && !actions("eu-west-1"));
    sandbox
        .run(["policy", "-s", "spec.json", "-r", "eu-wset-1"])
        .expect_exit(2)
        .stderr_contains("did you mean");
}

//! Scan files and configurations of AWS Auto Inventory.

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::plan::spec::ScanSpec;
use aws_auto_inventory::simulator::World;
use serde_json::{Value, json};

use crate::sandbox::{Listener, Sandbox, Simulated, Tree};

/// The functions of its scan files, a file on each line.
const FILES: &str = include_str!("ancestor/functions.txt");

/// Its files by their service.
fn files() -> BTreeMap<&'static str, Value> {
    let lines = FILES.lines().filter(|line| !line.starts_with('#'));
    let file = |line: &'static str| {
        let mut words = line.split(' ');
        let service = words.next().expect("a service");
        let functions = words.chain(["get_paginator", "get_waiter"]);
        let calls = functions.map(|function| json!({"function": function, "service": service}));
        (service, calls.collect())
    };
    lines.map(file).collect()
}

/// What becomes of a file: whether something of it is called, nothing is to be called, or it is refused.
fn becomes(file: &Value, catalog: &Catalog) -> &'static str {
    match ScanSpec::parse(&file.to_string(), "file", catalog) {
        Ok(spec) if !spec.entries.is_empty() => "runs",
        Ok(spec) if spec.skipped.iter().all(|entry| entry.reason.word() == "helper") => "helpers",
        Ok(_) => "retired",
        Err(error) => refused(&error.to_string()),
    }
}

/// Why a file is refused, by the first entry that needs something.
fn refused(message: &str) -> &'static str {
    assert!(message.starts_with("file: nothing is left to call: "), "{message}");
    let reasons = [
        ("missing required parameters", "needs a parameter"),
        ("excluded from inventories", "returns data that an inventory must not hold"),
        ("the outdated signature version 2", "signs with version 2"),
    ];
    let reason = reasons.iter().find(|(words, _)| message.contains(words));
    reason.unwrap_or_else(|| panic!("another reason: {message}")).1
}

/// As many of its files run as the documentation claims.
#[test]
fn number_of_running_ancestor_files_matches_documentation() {
    let catalog = Catalog::embedded().expect("a catalog");
    let mut counts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (service, file) in files() {
        counts.entry(becomes(&file, &catalog)).or_default().insert(service);
    }
    let numbers: BTreeMap<&str, usize> = counts.iter().map(|(what, names)| (*what, names.len())).collect();
    // A service that AWS retires becomes a line in `src/plan/spec/retired.rs`, and another number here and in the guide.
    let expected = BTreeMap::from([
        ("runs", 272),
        ("helpers", 14),
        ("retired", 32),
        ("needs a parameter", 24),
        ("returns data that an inventory must not hold", 9),
        ("signs with version 2", 2),
    ]);
    assert_eq!(numbers, expected, "{counts:#?}");
}

#[test]
fn its_files_together_are_one_spec() {
    let all: Vec<Value> =
        files().into_values().flat_map(|file| file.as_array().expect("a list").clone()).collect();
    let catalog = Catalog::embedded().expect("a catalog");
    let spec = ScanSpec::parse(&Value::Array(all.clone()).to_string(), "file", &catalog).expect("a spec");
    assert_eq!((spec.entries.len() + spec.skipped.len(), all.len()), (6311, 6311));
    assert!(spec.entries.len() > 1700, "{}", spec.entries.len());
}

fn nothing_to_call() -> Value {
    json!([
        {"service": "s3", "function": "get_waiter"},
        {"service": "s3", "function": "can_paginate"},
        {"service": "s3", "function": "generate_presigned_url"},
        {"service": "qldb", "function": "list_ledgers"}])
}

/// A scan of helpers and retired services is complete, and names them.
#[test]
fn scan_of_helpers_and_retired_services_is_complete() {
    for options in [&["-r", "eu-west-1"][..], &["--organization-scan"]] {
        let aws = Simulated::new(World::demo());
        let sandbox = aws.sandbox().spec(&nothing_to_call());
        let run = sandbox.run([&["-s", "spec.json", "--run-name", "run"], options].concat());
        run.expect_exit(0).stdout_contains("nothing is left to call");
        assert!(
            run.stdout.contains("no calls were sent: 4 entries of the spec are skipped\n"),
            "{}",
            run.stdout
        );
        assert!(!run.stdout.contains("  \n"), "{:?}", run.stdout);
        let ledger = Tree::open(&sandbox.path("output"), "run").ledger;
        let lines: Vec<_> =
            ledger.iter().map(|line| (&line["function"], &line["status"], &line["message"])).collect();
        let (helper, retired) = ("a helper method of boto3, not an API call", "AWS has retired the service");
        let line = |index: usize, function: &str, message: &str| {
            assert_eq!(lines[index], (&json!(function), &json!("skipped"), &json!(message)));
        };
        line(0, "get_waiter", helper);
        line(1, "can_paginate", helper);
        line(2, "generate_presigned_url", helper);
        line(3, "list_ledgers", retired);
        assert_eq!(lines.len(), 4);
        let services: BTreeSet<String> =
            aws.requests().into_keys().map(|(_, _, service, _)| service).collect();
        let before_calls = ["sts", "organizations", "resourcegroupstaggingapi"];
        assert!(services.iter().all(|service| before_calls.contains(&service.as_str())), "{services:?}");
        sandbox.run(["resume", "output/run"]).expect_exit(0).stdout_contains("no calls remain");
    }
}

/// Plan and check report helpers and retired services as the scan does.
#[test]
fn plan_and_check_report_helpers_like_scan() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&nothing_to_call());
    let plan = sandbox.run(["plan", "-s", "spec.json", "-r", "eu-west-1"]);
    plan.expect_exit(0).stdout_contains("Regions        none: no calls are planned");
    plan.stdout_contains("  s3 get_waiter: a helper method of boto3, not an API call");
    sandbox.run(["plan", "--json", "-s", "spec.json"]).expect_exit(0).stdout_contains("\"total\": 0");
    sandbox.run(["check", "-s", "spec.json", "-r", "eu-west-1"]).expect_exit(0).stdout_contains("0 of 0");
}

/// An entry that cannot be called is an error, also beside helpers.
#[test]
fn uncallable_entry_is_error_beside_helpers() {
    let listener = Listener::new();
    for (service, function) in [
        ("dynamodb", "describe_table"),
        ("sts", "get_session_token"),
        ("sdb", "list_domains"),
        ("s3", "list_bukets"),
        ("s3", "delete_bucket"),
    ] {
        let entries = json!([
            {"service": "s3", "function": "get_waiter"},
            {"service": "qldb", "function": "list_ledgers"},
            {"service": service, "function": function}]);
        let sandbox = Sandbox::new().aws(&listener.url(), "AKIAEXAMPLE", "secret").spec(&entries);
        for command in [&["-s", "spec.json"][..], &["plan", "-s", "spec.json"], &["check", "-s", "spec.json"]]
        {
            sandbox.run(command).expect_exit(2).stderr_contains(function);
        }
    }
    assert_eq!(listener.connections(), 0);
}

/// A configuration for an organization, as YAML with anchors becomes JSON: the list that lends its sheets is still
/// there, and two inventories hold the same sheets.
fn two_inventories() -> Value {
    let sheets = json!([
        {"name": "Queues", "service": "sqs", "function": "list_queues", "result_key": "QueueUrls"},
        {"name": "Buckets", "service": "s3", "function": "list_buckets", "result_key": "Buckets", "parameters": {}}]);
    let inventory = |name: &str, organization: bool, region: &str| {
        json!({
            "name": name, "excel": {"transpose": true}, "sheets": sheets,
            "aws": {"profile": "management", "region": [region], "organization": organization}})
    };
    let inventories = [inventory("one", false, "eu-west-1"), inventory("all", true, "eu-central-1")];
    json!({"Sheets": sheets, "inventories": inventories})
}

/// Region, name and status of each line about a queue.
fn queues(tree: &Tree) -> BTreeSet<String> {
    let lines = tree.ledger.iter().filter(|line| line["service"] == "sqs");
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    lines.map(|line| format!("{} {}", word(line, "region"), word(line, "name"))).collect()
}

/// Each of the two inventories of a configuration is scanned in its regions and keeps its names.
#[test]
fn inventories_keep_own_regions_and_names() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&two_inventories());
    let run = sandbox.run(["-s", "spec.json", "--layout", "call", "--run-name", "both"]);
    run.expect_exit(0).stdout_contains("but not `excel`, `organization`, `profile`; see --profile");
    let tree = Tree::open(&sandbox.path("output"), "both");
    let expected = ["eu-central-1 Queues-2", "eu-west-1 Queues"];
    assert_eq!(queues(&tree), expected.map(str::to_owned).into());
    let files = tree.result_files();
    for name in ["eu-west-1/s3-Buckets.json", "eu-central-1/s3-Buckets-2.json"] {
        assert!(files.iter().any(|file| file.ends_with(name)), "{name}: {files:#?}");
    }
}

#[test]
fn regions_of_the_command_line_hold_for_both_inventories() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&two_inventories());
    sandbox.run(["-s", "spec.json", "-r", "us-east-1", "--run-name", "run"]).expect_exit(0);
    let expected = ["us-east-1 Queues", "us-east-1 Queues-2"].map(str::to_owned).into();
    assert_eq!(queues(&Tree::open(&sandbox.path("output"), "run")), expected);
}

//! Every fault that the simulated AWS knows, through the real program, and its line in the ledger.

use std::collections::BTreeSet;

use aws_auto_inventory::simulator::scenario::{Fault, RequestMatch};
use serde_json::{Value, json};

use super::direct_way::Way;
use crate::docs::names_of;
use crate::sandbox::{Finished, Sandbox, Tree};

const EVERY_FAULT: &str = include_str!("../../scenarios/every-fault.json");

/// The account in which each call meets its own fault, and one that meets none.
const UNLUCKY: &str = "100000000001";
const VANISHING: &str = "100000000002";
const LUCKY: &str = "100000000004";

/// Service, function, and the line of the ledger: the status, and who denied it or what ended it.
const EXPECTED: [(&str, &str, &str, Option<&str>); 30] = [
    ("backup", "list_backup_vaults", "failed", None),
    ("cloudformation", "describe_stacks", "truncated", Some("failed")),
    ("cloudwatch", "describe_alarms", "region_disabled", None),
    ("datapipeline", "list_pipelines", "not_available", None),
    ("dynamodb", "list_backups", "empty", None),
    ("dynamodb", "list_tables", "ok", None),
    ("ec2", "describe_instances", "ok", None),
    ("ec2", "describe_subnets", "truncated", Some("throttled")),
    ("ec2", "describe_volumes", "ok", None),
    ("ec2", "describe_vpcs", "failed", None),
    ("ecs", "list_account_settings", "empty", None),
    ("ecs", "list_clusters", "unreachable", None),
    ("ecs", "list_task_definitions", "unreachable", None),
    ("eks", "list_clusters", "unreachable", None),
    ("elbv2", "describe_load_balancers", "denied", Some("scp")),
    ("iam", "list_policies", "denied", Some("session_policy")),
    ("iam", "list_roles", "denied", Some("boundary")),
    ("iam", "list_users", "denied", Some("iam")),
    ("kms", "list_keys", "unreachable", None),
    ("lambda", "list_functions", "unreachable", None),
    ("lambda", "list_layers", "empty", None),
    ("logs", "describe_log_groups", "expired", None),
    ("rds", "describe_db_instances", "unreachable", None),
    ("s3", "list_buckets", "ok", None),
    ("secretsmanager", "list_secrets", "denied", Some("resource_policy")),
    ("sns", "list_platform_applications", "empty", None),
    ("sns", "list_subscriptions", "failed", None),
    ("sns", "list_topics", "failed", None),
    ("sqs", "list_queues", "failed", None),
    ("ssm", "describe_parameters", "empty", None),
];

/// Where a service is called: only a region that has to be enabled can be one that is not.
fn region(service: &str) -> &'static str {
    if service == "cloudwatch" { "ap-east-1" } else { "eu-west-1" }
}

/// Runs the demonstration for a few accounts in one region.
#[track_caller]
fn demo(
    way: Way,
    scenario: &str,
    calls: impl Iterator<Item = (&'static str, &'static str)>,
) -> (Sandbox, Finished) {
    let call =
        |(service, function)| json!({"service": service, "function": function, "regions": [region(service)]});
    let spec: Vec<Value> = calls.map(call).collect();
    let sandbox = way.sandbox().spec(&Value::from(spec)).file("scenario.json", scenario);
    let run = sandbox.run([
        "demo",
        "--scenario",
        "scenario.json",
        "--size",
        "5",
        "-s",
        "spec.json",
        "-r",
        "eu-west-1,ap-east-1",
        "--max-retries",
        "3",
        "--retry-delay",
        "0.01",
    ]);
    (sandbox, run)
}

#[test]
fn every_fault_has_the_status_that_the_documentation_gives_it() {
    every_fault_has_its_status(Way::Direct);
}

/// The same if the SDK sends all first attempts.
#[test]
fn every_fault_of_sdk_has_status_of_documentation() {
    every_fault_has_its_status(Way::Sdk);
}

#[track_caller]
fn every_fault_has_its_status(way: Way) {
    let calls = EXPECTED.iter().map(|(service, function, ..)| (*service, *function));
    let (sandbox, run) = demo(way, EVERY_FAULT, calls);
    run.expect_exit(0);
    assert!(!run.stdout.contains(" 0  rules["), "a rule has no effect\n{}", run.report());
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    for (service, function, status, by) in EXPECTED {
        let place = if service == "iam" { "global" } else { region(service) };
        let line = |account| match tree.ledger_lines(account, place, service, function)[..] {
            [line] => line,
            ref lines => panic!("expected one line on {service} {function} in {account}: {lines:?}"),
        };
        let found = line(UNLUCKY);
        let reason = found["denied_by"].as_str().or(found["truncated_by"].as_str());
        assert_eq!((found["status"].as_str(), reason), (Some(status), by), "{found}");
        let other = line(LUCKY);
        let is_whole = ["ok", "empty"].contains(&other["status"].as_str().unwrap_or_default());
        assert!(is_whole, "a fault of another account: {other}");
        if matches!(status, "ok" | "empty") {
            assert_eq!((&found["status"], &found["items"]), (&other["status"], &other["items"]), "{found}");
        }
    }
}

/// An account that vanishes during the run keeps the results from before.
/// One request at a time, and each call is one request: which calls are answered does not depend on the pace.
#[test]
fn vanishing_account_keeps_earlier_results() {
    let scenario = json!({"rules": [{
        "match": {"accounts": VANISHING}, "fault": {"vanish": {"after": 3}}
    }]});
    let functions = [
        "list_origination_numbers",
        "list_phone_numbers_opted_out",
        "list_platform_applications",
        "list_sms_sandbox_phone_numbers",
    ];
    let spec: Vec<Value> = functions
        .map(|function| json!({"service": "sns", "function": function, "regions": ["eu-west-1"]}))
        .into();
    let sandbox = Sandbox::new().spec(&Value::from(spec)).file("scenario.json", &scenario.to_string());
    let arguments =
        ["demo", "--scenario", "scenario.json", "--size", "5", "-s", "spec.json", "-r", "eu-west-1"];
    let run = sandbox.run(arguments.into_iter().chain(["--concurrency", "1", "--ask-everything"]));
    run.expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let statuses = |account: &str| {
        let line = |function| tree.ledger_lines(account, "eu-west-1", "sns", function)[0]["status"].clone();
        let (answered, lost): (Vec<_>, Vec<_>) =
            functions.map(line).into_iter().partition(|status| status == "ok" || status == "empty");
        (answered.len(), lost)
    };
    assert_eq!(statuses(LUCKY), (functions.len(), vec![]));
    let (answered, lost) = statuses(VANISHING);
    assert_eq!(answered, 2, "three requests are answered, of which one is STS's: {lost:?}");
    assert!(lost.iter().all(|status| status == "expired" || status == "denied"), "{lost:?}");
}

#[test]
fn base_credentials_that_expire_leave_nothing_that_looks_empty() {
    let scenario = json!({"rules": [{
        "match": {"accounts": UNLUCKY, "services": "sts"},
        "fault": {"expired_token": {"of": "base"}}
    }]});
    let calls = [("sns", "list_topics"), ("sqs", "list_queues")].into_iter();
    let (sandbox, _run) = demo(Way::Direct, &scenario.to_string(), calls);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    for line in tree.ledger.iter().filter(|line| line["account"] == UNLUCKY) {
        assert_eq!(line["status"], "expired", "{line}");
    }
    assert!(!tree.account_ids().contains(UNLUCKY), "results of an account that was not entered");
}

#[test]
fn the_scenario_of_every_fault_has_every_fault() {
    let scenario: Value = serde_json::from_str(EVERY_FAULT).expect("JSON");
    let rules = scenario["rules"].as_array().expect("rules");
    let named: BTreeSet<&str> = rules
        .iter()
        .filter_map(|rule| match &rule["fault"] {
            Value::String(name) => Some(name.as_str()),
            fault => fault.as_object()?.keys().next().map(String::as_str),
        })
        .collect();
    assert_eq!(named, names_of::<Fault>().iter().copied().collect());
}

#[test]
fn the_documentation_has_a_row_for_every_fault() {
    let page = include_str!("../../../docs/scenarios.md");
    for fault in names_of::<Fault>() {
        assert!(page.contains(&format!("\n| `{fault}` |")), "docs/scenarios.md has no row for {fault}");
    }
    for member in names_of::<RequestMatch>() {
        assert!(page.contains(&format!("\n| `{member}` |")), "docs/scenarios.md has no row for {member}");
    }
}

#[test]
fn a_mistake_in_a_scenario_is_told_before_anything_runs() {
    let wrong = r#"{"rules": [{"match": {"service": "ec2"}, "fault": "reset"}]}"#;
    let (sandbox, run) = demo(Way::Direct, wrong, [("sns", "list_topics")].into_iter());
    run.expect_exit(2).stderr_is_one_paragraph();
    run.stderr_contains("scenario.json: rules[0].match.service: unknown field `service`");
    run.stderr_contains("did you mean `services`?");
    assert!(!sandbox.path("output").exists());
}

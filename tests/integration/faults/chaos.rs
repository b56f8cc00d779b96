//! The chaos run: 200 accounts, 5 regions, 12 calls, and every fault at once. The ledger accounts for
//! all of the plan, its statuses are those that the scenario leads to, and every file is the truth as
//! far as its statuses promise it.
//!
//! Only base credentials that die are excluded: they end a run, and have a separate test.

mod oracle;
mod truth;

use std::collections::{BTreeMap, BTreeSet};

use aws_auto_inventory::simulator::Scenario;
use serde_json::{Value, json};

use self::oracle::{Oracle, Verdict};
use self::truth::Truth;
use super::direct_way::Way;
use crate::sandbox::{Finished, Sandbox, Tree};

const SCENARIO: &str = include_str!("../../scenarios/chaos.json");
const ACCOUNTS: usize = 200;
/// One of them has to be enabled.
const REGIONS: [&str; 5] = ["ap-east-1", "eu-central-1", "eu-west-1", "us-east-1", "us-east-2"];

/// Service, function and result key, in all of AWS's protocols that have regions.
const CALLS: [(&str, &str, &str); 12] = [
    ("cloudformation", "describe_stacks", "Stacks"),
    ("dynamodb", "list_tables", "TableNames"),
    ("ec2", "describe_addresses", "Addresses"),
    ("ec2", "describe_instances", "Reservations"),
    ("ec2", "describe_vpcs", "Vpcs"),
    ("ecs", "list_clusters", "clusterArns"),
    ("eks", "list_clusters", "clusters"),
    ("kms", "list_keys", "Keys"),
    ("lambda", "list_functions", "Functions"),
    ("rds", "describe_db_instances", "DBInstances"),
    ("sns", "list_topics", "Topics"),
    ("sqs", "list_queues", "QueueUrls"),
];

/// One line of a ledger, by account, region, service and function.
type Place = (String, String, String, String);

fn place(line: &Value) -> Place {
    let text = |key: &str| line[key].as_str().expect("a text").to_owned();
    (text("account"), text("region"), text("service"), text("function"))
}

/// Scans the simulated organization with all calls in all regions.
#[track_caller]
fn scan(accounts: usize, way: Way, more: &[&str]) -> (Sandbox, Finished, Tree) {
    let call = |(service, function, key): &(&str, &str, &str)| json!({"service": service, "function": function, "result_key": key});
    let sandbox = way.sandbox().spec(&CALLS.iter().map(call).collect()).file("chaos.json", SCENARIO);
    let (accounts, regions) = (accounts.to_string(), REGIONS.join(","));
    let arguments = ["demo", "-s", "spec.json", "--size", &accounts, "-r", &regions];
    let run = sandbox.run(arguments.iter().chain(more));
    run.expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    (sandbox, run, tree)
}

/// Whatever goes wrong, the ledger reports it, and all other results are true.
#[test]
fn chaos_run_has_true_ledger_and_results() {
    chaos_has_true_ledger_and_results(Way::Direct);
}

/// The same if the SDK sends all first attempts.
#[test]
fn chaos_run_of_sdk_has_true_ledger_and_results() {
    chaos_has_true_ledger_and_results(Way::Sdk);
}

#[track_caller]
fn chaos_has_true_ledger_and_results(way: Way) {
    let (_quiet, _, undisturbed) = scan(2, way, &[]);
    let truth = Truth::of(&undisturbed);
    // What passes must be over before the retries are. A body that came whole is not requested again.
    // What is concluded of an endpoint that was silent for seconds depends on how fast the machine is; that has
    // separate tests, in a time that is none.
    let retries = ["--max-retries", "6", "--retry-delay", "0.01", "--ask-everything"];
    let (_chaos, run, tree) = scan(ACCOUNTS, way, &[&["--scenario", "chaos.json"][..], &retries].concat());
    assert!(!run.stdout.contains(" 0  rules["), "a rule has no effect\n{}", run.report());

    let lines: BTreeMap<Place, &Value> = tree.ledger.iter().map(|line| (place(line), line)).collect();
    assert_eq!(tree.ledger.len(), lines.len(), "a call has two lines");
    assert_eq!(lines.keys().cloned().collect::<BTreeSet<_>>(), plan(), "the ledger is not the plan");

    let scenario = Scenario::parse(SCENARIO, "chaos.json").expect("a scenario");
    let oracle = Oracle::new(&scenario);
    let mut wrong: Vec<String> = Vec::new();
    for (place, line) in &lines {
        let expected = oracle.verdict(place, truth.line(place));
        if !expected.accepts(line) {
            wrong.push(format!("expected {expected:?}: {line}"));
        }
    }
    wrong.extend(truth.differences(&tree, &lines));
    assert!(
        wrong.is_empty(),
        "{} are wrong; the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    has_every_status(&lines);
}

/// Every call of the plan.
fn plan() -> BTreeSet<Place> {
    let ids = (0..ACCOUNTS).map(|number| (100_000_000_000 + number as u64).to_string());
    let regions = |id: String| REGIONS.map(|region| (id.clone(), region.to_owned()));
    ids.flat_map(regions)
        .flat_map(|(id, region)| {
            CALLS.map(|(service, function, _)| {
                (id.clone(), region.clone(), service.to_owned(), function.to_owned())
            })
        })
        .collect()
}

/// A chaos that leaves a status out would prove nothing about it.
#[track_caller]
fn has_every_status(lines: &BTreeMap<Place, &Value>) {
    let found: BTreeSet<&str> = lines.values().filter_map(|line| line["status"].as_str()).collect();
    for status in [
        "ok",
        "empty",
        "truncated",
        "denied",
        "region_disabled",
        "not_available",
        "expired",
        "unreachable",
        "failed",
    ] {
        assert!(found.contains(status), "no call is {status}: {found:?}");
    }
    let deniers: BTreeSet<&str> = lines.values().filter_map(|line| line["denied_by"].as_str()).collect();
    for by in ["iam", "scp", "session_policy", "boundary", "resource_policy"] {
        assert!(deniers.contains(by), "no call is denied by {by}: {deniers:?}");
    }
}

#[test]
fn the_oracle_knows_what_lasts_and_what_passes() {
    let scenario =
        |rules: Value| Scenario::parse(&json!({"rules": rules}).to_string(), "test").expect("a scenario");
    let verdict = |rules: Value| {
        let place = ["100000000001", "eu-west-1", "sns", "list_topics"].map(str::to_owned);
        let truth = json!({"status": "ok", "pages": 2});
        Oracle::new(&scenario(rules)).verdict(&place.into(), &truth)
    };
    assert_eq!(verdict(json!([{"match": {"until": 2}, "fault": "region_disabled"}])), Verdict::of("ok"));
    assert_eq!(verdict(json!([{"fault": "reset"}])), Verdict::of("unreachable"));
    let unreadable = |status| Verdict::of(status).or_unreadable();
    assert_eq!(verdict(json!([{"fault": "garbage"}, {"fault": "dns_failure"}])), unreadable("unreachable"));
    assert_eq!(
        verdict(json!([{"fault": {"delay": {"milliseconds": 1}}}, {"fault": "garbage"}])),
        unreadable("failed")
    );
    assert_eq!(verdict(json!([{"match": {"until": 1}, "fault": "truncate"}])), unreadable("ok"));
}

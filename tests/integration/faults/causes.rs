//! The end of a run's summary lists what failed in it, and all parts of the program count the same.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::sandbox::{Sandbox, Tree};

/// Calls that do not need buckets, whose list is requested in one region for all.
fn spec() -> Value {
    let calls = [
        ("ec2", "describe_vpcs"),
        ("lambda", "list_functions"),
        ("lambda", "list_layers"),
        ("lambda", "list_event_source_mappings"),
        ("rds", "describe_db_instances"),
        ("sqs", "list_queues"),
    ];
    calls.map(|(service, function)| json!({"service": service, "function": function})).to_vec().into()
}

/// A demonstration of so many accounts, and what it prints and leaves.
struct Demo {
    sandbox: Sandbox,
    summary: Value,
}

impl Demo {
    #[track_caller]
    fn new(spec: &Value, scenario: &Value, accounts: &str, regions: &str, more: &[&str]) -> Self {
        let sandbox = Sandbox::new().spec(spec).file("scenario.json", &scenario.to_string());
        let given = ["demo", "--scenario", "scenario.json", "-s", "spec.json", "--run-name", "run"];
        let quick = ["--max-retries", "0", "--summary", "json", "--size", accounts, "-r", regions];
        let run = sandbox.run([&given[..], &quick, more].concat());
        run.expect_exit(0);
        let summary = serde_json::from_str(&run.stdout).expect("JSON alone");
        Self { sandbox, summary }
    }

    fn failures(&self) -> &Vec<Value> {
        self.summary["failures"].as_array().expect("a list")
    }

    fn titles(&self) -> Vec<&str> {
        self.failures().iter().map(|failure| failure["title"].as_str().expect("a text")).collect()
    }

    /// What became of the accounts, each outcome once.
    fn outcomes(&self) -> Vec<String> {
        let accounts = self.json("accounts.json");
        let accounts = accounts.as_array().expect("a list");
        let outcome = |account: &Value| account["outcome"].as_str().expect("an outcome").to_owned();
        let mut outcomes: Vec<String> = accounts.iter().map(outcome).collect();
        outcomes.sort();
        outcomes.dedup();
        outcomes
    }

    /// A file of the run's folder.
    fn json(&self, file: &str) -> Value {
        let path = self.sandbox.path("output/run").join(file);
        serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
    }

    fn tree(&self) -> Tree {
        Tree::open(&self.sandbox.path("output"), "run")
    }

    /// The only number that a query gives.
    #[track_caller]
    fn query(&self, sql: &str) -> u64 {
        let run = self.sandbox.run(["query", "output/run", sql, "--format", "csv"]);
        run.expect_exit(0);
        run.stdout.lines().nth(1).and_then(|line| line.parse().ok()).expect("a number")
    }
}

/// A service that is down in a region is one cause, however many accounts there are.
#[test]
fn service_down_in_region_is_one_cause() {
    let scenario = json!({"rules": [
        {"match": {"services": "lambda", "regions": "us-west-2"}, "fault": "refuse_connection"}
    ]});
    let demo = Demo::new(&spec(), &scenario, "12", "eu-west-1,us-west-2", &[]);
    let titles = demo.titles();
    assert_eq!(titles.len(), 1, "{titles:?}");
    assert!(titles[0].starts_with("lambda in us-west-2 unreachable: 36 calls in 12 accounts"), "{titles:?}");
    assert_eq!(demo.outcomes(), ["incomplete"]);
    let tree = demo.tree();
    let inferred: Vec<_> = tree.ledger.iter().filter(|line| line["inferred"] == true).collect();
    assert!(inferred.iter().all(|line| line["inferred_from"] == "endpoint"), "{inferred:?}");
    assert_eq!(demo.failures()[0]["not_sent"], inferred.len());
}

/// A region that a policy denies is named, with the option that excludes it.
#[test]
fn denied_region_is_named_with_exclude_option() {
    let scenario = json!({"rules": [{
        "match": {"regions": ["eu-west-3", "ap-*"], "services": ["!sts"]},
        "fault": {"deny": {"by": "scp", "explicit": true}},
    }]});
    let demo = Demo::new(&spec(), &scenario, "10", "eu-west-1,eu-west-3,ap-south-1", &[]);
    let titles = demo.titles();
    assert_eq!(titles.len(), 1, "{titles:?}");
    let title = "ap-south-1, eu-west-3 denied by a service control policy: 120 calls in 10 accounts";
    assert!(titles[0].starts_with(title), "{titles:?}");
    let hint = demo.failures()[0]["hints"][0].as_str().expect("a hint");
    assert!(hint.contains("--exclude-regions ap-south-1,eu-west-3"), "{hint}");
    assert_eq!(demo.outcomes(), ["incomplete"]);
}

#[test]
fn a_role_that_no_account_has_is_one_cause_with_few_lines() {
    let none = json!({"rules": []});
    let role = ["--role-name", "Misspelt"];
    let demo = Demo::new(&spec(), &none, "40", "eu-west-1", &role);
    assert_eq!(
        demo.titles(),
        ["cannot assume role Misspelt in 39 accounts: 234 calls denied (AccessDenied)"]
    );
    let failure = &demo.failures()[0];
    assert_eq!(
        (&failure["subject"], failure["accounts"].as_array().map(Vec::len)),
        (&json!("session"), Some(39))
    );
    let hints: Vec<_> = failure["hints"].as_array().expect("hints").iter().map(Value::as_str).collect();
    assert_eq!(
        hints[0],
        Some("check that role Misspelt exists in each of these accounts (change it with --role-name)")
    );
    assert!(hints.iter().all(|hint| hint.is_some_and(|hint| !hint.contains("100000000001"))), "{hints:?}");
    assert_eq!(demo.outcomes(), ["complete", "not_entered"]);

    let again = ["demo", "--size", "40", "-s", "spec.json", "-r", "eu-west-1", "-o", "text"];
    let text = demo.sandbox.run([&again[..], &role].concat());
    let story = text.stdout.split("Not complete: ").nth(1).expect("what is not complete");
    let story = story.split("\n\n").next().unwrap_or_default();
    assert!(story.lines().count() <= 7, "{story}");
}

/// Tables with their descriptions, some of which are denied, and an entry that is not called at all.
fn counted() -> (Value, Value) {
    let spec = json!([
        {"service": "dynamodb", "function": "list_tables", "each": [{"over": ".TableNames[]",
            "function": "describe_table", "parameters": {"TableName": "{.}"}, "result_key": "Table"}]},
        {"service": "ec2", "function": "describe_instances"},
        {"service": "sqs", "function": "list_queues"},
        {"service": "sts", "function": "get_session_token"},
    ]);
    let scenario = json!({"seed": 5, "rules": [
        {"match": {"services": "dynamodb", "operations": "DescribeTable", "probability": 0.4},
            "fault": {"deny": {"by": "iam"}}},
        {"match": {"services": "sqs", "share": 0.5}, "fault": {"deny": {"by": "iam"}}},
    ]});
    (spec, scenario)
}

#[test]
fn ledger_summary_manifest_plan_and_query_count_the_same_calls() {
    let (spec, scenario) = counted();
    let demo = Demo::new(&spec, &scenario, "6", "eu-west-1,us-east-1", &[]);
    let tree = demo.tree();
    let is_call = |line: &&Value| line.get("item").is_none() && line["region"] != "*";
    let calls: Vec<&Value> = tree.ledger.iter().filter(is_call).collect();
    let of_items = tree.ledger.iter().filter(|line| line.get("item").is_some()).count();
    assert!(of_items > 0 && calls.len() + of_items < tree.ledger.len(), "the run has lines of all kinds");

    let summary = &demo.summary;
    assert_eq!(summary["calls"], calls.len());
    let mut statuses: BTreeMap<&str, u64> = BTreeMap::new();
    for call in &calls {
        *statuses.entry(call["status"].as_str().expect("a status")).or_default() += 1;
    }
    assert_eq!(summary["statuses"], json!(statuses));
    let manifest = demo.json("manifest.json");
    assert_eq!(manifest["totals"]["calls"], json!(statuses));
    assert_eq!(manifest["totals"]["lines"], tree.ledger.len());
    assert_eq!(manifest["totals"]["items"], summary["items"]);

    let has_gap = |call: &&&Value| call["status"] == "denied" || call.get("failed_items").is_some();
    assert_eq!(summary["incomplete"], calls.iter().filter(has_gap).count());
    assert_eq!(summary["failed_items"], of_items);
    let of_causes: u64 =
        demo.failures().iter().map(|failure| failure["calls"].as_u64().expect("a number")).sum();
    assert_eq!(summary["incomplete"], of_causes);

    let count = |number: &Value| number.as_u64().expect("a number");
    assert_eq!(demo.query("SELECT sum(calls) FROM gaps"), count(&summary["incomplete"]));
    assert_eq!(demo.query("SELECT sum(items) FROM gaps"), count(&summary["failed_items"]));
    assert_eq!(demo.query("SELECT sum(gaps) FROM gaps_per_service"), count(&summary["incomplete"]));
    assert_eq!(demo.query("SELECT sum(calls) FROM gaps_per_account"), calls.len() as u64);

    let plan = ["demo", "--dry-run", "--size", "6", "-s", "spec.json", "-r", "eu-west-1,us-east-1"];
    let planned = format!("\nCalls          {} in 6 accounts", calls.len());
    demo.sandbox.run(plan).stdout_contains(&planned);
}

#[test]
fn export_and_query_count_the_same_resources() {
    let (spec, scenario) = counted();
    let demo = Demo::new(&spec, &scenario, "6", "eu-west-1,us-east-1", &[]);
    let lines = demo.sandbox.run(["export", "output/run", "--format", "ndjson", "--output", "-"]);
    let resources = lines.stdout.lines().count() as u64;
    assert_eq!(demo.query("SELECT count(*) FROM resources"), resources);
    let report = demo.sandbox.run(["report", "output/run"]);
    report.stdout_contains(&format!("{resources} resources: "));
    // Each table is there once, described or not.
    let tables = demo
        .tree()
        .ledger
        .iter()
        .filter(|line| line["function"] == "list_tables")
        .fold(0, |sum, line| sum + line["items"].as_u64().expect("a number"));
    assert_eq!(demo.query("SELECT count(*) FROM resources WHERE kind = 'table'"), tables);
}

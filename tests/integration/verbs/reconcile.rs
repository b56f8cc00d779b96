//! `scan reconcile`: a run of the simulated organization is compared with witnesses in which differences are planted.

mod exports;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::sandbox::{Finished, Ledger, Sandbox};

const RUN: &str = "output/run";
const SHOP: &str = "310055471926";
/// The account whose role cannot be assumed.
const CLOSED: &str = "515230977148";
const EVERYTHING: &str = "resource-explorer,config,tagging,bill";

/// A run of the demonstration that was compared with all witnesses.
struct Compared {
    sandbox: Sandbox,
    finished: Finished,
    differences: Vec<Value>,
}

impl Compared {
    /// The comparison that tests share which only read it.
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Compared> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(&[], &["--with", EVERYTHING]))
    }

    fn new(scan: &[&str], reconcile: &[&str]) -> Self {
        let sandbox = scanned(scan);
        let finished = sandbox.run([&["reconcile", RUN, "--format", "json"], reconcile].concat());
        let differences = lines(&sandbox.path("output/run/witnesses/differences.ndjson"));
        Self { sandbox, finished, differences }
    }

    fn summary(&self) -> Value {
        serde_json::from_str(&self.finished.stdout).unwrap_or_else(|_| panic!("{}", self.finished.report()))
    }

    /// The differences of a class: witness and ARN, or type if there is none.
    fn of_class(&self, class: &str) -> BTreeSet<(&str, &str)> {
        let of_class = self.differences.iter().filter(|difference| difference["class"] == class);
        of_class
            .map(|one| {
                let text = |name: &str| one[name].as_str().unwrap_or_default();
                (text("witness"), one["arn"].as_str().unwrap_or_else(|| text("type")))
            })
            .collect()
    }

    /// How a witness responded.
    fn answer(&self, witness: &str) -> Value {
        let summary = self.summary();
        let answers = summary["witnesses"].as_array().expect("witnesses");
        answers.iter().find(|answer| answer["witness"] == witness).expect("the witness").clone()
    }

    fn called(&self) -> Ledger {
        Ledger::read(&self.sandbox.path("output/run/witnesses"))
    }
}

/// A sandbox with a run of the demonstration.
fn scanned(more: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let run = ["demo", "-q", "-o", "output", "--run-name", "run"];
    sandbox.run([&run, more].concat()).expect_exit(0);
    sandbox
}

fn lines(path: &PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn lambda(name: &str) -> String {
    format!("arn:aws:lambda:eu-central-1:{SHOP}:function:{name}")
}

/// Every planted difference is found with its class, and nothing else.
#[test]
fn planted_differences_are_found_and_nothing_else() {
    let compared = Compared::shared();
    compared.finished.expect_exit(4);
    let (forgotten, fresh) = (lambda("shop-forgotten"), lambda("shop-fresh"));
    let both = [("config", &*forgotten), ("resource-explorer", &*forgotten)];
    assert_eq!(compared.of_class("missing"), BTreeSet::from(both));
    assert_eq!(compared.of_class("newer"), BTreeSet::from([("config", &*fresh)]));
    let gate = format!("arn:aws:teleport:eu-central-1:{SHOP}:gate:shop-gate");
    assert_eq!(compared.of_class("unmatched_type"), BTreeSet::from([("resource-explorer", &*gate)]));
    let database = format!("arn:aws:rds:eu-central-1:{SHOP}:db:shop-checkout-db");
    assert_eq!(compared.of_class("only_in_run"), BTreeSet::from([("", &*database)]));
    // The role cannot be assumed in one account, and a policy denies databases in another.
    let (closed, others): (Vec<_>, Vec<_>) = compared
        .differences
        .iter()
        .filter(|difference| difference["class"] == "failed")
        .partition(|difference| difference["account"] == CLOSED);
    let experiment = "arn:aws:rds:us-west-2:509984416235:db:anna-experiment";
    assert_eq!(others.iter().map(|one| &one["arn"]).collect::<Vec<_>>(), [experiment, experiment]);
    assert!(closed.iter().chain(&others).all(|one| one["status"] == "denied"), "{closed:?}");
    let reported = |witness| closed.iter().filter(|one| one["witness"] == witness).count();
    assert_eq!((reported("config"), closed.len()), (8, 16), "all of its resources: {closed:?}");
    assert_eq!(reported("resource-explorer"), 8, "by the organization's view: {closed:?}");
    // The spec does not list state machines, nor accounts, which have tags.
    let accounts = compared.sandbox.path("output/run/accounts.json");
    let accounts: Vec<Value> =
        serde_json::from_slice(&std::fs::read(accounts).expect("accounts")).expect("a list");
    let orders = format!("arn:aws:states:eu-central-1:{SHOP}:stateMachine:shop-orders");
    let expected = accounts.iter().map(|account| ("tagging", account["arn"].as_str().expect("an ARN")));
    let expected = expected.chain([("config", &*orders), ("resource-explorer", &*orders)]);
    assert_eq!(compared.of_class("not_called"), expected.collect());
}

/// Services and regions that cost something have resources in the run, except for planted ones and in the account that
/// was not scanned.
#[test]
fn billed_services_without_resources_are_found() {
    let compared = Compared::shared();
    let billed = compared.differences.iter().filter(|difference| difference["class"] == "billed");
    let (closed, others): (Vec<_>, Vec<_>) = billed.partition(|one| one["account"] == CLOSED);
    let place = |one: &&Value| [&one["account"], &one["region"], &one["type"]].map(Value::clone);
    assert_eq!(
        others.iter().map(place).collect::<Vec<_>>(),
        [
            [json!(SHOP), json!(""), json!("Amazon Kinesis")],
            [json!(SHOP), json!("ap-southeast-2"), json!("all services")],
        ]
    );
    for one in closed.iter().filter(|one| one["region"] == "") {
        let reason = one["reason"].as_str().expect("a reason");
        assert!(reason.contains("no role could be assumed in account 515230977148"), "{reason}");
    }
    let notes = compared.answer("bill")["notes"].to_string();
    assert!(notes.contains("not matched with a service: Amazon Elastic Container Service"), "{notes}");
}

#[test]
fn agreement_is_counted_for_each_type() {
    let summary = Compared::shared().summary();
    let lambda = &summary["types"]["AWS::Lambda::Function"];
    assert_eq!(lambda["differences"], json!({"missing": 1, "failed": 2, "newer": 1}));
    let both = lambda["both"].as_f64().expect("a number");
    let agreement = summary["agreement_percent"].as_f64().expect("a number");
    assert!(both > 100.0 && agreement > 90.0 && agreement < 100.0, "{summary}");
    assert_eq!(summary["types"]["AWS::ECS::Cluster"]["differences"], json!({}));
}

/// A witness that is not set up or denied is reported with its accounts.
#[test]
fn witnesses_without_response_are_reported() {
    let compared = Compared::shared();
    let explorer = compared.answer("resource-explorer");
    assert_eq!((&explorer["state"], &explorer["not_set_up"]), (&json!("partial"), &json!(["431175926608"])));
    for witness in ["resource-explorer", "config", "tagging"] {
        let failed = &compared.answer(witness)["failed"];
        assert_eq!(
            (&failed[0]["account"], &failed[0]["status"]),
            (&json!(CLOSED), &json!("denied")),
            "{witness}"
        );
        assert_eq!(failed.as_array().map(Vec::len), Some(1), "{witness}");
    }
    assert_eq!(compared.answer("bill")["state"], "complete");
}

/// An organization without indexes and aggregators has only tags to compare with.
#[test]
fn missing_witnesses_are_reported_as_not_set_up() {
    let compared = Compared::new(&["--size", "2", "-s", "lambda"], &[]);
    compared.finished.expect_exit(0);
    for witness in ["resource-explorer", "config"] {
        assert_eq!(compared.answer(witness)["state"], "not_set_up", "{witness}");
    }
    assert_eq!(compared.answer("tagging")["state"], "complete");
}

#[test]
fn bill_is_announced_and_sent_once() {
    let compared = Compared::shared();
    compared.finished.stderr_contains("Cost Explorer is billed: 2 requests for 0.02 USD");
    let called = compared.called();
    let billed = called.with(&json!({"service": "ce", "status": "ok"}));
    let requests: Vec<_> = billed.iter().map(|line| (&line["account"], &line["attempts"])).collect();
    assert_eq!(requests, [(&json!("104205104205"), &json!(1)); 2]);
}

#[test]
fn bill_is_never_sent_without_its_option() {
    let compared = Compared::new(&["-s", "lambda"], &[]);
    assert!(!compared.finished.stderr.contains("billed"), "{}", compared.finished.report());
    let services: BTreeSet<String> = compared
        .called()
        .0
        .iter()
        .map(|line| line["service"].as_str().expect("a service").to_owned())
        .collect();
    let expected = ["config", "resource-explorer-2", "resourcegroupstaggingapi"].map(str::to_owned);
    assert_eq!(services, BTreeSet::from(expected));
}

/// The policy of the printed spec has the actions of its calls and no others.
#[test]
fn printed_spec_has_policy_with_only_its_actions() {
    let sandbox = scanned(&["-s", "lambda", "-r", "us-east-1"]);
    let actions = |with: &str| -> BTreeSet<String> {
        let spec = sandbox.run(["reconcile", RUN, "--with", with, "--print-spec"]);
        spec.expect_exit(0);
        std::fs::write(sandbox.path("witnesses.json"), &spec.stdout).expect("a file");
        let policy = sandbox.run(["policy", "-s", "witnesses.json"]);
        policy.expect_exit(0);
        let policy: Value = serde_json::from_str(&policy.stdout).expect("a policy");
        let statements = policy["Statement"].as_array().expect("statements").iter();
        let actions = statements.flat_map(|statement| statement["Action"].as_array().expect("actions"));
        actions.map(|action| action.as_str().expect("an action").to_owned()).collect()
    };
    let without = actions("tagging");
    assert!(without.contains("tag:GetResources"), "{without:?}");
    let added = |with| actions(with).difference(&without).cloned().collect::<Vec<_>>();
    assert_eq!(
        added("config,tagging"),
        [
            "config:BatchGetAggregateResourceConfig",
            "config:DescribeConfigurationAggregators",
            "config:GetAggregateDiscoveredResourceCounts",
            "config:ListAggregateDiscoveredResources",
        ]
    );
    let explorer = ["GetIndex", "GetView", "ListResources", "ListViews", "Search"]
        .map(|action| format!("resource-explorer-2:{action}"));
    assert_eq!(added("resource-explorer,tagging"), explorer);
    assert_eq!(added("tagging,bill"), ["ce:GetCostAndUsage"]);
    assert!(!sandbox.path("output/run/witnesses").exists(), "nothing is called");
}

/// What was called before an interruption is not called again.
#[test]
fn interrupted_comparison_is_continued() {
    let compared = Compared::new(&["-s", "lambda", "-r", "eu-central-1"], &[]);
    let folder = compared.sandbox.path("output/run/witnesses");
    let (ledger, manifest) = (folder.join("ledger.ndjson"), folder.join("manifest.json"));
    let all = std::fs::read_to_string(&ledger).expect("a ledger");
    let kept: Vec<&str> = all.lines().take(20).collect();
    std::fs::write(&ledger, kept.join("\n") + "\n").expect("a ledger");
    let mut document: Value =
        serde_json::from_slice(&std::fs::read(&manifest).expect("a manifest")).expect("JSON");
    (document["state"], document["finished"]) = (json!("interrupted"), Value::Null);
    std::fs::write(&manifest, document.to_string()).expect("a manifest");
    let again = compared.sandbox.run(["reconcile", RUN, "--format", "json"]);
    again.expect_exit(4).stderr_contains("calls are done");
    let outcome = |line: &Value| line["status"].to_string();
    let ledger = compared.called().0;
    assert_eq!(ledger.len(), all.lines().count());
    let counts = |lines: &[Value]| {
        lines.iter().map(outcome).fold(BTreeMap::<_, u32>::new(), |mut counts, status| {
            *counts.entry(status).or_default() += 1;
            counts
        })
    };
    let before: Vec<Value> = all.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(counts(&ledger), counts(&before));
    let differences = lines(&folder.join("differences.ndjson"));
    assert_eq!(differences.len(), compared.differences.len());
}

#[test]
fn offline_comparison_sends_nothing() {
    let compared = Compared::new(&["-s", "lambda", "-r", "eu-central-1"], &[]);
    let ledger = compared.sandbox.path("output/run/witnesses/ledger.ndjson");
    let before = std::fs::metadata(&ledger).and_then(|file| file.modified()).expect("a time");
    let again = compared.sandbox.run(["reconcile", RUN, "--offline", "--format", "json"]);
    again.expect_exit(4);
    let summary: Value = serde_json::from_str(&again.stdout).expect("JSON");
    assert_eq!(summary["total"], compared.summary()["total"]);
    assert_eq!(std::fs::metadata(&ledger).and_then(|file| file.modified()).expect("a time"), before);
}

/// The redaction of the run applies to the responses of witnesses.
#[test]
fn redaction_of_run_applies_to_witnesses() {
    let path = "resourcegroupstaggingapi:get_resources:.ResourceTagMappingList[].Tags[].Value";
    let compared = Compared::new(&["-r", "eu-central-1", "--redact", path], &[]);
    let manifest: Value = serde_json::from_slice(
        &std::fs::read(compared.sandbox.path("output/run/witnesses/manifest.json")).expect("a manifest"),
    )
    .expect("JSON");
    assert_eq!(manifest["settings"]["redact_paths"], json!([path]));
    let file =
        format!("output/run/witnesses/{SHOP}-shop-production/eu-central-1/resourcegroupstaggingapi.json");
    let tags: Value =
        serde_json::from_slice(&std::fs::read(compared.sandbox.path(&file)).expect("results")).expect("JSON");
    let values: BTreeSet<&str> = tags["get_resources"]
        .as_array()
        .expect("resources")
        .iter()
        .flat_map(|resource| resource["Tags"].as_array().expect("tags"))
        .map(|tag| tag["Value"].as_str().expect("a value"))
        .collect();
    assert!(!values.is_empty() && values.iter().all(|value| *value == "[redacted]"), "{values:?}");
}

/// The entries that witnesses would need are a spec that a scan accepts.
#[test]
fn entries_for_more_are_a_spec() {
    let sandbox = scanned(&["-s", "lambda", "-r", "eu-central-1,us-east-1"]);
    sandbox.run(["reconcile", RUN, "--spec", "more.json"]).expect_exit(4).stdout_contains("calls: more.json");
    let more: Value =
        serde_json::from_slice(&std::fs::read(sandbox.path("more.json")).expect("a spec")).expect("JSON");
    let functions: BTreeSet<&str> = more["calls"]
        .as_array()
        .expect("calls")
        .iter()
        .map(|call| call["function"].as_str().expect("a function"))
        .collect();
    for function in
        ["list_state_machines", "list_accounts", "list_buckets", "describe_db_instances", "list_policies"]
    {
        assert!(functions.contains(function), "{function} is not in {functions:?}");
    }
    sandbox.run(["demo", "-s", "more.json", "-o", "more", "-q"]).expect_exit(0);
    sandbox.run(["reconcile", RUN, "--spec", "more.json"]).expect_exit(2).stderr_contains("already exists");
}

#[test]
fn run_that_cannot_be_compared_is_an_error() {
    let sandbox = scanned(&["-s", "lambda", "-r", "us-east-1"]);
    sandbox.run(["reconcile", RUN, "--offline"]).expect_exit(2).stderr_contains("no witness was called");
    sandbox.run(["reconcile", "output"]).expect_exit(2).stderr_contains("no manifest.json");
    sandbox.run(["reconcile", RUN]).expect_exit(0);
    let of_witnesses = sandbox.run(["reconcile", "output/run/witnesses"]);
    of_witnesses.expect_exit(2).stderr_contains("it is the run of witnesses");
    let manifest = sandbox.path("output/run/manifest.json");
    let mut document: Value =
        serde_json::from_slice(&std::fs::read(&manifest).expect("a manifest")).expect("JSON");
    document["state"] = json!("interrupted");
    std::fs::write(&manifest, document.to_string()).expect("a manifest");
    sandbox.run(["reconcile", RUN]).expect_exit(2).stderr_contains("finish it first");
}

//! What changed between two runs, as the real program tells it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox};

/// An account that has a little of everything, and where most of it is.
const ACCOUNT: &str = "416620593301";
const REGION: &str = "eu-central-1";

/// Two runs of the demonstration, which are the same until a test changes one.
struct Two {
    sandbox: Sandbox,
}

impl Two {
    /// Scans the demonstration once, and copies the run.
    fn same(spec: &str, more: &[&str]) -> Self {
        let sandbox = Sandbox::new();
        scan(&sandbox, "old", spec, more);
        copy(&sandbox.path("output/old"), &sandbox.path("output/new"));
        Self { sandbox }
    }

    fn diff(&self, more: &[&str]) -> Finished {
        self.sandbox.run([&["diff", "output/old", "output/new"], more].concat())
    }

    /// The comparison as JSON.
    #[track_caller]
    fn json(&self, more: &[&str]) -> Value {
        let run = self.diff(&[&["--format", "json"], more].concat());
        run.expect_exit(0);
        serde_json::from_str(&run.stdout).expect("one document of JSON")
    }

    fn new_run(&self) -> PathBuf {
        self.sandbox.path("output/new")
    }

    /// Changes a result file of the new run.
    #[track_caller]
    fn edit(&self, service: &str, edit: impl FnOnce(&mut Value)) {
        let path = folder_of(&self.new_run(), ACCOUNT).join(REGION).join(format!("{service}.json"));
        let mut file = read(&path);
        edit(&mut file);
        fs::write(path, file.to_string()).expect("writes");
    }

    /// Changes the lines of the new run's ledger about one function in one place; what is left of a
    /// denied call is no result.
    #[track_caller]
    fn deny(&self, service: &str, function: &str) {
        self.edit_ledger(|line| {
            let is_it =
                line["account"] == ACCOUNT && line["region"] == REGION && line["function"] == function;
            if is_it && line.get("item").is_none() {
                line["status"] = json!("denied");
                line["by"] = json!("iam");
                line["code"] = json!("AccessDenied");
            }
            true
        });
        self.edit(service, |file| drop(file.as_object_mut().expect("an object").remove(function)));
    }

    /// Changes every line of the new run's ledger; those are left out for which `edit` says so.
    #[track_caller]
    fn edit_ledger(&self, mut edit: impl FnMut(&mut Value) -> bool) {
        let path = self.new_run().join("ledger.ndjson");
        let mut text = String::new();
        for line in fs::read_to_string(&path).expect("a ledger").lines() {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            if edit(&mut line) {
                text.push_str(&line.to_string());
                text.push('\n');
            }
        }
        fs::write(path, text).expect("writes");
    }

    #[track_caller]
    fn append_to_ledger(&self, line: &Value) {
        let path = self.new_run().join("ledger.ndjson");
        let ledger = fs::read_to_string(&path).expect("a ledger");
        fs::write(path, format!("{ledger}{line}\n")).expect("writes");
    }

    #[track_caller]
    fn edit_manifest(&self, edit: impl FnOnce(&mut Value)) {
        let path = self.new_run().join("manifest.json");
        let mut manifest = read(&path);
        edit(&mut manifest);
        fs::write(path, manifest.to_string()).expect("writes");
    }
}

#[track_caller]
fn scan(sandbox: &Sandbox, name: &str, spec: &str, more: &[&str]) {
    let run = ["demo", "-s", spec, "-r", "eu-central-1,us-east-1", "-o", "output", "--run-name", name];
    sandbox.run([&run, more].concat()).expect_exit(0);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(|_| ()).expect("copies") }
    }
}

#[track_caller]
fn folder_of(run: &Path, account: &str) -> PathBuf {
    let entries = fs::read_dir(run).expect("a run").map(|entry| entry.expect("an entry").path());
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().starts_with(account);
    entries.filter(name).find(|path| path.is_dir()).expect("the account's folder")
}

#[track_caller]
fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

/// The numbers of a comparison: added, removed, changed, unknown.
fn counts(diff: &Value) -> [u64; 4] {
    ["added", "removed", "changed", "unknown"].map(|name| diff["totals"][name].as_u64().expect("a number"))
}

/// The changes as `sign kind id`, with their fields as `path: old -> new`.
fn told(diff: &Value) -> Vec<String> {
    let mut told = Vec::new();
    for change in diff["changes"].as_array().expect("changes") {
        let text = |name: &str| change[name].as_str().expect("a text").to_owned();
        told.push(format!("{} {} {}", text("change"), text("kind"), text("id")));
        for field in change["fields"].as_array().into_iter().flatten() {
            let path = field["path"].as_str().expect("a path");
            told.push(format!("  {path}: {} -> {}", field["old"], field["new"]));
        }
    }
    told
}

#[test]
fn two_runs_of_the_same_organization_differ_in_nothing() {
    let two = Two { sandbox: Sandbox::new() };
    scan(&two.sandbox, "old", "inventory", &[]);
    // Neither the layout nor the name of an account says anything about resources.
    scan(&two.sandbox, "new", "inventory", &["--layout", "call"]);
    let diff = two.json(&["--no-default-ignore", "--fail-on", "added,removed,changed"]);
    assert_eq!(counts(&diff), [0, 0, 0, 0]);
    assert!(diff["totals"]["unchanged"].as_u64() > Some(1000), "{}", diff["totals"]);
    assert_eq!(diff["changes"], json!([]));
    assert_eq!(diff["groups"], json!([]));
    assert_eq!(diff["accounts"], json!([]));
    assert_eq!(diff["not_compared"], json!([]));
    // The demonstration's refusals are refusals in both runs.
    assert!(diff["totals"]["calls_unknown"].as_u64() > Some(0), "{}", diff["totals"]);
    for unknown in diff["unknown"].as_array().expect("a list") {
        assert_eq!(unknown["old"], unknown["new"], "{unknown}");
    }
}

#[test]
fn resources_that_came_went_and_changed_are_told_field_by_field() {
    let two = Two::same("ec2", &[]);
    let mut ids = Vec::new();
    two.edit("ec2", |file| {
        let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
        volumes[1]["Size"] = json!(4711);
        volumes[1]["Tags"] = json!([{"Key": "stage", "Value": "gone wild"}]);
        let gone = volumes.remove(0);
        let mut came = gone.clone();
        came["VolumeId"] = json!("vol-0new");
        volumes.push(came);
        ids = vec![gone["VolumeId"].clone(), volumes[0]["VolumeId"].clone()];
        volumes.reverse();
    });
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [1, 1, 1, 0]);
    let told = told(&diff);
    let id = |index: usize| ids[index].as_str().expect("an id");
    assert!(told.contains(&"added volume vol-0new".to_owned()), "{told:#?}");
    assert!(told.contains(&format!("removed volume {}", id(0))), "{told:#?}");
    assert!(told.contains(&format!("changed volume {}", id(1))), "{told:#?}");
    let field =
        |start: &str, end: &str| told.iter().any(|line| line.starts_with(start) && line.ends_with(end));
    assert!(field("  Size: ", " -> 4711"), "{told:#?}");
    assert!(field("  Tags[stage]: \"staging\"", " -> \"gone wild\""), "{told:#?}");
    assert!(field("  Tags[Name]: ", " -> null"), "{told:#?}");
    assert_eq!(told.iter().filter(|line| line.starts_with("  ")).count(), 4, "{told:#?}");

    let group = &diff["groups"][0];
    assert_eq!((&group["account"], &group["service"]), (&json!(ACCOUNT), &json!("ec2")));
    assert_eq!(diff["groups"].as_array().map(Vec::len), Some(1));
}

#[test]
fn another_order_of_tags_groups_and_members_is_no_change() {
    fn turn(value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(turn);
                items.reverse();
            }
            Value::Object(members) => {
                members.values_mut().for_each(turn);
                let turned: Vec<_> = std::mem::take(members).into_iter().rev().collect();
                members.extend(turned);
            }
            _ => {}
        }
    }
    let two = Two::same("inventory", &[]);
    for service in ["ec2", "elbv2", "lambda", "dynamodb"] {
        two.edit(service, |file| file.as_object_mut().expect("calls").values_mut().for_each(turn));
    }
    assert_eq!(counts(&two.json(&[])), [0, 0, 0, 0]);
}

#[test]
fn what_is_denied_in_the_new_run_is_unknown_and_not_removed() {
    let two = Two::same("ec2", &[]);
    let volumes = volumes_of(&two);
    two.deny("ec2", "describe_volumes");
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [0, 0, 0, volumes]);
    for change in diff["changes"].as_array().expect("changes") {
        assert_eq!((&change["change"], &change["seen_in"]), (&json!("unknown"), &json!("old")));
        assert_eq!(change["because"], json!({"cause": "denied", "by": "iam"}));
    }
    let unknown = diff["unknown"].as_array().expect("a list").iter();
    let its: Vec<&Value> = unknown
        .filter(|unknown| unknown["function"] == "describe_volumes" && unknown["old"].is_null())
        .collect();
    assert_eq!(its.len(), 1, "{its:#?}");
    assert_eq!((&its[0]["calls"], &its[0]["resources"]), (&json!(1), &json!(volumes)));
    assert_eq!(its[0]["new"], json!({"cause": "denied", "by": "iam"}));
    two.diff(&[])
        .expect_exit(0)
        .stdout_contains(&format!("{volumes} resources, 1 call: denied (by iam) in the new run"));
}

#[test]
fn what_was_denied_in_the_old_run_is_unknown_and_not_added() {
    let two = Two::same("ec2", &[]);
    let volumes = volumes_of(&two);
    two.deny("ec2", "describe_volumes");
    let run = two.sandbox.run(["diff", "output/new", "output/old", "-f", "json"]);
    let diff: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(counts(&diff), [0, 0, 0, volumes]);
    assert!(diff["changes"].as_array().expect("changes").iter().all(|change| change["seen_in"] == "new"));
}

/// How many volumes the account has.
#[track_caller]
fn volumes_of(two: &Two) -> u64 {
    let file = read(&folder_of(&two.new_run(), ACCOUNT).join(REGION).join("ec2.json"));
    let volumes = file["describe_volumes"].as_array().expect("volumes").len() as u64;
    assert!(volumes > 1);
    volumes
}

#[test]
fn every_reason_why_a_call_has_no_answer_makes_unknown() {
    for (status, expected) in [
        ("throttled", "throttled"),
        ("expired", "expired"),
        ("unreachable", "unreachable"),
        ("failed", "failed"),
        ("skipped", "skipped"),
        ("truncated", "truncated"),
        ("region_disabled", "region_disabled"),
        ("not_available", "not_available"),
    ] {
        let two = Two::same("rds", &[]);
        two.edit("rds", |file| file["describe_db_instances"] = json!([]));
        two.edit_ledger(|line| {
            if line["account"] == ACCOUNT
                && line["region"] == REGION
                && line["function"] == "describe_db_instances"
            {
                line["status"] = json!(status);
            }
            true
        });
        let diff = two.json(&[]);
        assert_eq!(counts(&diff), [0, 0, 0, 1], "{status}");
        assert_eq!(diff["changes"][0]["because"], json!({"cause": expected}), "{status}");
    }
}

#[test]
fn a_service_that_says_it_has_nothing_has_removed_what_it_had() {
    let two = Two::same("rds", &[]);
    two.edit("rds", |file| file["describe_db_instances"] = json!([]));
    two.edit_ledger(|line| {
        if line["account"] == ACCOUNT
            && line["region"] == REGION
            && line["function"] == "describe_db_instances"
        {
            line["status"] = json!("not_available");
            line["code"] = json!("SubscriptionRequiredException");
        }
        true
    });
    assert_eq!(counts(&two.json(&[])), [0, 1, 0, 0]);
}

#[test]
fn accounts_are_known_by_their_ids() {
    let two = Two::same("rds", &[]);
    let folder = folder_of(&two.new_run(), ACCOUNT);
    let accounts = two.new_run().join("accounts.json");
    let text = fs::read_to_string(&accounts).expect("a list");
    fs::write(&accounts, text.replace("\"shop-staging\"", "\"shop-testing\"")).expect("writes");
    fs::rename(&folder, folder.with_file_name(format!("{ACCOUNT}-shop-testing"))).expect("renames");
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [0, 0, 0, 0]);
    assert_eq!(
        diff["accounts"],
        json!([{"account": ACCOUNT, "change": "renamed", "old_name": "shop-staging", "new_name": "shop-testing"}])
    );
}

#[test]
fn the_resources_of_an_account_that_only_one_run_found_are_unknown() {
    let two = Two::same("rds", &[]);
    fs::remove_dir_all(folder_of(&two.new_run(), ACCOUNT)).expect("removes");
    two.edit_ledger(|line| line["account"] != ACCOUNT);
    let path = two.new_run().join("accounts.json");
    let mut accounts = read(&path);
    accounts.as_array_mut().expect("a list").retain(|account| account["id"] != ACCOUNT);
    fs::write(path, accounts.to_string()).expect("writes");
    let diff = two.json(&[]);
    let [added, removed, changed, unknown] = counts(&diff);
    assert_eq!([added, removed, changed], [0, 0, 0]);
    assert!(unknown > 0);
    let because: BTreeSet<String> = diff["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| change["because"].to_string())
        .collect();
    assert_eq!(because, BTreeSet::from([r#"{"cause":"account_not_found"}"#.to_owned()]));
    assert_eq!(diff["accounts"][0]["change"], "only_old");
}

#[test]
fn an_account_or_region_that_was_not_scanned_is_unknown() {
    let two = Two { sandbox: Sandbox::new() };
    scan(&two.sandbox, "old", "rds", &[]);
    scan(&two.sandbox, "new", "rds", &["--exclude-accounts", ACCOUNT, "--exclude-regions", "us-east-1"]);
    let diff = two.json(&[]);
    let [added, removed, changed, unknown] = counts(&diff);
    assert_eq!([added, removed, changed], [0, 0, 0]);
    assert!(unknown > 0);
    let causes: BTreeSet<&str> = diff["unknown"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|unknown| unknown["new"]["cause"].as_str())
        .collect();
    assert!(causes.is_superset(&BTreeSet::from(["account_not_scanned", "region_not_asked"])), "{causes:?}");
}

#[test]
fn an_account_that_could_not_be_entered_is_one_reason() {
    let two = Two::same("rds", &[]);
    two.edit_ledger(|line| {
        if line["account"] == ACCOUNT {
            line["status"] = json!("denied");
            line["by"] = json!("unknown");
            line["inferred"] = json!(true);
        }
        // The regions are those of the caller's account, and not this one's.
        !(line["account"] == ACCOUNT && line["region"] == REGION)
    });
    fs::remove_dir_all(folder_of(&two.new_run(), ACCOUNT)).expect("removes");
    let diff = two.json(&[]);
    assert_eq!(counts(&diff)[..3], [0, 0, 0]);
    let changes = diff["changes"].as_array().expect("changes");
    assert!(!changes.is_empty());
    for change in changes {
        assert_eq!(change["because"], json!({"cause": "account_not_entered", "by": "unknown"}));
    }
}

#[test]
fn what_an_interrupted_run_has_not_asked_is_unknown() {
    let two = Two::same("rds", &[]);
    two.edit_manifest(|manifest| manifest["state"] = json!("interrupted"));
    two.edit_ledger(|line| line["account"] != ACCOUNT);
    fs::remove_dir_all(folder_of(&two.new_run(), ACCOUNT)).expect("removes");
    let diff = two.json(&[]);
    let changes = diff["changes"].as_array().expect("changes");
    assert!(!changes.is_empty());
    for change in changes {
        assert_eq!(change["because"], json!({"cause": "not_asked"}));
    }
    assert_eq!(diff["new"]["state"], "interrupted");
    two.diff(&[]).expect_exit(0).stdout_contains("note: the new run did not finish");
}

#[test]
fn of_different_specs_only_what_both_asked_is_compared() {
    let two = Two { sandbox: Sandbox::new() };
    let volumes = json!({"service": "ec2", "function": "describe_volumes", "result_key": "Volumes"});
    let filtered = |state: &str| {
        json!({"service": "ec2", "function": "describe_instances", "result_key": "Reservations",
            "parameters": {"Filters": [{"Name": "instance-state-name", "Values": [state]}]}})
    };
    let spec =
        |name: &str, calls: Value| fs::write(two.sandbox.path(name), calls.to_string()).expect("writes");
    spec("old.json", json!([volumes, filtered("running")]));
    spec("new.json", json!([filtered("stopped"), volumes, {"service": "sqs", "function": "list_queues"}]));
    scan(&two.sandbox, "old", "old.json", &[]);
    scan(&two.sandbox, "new", "new.json", &[]);
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [0, 0, 0, 0]);
    assert!(diff["totals"]["unchanged"].as_u64() > Some(0));
    let call = |service: &str, function: &str, only_in: &str| json!({"service": service, "function": function, "name": function, "only_in": only_in});
    assert_eq!(
        diff["not_compared"],
        json!([
            call("ec2", "describe_instances", "old"),
            call("ec2", "describe_instances", "new"),
            call("sqs", "list_queues", "new"),
        ])
    );
}

#[test]
fn a_table_that_could_not_be_described_is_still_there() {
    let two = Two::same("each/dynamodb", &[]);
    let mut table = Value::Null;
    two.edit("dynamodb", |file| {
        table = file["describe_table"].as_array_mut().expect("a list").remove(0)["item"].take();
    });
    two.edit_ledger(|line| {
        if line["account"] == ACCOUNT && line["region"] == REGION && line["function"] == "describe_table" {
            line["status"] = json!("truncated");
        }
        true
    });
    let denied = json!({"account": ACCOUNT, "region": REGION, "service": "dynamodb", "function": "describe_table",
        "name": "describe_table", "status": "denied", "by": "resource_policy", "attempts": 0, "pages": 0, "items": 0,
        "milliseconds": 1, "code": "AccessDeniedException", "item": table});
    two.append_to_ledger(&denied);
    let diff = two.json(&["--kind", "table"]);
    assert_eq!(counts(&diff), [0, 0, 0, 1]);
    let change = &diff["changes"][0];
    assert_eq!((&change["id"], &change["seen_in"]), (&table, &json!("both")));
    assert_eq!(change["because"], json!({"cause": "denied", "by": "resource_policy"}));

    // One that the list has no more is gone, whatever describing it would have said.
    two.edit("dynamodb", |file| {
        file["list_tables"].as_array_mut().expect("names").retain(|name| *name != table);
    });
    let diff = two.json(&["--kind", "table"]);
    assert_eq!(counts(&diff), [0, 1, 0, 0]);
    assert_eq!(diff["changes"][0]["id"], table);
}

#[test]
fn only_the_items_that_failed_are_unknown() {
    let two = Two::same("each/s3", &[]);
    let mut item = Value::Null;
    two.edit("s3", |file| {
        let answers = file["get_bucket_encryption"].as_array_mut().expect("a list");
        item = answers.remove(0)["item"].take();
        answers.remove(0);
    });
    let denied = json!({"account": ACCOUNT, "region": REGION, "service": "s3", "function": "get_bucket_encryption",
        "name": "get_bucket_encryption", "status": "denied", "by": "resource_policy", "attempts": 0, "pages": 0,
        "items": 0, "milliseconds": 1, "code": "AccessDenied", "item": item});
    two.append_to_ledger(&denied);
    let diff = two.json(&["--kind", "bucket_encryption"]);
    assert_eq!(counts(&diff), [0, 1, 0, 1]);
    let unknown =
        diff["changes"].as_array().expect("changes").iter().find(|change| change["change"] == "unknown");
    let bucket = item["Name"].as_str().or(item.as_str()).expect("a name");
    assert_eq!(unknown.expect("an unknown one")["id"], bucket);
}

#[test]
fn fields_that_change_by_themselves_are_not_told_unless_asked_for() {
    let two = Two::same("ec2", &[]);
    two.edit("ec2", |file| {
        file["describe_subnets"][0]["AvailableIpAddressCount"] = json!(7);
        file["describe_vpcs"][0]["State"] = json!("pending");
    });
    let diff = two.json(&[]);
    assert_eq!((counts(&diff), &diff["totals"]["ignored"]), ([0, 0, 1, 0], &json!(1)));
    assert_eq!(counts(&two.json(&["--no-default-ignore"])), [0, 0, 2, 0]);
    assert_eq!(counts(&two.json(&["--ignore", "ec2.vpc.St*"])), [0, 0, 0, 0]);
    assert_eq!(counts(&two.json(&["--no-default-ignore", "--ignore", "*.*.State"])), [0, 0, 1, 0]);
}

#[test]
fn a_choice_narrows_the_comparison() {
    let two = Two::same("inventory", &[]);
    two.edit("ec2", |file| file["describe_vpcs"][0]["State"] = json!("pending"));
    two.edit("lambda", |file| file["list_functions"][0]["Runtime"] = json!("cobol74"));
    assert_eq!(counts(&two.json(&[])), [0, 0, 2, 0]);
    assert_eq!(counts(&two.json(&["--service", "lambda"])), [0, 0, 1, 0]);
    assert_eq!(counts(&two.json(&["--kind", "vpc,volume"])), [0, 0, 1, 0]);
    assert_eq!(counts(&two.json(&["--account", ACCOUNT, "--region", REGION])), [0, 0, 2, 0]);
    assert_eq!(counts(&two.json(&["--account", "231907744518"])), [0, 0, 0, 0]);
    assert_eq!(counts(&two.json(&["--region", "us-east-1"])), [0, 0, 0, 0]);
}

#[test]
fn ci_can_stop_at_what_it_asks_for() {
    let two = Two::same("rds", &[]);
    for code in ["added", "removed", "changed"] {
        two.diff(&["--fail-on", code]).expect_exit(0);
    }
    // The demonstration has refusals, which make calls unknown without any resource.
    two.diff(&["--fail-on", "unknown"]).expect_exit(5);
    two.edit("rds", |file| file["describe_db_instances"][0]["Engine"] = json!("oracle"));
    two.diff(&[]).expect_exit(0);
    two.diff(&["--fail-on", "changed"]).expect_exit(5);
    two.diff(&["--fail-on", "added,changed", "-f", "json"]).expect_exit(5);
    two.diff(&["--fail-on", "added", "--fail-on", "removed"]).expect_exit(0);
    two.edit("rds", |file| file["describe_db_instances"] = json!([]));
    two.diff(&["--fail-on", "removed"]).expect_exit(5);
    let run = two.sandbox.run(["diff", "output/new", "output/old", "--fail-on", "added"]);
    run.expect_exit(5);
}

#[test]
fn mistakes_are_told_with_what_is_nearest() {
    let two = Two::same("rds", &[]);
    let refused = |more: &[&str], text: &str| {
        two.diff(more).expect_exit(2).stderr_is_one_paragraph().stderr_contains(text);
    };
    refused(&["--ignore", "ec2.instance"], "service.kind.field");
    refused(&["--ignore", "lamda.function.Runtime"], "did you mean `lambda`");
    refused(&["--service", "rd"], "--service: `rd` is in neither run");
    refused(&["--kind", "db_instanc"], "did you mean `db_instance`");
    refused(&["--account", "416620593302"], "did you mean `416620593301`");
    refused(&["--region", "eu-central-2"], "did you mean `eu-central-1`");
    refused(&["--fail-on", "canged"], "changed");
    let run = two.sandbox.run(["diff", "output/old", "output"]);
    run.expect_exit(2).stderr_contains("manifest.json").stderr_is_one_paragraph();
    let run = two.sandbox.run(["diff", "s3://bucket/run", "output/new"]);
    run.expect_exit(2).stderr_contains("fetch the run first").stderr_is_one_paragraph();
    let run = two.diff(&["--output", "nowhere/diff.json"]);
    run.expect_exit(1).stderr_contains("cannot write nowhere/diff.json").stderr_is_one_paragraph();
}

#[test]
fn a_damaged_run_is_an_error_and_no_difference() {
    let two = Two::same("rds", &[]);
    let path = folder_of(&two.new_run(), ACCOUNT).join(REGION).join("rds.json");
    for text in ["", "{\"describe_db_instances\": [", "{\"describe_db_instances\": [{\"A\": }]}"] {
        fs::write(&path, text).expect("writes");
        two.diff(&["-o", "diff.txt"]).expect_exit(2).stderr_contains("rds.json").stderr_is_one_paragraph();
    }
    fs::remove_file(&path).expect("removes");
    two.diff(&["-o", "diff.txt"]).expect_exit(2).stderr_contains("rds.json").stderr_contains("not there");
    assert!(!two.sandbox.path("diff.txt").exists());
}

#[test]
fn the_same_runs_have_the_same_comparison_every_time() {
    let two = Two::same("ec2", &[]);
    two.edit("ec2", |file| {
        for result in file.as_object_mut().expect("calls").values_mut() {
            drop(result.as_array_mut().map(Vec::pop));
        }
    });
    for format in ["text", "json", "markdown", "html"] {
        let outputs: BTreeSet<String> = (0..2).map(|_| two.diff(&["-f", format]).stdout).collect();
        assert_eq!(outputs.len(), 1, "{format}");
    }
}

/// A name that tries to be more than a name in everything that we write.
const HOSTILE: &str = "</li><script>alert(1)</script>`|\n@team \u{1b}[31m<img src=x onerror=alert(1)>";

/// Two runs, of which the new one has a volume with a hostile name and a hostile tag.
fn hostile() -> Two {
    let two = Two::same("ec2", &[]);
    two.edit("ec2", |file| {
        let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
        volumes[0]["Tags"] = json!([{"Key": HOSTILE, "Value": HOSTILE}, {"Key": "Name", "Value": HOSTILE}]);
        let mut came = volumes[1].clone();
        came["VolumeId"] = json!(HOSTILE);
        volumes.push(came);
    });
    two
}

#[test]
fn a_page_holds_what_changed_and_nothing_that_a_browser_would_run() {
    let two = hostile();
    let run = two.diff(&["-f", "html", "-o", "diff.html"]);
    run.expect_exit(0).stdout_contains("1 added, 0 removed, 1 changed");
    let page = fs::read_to_string(two.sandbox.path("diff.html")).expect("a page");
    assert!(page.contains("&lt;script&gt;alert(1)"), "the name is shown");
    let (before, style) = page.split_once("<style>").expect("a style");
    let (_, after) = style.split_once("</style>").expect("its end");
    let mut open = Vec::new();
    for tag in format!("{before}{after}").split('<').skip(2) {
        let (tag, _) = tag.split_once('>').expect("the end of a tag");
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().expect("a name").to_owned();
        assert!(!["script", "img", "a", "link", "iframe", "form"].contains(&&*name), "<{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "<{tag}> closes something else");
        } else if name != "meta" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains('\u{1b}') && !page.contains("http://") && !page.contains("https://"));
}

#[test]
fn markdown_shows_names_as_names() {
    let two = hostile();
    let text = two.diff(&["-f", "markdown"]).stdout;
    let bare: String = text.lines().flat_map(outside_of_code).collect();
    for markup in ["<", ">", "@team", "\u{1b}"] {
        assert!(!bare.contains(markup), "{markup} outside of code: {bare}");
    }
    assert!(text.contains("<img src=x"), "the name is shown");
}

/// The pieces of a line that are not in a code span.
fn outside_of_code(line: &str) -> Vec<String> {
    let mut outside = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        outside.push(rest[..start].to_owned());
        let fence = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let after = &rest[start + fence..];
        let closes = |(position, _): &(usize, &str)| {
            !after[..*position].ends_with('`') && !after[position + fence..].starts_with('`')
        };
        let fence_text = "`".repeat(fence);
        let (end, _) = after.match_indices(&fence_text).find(closes).expect("the end of the code");
        rest = &after[end + fence..];
    }
    outside.push(rest.to_owned());
    outside
}

#[test]
fn markdown_is_never_too_long_for_a_comment_and_says_what_is_missing() {
    let two = Two::same("ec2", &[]);
    two.edit("ec2", |file| {
        let volume = file["describe_volumes"][0].clone();
        let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
        for number in 0..3000 {
            let mut came = volume.clone();
            came["VolumeId"] = json!(format!("vol-{number:017}"));
            volumes.push(came);
        }
    });
    let text = two.diff(&["-f", "markdown"]).stdout;
    assert!(text.chars().count() <= 65_536, "{}", text.len());
    assert!(text.chars().count() > 60_000, "{}", text.len());
    let shown = text.matches("- added").count();
    assert!(text.trim_end().ends_with(&format!(
        "**{} more changes are left out: a comment on GitHub holds 65536 characters.**",
        3000 - shown
    )));
}

#[test]
fn text_has_colours_only_where_they_are_wanted() {
    let two = hostile();
    let plain = two.diff(&[]);
    plain.expect_exit(0).stdout_contains("+ ec2 volume").stdout_contains("~ ec2 volume");
    assert!(!plain.stdout.contains('\u{1b}'), "no terminal, no colours, and no names that bring them");
    assert!(plain.stdout.contains("\\u001b[31m"));
    let sandbox = two.sandbox.env("CLICOLOR_FORCE", "1");
    let coloured = sandbox.run(["diff", "output/old", "output/new"]).stdout;
    assert!(coloured.contains("\u{1b}[32m+ ec2 volume"), "{coloured}");
    let sandbox = sandbox.env("CLICOLOR_FORCE", "").env("NO_COLOR", "1");
    assert!(!sandbox.run(["diff", "output/old", "output/new"]).stdout.contains('\u{1b}'));
}

#[test]
fn every_member_of_the_document_is_described() {
    fn names(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    into.insert(name.clone());
                    // Values of fields are whatever AWS answers.
                    if !["old", "new"].contains(&&**name)
                        || value.get("run").is_some()
                        || value.get("cause").is_some()
                    {
                        names(value, into);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| names(item, into)),
            _ => {}
        }
    }
    let two = hostile();
    two.edit("ec2", |file| drop(file["describe_vpcs"].as_array_mut().expect("a list").pop()));
    two.deny("ec2", "describe_subnets");
    let mut all = BTreeSet::new();
    names(&two.json(&[]), &mut all);
    let formats = include_str!("../../docs/formats.md");
    let (_, section) = formats.split_once("\n## Comparisons\n").expect("the heading");
    let section = section.split("\n## ").next().expect("a section");
    for name in all {
        assert!(section.contains(&format!("| `{name}` |")), "docs/formats.md lacks {name}");
    }
}

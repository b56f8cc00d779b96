//! Host names that do not exist, through the real program: what is a gap, and what is an absence that is proved.

use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox, Tree, python};

/// A demonstration with these rules and calls; its first account is the caller's own.
#[expect(clippy::needless_pass_by_value, reason = "literals read better without references")]
fn demo(rules: Value, spec: Value, regions: &str) -> (Sandbox, Finished) {
    let sandbox = Sandbox::new().spec(&spec).file("scenario.json", &json!({ "rules": rules }).to_string());
    let run = sandbox.run([
        "demo",
        "--scenario",
        "scenario.json",
        "-s",
        "spec.json",
        "-r",
        regions,
        "--exclude-accounts",
        "515230977148,431175926608",
        "--max-retries",
        "1",
        "--retry-delay",
        "0.01",
    ]);
    run.expect_exit(0);
    (sandbox, run)
}

fn tree(sandbox: &Sandbox) -> Tree {
    Tree::open(&sandbox.path("output"), "organization-")
}

fn call(service: &str, function: &str) -> Value {
    json!({"service": service, "function": function})
}

fn devices() -> Value {
    json!({"service": "braket", "function": "search_devices", "parameters": {"filters": []}})
}

#[test]
fn a_resolver_that_denies_all_names_makes_no_inventory_complete() {
    let rules = json!([{"match": {"services": ["!sts", "!organizations"]}, "fault": "dns_failure"}]);
    let spec = json!([
        call("s3", "list_buckets"),
        call("ec2", "describe_instances"),
        call("iam", "list_roles"),
        call("rds", "describe_db_instances"),
        call("lambda", "list_functions"),
        call("kms", "list_keys"),
        call("apprunner", "list_services"),
        call("workspaces", "describe_workspaces"),
    ]);
    let (sandbox, run) = demo(rules, spec, "us-east-1,eu-west-1");
    run.stdout_contains("Exit code 4: finished, but not complete");
    let tree = tree(&sandbox);
    assert!(tree.ledger.len() > 100, "{}", tree.ledger.len());
    for line in &tree.ledger {
        assert_eq!(
            (&line["status"], &line["missing_host"]),
            (&json!("unreachable"), &json!("service")),
            "{line}"
        );
        assert!(line["hint"].as_str().is_some_and(|hint| hint.contains("check the DNS")), "{line}");
    }
}

#[test]
fn a_bucket_whose_name_does_not_exist_is_a_gap() {
    let operations = json!(["GetBucket*", "GetPublicAccessBlock"]);
    let rules = json!([{"match": {"services": "s3", "operations": operations}, "fault": "dns_failure"}]);
    let child = |function: &str| json!({"over": ".Buckets[].Name", "function": function, "parameters": {"Bucket": "{.}"}});
    let each = json!([child("get_bucket_policy_status"), child("get_public_access_block")]);
    let spec = json!([{"service": "s3", "function": "list_buckets", "each": each}]);
    let (sandbox, run) = demo(rules, spec, "us-east-1");
    run.stdout_contains("Exit code 4");
    for line in &tree(&sandbox).ledger {
        let expected = if line["function"] == "list_buckets" { "ok" } else { "unreachable" };
        let is_expected = line["status"] == expected || line["status"] == "empty";
        assert!(is_expected, "{line}");
    }
}

/// A service that a region does not have is no gap, whichever response comes first.
#[test]
fn service_not_offered_in_region_is_no_gap_in_any_order() {
    // AWS offers Braket in five regions, of which this is none, and SQS everywhere.
    for (first, late) in [("braket", "sqs"), ("sqs", "braket"), ("braket", "braket")] {
        let rules = json!([
            {"match": {"services": "braket"}, "fault": "dns_failure"},
            {"match": {"services": late}, "fault": {"delay": {"milliseconds": 300}}},
        ]);
        let mut spec = vec![devices(), call("sqs", "list_queues")];
        spec.sort_by_key(|call| call["service"] != first);
        let (sandbox, run) = demo(rules, spec.into(), "eu-central-1");
        run.stdout_contains("Exit code 0: complete");
        run.stdout_contains("warning: 12 calls are not_available because a host name does not exist");
        run.stdout_contains("this affects most calls of braket");
        for line in &tree(&sandbox).ledger {
            let is_absent = line["service"] == "braket";
            let is_expected = match line["status"].as_str() {
                Some("not_available") => is_absent && line["missing_host"] == "service",
                Some("ok" | "empty") => !is_absent,
                _ => false,
            };
            assert!(is_expected, "{first} {late}: {line}");
        }
    }
}

/// A region in which nothing else is called gets a request that shows whether it responds.
#[test]
fn lone_service_of_region_triggers_probe_in_run() {
    let absent = json!({"match": {"services": "braket"}, "fault": "dns_failure"});
    let silent = json!({"match": {"regions": "eu-central-1"}, "fault": "dns_failure"});
    for (rules, status, exit) in [
        (json!([absent]), "not_available", "Exit code 0: complete"),
        (json!([absent, silent]), "unreachable", "Exit code 4"),
    ] {
        let (sandbox, run) = demo(rules, json!([devices()]), "eu-central-1");
        run.stdout_contains(exit);
        for line in &tree(&sandbox).ledger {
            assert_eq!(line["status"], status, "{line}");
        }
    }
}

/// A service that AWS offers in a region is a gap, although the rest of the region responds.
#[test]
fn offered_service_is_gap_although_region_responds() {
    let services = ["apprunner", "kms", "dynamodb", "codeguru-security"];
    let rules = json!([{"match": {"services": services}, "fault": "dns_failure"}]);
    let spec = json!([
        call("sqs", "list_queues"),
        call("apprunner", "list_services"),
        call("kms", "list_keys"),
        call("dynamodb", "list_tables"),
        call("codeguru-security", "list_scans"),
    ]);
    let (sandbox, run) = demo(rules, spec, "eu-west-1");
    run.stdout_contains("Exit code 4");
    for line in tree(&sandbox).ledger.iter().filter(|line| line["service"] != "sqs") {
        assert_eq!(line["status"], "unreachable", "{line}");
    }
}

#[test]
fn the_summary_for_programs_and_pages_warns_as_well() {
    let rules = json!([{"match": {"services": "braket"}, "fault": "dns_failure"}]);
    let spec = json!([devices(), call("sqs", "list_queues")]);
    let sandbox = Sandbox::new().spec(&spec).file("scenario.json", &json!({ "rules": rules }).to_string());
    let demo = ["demo", "--scenario", "scenario.json", "-s", "spec.json", "-r", "eu-central-1"];
    let summary = |form: &str| {
        let run = sandbox.run([&demo[..], &["--max-retries", "0", "--summary", form]].concat());
        run.expect_exit(0);
        run.stdout
    };
    let json = summary("json");
    let (start, end) = (json.find('{').expect("JSON"), json.rfind('}').expect("JSON"));
    let json: Value = serde_json::from_str(&json[start..=end]).expect("JSON");
    assert_eq!(json["absent"]["services"], json!(["braket"]));
    let page = summary("markdown");
    assert!(page.contains("because a host name does not exist"), "{page}");
}

#[test]
fn the_table_of_services_and_regions_is_what_awss_data_say() {
    const TABLE: &str = include_str!("../../../src/model/catalog/availability/service_regions.txt");
    let script = python("service_regions.py", &[]).output().expect("the script runs");
    assert!(script.status.success(), "{}", String::from_utf8_lossy(&script.stderr));
    let made = String::from_utf8(script.stdout).expect("UTF-8");
    let differing: Vec<_> = made.lines().filter(|line| !TABLE.lines().any(|ours| ours == *line)).collect();
    let hint =
        "make src/model/catalog/availability/service_regions.txt again with tests/moto/service_regions.py";
    assert!(made == TABLE, "{hint}; new lines: {differing:#?}");
}

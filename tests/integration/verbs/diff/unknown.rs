//! What one of two runs cannot know is unknown, and neither removed nor added.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::{ACCOUNT, REGION, Two, counts, folder_of, read, scan};
use crate::sandbox::Sandbox;

/// A resource whose call is denied in the new run is unknown, and not removed.
#[test]
fn resource_denied_in_new_run_is_unknown() {
    let two = Two::same("ec2", &[]);
    let volumes = volumes_of(&two);
    two.deny("ec2", "describe_volumes");
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [0, 0, 0, volumes]);
    for change in diff["changes"].as_array().expect("changes") {
        assert_eq!((&change["change"], &change["seen_in"]), (&json!("unknown"), &json!("old")));
        assert_eq!(change["because"], json!({"cause": "denied", "denied_by": "iam"}));
    }
    let unknown = diff["unknown"].as_array().expect("a list").iter();
    let its: Vec<&Value> = unknown
        .filter(|unknown| unknown["function"] == "describe_volumes" && unknown["old"].is_null())
        .collect();
    assert_eq!(its.len(), 1, "{its:#?}");
    assert_eq!((&its[0]["calls"], &its[0]["resources"]), (&json!(1), &json!(volumes)));
    assert_eq!(its[0]["new"], json!({"cause": "denied", "denied_by": "iam"}));
    two.diff(&[])
        .expect_exit(0)
        .stdout_contains(&format!("{volumes} resources, 1 call: denied (by iam) in the new run"));
}

/// A resource whose call was denied in the old run is unknown, and not added.
#[test]
fn resource_denied_in_old_run_is_unknown() {
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
fn resources_of_account_in_one_run_only_are_unknown() {
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
            line["denied_by"] = json!("unknown");
            line["inferred"] = json!(true);
            line["inferred_from"] = json!("session");
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
        assert_eq!(change["because"], json!({"cause": "account_not_entered", "denied_by": "unknown"}));
    }
}

#[test]
fn resource_missing_from_interrupted_run_is_unknown() {
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
fn different_specs_are_compared_on_common_calls() {
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
        "name": "describe_table", "status": "denied", "denied_by": "resource_policy", "attempts": 0, "pages": 0, "items": 0,
        "duration_ms": 1, "code": "AccessDeniedException", "item": table});
    two.append_to_ledger(&denied);
    let diff = two.json(&["--kind", "table"]);
    assert_eq!(counts(&diff), [0, 0, 0, 1]);
    let change = &diff["changes"][0];
    assert_eq!((&change["id"], &change["seen_in"]), (&table, &json!("both")));
    assert_eq!(change["because"], json!({"cause": "denied", "denied_by": "resource_policy"}));

    // One that the list has no more is removed, whatever describing it would have returned.
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
        "name": "get_bucket_encryption", "status": "denied", "denied_by": "resource_policy", "attempts": 0, "pages": 0,
        "items": 0, "duration_ms": 1, "code": "AccessDenied", "item": item});
    two.append_to_ledger(&denied);
    let diff = two.json(&["--kind", "bucket_encryption"]);
    assert_eq!(counts(&diff), [0, 1, 0, 1]);
    let unknown =
        diff["changes"].as_array().expect("changes").iter().find(|change| change["change"] == "unknown");
    let bucket = item["Name"].as_str().or(item.as_str()).expect("a name");
    assert_eq!(unknown.expect("an unknown one")["id"], bucket);
}

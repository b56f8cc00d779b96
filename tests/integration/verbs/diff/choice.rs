//! What is compared, what is not reported, and how a comparison ends.

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

use super::{ACCOUNT, REGION, Two, counts, folder_of};

/// Fields that change by themselves are not reported, unless the user wants them.
#[test]
fn volatile_fields_are_ignored_by_default() {
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
    // The demonstration has refusals, which make calls unknown without any resource; both runs have these.
    two.diff(&["--fail-on", "unknown"]).expect_exit(0);
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
    run.expect_exit(2).stderr_contains("download the run first").stderr_is_one_paragraph();
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
    two.diff(&["-o", "diff.txt"])
        .expect_exit(2)
        .stderr_contains("rds.json")
        .stderr_contains("does not exist");
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

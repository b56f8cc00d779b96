//! Runs that are compared without being named.

use std::fs;

use serde_json::json;

use super::{Two, copy, read};

/// Two runs of the same kind: `old`, and `new`, which started an hour later.
fn two_nights() -> Two {
    let two = Two::same("rds", &[]);
    two.edit_manifest(|manifest| manifest["started"] = json!("2099-01-01T03:00:00Z"));
    two
}

#[test]
fn diff_without_folders_compares_last_two_runs() {
    let two = two_nights();
    let run = two.sandbox.run(["diff"]);
    run.expect_exit(0)
        .stdout_contains("Old  output/old, started")
        .stdout_contains("New  output/new, started")
        .stderr_contains("Comparing output/old (old) with output/new (new)");
    // An older run, and a later one of another spec, do not matter.
    copy(&two.new_run(), &two.sandbox.path("output/other"));
    let path = two.sandbox.path("output/other/manifest.json");
    let mut manifest = read(&path);
    manifest["started"] = json!("2099-01-02T03:00:00Z");
    manifest["settings"]["redact"] = json!(false);
    fs::write(&path, manifest.to_string()).expect("writes");
    two.sandbox
        .run(["diff", "-f", "json"])
        .expect_exit(0)
        .stderr_contains("note: skipped output/other (no other run of its kind)")
        .stderr_contains("Comparing output/old (old) with output/new (new)");
}

#[test]
fn diff_with_one_folder_compares_it_with_the_run_before() {
    let two = two_nights();
    two.sandbox
        .run(["diff", "output/new"])
        .expect_exit(0)
        .stderr_contains("Comparing output/old (old) with output/new (new)");
    let run = two.sandbox.run(["diff", "output/old"]);
    run.expect_exit(2)
        .stderr_contains("there is no finished run of the same kind before output/old")
        .stderr_is_one_paragraph();
}

#[test]
fn diff_skips_unfinished_run_and_needs_two_others() {
    let two = two_nights();
    two.edit_manifest(|manifest| manifest["state"] = json!("interrupted"));
    let run = two.sandbox.run(["diff"]);
    run.expect_exit(2)
        .stderr_contains(
            "output has no two finished runs of the same kind; skipped: output/new (not finished)",
        )
        .stderr_contains("scan diff <OLD> <NEW>")
        .stderr_is_one_paragraph();
}

#[test]
fn diff_without_runs_names_the_option() {
    let two = two_nights();
    for (arguments, text) in [
        (&["diff", "--output-dir", "nowhere"][..], "cannot list the runs in nowhere"),
        (&["diff", "--output-dir", "s3://bucket/runs"], "runs are read from local folders"),
        (&["diff", "output/old", "--output-dir", "output"], "--output-dir is for the last run"),
        (&["diff", "output"], "there is no manifest.json"),
    ] {
        two.sandbox.run(arguments).expect_exit(2).stderr_contains(text);
    }
}

//! A run that an earlier version made, when it derived other IDs and ARNs: they are derived when a run is read, so both
//! runs have those of this version.
//!
//! `tests/runs/earlier` was made by the commit e999802, the first one of format version 2. It exported 604 of the 1,679
//! resources of two regions of the demonstration without an ARN.

use serde_json::Value;

use super::{copy, counts, read};
use crate::sandbox::{Sandbox, root};

/// The stored run as `output/old`, and one of the same plan as `output/new`.
fn earlier_and_new() -> Sandbox {
    let stored = root().join("tests/runs/earlier");
    let manifest = read(&stored.join("manifest.json"));
    let sandbox = Sandbox::new().spec(&manifest["spec"]["document"]);
    let run = ["demo", "-s", "spec.json", "-r", "eu-central-1", "--accounts", "350988127746"];
    sandbox.run([&run[..], &["-o", "output", "--run-name", "new"]].concat()).expect_exit(0);
    copy(&stored, &sandbox.path("output/old"));
    sandbox
}

#[test]
fn earlier_run_has_no_false_changes() {
    let sandbox = earlier_and_new();
    let run = sandbox.run(["diff", "output/old", "output/new", "--format", "json"]);
    run.expect_exit(0);
    let diff: Value = serde_json::from_str(&run.stdout).expect("one document of JSON");
    assert_eq!(counts(&diff), [0; 4], "{}", diff["changes"]);
    assert_eq!(diff["totals"]["unchanged"], 76);
    assert_eq!((&diff["not_compared"], &diff["notices"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}

/// The fields that are derived, or are from a resource's own calls. Earlier lists of accounts have no units and tags.
const DERIVED: [&str; 12] = [
    "service",
    "kind",
    "type",
    "id",
    "arn",
    "name",
    "parent",
    "owner_account",
    "state",
    "created",
    "tags",
    "details",
];

#[test]
fn earlier_run_is_exported_with_identities_of_today() {
    let sandbox = earlier_and_new();
    let [old, new] = ["output/old", "output/new"].map(|folder| {
        let run = sandbox.run(["export", folder, "--format", "ndjson", "--output", "-"]);
        run.expect_exit(0);
        let lines = run.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.map(|resource| DERIVED.map(|name| resource[name].clone())).collect::<Vec<_>>()
    });
    assert_eq!(old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old, new);
        assert!(old[4].is_string(), "it has an ARN: {old:?}");
    }
}

#[test]
fn earlier_run_can_be_queried_and_reported() {
    let sandbox = earlier_and_new();
    let sql = "SELECT count(*) AS number FROM AWS_EC2_Instance WHERE arn LIKE 'arn:aws:ec2:%'";
    let [old, new] = ["output/old", "output/new"].map(|folder| sandbox.run(["query", folder, sql]).stdout);
    assert!(!old.is_empty());
    assert_eq!(old, new);
    sandbox.run(["report", "output/old"]).expect_exit(0);
}

//! Specs in YAML, and several specs of one scan.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use aws_auto_inventory::error::Failure;
use aws_auto_inventory::model::catalog::Catalog;
use aws_auto_inventory::plan::spec::{BUILT_IN, ScanSpec};
use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;
use serde_json::Value;

use crate::sandbox::{Sandbox, Simulated, interpreter};

const QUEUES: &str = "# All queues.\n- service: sqs\n  function: list_queues\n";
const TOPICS: &str =
    r#"{"calls": [{"service": "sns", "function": "list_topics"}], "regions": ["eu-west-1"]}"#;

/// Scans one account of the demonstration with these specs into `output/weekly`, and reads the run in this folder.
#[track_caller]
fn scanned(sandbox: &Sandbox, folder: &str, more: &[&str]) -> (Value, BTreeSet<String>) {
    let run = [
        "demo",
        "--accounts",
        "416620593301",
        "--run-name",
        "weekly",
        "-s",
        "queues.yaml",
        "-s",
        "topics.json",
    ];
    sandbox.run([&run, more].concat()).expect_exit(0);
    let run = sandbox.path("output").join(folder);
    (read_json(&run.join("manifest.json")), calls_of(&run))
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

/// Returns the name of each call of a run, and its region.
fn calls_of(run: &Path) -> BTreeSet<String> {
    let ledger = fs::read_to_string(run.join("ledger.ndjson")).expect("a ledger");
    let records = ledger.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record"));
    let text = |record: &Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
    records.map(|record| format!("{} {}", text(&record, "name"), text(&record, "region"))).collect()
}

#[test]
fn several_specs_are_scanned_as_one_run() {
    let sandbox = Sandbox::new().file("queues.yaml", QUEUES).file("topics.json", TOPICS);
    let (manifest, calls) = scanned(&sandbox, "weekly", &["-s", "queues.yaml"]);
    assert_eq!(manifest["spec"]["source"], "queues.yaml, topics.json, queues.yaml");
    // Topics are listed only in the regions of their spec, and the repeated queues are listed once.
    let topics: Vec<_> = calls.iter().filter(|call| !call.starts_with("list_queues ")).collect();
    assert_eq!(topics, ["list_topics eu-west-1"]);
    assert!(calls.contains("list_queues us-east-1"), "{calls:?}");
}

#[test]
fn runs_of_the_same_specs_are_of_one_kind() {
    let sandbox = Sandbox::new().file("queues.yaml", QUEUES).file("topics.json", TOPICS);
    let (first, _) = scanned(&sandbox, "weekly", &[]);
    let (second, _) = scanned(&sandbox, "weekly-2", &["--keep", "1"]);
    assert_eq!(first["spec"]["sha256"], second["spec"]["sha256"]);
    assert!(!sandbox.path("output/weekly").exists(), "the older run of the same kind is kept");
    let (other, _) = scanned(&sandbox, "weekly", &["-s", "s3", "--keep", "1"]);
    assert_ne!(other["spec"]["sha256"], second["spec"]["sha256"]);
    assert!(sandbox.path("output/weekly-2").exists(), "a run of another kind was removed");
}

#[test]
fn run_of_several_specs_is_resumed_without_them() {
    let aws = Simulated::new(World::sized(1, 1, Amounts { queues: 1, ..Amounts::default() }));
    let sandbox = aws.sandbox().file("queues.yaml", QUEUES).file("topics.json", TOPICS);
    let line = ["-s", "queues.yaml", "-s", "topics.json", "--run-name", "weekly"];
    sandbox.run(line).expect_exit(0);
    let run = sandbox.path("output/weekly");
    let calls = calls_of(&run);
    // As if the run had been killed before it listed topics.
    let mut manifest = read_json(&run.join("manifest.json"));
    (manifest["state"], manifest["finished"]) = ("running".into(), Value::Null);
    fs::write(run.join("manifest.json"), manifest.to_string()).expect("writes");
    let ledger = fs::read_to_string(run.join("ledger.ndjson")).expect("a ledger");
    let rest: Vec<_> = ledger.split_inclusive('\n').filter(|line| !line.contains("list_topics")).collect();
    fs::write(run.join("ledger.ndjson"), rest.concat()).expect("writes");
    assert_ne!(calls_of(&run), calls);
    for spec in ["queues.yaml", "topics.json"] {
        fs::remove_file(sandbox.path(spec)).expect("removes");
    }
    sandbox.run(["resume", "output/weekly"]).expect_exit(0);
    assert_eq!(calls_of(&run), calls);
}

#[test]
fn mistake_names_the_spec_that_has_it() {
    let sandbox = Sandbox::new()
        .file("queues.yaml", QUEUES)
        .file("wrong.yaml", "- service: sqs\n  function: list_queue\n")
        .file("twice.yml", "- service: sqs\n  service: sqs\n")
        .file("account.yaml", "- service: sqs\n  function: list_queues\n  accounts: [000123456789]\n");
    for (spec, expected) in [
        ("wrong.yaml", "error: wrong.yaml: entry 1 (sqs list_queue): sqs has no function `list_queue`"),
        ("twice.yml", "error: twice.yml:2:3: not YAML: the key `service` is there twice"),
        (
            "account.yaml",
            "account.yaml:3:14: not YAML: `000123456789` has several meanings in YAML: put it in quotes",
        ),
    ] {
        let run = sandbox.run(["demo", "-s", "queues.yaml", "-s", spec]);
        run.expect_exit(2).stderr_contains(expected);
    }
    sandbox
        .run(["demo", "-s", "-", "-s", "-"])
        .expect_exit(2)
        .stderr_contains("standard input can be read only once");
}

#[test]
fn yaml_is_read_from_standard_input() {
    let run = Sandbox::new().file("queues.yaml", QUEUES).shell("scan demo --dry-run -s - < queues.yaml");
    run.expect_exit(0).stdout_contains("Plan for standard input");
}

/// All built-in specs, written by `PyYAML` in its own style, are the same documents.
#[tokio::test]
async fn specs_written_by_pyyaml_are_the_same_documents() {
    let catalog = Catalog::embedded().expect("the embedded catalog");
    let folder = tempfile::tempdir().expect("a folder");
    for spec in BUILT_IN {
        let script =
            "import json, sys, yaml\nyaml.safe_dump(json.load(sys.stdin), sys.stdout, sort_keys=False)";
        let mut child = Command::new(interpreter())
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        child.stdin.take().expect("piped").write_all(spec.text.as_bytes()).expect("Python reads");
        let written = child.wait_with_output().expect("Python ends");
        assert!(written.status.success(), "{}", spec.name);
        let file = folder.path().join("spec.yaml");
        fs::write(&file, written.stdout).expect("writes");
        let no_client = || Err(Failure::internal("no client is needed"));
        let read =
            ScanSpec::load(&[file.display().to_string()], &catalog, None, no_client).await.expect(spec.name);
        assert_eq!(read.document, serde_json::from_str::<Value>(spec.text).expect("JSON"), "{}", spec.name);
    }
}

//! What happens every night and every morning: the last run is found, its exports have its name, and make room with it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox};

/// The formats, and the suffixes of their default outputs.
const FORMATS: [(&str, &str); 5] = [
    ("ndjson", ".ndjson"),
    ("csv", "-csv"),
    ("xlsx", ".xlsx"),
    ("sqlite", ".sqlite"),
    ("parquet", "-parquet"),
];

/// A small run of the demonstration with this name.
#[track_caller]
pub(super) fn night(sandbox: &Sandbox, name: &str, more: &[&str]) -> Finished {
    let run = ["demo", "-s", "sqs", "-r", "eu-central-1", "--accounts", "416620593301", "--run-name", name];
    let run = sandbox.run([&run, more].concat());
    run.expect_exit(0);
    run
}

/// Changes the manifest of a run.
#[track_caller]
fn edit_manifest(sandbox: &Sandbox, name: &str, edit: impl FnOnce(&mut Value)) {
    let path = sandbox.path("output").join(name).join("manifest.json");
    let mut manifest: Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("a manifest")).expect("JSON");
    edit(&mut manifest);
    fs::write(path, manifest.to_string()).expect("writes");
}

/// Lets a run look as if it had started on this day.
#[track_caller]
fn start_on(sandbox: &Sandbox, name: &str, day: u32) {
    edit_manifest(sandbox, name, |manifest| {
        manifest["started"] = json!(format!("2026-01-{day:02}T03:00:00Z"));
    });
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

#[test]
fn nightly_report_of_the_latest_run_works_every_night() {
    let sandbox = Sandbox::new();
    for (number, name) in ["monday", "tuesday"].into_iter().enumerate() {
        night(&sandbox, name, &[]);
        let report = sandbox.run(["report", "output/latest"]);
        report.expect_exit(0).stdout_contains(&format!("output/{name}.html"));
        for (format, suffix) in FORMATS {
            let export = sandbox.run(["export", "output/latest", "--format", format]);
            export.expect_exit(0).stdout_contains(&format!("output/{name}{suffix}"));
        }
        let found = names(&sandbox.path("output"));
        assert_eq!(found.len(), 1 + (number + 1) * 8, "the link, and eight of each night: {found:?}");
    }
}

#[test]
fn last_finished_run_is_read_if_none_is_named() {
    let sandbox = Sandbox::new();
    for (name, day) in [("monday", 5), ("tuesday", 6), ("wednesday", 7)] {
        night(&sandbox, name, &[]);
        start_on(&sandbox, name, day);
    }
    edit_manifest(&sandbox, "wednesday", |manifest| manifest["state"] = json!("interrupted"));
    for command in [
        &["report"] as &[_],
        &["export", "--format", "csv"],
        &["query", "--tables"],
        &["query", "SELECT count(*) FROM resources"],
        &["query", "--jq", ".kind"],
    ] {
        let run = sandbox.run(command);
        run.expect_exit(0).stderr_contains("Reading output/tuesday");
    }
    assert!(sandbox.path("output/tuesday.html").exists() && sandbox.path("output/tuesday-csv").exists());
    fs::rename(sandbox.path("output"), sandbox.path("nights")).expect("renames");
    let run = sandbox.run(["query", "--output-dir", "nights", "SELECT spec_source FROM run"]);
    run.expect_exit(0).stderr_contains("Reading nights/tuesday").stdout_contains("sqs");
    for (command, text) in [
        (&["report"] as &[_], "cannot list the runs in output"),
        (&["report", "--output-dir", "nights/monday"], "nights/monday has no finished run"),
        (&["report", "nights/monday", "--output-dir", "nights"], "--output-dir is for the last run"),
        (&["query", "--output-dir", "nights"], "the query is missing"),
        (&["query", "nights/monday"], "the query is missing"),
        (&["query", "nowhere"], "the query is missing"),
        (&["runs", "--output-dir", "s3://bucket/runs"], "runs are read from local folders"),
    ] {
        sandbox.run(command).expect_exit(2).stderr_contains(text).stderr_is_one_paragraph();
    }
}

#[test]
fn existing_output_is_replaced_only_with_force() {
    let sandbox = Sandbox::new();
    night(&sandbox, "run", &[]);
    let commands = FORMATS.map(|(format, suffix)| (vec!["export", "output/run", "--format", format], suffix));
    let report = (vec!["report", "output/run"], ".html");
    let single = (vec!["export", "output/run", "--format", "csv", "--single"], ".csv");
    for (command, suffix) in commands.into_iter().chain([report, single]) {
        sandbox.run(&command).expect_exit(0);
        sandbox.run(&command).expect_exit(2).stderr_contains("replace it with --force");
        let before = names(&sandbox.path("output"));
        let run = sandbox.run([&command[..], &["--force"]].concat());
        run.expect_exit(0).stdout_contains(&format!("output/run{suffix}"));
        assert_eq!(names(&sandbox.path("output")), before, "nothing is left beside {suffix}");
    }
    // A folder of the user is no export.
    fs::write(sandbox.path("output/run-csv/notes.txt"), "mine").expect("writes");
    let run = sandbox.run(["export", "output/run", "--format", "csv", "--force"]);
    run.expect_exit(2).stderr_contains("other files than an export").stderr_is_one_paragraph();
    assert!(sandbox.path("output/run-csv/notes.txt").exists());
    let run = sandbox.run(["report", "output/run", "-o", "output", "--force"]);
    run.expect_exit(2).stderr_contains("is a folder, and the output is a file");
    for target in [&["-o", "-"] as &[_], &["--format", "parquet", "--into", "lake"]] {
        let export = if target.len() == 2 {
            vec!["export", "output/run", "--format", "ndjson"]
        } else {
            vec!["export", "output/run"]
        };
        sandbox.run([&export[..], target, &["--force"]].concat()).expect_exit(2).stderr_contains("--force: ");
    }
}

#[test]
fn removed_run_takes_its_exports_and_reports_along() {
    let sandbox = Sandbox::new();
    night(&sandbox, "weekly", &[]);
    start_on(&sandbox, "weekly", 5);
    for (format, _) in FORMATS {
        sandbox.run(["export", "output/weekly", "--format", format]).expect_exit(0);
    }
    sandbox.run(["report", "output/weekly"]).expect_exit(0);
    // Of these, one is of another run, and one is not an export.
    for name in ["weekly-plan.html", "weekly.txt"] {
        fs::write(sandbox.path("output").join(name), "mine").expect("writes");
    }
    let run = night(&sandbox, "weekly", &["--keep", "1"]);
    for text in ["Removed output/weekly (--keep 1)", "Removed output/weekly.xlsx (--keep 1)"] {
        run.stdout_contains(text);
    }
    let expected = ["latest", "weekly-2", "weekly-plan.html", "weekly.txt"].map(str::to_owned);
    assert_eq!(names(&sandbox.path("output")), BTreeSet::from(expected));
}

/// Every command whose output is text has the same option for JSON.
#[test]
fn json_has_the_same_option_everywhere() {
    let sandbox = Sandbox::new();
    night(&sandbox, "run", &["--format", "json", "--no-progress"]);
    for arguments in [
        &["runs", "--format", "json"] as &[_],
        &["diff", "output/run", "output/run", "--format", "json"],
        &["query", "output/run", "--format", "json", "SELECT count(*) AS number FROM resources"],
        &["demo", "-s", "sqs", "-r", "eu-central-1", "--run-name", "again", "--format", "json"],
        &["--color", "never", "--no-progress", "runs", "--format", "json"],
    ] {
        let run = sandbox.run(arguments);
        run.expect_exit(0);
        serde_json::from_str::<Value>(&run.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    }
    for verb in ["plan", "check"] {
        // Both reach the credentials, which are missing here.
        let run = sandbox.run([verb, "-s", "sqs", "--format", "json"]);
        run.expect_exit(3);
        sandbox.run([verb, "-s", "sqs", "--json", "--format", "text"]).expect_exit(2);
    }
}

#[test]
fn runs_are_listed_with_state_and_totals() {
    let sandbox = Sandbox::new();
    night(&sandbox, "monday", &[]);
    start_on(&sandbox, "monday", 5);
    night(&sandbox, "tuesday", &[]);
    start_on(&sandbox, "tuesday", 6);
    edit_manifest(&sandbox, "tuesday", |manifest| {
        (manifest["state"], manifest["finished"]) = (json!("running"), Value::Null);
    });
    let list = || -> Value {
        let run = sandbox.run(["runs", "--json"]);
        run.expect_exit(0);
        serde_json::from_str(&run.stdout).expect("one document of JSON")
    };
    let runs = list();
    let manifest: Value = serde_json::from_str(
        &fs::read_to_string(sandbox.path("output/monday/manifest.json")).expect("a manifest"),
    )
    .expect("JSON");
    assert_eq!(runs[0]["folder"], "output/monday");
    assert_eq!(runs[0]["started"], "2026-01-05T03:00:00Z");
    assert_eq!((&runs[0]["state"], &runs[1]["state"]), (&json!("finished"), &json!("interrupted")));
    assert_eq!(runs[0]["items"], manifest["totals"]["items"]);
    assert_eq!((&runs[0]["accounts"], &runs[1]["items"]), (&json!(1), &Value::Null));
    let results = manifest["totals"]["bytes"].as_u64().expect("a number");
    assert!(results > 0 && runs[0]["bytes"].as_u64().expect("a number") > results, "{runs}");
    // While a process works on it, the run is running.
    let lock = File::create(sandbox.path("output/tuesday/scan.lock")).expect("a file");
    lock.lock().expect("takes the lock");
    assert_eq!(list()[1]["state"], "running");
    drop(lock);
    let run = sandbox.run(["runs"]);
    run.expect_exit(0).stdout_contains("2026-01-05 03:00  finished").stdout_contains("2 runs in output");
    assert_eq!(sandbox.run(["runs", "--format", "json"]).stdout, sandbox.run(["runs", "--json"]).stdout);
    sandbox.run(["runs", "--output-dir", "nowhere"]).expect_exit(2).stderr_contains("cannot list the runs");
}

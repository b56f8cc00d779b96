//! What can go wrong while a run is added: the run stays, the history stays, and adding it again completes it.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::sandbox::{Bell, Sandbox};

const SCAN: [&str; 4] = ["demo", "--quiet", "--run-name", "monday"];

/// Everything in a history, as one text.
fn content(sandbox: &Sandbox, store: &str) -> String {
    ["runs", "accounts", "resources", "spans", "changes"]
        .map(|table| {
            let run = sandbox.run(["query", store, &format!("SELECT * FROM {table}"), "--format", "ndjson"]);
            run.expect_exit(0);
            run.stdout
        })
        .concat()
}

/// Kills an addition as soon as it writes to the history; returns whether it had not ended before.
#[track_caller]
fn is_killed_while_it_writes(sandbox: &Sandbox) -> bool {
    let files = ["killed.db", "killed.db-journal"].map(|name| sandbox.path(name));
    for file in &files {
        drop(fs::remove_file(file));
    }
    let bell = Bell::new();
    let (ring, is_over) = (bell.ring(), Arc::new(AtomicBool::new(false)));
    let mut run = sandbox.start(["history", "add", "--store", "killed.db"], bell);
    let watched = Arc::clone(&is_over);
    let poll = std::thread::spawn(move || {
        let is_written = || files.iter().any(|file| fs::metadata(file).is_ok_and(|file| file.len() > 0));
        while !watched.load(Ordering::Relaxed) && !is_written() {
            std::thread::yield_now();
        }
        ring();
    });
    let is_in_progress = run.wait_for_bell().is_none();
    run.kill();
    is_over.store(true, Ordering::Relaxed);
    poll.join().expect("the thread ends");
    is_in_progress && fs::metadata(sandbox.path("killed.db-journal")).is_ok()
}

#[test]
fn run_is_complete_even_if_it_cannot_be_added() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("output")).expect("a folder");
    let sandbox = sandbox.file("output/history.db", "notes of mine\n");
    let run = sandbox.run(SCAN.iter().chain(&["--history"]));
    run.expect_exit(1).stderr_is_for_people();
    run.stderr_contains("output/monday is complete, but not in the history");
    run.stderr_contains("output/history.db").stderr_contains("scan history add output/monday");
    assert_eq!(fs::read_to_string(sandbox.path("output/history.db")).expect("a file"), "notes of mine\n");
    let runs = sandbox.run(["runs", "--json"]);
    runs.expect_exit(0).stdout_contains("\"finished\"");
    sandbox.run(["history", "add", "--store", "other.db", "output/monday"]).expect_exit(0);
}

#[test]
fn killed_addition_is_undone_and_can_be_repeated() {
    let sandbox = Sandbox::new();
    sandbox.run(SCAN).expect_exit(0);
    sandbox.run(["history", "add", "--store", "undisturbed.db"]).expect_exit(0);
    let expected = content(&sandbox, "undisturbed.db");
    assert!(expected.len() > 100_000, "{}", expected.len());
    assert!((0..20).any(|_| is_killed_while_it_writes(&sandbox)), "each addition ended before it was killed");
    let again = sandbox.run(["history", "add", "--store", "killed.db"]);
    again.expect_exit(0).stdout_contains("killed.db has 1 run");
    assert_eq!(content(&sandbox, "killed.db"), expected);
}

#[test]
fn run_that_was_resumed_after_it_was_added_is_noted() {
    let sandbox = Sandbox::new();
    sandbox
        .run(["demo", "-s", "sample/services/sqs", "--quiet", "--run-name", "monday", "--history"])
        .expect_exit(0);
    let again = sandbox.run(["history", "add"]);
    again.expect_exit(0);
    assert!(!again.stderr.contains("resumed"), "{}", again.report());
    let path = sandbox.path("output/monday/manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    manifest["finished"] = json!("2099-01-01T00:00:00Z");
    fs::write(path, manifest.to_string()).expect("writes");
    let noted = sandbox.run(["history", "add"]);
    noted.expect_exit(0).stderr_contains("output/monday was resumed after it was added");
    noted.stdout_contains("1 run");
}

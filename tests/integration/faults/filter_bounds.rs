//! A jq filter that takes too much costs its call and never the run.

use std::fs;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

use crate::sandbox::{Bell, Ledger, Sandbox};

const RUN: [&str; 11] =
    ["demo", "--size", "5", "-s", "spec.json", "-o", "output", "--run-name", "run", "-r", "us-east-1"];

/// A call for each of the filters, named by its place.
fn spec(filters: &[&str]) -> Value {
    let calls = filters.iter().enumerate().map(|(index, filter)| {
        json!({"service": "ec2", "function": "describe_vpcs", "name": format!("n{index}"), "result_key": filter})
    });
    calls.collect()
}

fn ledger(sandbox: &Sandbox) -> Ledger {
    Ledger::read(&sandbox.path("output/run"))
}

#[test]
fn filter_resources_are_limited_and_run_continues() {
    let filters = [
        "def f: f; f",
        // The last sum exceeds the memory before much of it was used, which takes processor time.
        "(\"a\" * 200000000) as $a | [$a + $a, $a + $a + $a]",
        "def f: 1 + f; f",
        "\"\\(.Vpcs | length)\"",
    ];
    let sandbox = Sandbox::new().spec(&spec(&filters));
    sandbox.run(RUN).expect_exit(0);
    let ledger = ledger(&sandbox);
    let failed = |name: &str| {
        let lines = ledger.with(&json!({"name": name, "status": "failed"}));
        lines.iter().map(|line| line["message"].as_str().expect("a message")).collect::<Vec<_>>()
    };
    let worked = ledger.with(&json!({"name": "n3", "status": "ok"})).len();
    assert!(worked > 3, "the last filter works in {worked} accounts");
    for (name, reason) in [
        ("n0", "it takes more than 2 s of processor time"),
        ("n1", "it takes more than 1 GiB of memory"),
        ("n2", "it recurses without end, or too deeply"),
    ] {
        let messages = failed(name);
        assert_eq!(messages.len(), worked, "{name}");
        let exceeded = messages.iter().filter(|message| message.contains(reason)).count();
        // Those that are in progress when the third one exceeds its limit are not stopped.
        assert!(exceeded >= 3, "{name}: {messages:?}");
        let not_run = messages.iter().filter(|message| message.contains("it was not run")).count();
        assert_eq!(exceeded + not_run, worked, "{name}: {messages:?}");
    }
}

#[test]
fn a_signal_is_heard_while_filters_run_without_end() {
    let sandbox = Sandbox::new().spec(&spec(&["def f: f; f"; 40]));
    let run = sandbox.start(RUN, Bell::new());
    let threads = format!("/proc/{}/task", run.id());
    while !has_child(Path::new(&threads)) {
        thread::yield_now();
    }
    run.signal("TERM");
    run.finish().expect_exit(130);
    let stopped = ledger(&sandbox)
        .with(&json!({"status": "failed"}))
        .into_iter()
        .filter(|line| line["message"].as_str().is_some_and(|message| !message.contains("processor time")))
        .filter(|line| line["message"].as_str().is_some_and(|message| !message.contains("it was not run")))
        .count();
    assert_eq!(stopped, 0, "what was stopped has not failed");
}

/// Whether one of the threads has started a process.
fn has_child(threads: &Path) -> bool {
    let Ok(threads) = fs::read_dir(threads) else { return false };
    threads.flatten().any(|thread| {
        fs::read_to_string(thread.path().join("children")).is_ok_and(|children| !children.trim().is_empty())
    })
}

//! The runtime of the function, with an interface like Lambda's, and the state machine that invokes it, in moto.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::files;
use super::tools::python;
use crate::sandbox::{Loopback, Received, Reply, Sandbox};

/// What the runtime does with an event, where the program ends with this exit code at once. The program and `timeout`
/// write down what they were started with.
fn invoke(event: &Value, exit: i32) -> (Vec<Received>, String) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    let deadline = now.as_millis() + 900_000;
    let next = Reply::ok(event.to_string())
        .header("Lambda-Runtime-Aws-Request-Id", "request-1")
        .header("Lambda-Runtime-Deadline-Ms", &deadline.to_string());
    // The second look for an event fails, which ends the runtime.
    let api = Loopback::answering([next, Reply::ok("{}"), Reply::new(500)]);
    let sandbox = Sandbox::new()
        .file("scan", &format!("#!/bin/sh\necho scan \"$@\" >&2\nexit {exit}\n"))
        .file("timeout", "#!/bin/sh\necho timeout \"$@\" >&2\nexec /usr/bin/timeout \"$@\"\n");
    for name in ["scan", "timeout"] {
        fs::set_permissions(sandbox.path(name), fs::Permissions::from_mode(0o755)).expect("a program");
    }
    let folder = sandbox.path("").display().to_string();
    let path = format!("{folder}:{}", std::env::var("PATH").expect("a path"));
    let sandbox = sandbox
        .env("PATH", path)
        .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
        .env("LAMBDA_TASK_ROOT", folder)
        .env("SCAN_SPEC", "inventory")
        .env("SCAN_DESTINATION", "s3://inventory/scans")
        .env("SCAN_BUCKET_OWNER", "111111111111")
        .env("SCAN_KMS_KEY", "");
    let run = sandbox.shell(&files::path("lambda/bootstrap").display().to_string());
    (api.received(), run.stderr)
}

fn event() -> Value {
    json!({"run": "night-1", "shard": "2/4"})
}

#[test]
fn a_scan_that_is_stopped_is_gone_on_with() {
    for (exit, answer) in [
        (0, json!({"exit": 0, "again": false})),
        (4, json!({"exit": 4, "again": false})),
        (130, json!({"exit": 130, "again": true})),
    ] {
        let (received, stderr) = invoke(&event(), exit);
        assert_eq!(received[1].target, "/2018-06-01/runtime/invocation/request-1/response", "{stderr}");
        assert_eq!(serde_json::from_str::<Value>(&received[1].body).expect("JSON"), answer);
    }
}

#[test]
fn a_scan_has_a_minute_less_than_its_invocation() {
    let (_, stderr) = invoke(&event(), 0);
    let line = stderr.lines().find(|line| line.starts_with("timeout ")).expect("a line");
    let seconds: u64 = line.split(' ').nth(3).expect("seconds").parse().expect("a number");
    // The test itself may have taken a while.
    assert!((600..=840).contains(&seconds), "{line}");
    let scan = stderr.lines().find(|line| line.starts_with("scan ")).expect("a line");
    assert_eq!(
        scan,
        "scan --scan inventory --organization-scan --run-name night-1 --shard 2/4 --output-dir s3://inventory/scans \
         --s3-expected-bucket-owner 111111111111"
    );
}

#[test]
fn an_event_without_a_run_is_refused() {
    for event in [json!({}), json!({"run": "night-1"}), json!({"run": "$(reboot)", "shard": "1/4"})] {
        let (received, stderr) = invoke(&event, 0);
        assert_eq!(received[1].target, "/2018-06-01/runtime/invocation/request-1/error");
        assert!(!stderr.contains("scan --scan"), "{stderr}");
    }
}

/// Executes the state machine, whose function gives these answers.
fn execute(shards: u8, answers: &Value) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deploy/state_machine.py");
    let mut command = python();
    command.arg(script).arg(files::path("lambda-state-machine.yaml"));
    let output = command.arg(shards.to_string()).arg(answers.to_string()).output().expect("the script runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn a_shard_is_invoked_until_it_is_finished() {
    let (unfinished, finished) = (json!({"exit": 130, "again": true}), json!({"exit": 0, "again": false}));
    let made = execute(1, &json!([unfinished, unfinished, finished]));
    assert_eq!(
        made,
        json!({"status": "SUCCEEDED", "error": null, "invoked": [["1/1", "night"], ["1/1", "night"], ["1/1", "night"]]})
    );
}

#[test]
fn a_failed_shard_fails_the_execution_when_all_have_ended() {
    let made = execute(2, &json!([{"exit": 4, "again": false}, {"exit": 0, "again": false}]));
    assert_eq!(
        made,
        json!({"status": "FAILED", "error": "Incomplete", "invoked": [["1/2", "night"], ["2/2", "night"]]})
    );
}

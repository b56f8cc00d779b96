//! Runs in a bucket that were killed, stopped or tried again: at the end, the bucket has what an undisturbed run leaves
//! in a folder, and no process loses what another has written. S3 is moto, with fixed times where time matters.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::uploads::{buckets, json_of, objects, organization, scan};
use crate::faults::crash::{spec, world};
use crate::sandbox::{Bell, Finished, Ledger, RunOutcome, Running, Sandbox, Simulated};
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site};

const BUCKET: &str = "second-inventory";

/// Longer than a lock is valid without being renewed, in seconds.
const OLD: &str = "600";

fn address(run: &str) -> String {
    format!("s3://{BUCKET}/{run}")
}

/// Starts a scan into a bucket.
fn start(sandbox: &Sandbox, bell: Bell, more: &[&str]) -> Running {
    let bucket = address("");
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1,eu-central-1", "-o", &bucket];
    sandbox.start([&arguments[..], more].concat(), bell)
}

/// Kills a run when it has sent so many calls, of which the last ones get no response.
#[track_caller]
fn kill_at(aws: &Simulated, calls: u64, start: impl FnOnce(Bell) -> Running) {
    let bell = Bell::new();
    let frozen = aws.freeze_at(calls, bell.ring());
    let mut run = start(bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    drop(frozen);
}

/// Scans into a bucket, and stops the run with a signal after so many calls.
#[track_caller]
fn stop_after(aws: &Simulated, sandbox: &Sandbox, calls: u64, more: &[&str]) {
    let bell = Bell::new();
    let frozen = aws.freeze_at(calls, bell.ring());
    let mut run = start(sandbox, bell, more);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.signal("INT");
    run.wait_for_error_line("a second signal ends the process immediately");
    drop(frozen);
    run.finish().expect_exit(130);
}

/// Makes the lock of a run so old that it has expired.
fn make_old(run: &str) {
    buckets().moto.ask("buckets.py", &["age", BUCKET, &format!("{run}/scan.lock"), OLD]);
}

#[track_caller]
fn resume(sandbox: &Sandbox, run: &str, more: &[&str]) -> Finished {
    let address = address(run);
    sandbox.run([&["resume", address.as_str()], more].concat())
}

/// Writes the objects of a folder to a local one, as `aws s3 sync` does.
fn download(sandbox: &Sandbox, run: &str) -> PathBuf {
    let local = sandbox.path("downloaded").join(run);
    // A folder that was downloaded before.
    let _ = fs::remove_dir_all(&local);
    for (name, object) in objects(BUCKET, run) {
        let file = local.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, object["text"].as_str().expect("a text")).expect("a file");
    }
    local
}

/// Ends the test unless a bucket has what an undisturbed run has left in a folder.
#[track_caller]
fn expect_whole(sandbox: &Sandbox, run: &str, expected: &Path) {
    let folder = download(sandbox, run);
    let path = folder.join("manifest.json");
    let mut manifest = json_of(&fs::read_to_string(&path).expect("a manifest"));
    let settings = manifest["settings"].as_object_mut().expect("an object");
    assert_eq!(settings.shift_remove("bucket_folder"), Some(json!(address(run))));
    fs::write(path, manifest.to_string()).expect("a file");
    RunOutcome::read(&folder).expect_same(&RunOutcome::read(expected));
}

/// An undisturbed run in a folder.
#[track_caller]
fn undisturbed(sandbox: &Sandbox, more: &[&str], code: i32) -> PathBuf {
    scan(sandbox, "undisturbed", &[&["--run-name", "run"], more].concat()).expect_exit(code);
    let folder = sandbox.path("undisturbed/run");
    if more.is_empty() { folder } else { folder.join("shard-1-of-1") }
}

#[test]
fn run_killed_at_any_call_is_resumed_to_the_whole() {
    let aws = Simulated::new(world(5));
    let sandbox = organization(&aws).spec(&spec());
    let expected = undisturbed(&sandbox, &[], 4);
    for calls in [1, 9, 30] {
        let name = format!("killed-{calls}");
        kill_at(&aws, calls, |bell| start(&sandbox, bell, &["--run-name", &name]));
        make_old(&name);
        // Killed again, by the first call that is repeated.
        kill_at(&aws, 1, |bell| sandbox.start(["resume", &address(&name)], bell));
        make_old(&name);
        resume(&sandbox, &name, &[]).expect_exit(4);
        expect_whole(&sandbox, &name, &expected);
        resume(&sandbox, &name, &[]).expect_exit(4).stdout_contains("no calls remain");
    }
}

#[test]
fn stopped_run_continues_from_its_ledger() {
    let aws = Simulated::new(world(5));
    let sandbox = organization(&aws).spec(&spec());
    let expected = undisturbed(&sandbox, &[], 4);
    stop_after(&aws, &sandbox, 25, &["--run-name", "continued"]);
    let lines = Ledger::read(&download(&sandbox, "continued")).0;
    // The other lines are about single items, and entries that are not called.
    let calls = lines.iter().filter(|line| line["account"] != "*" && line["item"].is_null()).count();
    assert!(calls > 0, "the run was stopped before its first call");
    let text = format!("Resuming {}: {calls} call", address("continued"));
    resume(&sandbox, "continued", &[]).expect_exit(4).stdout_contains(&text);
    expect_whole(&sandbox, "continued", &expected);
}

#[test]
fn attempt_continues_unfinished_shard_and_skips_finished_one() {
    let aws = Simulated::new(world(4));
    let sandbox = organization(&aws).spec(&spec());
    let more = ["--run-name", "evicted", "--shard", "1/1"];
    let expected = undisturbed(&sandbox, &["--shard", "1/1"], 4);
    stop_after(&aws, &sandbox, 20, &more);
    let second = scan(&sandbox, &address(""), &more);
    second.expect_exit(4).stdout_contains("Resuming s3://second-inventory/evicted/shard-1-of-1: ");
    let folder = "evicted/shard-1-of-1";
    expect_whole(&sandbox, folder, &expected);
    let listed = objects(BUCKET, "evicted")["shards/shard-1-of-1.json"]["text"].clone();
    assert_eq!(json_of(listed.as_str().expect("a text")), json!({"folder": "shard-1-of-1"}));

    let sent = aws.requests();
    let third = scan(&sandbox, &address(""), &more);
    third.expect_exit(4).stdout_contains("shard-1-of-1 is finished: no calls remain");
    let is_start = |service: &str| matches!(service, "sts" | "organizations");
    for (request, count) in aws.requests() {
        assert!(is_start(&request.2) || sent.get(&request) == Some(&count), "{request:?} was sent again");
    }
    assert!(!objects(BUCKET, "evicted").keys().any(|name| name.starts_with("shard-1-of-1-2")));
}

#[test]
fn merge_counts_the_listed_attempt_of_each_shard() {
    let aws = Simulated::new(world(3));
    let sandbox = organization(&aws);
    let more = ["--run-name", "changed", "--shard", "1/1"];
    scan(&sandbox, &address(""), &more).expect_exit(0);
    let sandbox = sandbox.spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    let second = scan(&sandbox, &address(""), &more);
    second.expect_exit(0).stdout_contains("shard-1-of-1: the runs differ in the scan spec");
    second.stdout_contains("Writing results to s3://second-inventory/changed/shard-1-of-1-2");
    let folder = download(&sandbox, "changed");
    let merge = |to: &str| sandbox.run(["merge", folder.to_str().expect("UTF-8"), "-o", to]);
    merge("whole").expect_exit(0).stderr_contains("shard-1-of-1 is skipped");
    let services: Vec<Value> = Ledger::read(&sandbox.path("whole")).0;
    assert!(services.iter().all(|line| line["service"] == "sqs"), "{services:?}");
    // Without the list, both attempts are finished.
    fs::remove_dir_all(folder.join("shards")).expect("removes");
    merge("other").expect_exit(2).stderr_contains("both hold shard 1 of 1");
}

/// The first writer is stopped (SIGSTOP) and later continued: as a machine that sleeps.
#[test]
fn second_writer_waits_for_the_first() {
    let aws = Simulated::new(world(4));
    let sandbox = organization(&aws).spec(&spec());
    let more = ["--run-name", "waiting", "--shard", "1/1"];
    let expected = undisturbed(&sandbox, &["--shard", "1/1"], 4);
    let first = freeze(&aws, &sandbox, &more);
    let mut second = start(&sandbox, Bell::new(), &more);
    second.wait_for_error_line("Waiting for another process that writes to s3://second-inventory/waiting");
    second.kill();
    first.signal("CONT");
    first.finish().expect_exit(4);
    expect_whole(&sandbox, "waiting/shard-1-of-1", &expected);
}

#[test]
fn writer_that_was_paused_too_long_loses_its_run() {
    let aws = Simulated::new(world(4));
    let sandbox = organization(&aws).spec(&spec());
    let expected = undisturbed(&sandbox, &[], 4);
    let first = freeze(&aws, &sandbox, &["--run-name", "lost"]);
    make_old("lost");
    resume(&sandbox, "lost", &[]).expect_exit(4);
    let manifest = objects(BUCKET, "lost")["manifest.json"].clone();
    first.signal("CONT");
    let lost = first.finish();
    lost.expect_exit(1).stderr_contains("another process has taken over s3://second-inventory/lost");
    assert_eq!(objects(BUCKET, "lost")["manifest.json"], manifest);
    expect_whole(&sandbox, "lost", &expected);
}

/// Scans into a bucket until its tenth call, and stops the process there.
#[track_caller]
fn freeze(aws: &Simulated, sandbox: &Sandbox, more: &[&str]) -> Running {
    let bell = Bell::new();
    let frozen = aws.freeze_at(10, bell.ring());
    let mut run = start(sandbox, bell, more);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.signal("STOP");
    drop(frozen);
    run
}

/// The file of a service has results that are kept and others that are sent again, and an object was deleted.
#[test]
fn retried_calls_complete_the_file_of_their_service() {
    let aws = Simulated::new(world(3));
    let sandbox = organization(&aws).spec(&spec());
    let expected = undisturbed(&sandbox, &[], 0);
    aws.fault(|site: &Site<'_>| {
        let refusal = || SimulatedError::new(400, "InternalError", "An internal error has occurred");
        (site.operation == "DescribeVpcs").then(|| Behaviour::Refuse(refusal()))
    });
    scan(&sandbox, &address(""), &["--run-name", "retried"]).expect_exit(4);
    aws.mend();
    let deleted = "retried/100000000001-account-00001/global/iam.json";
    buckets().moto.ask("buckets.py", &["delete", BUCKET, deleted]);
    resume(&sandbox, "retried", &["--retry-failed"]).expect_exit(0);
    expect_whole(&sandbox, "retried", &expected);
}

/// A result that no ledger knows is replaced: nothing is deleted in a bucket.
#[test]
fn object_without_ledger_line_loses_its_results() {
    let aws = Simulated::new(world(1));
    let sandbox = organization(&aws);
    for (layout, file, empty) in
        [("service", "iam.json", json!({})), ("call", "iam-list_users.json", Value::Null)]
    {
        let run = format!("replaced-{layout}");
        scan(&sandbox, &address(""), &["--run-name", &run, "--layout", layout]).expect_exit(0);
        let stored = objects(BUCKET, &run);
        let name = stored.keys().find(|name| name.ends_with(file)).expect("a result").clone();
        let mut manifest = json_of(stored["manifest.json"]["text"].as_str().expect("a text"));
        manifest["state"] = json!("running");
        let put = |name: &str, text: &str| {
            buckets().moto.ask("buckets.py", &["put", BUCKET, &format!("{run}/{name}"), text]);
        };
        put("manifest.json", &manifest.to_string());
        put("ledger.ndjson", "");
        aws.fault(|site: &Site<'_>| {
            let refusal = || SimulatedError::new(403, "AccessDenied", "no");
            (site.service == "iam").then(|| Behaviour::Refuse(refusal()))
        });
        resume(&sandbox, &run, &[]).expect_exit(4);
        aws.mend();
        assert_eq!(json_of(objects(BUCKET, &run)[&name]["text"].as_str().expect("a text")), empty);
    }
}

#[test]
fn server_that_ignores_conditions_is_refused() {
    let aws = Simulated::new(world(1));
    let sandbox = organization(&aws);
    let refused = scan(&sandbox, "s3://careless-inventory", &["--run-name", "first"]);
    refused.expect_exit(2).stderr_contains("ignores If-None-Match: two writers would overwrite each other");
    refused.stderr_contains("--s3-single-writer").stderr_is_one_paragraph();
    let more = ["--run-name", "second", "--s3-single-writer"];
    scan(&sandbox, "s3://careless-inventory", &more).expect_exit(0).stderr_contains("ignores If-None-Match");
    assert_eq!(
        json_of(objects("careless-inventory", "second")["manifest.json"]["text"].as_str().expect("a text"))["state"],
        "finished"
    );
}

#[test]
fn errors_of_resuming_in_a_bucket_name_the_fix() {
    let aws = Simulated::new(world(1));
    let sandbox = organization(&aws);
    let absent = resume(&sandbox, "no-such-run", &[]);
    absent
        .expect_exit(2)
        .stderr_contains("cannot resume s3://second-inventory/no-such-run: there is no manifest.json");
    absent.stderr_contains("name the folder of a run").stderr_is_one_paragraph();
    scan(&sandbox, &address(""), &["--run-name", "copied"]).expect_exit(0);
    let copy = download(&sandbox, "copied");
    let copied = sandbox.run(["resume", copy.to_str().expect("UTF-8")]);
    copied.expect_exit(2).stderr_contains("it is a copy of the run in s3://second-inventory/copied");
    copied.stderr_contains("scan resume s3://second-inventory/copied").stderr_is_one_paragraph();
    let local = sandbox.run(["resume", "output/run", "--s3-expected-bucket-owner", "123456789012"]);
    local.expect_exit(2).stderr_contains("only for a bucket, but output/run is a folder");
}

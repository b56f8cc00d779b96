//! Runs that are stopped, that failed in part, or that met a full disk: how they continue, and when not.

use std::fs;
use std::path::Path;

use aws_auto_inventory::simulator::world::{Amounts, SimulatedState};
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::faults::crash::{run_of, scan, spec, world};
use crate::sandbox::outcome::run_in;
use crate::sandbox::{Bell, Finished, Ledger, RunOutcome, Sandbox, Simulated};

/// Twelve calls that end in one file: more than are in progress at once.
fn twelve_calls() -> Value {
    let call =
        |number| json!({"service": "sqs", "function": "list_queues", "name": format!("call {number}")});
    (0..12).map(call).collect()
}

/// What a run leaves that nothing disturbs.
#[track_caller]
fn undisturbed(sandbox: &Sandbox) -> RunOutcome {
    sandbox.run(scan("undisturbed"));
    RunOutcome::read(&run_in(&sandbox.path("undisturbed")))
}

#[track_caller]
fn resume(sandbox: &Sandbox) -> Finished {
    sandbox.run(["resume", &run_of(sandbox)])
}

fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

fn manifest_of(sandbox: &Sandbox) -> Value {
    read_json(&Path::new(&run_of(sandbox)).join("manifest.json"))
}

/// Changes a member of the manifest.
fn set_in_manifest(sandbox: &Sandbox, key: &str, value: Value) {
    let path = Path::new(&run_of(sandbox)).join("manifest.json");
    let mut manifest = read_json(&path);
    manifest[key] = value;
    fs::write(path, manifest.to_string()).expect("a manifest");
}

#[test]
fn a_signal_stops_a_run_in_good_order_and_resume_finishes_it() {
    let aws = Simulated::new(world(3));
    let sandbox = aws.sandbox().spec(&twelve_calls());
    let expected = undisturbed(&sandbox);
    for (signal, call) in [("INT", 9), ("TERM", 20), ("HUP", 14)] {
        fs::remove_dir_all(sandbox.path("output")).ok();
        let bell = Bell::new();
        let frozen = aws.freeze_at(call, bell.ring());
        let mut run = sandbox.start(scan("output"), bell);
        assert!(run.wait_for_bell().is_none(), "the run ended early");
        run.signal(signal);
        run.wait_for_error_line("a second signal ends the process immediately");
        drop(frozen);
        let stopped = run.finish();
        stopped.expect_exit(130).stdout_contains("`scan resume output/organization-");
        assert_eq!(manifest_of(&sandbox)["state"], "interrupted");
        let partial = Ledger::read(Path::new(&run_of(&sandbox))).0.len();
        assert!((1..72).contains(&partial), "{partial} lines after {signal}");
        let left = manifest_of(&sandbox)["totals"]["unfinished"].as_u64().expect("a number");
        assert_eq!(left + partial as u64, 72, "what has no line is left");
        stopped.stdout_contains("Not sent or interrupted: ").stdout_contains(&format!("{left} calls"));
        resume(&sandbox).expect_exit(0).stdout_contains(&format!("{partial} calls are done"));
        RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
    }
}

/// A second signal ends a run at once, and it can be resumed nevertheless.
#[test]
fn second_signal_ends_run_at_once_and_resume_completes() {
    let aws = Simulated::new(world(3));
    let sandbox = aws.sandbox().spec(&spec());
    let expected = undisturbed(&sandbox);
    let bell = Bell::new();
    let frozen = aws.freeze_at(12, bell.ring());
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.signal("INT");
    run.wait_for_error_line("a second signal ends the process immediately");
    run.signal("INT");
    run.finish().expect_exit(130);
    let state = manifest_of(&sandbox)["state"].clone();
    assert!(
        ["listing", "running"].contains(&state.as_str().unwrap_or_default()),
        "nothing is written any more: {state}"
    );
    drop(frozen);
    resume(&sandbox).expect_exit(0);
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
}

#[test]
fn two_processes_do_not_work_on_one_run() {
    let aws = Simulated::new(world(2));
    let sandbox = aws.sandbox().spec(&spec());
    let bell = Bell::new();
    let frozen = aws.freeze_at(5, bell.ring());
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    let second = resume(&sandbox);
    second.expect_exit(2).stderr_is_one_paragraph();
    second.stderr_contains(&format!("is locked by process {}", run.id()));
    run.kill();
    drop(frozen);
    resume(&sandbox).expect_exit(0);
    assert!(!Path::new(&run_of(&sandbox)).join("scan.lock").exists());
}

/// Failed calls are sent again when the user wants that, and no others.
#[test]
fn resume_retries_failed_calls_only_on_request() {
    let aws = Simulated::new(world(3));
    let sandbox = aws.sandbox().spec(&spec());
    let expected = undisturbed(&sandbox);
    let no = |site: &Site<'_>| {
        let message = format!("User: me is not authorized to perform: {}", site.operation);
        Some(Behaviour::Refuse(SimulatedError::new(403, "AccessDenied", message)))
    };
    // One call of a file of two, the second page of another, an item, and an account's list of buckets.
    aws.fault(move |site| match (site.operation, site.account.as_str(), site.count % 2) {
        ("DescribeVpcs", "100000000001", _) | ("DescribeTable" | "ListBuckets", "100000000002", _) => {
            no(site)
        }
        ("DescribeInstances", "100000000000", 0) => no(site),
        _ => None,
    });
    sandbox.run(scan("output")).expect_exit(4);
    let run = run_of(&sandbox);
    let failed = Ledger::read(Path::new(&run));
    for wanted in [
        json!({"function": "describe_vpcs", "status": "denied"}),
        json!({"function": "describe_table", "status": "denied"}),
        json!({"function": "list_buckets", "status": "denied"}),
        json!({"function": "describe_instances", "status": "truncated", "truncated_by": "denied"}),
    ] {
        assert!(!failed.with(&wanted).is_empty(), "no line like {wanted}");
    }
    aws.mend();
    let told = sandbox.run(["resume", &run]);
    told.expect_exit(4).stdout_contains("--retry-failed` to retry them");

    let before = aws.requests();
    sandbox.run(["resume", &run, "--retry-failed"]).expect_exit(0);
    RunOutcome::read(Path::new(&run)).expect_same(&expected);
    let asked = |account: &str, operation: &str| {
        let mut asked = 0;
        for (call, count) in aws.requests() {
            let is_it = call.0 == account && call.3 == operation;
            asked += if is_it { count - before.get(&call).unwrap_or(&0) } else { 0 };
        }
        asked
    };
    assert_eq!(asked("100000000001", "DescribeVpcs"), 2, "once in each region");
    assert_eq!(asked("100000000002", "ListTables"), 2, "the items of an item's call come from it");
    for (account, operation) in [("100000000001", "DescribeInstances"), ("100000000002", "ListQueues")] {
        assert_eq!(asked(account, operation), 0, "{operation} was asked again");
    }
    sandbox.run(["resume", &run, "--retry-failed"]).expect_exit(0).stdout_contains("no calls remain");
}

#[test]
fn second_failure_leaves_no_partial_result() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&json!([{"service": "ec2", "function": "describe_instances"}]));
    let refuse = |from: u64| {
        move |site: &Site<'_>| {
            let refusal = SimulatedError::new(403, "UnauthorizedOperation", "no");
            (site.operation == "DescribeInstances" && site.count >= from)
                .then_some(Behaviour::Refuse(refusal))
        }
    };
    aws.fault(refuse(2));
    sandbox.run(scan("output")).expect_exit(4);
    let run = run_of(&sandbox);
    let file = Path::new(&run).join("100000000000-account-00000/us-east-1/ec2.json");
    assert!(file.exists(), "the first page is there");
    aws.fault(refuse(0));
    sandbox.run(["resume", &run, "--retry-failed"]).expect_exit(4);
    let ledger = Ledger::read(Path::new(&run));
    assert_eq!((ledger.0.len(), ledger.with(&json!({"status": "denied"})).len()), (2, 2));
    assert!(!file.exists(), "what the ledger calls denied has a result");
}

/// A process that is killed while it retries failed calls loses no final result.
#[test]
fn kill_during_retry_loses_no_final_result() {
    let aws = Simulated::new(world(3));
    let sandbox = aws.sandbox().spec(&spec());
    let expected = undisturbed(&sandbox);
    aws.fault(|site| {
        let refusal = SimulatedError::new(400, "AccessDeniedException", "no");
        (site.service == "dynamodb").then_some(Behaviour::Refuse(refusal))
    });
    sandbox.run(scan("output")).expect_exit(4);
    aws.mend();
    let run = run_of(&sandbox);
    let before = Ledger::read(Path::new(&run));
    let bell = Bell::new();
    let frozen = aws.freeze_at(3, bell.ring());
    let mut again = sandbox.start(["resume", &run, "--retry-failed"], bell);
    assert!(again.wait_for_bell().is_none(), "the run ended early");
    again.kill();
    drop(frozen);
    let after = Ledger::read(Path::new(&run));
    for line in before.0.iter().filter(|line| line["service"] != "dynamodb") {
        assert!(after.0.contains(line), "lost: {line}");
    }
    resume(&sandbox).expect_exit(0);
    RunOutcome::read(Path::new(&run)).expect_same(&expected);
}

#[test]
fn an_account_that_was_suspended_meanwhile_has_its_lines() {
    // All accounts are on the first page, so that the run knows them before it is killed.
    let mut all_listed = world(3);
    all_listed.page_size = 3;
    let before = Simulated::new(all_listed);
    let sandbox = before.sandbox().spec(&spec());
    let bell = Bell::new();
    let frozen = before.freeze_at(1, bell.ring());
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    drop(frozen);

    let active = world(3);
    let mut accounts = active.accounts().to_vec();
    accounts[2].state = SimulatedState::Suspended;
    let now = Simulated::new(World::new(active.organization.clone(), accounts));
    let elsewhere = now.sandbox();
    let resumed = elsewhere.run(["resume", &run_of(&sandbox)]);
    resumed
        .expect_exit(4)
        .stdout_contains("account 100000000002 suspended or closed since the run started: 13 calls failed");
    let ledger = Ledger::read(Path::new(&run_of(&sandbox)));
    let lines = ledger.with(
        &json!({"account": "100000000002", "status": "failed", "inferred": true, "inferred_from": "account"}),
    );
    assert_eq!(lines.len(), 13, "a line for every planned call");
    let message = lines[0]["message"].as_str().unwrap_or_default();
    assert_eq!(message, "the account is suspended; it was active when the run started");
}

/// A run of one account that is done, in a sandbox without its AWS.
fn finished_run() -> Sandbox {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("output")).expect_exit(0);
    sandbox
}

#[test]
fn a_finished_run_has_nothing_to_do_and_ends_as_it_did() {
    let sandbox = finished_run();
    resume(&sandbox).expect_exit(0).stdout_contains("is finished and complete");
}

#[test]
fn resume_leaves_other_folders_unchanged() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("photos")).expect("a folder");
    let run = sandbox.run(["resume", "photos"]);
    run.expect_exit(2).stderr_is_one_paragraph().stderr_contains("cannot resume photos");
    assert_eq!(fs::read_dir(sandbox.path("photos")).expect("a folder").count(), 0);
}

#[test]
fn a_run_in_another_format_names_the_program_to_use() {
    let sandbox = finished_run();
    set_in_manifest(&sandbox, "format_version", json!(1));
    set_in_manifest(&sandbox, "version", json!("0.0.9"));
    let run = resume(&sandbox);
    run.expect_exit(2).stderr_is_one_paragraph();
    run.stderr_contains("format version 1").stderr_contains("scan 0.0.9");
}

#[test]
fn a_damaged_manifest_is_told_and_not_guessed_at() {
    let sandbox = finished_run();
    for text in ["{\"format_version\": 2, \"version\"", "{\"format_version\": 2}", "[]"] {
        fs::write(Path::new(&run_of(&sandbox)).join("manifest.json"), text).expect("a manifest");
        let run = resume(&sandbox);
        run.expect_exit(2).stderr_is_one_paragraph().stderr_contains("manifest.json is damaged");
    }
}

#[test]
fn a_catalog_that_lacks_a_function_of_the_run_cannot_finish_it() {
    let sandbox = finished_run();
    let document = json!({"source": "spec.json", "sha256": "", "document": [
        {"service": "s3", "function": "list_newest_things"}]});
    set_in_manifest(&sandbox, "spec", document);
    set_in_manifest(&sandbox, "catalog_version", json!("9.99.0"));
    let run = resume(&sandbox);
    run.expect_exit(2).stderr_contains("list_newest_things").stderr_contains("botocore 9.99.0");
}

/// Another catalog that has all functions is reported in the log only.
#[test]
fn resume_with_other_catalog_logs_difference_only() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("output")).expect_exit(0);
    set_in_manifest(&sandbox, "state", json!("running"));
    set_in_manifest(&sandbox, "catalog_version", json!("1.2.3"));
    resume(&sandbox).expect_exit(0);
    let log = fs::read_to_string(Path::new(&run_of(&sandbox)).join("scan.log")).expect("a log");
    assert!(log.contains("botocore 1.2.3"), "{log}");
}

#[test]
fn a_torn_line_is_told_to_the_log() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("output")).expect_exit(0);
    let run = run_of(&sandbox);
    let ledger = Path::new(&run).join("ledger.ndjson");
    let text = fs::read_to_string(&ledger).expect("a ledger");
    fs::write(&ledger, &text[..text.len() - 30]).expect("a ledger");
    resume(&sandbox).expect_exit(0);
    let log = fs::read_to_string(Path::new(&run).join("scan.log")).expect("a log");
    assert!(log.contains("the last line of the ledger is incomplete"), "{log}");
    assert_eq!(Ledger::read(Path::new(&run)).0.len(), text.lines().count());
}

#[test]
fn another_account_cannot_finish_a_run() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("output")).expect_exit(0);
    set_in_manifest(&sandbox, "state", json!("running"));
    let other = json!({"account": "999999999999", "arn": "arn:aws:iam::999999999999:user/other"});
    set_in_manifest(&sandbox, "caller", other);
    let run = resume(&sandbox);
    run.expect_exit(3).stderr_is_one_paragraph();
    run.stderr_contains("user/other").stderr_contains("100000000000");
}

/// Writes past the limit of a file's size fail, as they do on a full disk: `ulimit -f` counts blocks
/// of 512 bytes. The signal that comes with it (SIGXFSZ) ends a program that does not handle it.
const SMALL_DISK: &str = "ulimit -f";

#[test]
fn a_disk_that_is_full_ends_a_run_that_can_go_on_later() {
    let aws = Simulated::new(world(3));
    let sandbox = aws.sandbox().spec(&spec());
    let expected = undisturbed(&sandbox);
    // The ledger alone is larger.
    let full = sandbox.shell(&format!("{SMALL_DISK} 10; scan {}", scan("output").join(" ")));
    full.expect_exit(1).stderr_is_one_paragraph();
    full.stderr_contains("cannot write to output/organization-").stderr_contains("`scan resume output/");
    let ledger = fs::read_to_string(Path::new(&run_of(&sandbox)).join("ledger.ndjson")).expect("a ledger");
    assert!(ledger.is_empty() || ledger.ends_with('\n'), "half a line in the ledger");
    expect_no_unfinished_file(Path::new(&run_of(&sandbox)));
    resume(&sandbox).expect_exit(0);
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
}

/// A list that does not fit on the disk is not a call that failed.
#[test]
fn full_disk_for_list_is_no_failed_call() {
    let amounts = Amounts { reservations: 600, ..Amounts::default() };
    let aws = Simulated::new(World::sized(1, 3, amounts));
    let sandbox = aws.sandbox().spec(&json!([{"service": "ec2", "function": "describe_instances"}]));
    let expected = undisturbed(&sandbox);
    let full = sandbox.shell(&format!("{SMALL_DISK} 600; scan {}", scan("output").join(" ")));
    full.expect_exit(1).stderr_contains("cannot write to output/organization-");
    assert!(Ledger::read(Path::new(&run_of(&sandbox))).0.is_empty(), "the ledger blames a call");
    resume(&sandbox).expect_exit(0);
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
}

#[test]
fn a_folder_that_cannot_be_written_in_is_told_with_what_to_do() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec());
    // No user may make folders there, not even an administrator.
    let run = sandbox.run(scan("/proc/results"));
    run.expect_exit(1).stderr_is_one_paragraph();
    run.stderr_contains("cannot write to /proc/results").stderr_contains("--output-dir");
}

#[track_caller]
fn expect_no_unfinished_file(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            expect_no_unfinished_file(&path);
        }
        let is_unfinished = path.extension().is_some_and(|extension| extension == "part");
        assert!(!is_unfinished, "{} was left", path.display());
    }
}

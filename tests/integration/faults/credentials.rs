//! Credentials that end in the middle of a run.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site};
use serde_json::{Value, json};

use crate::faults::crash::{run_of, scan, spec, world};
use crate::sandbox::outcome::run_in;
use crate::sandbox::{Ledger, RunOutcome, Simulated};

const MANAGEMENT: &str = "100000000000";

fn expired() -> Behaviour {
    Behaviour::Refuse(SimulatedError::new(
        403,
        "ExpiredToken",
        "The security token included in the request is expired",
    ))
}

/// Line ends around keys are removed, wherever the keys come from.
#[test]
fn line_ends_around_keys_are_removed_from_every_source() {
    let aws = Simulated::new(world(1));
    let key = aws_auto_inventory::simulator::Simulator::credentials();
    let (id, secret) = (format!("{}\r\n", key.access_key_id()), format!(" {}\n", key.secret_access_key()));
    let keys = json!({"Version": 1, "AccessKeyId": &id, "SecretAccessKey": &secret});
    let file = json!([{"name": "a", "aws_access_key_id": &id, "aws_secret_access_key": &secret}]);
    let scan = ["-s", "spec.json", "-r", "us-east-1"];
    let sandbox = || aws.sandbox().spec(&spec());
    let without_keys = || sandbox().env("AWS_ACCESS_KEY_ID", "").env("AWS_SECRET_ACCESS_KEY", "");
    let process = without_keys().file("keys", &keys.to_string());
    let config = format!("[default]\ncredential_process = cat '{}'\n", process.path("keys").display());
    let process = process.file("config", &config);
    let path = process.path("config").display().to_string();
    for run in [
        sandbox().env("AWS_ACCESS_KEY_ID", &id).env("AWS_SECRET_ACCESS_KEY", &secret).run(scan),
        process.env("AWS_CONFIG_FILE", path).run(scan),
        without_keys()
            .file("p.json", &file.to_string())
            .run([&scan[..], &["--profiles-file", "p.json"]].concat()),
    ] {
        run.expect_exit(0).stdout_contains("Authenticated as");
    }
}

#[test]
fn keys_with_other_characters_are_told_with_source_and_not_sent() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec()).env("AWS_ACCESS_KEY_ID", "AKIA X");
    let run = sandbox.run(["-s", "spec.json", "-r", "us-east-1"]);
    run.expect_exit(3).stderr_contains("the access key ID of the environment contains ' '");
    assert!(aws.requests().is_empty());
}

/// Base credentials that expire stop the run, and the resumed run loses nothing.
#[test]
fn expired_base_credentials_stop_run_and_resume_completes() {
    let aws = Simulated::new(world(12));
    let sandbox = aws.sandbox().spec(&spec());
    let more = ["--concurrency", "2", "--max-retries", "0"];
    sandbox.run([scan("undisturbed").as_slice(), &more].concat()).expect_exit(4);
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed")));

    let (asked, dead) = (AtomicU64::new(0), Arc::new(AtomicBool::new(true)));
    let is_dead = Arc::clone(&dead);
    aws.fault(move |site: &Site<'_>| {
        let died = is_dead.load(Ordering::Relaxed) && asked.fetch_add(1, Ordering::Relaxed) > 60;
        (died && site.account.as_str() == MANAGEMENT).then(expired)
    });
    let run = sandbox.run([scan("output").as_slice(), &more].concat());
    run.expect_exit(3);
    run.stderr_contains("the AWS credentials have expired").stderr_contains("aws sso login");
    run.stderr_contains("then finish the run: scan resume output/organization-");
    let ledger = Ledger::read(run_of(&sandbox).as_ref());
    assert!(!ledger.0.is_empty(), "the run stopped before it began");
    assert!(ledger.0.iter().all(|line| line["status"] != "expired"), "what was not asked has a line");
    let latest = sandbox.path("output/latest");
    assert!(fs::symlink_metadata(&latest).is_err(), "a run that was stopped is not the latest");

    dead.store(false, Ordering::Relaxed);
    sandbox.run(["resume", &run_of(&sandbox)]).expect_exit(4);
    RunOutcome::read(run_of(&sandbox).as_ref()).expect_same(&expected);
    assert!(fs::symlink_metadata(&latest).is_ok(), "the resumed run has finished");
}

#[test]
fn a_session_that_ends_early_is_renewed_and_no_call_is_lost() {
    let aws = Simulated::new(world(6));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("undisturbed"));
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed"))).without_attempts();
    // The second request of every call in every member account.
    aws.fault(|site: &Site<'_>| {
        let is_member = site.account.as_str() != MANAGEMENT && site.service != "sts";
        (is_member && site.count == 2).then(expired)
    });
    sandbox.run(scan("output"));
    RunOutcome::read(run_of(&sandbox).as_ref()).without_attempts().expect_same(&expected);
}

#[test]
fn a_session_that_nothing_renews_is_expired_and_not_empty() {
    let aws = Simulated::new(world(3));
    let sandbox = aws.sandbox().spec(&spec());
    aws.fault(|site: &Site<'_>| (site.service == "sqs" && site.account.as_str() != MANAGEMENT).then(expired));
    sandbox.run(scan("output")).expect_exit(4);
    let ledger = Ledger::read(run_of(&sandbox).as_ref());
    let of_queues = |line: &&Value| line["service"] == "sqs" && line["account"] != MANAGEMENT;
    let mut lines = ledger.0.iter().filter(of_queues).peekable();
    assert!(lines.peek().is_some(), "no account was scanned");
    for line in lines {
        assert_eq!(line["status"], "expired", "{line}");
        assert!(line["hint"].as_str().is_some_and(|hint| hint.contains("closed or suspended")), "{line}");
    }
}

//! The start of a scan: the list of the accounts, and what is read before the first request.

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::faults::crash::{run_of, scan};
use crate::sandbox::outcome::run_in;
use crate::sandbox::{Bell, RunOutcome, Sandbox, Simulated};

/// Twelve accounts on six pages of the list.
fn twelve_accounts() -> World {
    let mut world = World::sized(12, 2, Amounts { queues: 3, ..Amounts::default() });
    world.page_size = 2;
    world
}

fn queues() -> Value {
    json!([{"service": "sqs", "function": "list_queues"}])
}

fn is_page_of_accounts(site: &Site<'_>) -> bool {
    site.operation == "ListAccounts"
}

#[track_caller]
fn undisturbed(sandbox: &Sandbox) -> RunOutcome {
    sandbox.run(scan("undisturbed")).expect_exit(0).stdout_contains("Found 12 accounts in organization");
    RunOutcome::read(&run_in(&sandbox.path("undisturbed")))
}

#[track_caller]
fn state_of(run: &str) -> Value {
    let manifest = fs::read_to_string(Path::new(run).join("manifest.json")).expect("a manifest");
    serde_json::from_str::<Value>(&manifest).expect("JSON")["state"].clone()
}

/// A run that is killed before all accounts are listed lists them again.
#[test]
fn resume_lists_accounts_again_after_kill_during_list() {
    let aws = Simulated::new(twelve_accounts());
    let sandbox = aws.sandbox().spec(&queues());
    let expected = undisturbed(&sandbox);
    let bell = Bell::new();
    let (ring, (thaw, frozen)) = (bell.ring(), channel::<()>());
    aws.ring_at(4, is_page_of_accounts, move || {
        ring();
        let _ = frozen.recv();
    });
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    drop(thaw);
    assert_eq!(state_of(&run_of(&sandbox)), "listing");
    let resumed = sandbox.run(["resume", &run_of(&sandbox)]);
    resumed.expect_exit(0).stdout_contains("Found 12 accounts in organization");
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
}

/// A run whose list fails keeps the results of the accounts that were listed, and can be resumed.
#[test]
fn resume_finishes_run_whose_list_of_accounts_failed() {
    let aws = Simulated::new(twelve_accounts());
    let sandbox = aws.sandbox().spec(&queues());
    let expected = undisturbed(&sandbox);
    let before = aws.requests().into_iter().filter(|((.., operation), _)| operation == "ListAccounts");
    let before: u64 = before.map(|(_, count)| count).sum();
    aws.fault(move |site| {
        let denied = || Behaviour::Refuse(SimulatedError::new(400, "AccessDeniedException", "no"));
        (is_page_of_accounts(site) && site.count > before + 2).then(denied)
    });
    let failed = sandbox.run(scan("output"));
    let run = run_of(&sandbox);
    failed.expect_exit(3).stderr_contains("is not allowed to list the accounts");
    failed.stderr_contains("scan resume output/organization-");
    assert_eq!(state_of(&run), "listing");
    sandbox.run(["resume", &run]).expect_exit(3);
    assert_eq!(state_of(&run), "listing");
    aws.mend();
    sandbox.run(["resume", &run]).expect_exit(0);
    RunOutcome::read(Path::new(&run)).expect_same(&expected);
}

/// The certificates are read with the first connection that needs them: the file that is named here does not exist.
#[test]
fn plain_http_endpoint_reads_no_certificates() {
    let aws = Simulated::new(twelve_accounts());
    let sandbox = aws.sandbox().spec(&queues()).env("SSL_CERT_FILE", "/nowhere/certificates.pem");
    let run = sandbox.run(["-s", "spec.json", "-r", "us-east-1", "-o", "output"]);
    run.expect_exit(0);
    let log = fs::read_to_string(run_in(&sandbox.path("output")).join("scan.log")).expect("a log");
    assert!(!log.contains("certificate"), "{log}");
}

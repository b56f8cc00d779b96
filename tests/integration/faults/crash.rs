//! Runs that are killed in the middle, again and again, and finished anyway.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::{Amounts, ForbiddenService};
use serde_json::{Value, json};

use crate::sandbox::outcome::run_in;
use crate::sandbox::simulated::{Requests, is_call};
use crate::sandbox::{Bell, Ledger, RunOutcome, Sandbox, Simulated};

const REGIONS: &str = "us-east-1,eu-central-1";

/// How often a run is killed.
const KILLS: u64 = 50;

/// Accounts with some of everything that the spec lists; a policy denies queues in some.
pub(crate) fn world(accounts: usize) -> World {
    let amounts = Amounts { reservations: 3, buckets: 2, tables: 1, queues: 2, ..Amounts::default() };
    let mut world = World::sized(accounts, 3, amounts);
    world.page_size = 2;
    let denied: Vec<_> =
        world.accounts().iter().skip(3).step_by(67).map(|account| account.id.clone()).collect();
    for account in denied {
        world.denials.push(ForbiddenService { account, service: "sqs".to_owned() });
    }
    world
}

/// Lists of one page and of several, filters, global services, buckets, calls for every item, and an
/// entry that is not called.
pub(crate) fn spec() -> Value {
    json!([
        {"service": "ec2", "function": "describe_instances"},
        {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"},
        {"service": "sts", "function": "get_session_token"},
        {"service": "iam", "function": "list_users", "result_key": "Users"},
        {"service": "s3", "function": "list_buckets", "result_key": "Buckets"},
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames",
         "each": [{"over": ".TableNames[]", "function": "describe_table",
                   "parameters": {"TableName": "{.}"}, "result_key": "Table"}]},
        {"service": "ec2", "function": "describe_vpcs", "result_key": ".Vpcs[].VpcId"},
    ])
}

/// The arguments of a scan into a folder.
pub(crate) fn scan(output: &str) -> Vec<&str> {
    vec!["-s", "spec.json", "--organization-scan", "-r", REGIONS, "-o", output]
}

/// What an undisturbed run leaves.
#[track_caller]
fn undisturbed(sandbox: &Sandbox, more: &[&str]) -> RunOutcome {
    sandbox.run([scan("undisturbed").as_slice(), more].concat()).expect_exit(4);
    RunOutcome::read(&run_in(&sandbox.path("undisturbed")))
}

#[test]
fn a_run_that_is_killed_fifty_times_ends_as_one_that_is_not() {
    let aws = Simulated::new(world(200));
    let sandbox = aws.sandbox().spec(&spec());
    let expected = undisturbed(&sandbox, &[]);
    let mut seed = fastrand::Rng::with_seed(0x5ca1_ab1e);
    let planned = 200 * 13;
    let mut settled: Vec<(Requests, BTreeSet<Call>)> = Vec::new();
    let mut done = 0;
    for kill in 0..KILLS {
        // Some kills come before the first call; the others leave work for those that follow.
        let share = (planned - done) / (2 * (KILLS - kill));
        let bell = Bell::new();
        if kill > 0 && seed.u8(..10) == 0 {
            aws.ring_at(seed.u64(1..40), |_| true, bell.ring());
        } else {
            aws.ring_at(seed.u64(1..=share.max(2)), is_call, bell.ring());
        }
        let mut run = match kill {
            0 => sandbox.start(scan("output"), bell),
            _ => sandbox.start(["resume", &run_of(&sandbox)], bell),
        };
        if let Some(finished) = run.wait_for_bell() {
            panic!("the run ended before kill {kill}\n{}", finished.report());
        }
        run.kill();
        let ledger = Ledger::read(Path::new(&run_of(&sandbox)));
        done = ledger.0.len() as u64;
        settled.push((aws.requests(), settled_calls(&ledger)));
    }
    let last = sandbox.run(["resume", &run_of(&sandbox)]);
    last.expect_exit(4).stdout_contains("calls are done");
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
    expect_nothing_asked_twice(&settled, &aws.requests());
    assert!(settled.iter().filter(|(_, calls)| !calls.is_empty()).count() > 30, "too few kills in mid-run");
}

/// Takes a few lines out of the ledger, and the end of its last one, as a power failure might.
fn damage(ledger: &Path, seed: &mut fastrand::Rng) {
    let text = fs::read_to_string(ledger).expect("a ledger");
    let mut kept: String = text.split_inclusive('\n').filter(|_| seed.u8(..4) > 0).collect();
    kept.truncate(kept.len() - seed.usize(0..200).min(kept.len()));
    fs::write(ledger, kept).expect("a ledger");
}

#[track_caller]
fn expect_completed_files(layout: &str) {
    let aws = Simulated::new(world(4));
    let sandbox = aws.sandbox().spec(&spec());
    let layout = ["--layout", layout];
    let expected = undisturbed(&sandbox, &layout);
    sandbox.run([scan("output").as_slice(), &layout].concat()).expect_exit(4);
    let mut seed = fastrand::Rng::with_seed(0xc0ff_ee00);
    for _ in 0..12 {
        let run = run_of(&sandbox);
        let folder = Path::new(&run);
        damage(&folder.join("ledger.ndjson"), &mut seed);
        fs::write(folder.join(".4eTq0a.part"), "half").expect("a file");
        fs::write(folder.join("100000000001-account-00001/us-east-1/.x0A4iu.part"), "half").expect("a file");
        sandbox.run(["resume", &run]).expect_exit(4);
        RunOutcome::read(folder).expect_same(&expected);
    }
}

/// Files in which some calls are missing are completed byte for byte.
#[test]
fn incomplete_files_are_completed_byte_for_byte() {
    expect_completed_files("service");
}

#[test]
fn missing_files_of_single_calls_are_added() {
    expect_completed_files("call");
}

#[test]
fn results_that_are_gone_are_asked_again() {
    let aws = Simulated::new(world(2));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("output")).expect_exit(0);
    let run = run_of(&sandbox);
    let expected = RunOutcome::read(Path::new(&run));
    let account = Path::new(&run).join("100000000001-account-00001");
    fs::remove_file(account.join("us-east-1/ec2.json")).expect("a result file");
    fs::write(account.join("global/iam.json"), "").expect("a result file");
    sandbox.run(["resume", &run]).expect_exit(0);
    RunOutcome::read(Path::new(&run)).expect_same(&expected);
}

/// The run in the folder `output`.
#[track_caller]
pub(crate) fn run_of(sandbox: &Sandbox) -> String {
    run_in(&sandbox.path("output")).display().to_string()
}

/// A call as the simulator counts it: account, region, service and operation.
type Call = (String, String, String, String);

/// The calls that the ledger has lines of.
fn settled_calls(ledger: &Ledger) -> BTreeSet<Call> {
    let call = |line: &Value| {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let region = if line["region"] == "global" { "us-east-1".to_owned() } else { text("region") };
        let operation: String = text("function").split('_').map(capitalized).collect();
        (text("account"), region, text("service"), operation)
    };
    ledger.0.iter().map(call).collect()
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

/// What had its line at a kill was not called after it.
#[track_caller]
fn expect_nothing_asked_twice(settled: &[(Requests, BTreeSet<Call>)], end: &Requests) {
    for (kill, (requests, calls)) in settled.iter().enumerate() {
        for call in calls {
            assert_eq!(requests.get(call), end.get(call), "asked again after kill {kill}: {call:?}");
        }
    }
}

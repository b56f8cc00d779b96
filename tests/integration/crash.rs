//! Runs that are killed in the middle, again and again, and finished all the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::{Amounts, Denial};
use serde_json::{Value, json};

use crate::sandbox::outcome::run_in;
use crate::sandbox::simulated::{Requests, is_call};
use crate::sandbox::{Ledger, RunOutcome, Sandbox, Simulated};

const REGIONS: &str = "us-east-1,eu-central-1";

/// How often a run is killed.
const KILLS: u64 = 50;

/// 200 accounts with some of everything that the spec asks for; a policy denies queues in three.
fn world() -> World {
    let amounts =
        Amounts { reservations: 3, buckets: 2, tables: 3, queues: 2, functions: 1, ..Amounts::default() };
    let mut world = World::sized(200, 3, amounts);
    world.page_size = 2;
    for number in [3, 70, 141] {
        let account = world.accounts()[number].id.clone();
        world.denials.push(Denial { account, service: "sqs".to_owned() });
    }
    world
}

/// Lists of one page and of several, filters, global services, buckets, and calls for every item.
fn spec() -> Value {
    json!([
        {"service": "ec2", "function": "describe_instances"},
        {"service": "ec2", "function": "describe_volumes", "result_key": ".Volumes[].VolumeId"},
        {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"},
        {"service": "iam", "function": "list_users", "result_key": "Users"},
        {"service": "s3", "function": "list_buckets", "result_key": "Buckets"},
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames",
         "each": [{"over": ".TableNames[]", "function": "describe_table",
                   "parameters": {"TableName": "{.}"}, "result_key": "Table"}]},
        {"service": "ec2", "function": "describe_vpcs", "result_key": "Vpcs"},
    ])
}

/// An undisturbed run in a folder of its own.
#[track_caller]
fn undisturbed(sandbox: &Sandbox, layout: &str) -> RunOutcome {
    let output = format!("undisturbed-{layout}");
    let run = sandbox.run(arguments(&output, layout));
    run.expect_exit(4);
    RunOutcome::read(&run_in(&sandbox.path(&output)))
}

fn arguments<'a>(output: &'a str, layout: &'a str) -> [&'a str; 8] {
    [
        "-s",
        "spec.json",
        "--organization-scan",
        "-r",
        REGIONS,
        "-o",
        output,
        &*format!("--layout={layout}").leak(),
    ]
}

#[test]
fn a_run_that_is_killed_fifty_times_ends_as_one_that_is_not() {
    let aws = Simulated::new(world());
    let sandbox = aws.sandbox().spec(&spec());
    let expected = undisturbed(&sandbox, "service");
    let mut seed = fastrand::Rng::with_seed(0x5ca1_ab1e);
    let planned = 200 * 14;
    let mut settled: Vec<(Requests, BTreeSet<Call>)> = Vec::new();
    let mut done = 0;
    for kill in 0..KILLS {
        let mut run = match kill {
            0 => sandbox.start(arguments("output", "service")),
            _ => sandbox.start(["resume", &run_of(&sandbox)]),
        };
        // Some kills come before the first call; the others leave work for those that follow.
        let share = (planned - done) / (2 * (KILLS - kill));
        let ring = run.bell();
        if kill > 0 && seed.u8(..10) == 0 {
            aws.ring_at(seed.u64(1..40), |_| true, ring);
        } else {
            aws.ring_at(seed.u64(1..=share.max(2)), is_call, ring);
        }
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

/// The run in the folder `output`.
#[track_caller]
fn run_of(sandbox: &Sandbox) -> String {
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

/// What had its line at a kill was not asked after it.
#[track_caller]
fn expect_nothing_asked_twice(settled: &[(Requests, BTreeSet<Call>)], end: &Requests) {
    for (kill, (requests, calls)) in settled.iter().enumerate() {
        for call in calls {
            assert_eq!(requests.get(call), end.get(call), "asked again after kill {kill}: {call:?}");
        }
    }
}

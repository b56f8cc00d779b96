//! Runs that are killed in the middle of a call for every item of a list: the finished items are not called again.

use std::fs;
use std::path::{Path, PathBuf};

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{SEEDED_SECRETS, World};
use serde_json::{Value, json};

use crate::faults::crash::run_of;
use crate::sandbox::outcome::run_in;
use crate::sandbox::simulated::{Requests, is_call};
use crate::sandbox::{Bell, RunOutcome, Sandbox, Simulated};

const TABLES: u64 = 150;

/// What a kill may lose: the lines that are not written yet, and the requests in progress.
const MOST_LOST: u64 = 60;

/// Tables, with two calls for each and one below.
fn spec() -> Value {
    json!([{"service": "dynamodb", "function": "list_tables", "result_key": "TableNames", "each": [
        {"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"},
         "result_key": "Table", "each": [
            {"over": ".Table.TableArn", "function": "list_tags_of_resource", "result_key": "Tags",
             "parameters": {"ResourceArn": "{.}"}}]},
        {"over": ".TableNames[]", "function": "describe_continuous_backups",
         "parameters": {"TableName": "{.}"}}]}])
}

fn scan(output: &str) -> Vec<&str> {
    vec!["-s", "spec.json", "-r", "us-east-1", "-o", output]
}

fn count(requests: &Requests, operation: &str) -> u64 {
    requests.iter().filter(|((.., name), _)| name == operation).map(|(_, count)| count).sum()
}

/// The hidden files with the results of items.
fn kept(sandbox: &Sandbox) -> Vec<String> {
    let run = run_of(sandbox);
    let accounts = fs::read_dir(&run).expect("a run").map(|entry| entry.expect("an entry").path());
    let places = accounts.filter(|path| path.is_dir()).map(|account| account.join("us-east-1"));
    let files = places.flat_map(|place| fs::read_dir(place).into_iter().flatten());
    let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".items-")).collect()
}

#[track_caller]
fn kept_file(sandbox: &Sandbox) -> PathBuf {
    let run = run_of(sandbox);
    let accounts = fs::read_dir(run).expect("a run").map(|entry| entry.expect("an entry").path());
    let mut files = accounts.map(|account| account.join("us-east-1/.items-0.part"));
    files.find(|file| file.exists()).expect("the results of items")
}

#[test]
fn killed_run_keeps_the_results_of_finished_items() {
    let amounts = Amounts { tables: usize::try_from(TABLES).expect("a number"), ..Amounts::default() };
    let aws = Simulated::new(World::sized(1, 1, amounts));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("undisturbed")).expect_exit(0);
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed")));
    let undisturbed = aws.requests();
    let bell = Bell::new();
    aws.ring_at(2 * TABLES, is_call, bell.ring());
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    assert_eq!(kept(&sandbox), [".items-0.part"]);
    sandbox.run(["resume", &run_of(&sandbox)]).expect_exit(0);
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
    assert_eq!(kept(&sandbox), [""; 0], "the result is complete");
    let all = aws.requests();
    let operations = ["DescribeTable", "ListTagsOfResource", "DescribeContinuousBackups"];
    let again: u64 = operations
        .iter()
        .map(|operation| {
            assert_eq!(count(&undisturbed, operation), TABLES, "{operation}");
            count(&all, operation) - 2 * TABLES
        })
        .sum();
    assert!(again <= MOST_LOST, "{again} of about {} requests were sent again", 2 * TABLES);
}

/// Derived child calls of several services, below each other and in batches.
#[test]
fn killed_deep_run_ends_like_an_undisturbed_one() {
    let amounts = Amounts { tables: 150, ecs_clusters: 5, ..Amounts::default() };
    let aws = Simulated::new(World::sized(1, 1, amounts));
    let sandbox = aws.sandbox().spec(&json!([
        {"service": "dynamodb", "function": "list_tables"},
        {"service": "ecs", "function": "list_clusters"},
    ]));
    let deep = |output| [scan(output).as_slice(), &["--deep"]].concat();
    sandbox.run(deep("undisturbed")).expect_exit(0);
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed")));
    let undisturbed: u64 = aws.requests().values().sum();
    let bell = Bell::new();
    aws.ring_at(undisturbed / 2, is_call, bell.ring());
    let mut run = sandbox.start(deep("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    sandbox.run(["resume", &run_of(&sandbox)]).expect_exit(0);
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
    let again = aws.requests().values().sum::<u64>() - 2 * undisturbed;
    // Each list loses the lines that are not written yet: at most 16 KiB.
    assert!(again <= undisturbed / 4, "{again} of {undisturbed} requests were sent again");
}

#[test]
fn kept_results_are_redacted() {
    let amounts = Amounts { functions: usize::try_from(TABLES).expect("a number"), ..Amounts::default() };
    let aws = Simulated::new(World::sized(1, 1, amounts));
    let sandbox = aws.sandbox().spec(&json!([{"service": "lambda", "function": "list_functions", "each": [
        {"over": ".Functions[].FunctionName", "function": "get_function",
         "parameters": {"FunctionName": "{.}"}}]}]));
    let bell = Bell::new();
    aws.ring_at(TABLES / 2, is_call, bell.ring());
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    let text = fs::read_to_string(kept_file(&sandbox)).expect("the results of items");
    assert!(text.contains("LOG_LEVEL"), "the results are there");
    for secret in SEEDED_SECRETS {
        assert!(!text.contains(secret), "{secret}");
    }
}

/// The last line of a process that was killed may be incomplete.
#[test]
fn damaged_results_of_items_are_called_again() {
    let amounts = Amounts { tables: usize::try_from(TABLES).expect("a number"), ..Amounts::default() };
    let aws = Simulated::new(World::sized(1, 1, amounts));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("undisturbed")).expect_exit(0);
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed")));
    let bell = Bell::new();
    aws.ring_at(2 * TABLES, is_call, bell.ring());
    let mut run = sandbox.start(scan("output"), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.kill();
    let accounts =
        fs::read_dir(run_of(&sandbox)).expect("a run").map(|entry| entry.expect("an entry").path());
    let file = accounts.map(|account| account.join("us-east-1/.items-0.part")).find(|file| file.exists());
    let file = file.expect("the results of items");
    let text = fs::read_to_string(&file).expect("a text");
    let damaged = text.replacen("\"outcome\"", "\"outcomes\"", 3);
    fs::write(&file, &damaged[..damaged.len() - 40]).expect("writes");
    sandbox.run(["resume", &run_of(&sandbox)]).expect_exit(0);
    RunOutcome::read(Path::new(&run_of(&sandbox))).expect_same(&expected);
}

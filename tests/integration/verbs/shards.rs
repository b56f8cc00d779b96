//! An organization that several processes scan together: what they leave is what one would leave.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::faults::crash::{scan, spec, world};
use crate::sandbox::outcome::run_in;
use crate::sandbox::{Finished, Ledger, RunOutcome, Sandbox, Simulated};

/// Scans one shard into `output/together`.
#[track_caller]
fn scan_shard(sandbox: &Sandbox, number: u32, count: u32) -> PathBuf {
    scan_shard_with(sandbox, number, count, &[])
}

#[track_caller]
fn scan_shard_with(sandbox: &Sandbox, number: u32, count: u32, more: &[&str]) -> PathBuf {
    let shard = format!("{number}/{count}");
    let options = ["--run-name", "together", "--shard", &shard];
    sandbox.run([scan("output").as_slice(), &options, more].concat());
    sandbox.path(&format!("output/together/shard-{number}-of-{count}"))
}

#[track_caller]
fn merge(sandbox: &Sandbox, more: &[&str]) -> Finished {
    sandbox.run([&["merge", "output/together", "-o", "whole"], more].concat())
}

fn read_json(path: PathBuf) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON")
}

/// The result files of a run, by their names, and its ledger without what differs from run to run.
fn results(folder: &Path) -> (BTreeMap<String, String>, BTreeSet<String>) {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        for entry in fs::read_dir(&path).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below it").display().to_string();
            match path.is_dir() {
                true => waiting.push(path),
                false if name.contains('/') => {
                    files.insert(name, fs::read_to_string(path).expect("a text"));
                }
                false => {}
            }
        }
    }
    let lines = Ledger::read(folder).0.into_iter().map(|mut line| {
        let members = line.as_object_mut().expect("an object");
        // Which region reads an account's list of buckets is chance.
        for name in ["duration_ms", "request_id", "attempts", "pages", "buckets_in_unscanned_regions"] {
            members.shift_remove(name);
        }
        line.to_string()
    });
    (files, lines.collect())
}

#[test]
fn the_shards_of_a_run_are_together_the_whole_run() {
    let aws = Simulated::new(world(23));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("undisturbed")).expect_exit(4);
    let whole = run_in(&sandbox.path("undisturbed"));
    let (files, lines) = results(&whole);
    let expected = RunOutcome::read(&whole);
    for count in [1, 3, 7] {
        let (mut union, mut ledger) = (BTreeMap::new(), BTreeSet::new());
        for number in 1..=count {
            let (its, lines) = results(&scan_shard(&sandbox, number, count));
            for (name, text) in its {
                assert_eq!(union.insert(name.clone(), text), None, "{name} is in two shards");
            }
            ledger.extend(lines);
        }
        assert!(union.keys().eq(files.keys()), "{count} shards have other files");
        assert!(union == files, "a file of {count} shards differs");
        assert_eq!(ledger, lines, "{count} shards");

        merge(&sandbox, &[]).expect_exit(0);
        RunOutcome::read(&sandbox.path("whole")).expect_same(&expected);
        sandbox.run(["resume", "whole"]).expect_exit(4).stdout_contains("no calls remain");
        fs::remove_dir_all(sandbox.path("whole")).expect("removes");
        fs::remove_dir_all(sandbox.path("output")).expect("removes");
    }
}

#[test]
fn shards_of_a_deep_run_merge_into_the_whole() {
    let aws = Simulated::new(world(4));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run([scan("undisturbed").as_slice(), &["--deep"]].concat()).expect_exit(4);
    let shards = [1, 2].map(|number| scan_shard_with(&sandbox, number, 2, &["--deep"]));
    let is_described =
        |folder: &PathBuf| results(folder).0.values().any(|file| file.contains("describe_time_to_live"));
    assert!(shards.iter().all(is_described), "each shard has details");
    merge(&sandbox, &[]).expect_exit(0);
    let expected = RunOutcome::read(&run_in(&sandbox.path("undisturbed")));
    RunOutcome::read(&sandbox.path("whole")).expect_same(&expected);
}

#[test]
fn an_account_of_another_shard_says_so() {
    let aws = Simulated::new(world(9));
    let sandbox = aws.sandbox().spec(&spec());
    let folder = scan_shard(&sandbox, 2, 3);
    let Value::Array(accounts) = read_json(folder.join("accounts.json")) else { panic!("no list") };
    assert_eq!(accounts.len(), 9);
    let (ours, theirs): (Vec<_>, Vec<_>) =
        accounts.into_iter().partition(|account| account["reason"].is_null());
    assert!(!ours.is_empty() && !theirs.is_empty());
    assert!(
        theirs.iter().all(|account| {
            let reason = account["reason"].as_str().expect("a text");
            reason.starts_with("the account belongs to shard ") && reason.ends_with(" of 3")
        }),
        "{theirs:?}"
    );
    let manifest = read_json(folder.join("manifest.json"));
    assert_eq!(manifest["settings"]["shard"], json!({"number": 2, "count": 3}));
    assert_eq!(manifest["totals"]["accounts_scanned"], ours.len());
}

#[test]
fn a_shard_without_accounts_is_a_run_all_the_same() {
    let aws = Simulated::new(world(1));
    let sandbox = aws.sandbox().spec(&spec());
    let folders = [1, 2, 3, 4].map(|number| scan_shard(&sandbox, number, 4));
    let scanned = folders.map(|folder| {
        let manifest = read_json(folder.join("manifest.json"));
        assert_eq!(manifest["state"], "finished");
        manifest["totals"]["accounts_scanned"].as_u64().expect("a number")
    });
    assert_eq!(scanned.iter().sum::<u64>(), 1);
    merge(&sandbox, &[]).expect_exit(0);
}

#[test]
fn an_array_job_divides_itself() {
    let aws = Simulated::new(world(3));
    let sandbox = aws
        .sandbox()
        .spec(&spec())
        .env("AWS_BATCH_JOB_ARRAY_INDEX", "0")
        .env("AWS_BATCH_JOB_ARRAY_SIZE", "2")
        .env("SCAN_RUN_NAME", "job");
    sandbox.run(scan("output")).stdout_contains("Scanning shard 1 of 2");
    assert!(sandbox.path("output/job/shard-1-of-2/manifest.json").exists());
}

#[test]
fn a_shard_that_was_killed_is_resumed_as_that_shard() {
    let aws = Simulated::new(world(12));
    let sandbox = aws.sandbox().spec(&spec());
    let folder = scan_shard(&sandbox, 1, 2);
    let expected = results(&folder);
    let ledger = fs::read_to_string(folder.join("ledger.ndjson")).expect("a ledger");
    let half: String = ledger.split_inclusive('\n').take(9).collect();
    fs::write(folder.join("ledger.ndjson"), half).expect("writes");
    let mut manifest = read_json(folder.join("manifest.json"));
    manifest["state"] = json!("running");
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("writes");
    sandbox.run(["resume", folder.to_str().expect("a path")]);
    assert!(results(&folder) == expected, "the resumed shard differs");
}

#[test]
fn missing_shards_can_be_scanned_later() {
    let aws = Simulated::new(world(12));
    let sandbox = aws.sandbox().spec(&spec());
    sandbox.run(scan("undisturbed"));
    scan_shard(&sandbox, 1, 3);
    scan_shard(&sandbox, 3, 3);
    merge(&sandbox, &[]).expect_exit(2).stderr_contains("1 of 3 shards are missing: 2");
    merge(&sandbox, &["--partial"])
        .expect_exit(0)
        .stderr_contains("shard 2 of 3 is missing")
        .stdout_contains("`scan resume whole` to scan the accounts of the missing shards");
    sandbox.run(["resume", "whole"]);
    RunOutcome::read(&sandbox.path("whole"))
        .expect_same(&RunOutcome::read(&run_in(&sandbox.path("undisturbed"))));
}

#[test]
fn merge_error_is_one_paragraph() {
    let aws = Simulated::new(world(4));
    let sandbox = aws.sandbox().spec(&spec());
    scan_shard(&sandbox, 1, 2);
    for (arguments, expected) in [
        (vec!["merge", "output", "-o", "whole"], "there is no manifest.json"),
        (vec!["merge", "nowhere", "-o", "whole"], "cannot read nowhere"),
        (vec!["merge", "s3://inventory/run", "-o", "whole"], "aws s3 sync"),
        (vec!["merge", "output/together", "-o", "output"], "output already exists"),
    ] {
        let arguments = [arguments, vec!["--partial"]].concat();
        sandbox.run(arguments).expect_exit(2).stderr_contains(expected).stderr_is_one_paragraph();
    }
}

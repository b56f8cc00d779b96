//! Runs and shards of several nights in common tables: other programs read them as one.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use aws_auto_inventory::names::AccountId;
use aws_auto_inventory::simulator::World;
use serde_json::{Map, Value, json};

use super::text;
use crate::faults::crash::world;
use crate::sandbox::{Finished, Sandbox, Simulated, files_of, python};

/// An account with leading zeros, which a number has not.
const ZEROS: &str = "001234567890";
const NIGHTS: [&str; 2] = ["2026-11-29", "night #2: 50%"];
const SHARDS: [&str; 2] = ["1/2", "2/2"];

/// Two shards of two nights, and their resources as lines: the night, then the resource.
struct Lake {
    sandbox: Sandbox,
    resources: Vec<(&'static str, Value)>,
}

/// The calls of a night. The second one has a kind more, columns of a kind that the first one has no columns of, and
/// another type of a value that a filter makes.
fn spec(night: &str) -> Value {
    let describe = json!([{"over": ".TableNames[]", "function": "describe_table",
        "parameters": {"TableName": "{.}"}, "result_key": "Table"}]);
    let mut calls = json!([
        {"service": "ec2", "function": "describe_instances"},
        {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"},
        {"service": "iam", "function": "list_users", "result_key": "Users"},
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames"},
        {"service": "ec2", "function": "describe_vpcs", "result_key": ".Vpcs[] | {VpcId, x: 1}"},
    ]);
    if night == NIGHTS[1] {
        calls[3]["each"] = describe;
        calls[4]["result_key"] = json!(".Vpcs[] | {VpcId, x: \"one\", y: true}");
        let buckets = json!({"service": "s3", "function": "list_buckets", "result_key": "Buckets"});
        calls.as_array_mut().expect("a list").push(buckets);
    }
    calls
}

/// An organization in which an account has leading zeros.
fn organization() -> World {
    let sized = world(4);
    let mut accounts = sized.accounts().to_vec();
    accounts.last_mut().expect("an account").id = AccountId::new(ZEROS);
    World::new(sized.organization.clone(), accounts)
}

fn lake() -> &'static Lake {
    static LAKE: OnceLock<Lake> = OnceLock::new();
    LAKE.get_or_init(|| {
        let aws = Simulated::new(organization());
        let mut sandbox = aws.sandbox();
        let mut resources = Vec::new();
        for (index, night) in NIGHTS.into_iter().enumerate() {
            sandbox = sandbox.spec(&spec(night));
            for shard in SHARDS {
                let output = format!("output-{index}");
                let scan = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1,eu-central-1"];
                let run = ["-o", &output, "--run-name", "weekly", "--shard", shard];
                sandbox.run([&scan[..], &run].concat()).expect_exit(0);
                let folder = format!("{output}/weekly/shard-{}", shard.replace('/', "-of-"));
                add(&sandbox, &folder, &["--run-name", night]).expect_exit(0).stdout_contains(": lake");
                let lines = sandbox.run(["export", &folder, "--format", "ndjson", "--output", "-"]);
                let lines = lines.expect_exit(0).stdout.lines();
                resources.extend(lines.map(|line| (night, serde_json::from_str(line).expect("JSON"))));
            }
        }
        Lake { sandbox, resources }
    })
}

fn add(sandbox: &Sandbox, run: &str, more: &[&str]) -> Finished {
    sandbox.run([&["export", run, "--format", "parquet", "--into", "lake"], more].concat())
}

/// Writes the statements for an engine to a file, and returns its path.
fn statements(engine: &str, into: &str) -> String {
    let Lake { sandbox, .. } = lake();
    let run = "output-1/weekly/shard-1-of-2";
    let printed = sandbox.run(["export", run, "--ddl", engine, "--into", into]);
    let path = sandbox.path(&format!("{engine}.sql"));
    fs::write(&path, &printed.expect_exit(0).stdout).expect("writes");
    path.display().to_string()
}

/// What the programs of `lake.py` find in the tables.
#[track_caller]
fn read(arguments: &[&str]) -> Value {
    let folder = lake().sandbox.path("lake").display().to_string();
    let (verb, more) = arguments.split_first().expect("a verb");
    let mut program = python("../export/lake.py", &[&[*verb, &folder], more].concat());
    let output = program.stderr(Stdio::inherit()).output().expect("starts");
    assert!(output.status.success(), "the messages are above");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn every_engine_reads_all_shards_and_nights_as_one_table() {
    let mut expected = BTreeMap::<String, BTreeMap<[String; 3], u64>>::new();
    for (night, resource) in &lake().resources {
        let table = format!("{}-{}", text(&resource["service"]), text(&resource["kind"]));
        let key = [(*night).to_owned(), text(&resource["account"]), text(&resource["region"])];
        *expected.entry(table).or_default().entry(key).or_default() += 1;
    }
    let has_zeros =
        |counts: &BTreeMap<[String; 3], u64>| counts.keys().any(|[_, account, _]| account == ZEROS);
    assert!(expected.len() == 6 && expected.values().all(has_zeros), "{expected:?}");

    let found = read(&["read", &statements("duckdb", "lake")]);
    for (engine, tables) in found.as_object().expect("engines") {
        let tables = tables.as_object().expect("tables");
        assert!(tables.keys().filter(|name| name.contains('-')).eq(expected.keys()), "{engine}");
        for (name, table) in tables {
            let types = table["types"].as_array().expect("types");
            assert!(
                types
                    .iter()
                    .all(|name| ["VARCHAR", "String", "string"].contains(&name.as_str().expect("a name")))
            );
            let counts = table["counts"].as_array().expect("rows").iter().map(|row| {
                let (count, key) = row.as_array().and_then(|row| row.split_last()).expect("a row");
                (key.iter().map(text).collect::<Vec<_>>(), count.as_u64().expect("a number"))
            });
            let counts: BTreeMap<_, _> = counts.collect();
            match expected.get(name) {
                Some(expected) => {
                    let expected = expected.iter().map(|(key, count)| (key.to_vec(), *count));
                    assert_eq!(counts, expected.collect(), "{engine}: {name}");
                }
                // The runs are complete, and were not compared.
                None if ["missing", "witnesses", "witness_types"].contains(&&**name) => {
                    assert!(counts.is_empty(), "{engine}: {counts:?}");
                }
                None => assert!(counts.keys().map(|key| &key[0]).eq(NIGHTS), "{engine}: {name}: {counts:?}"),
            }
        }
    }
    assert_eq!(found["polars"]["run"]["counts"], json!([[NIGHTS[0], 2], [NIGHTS[1], 2]]), "a row per shard");
}

/// A column that only the second night has is null in the first one, and all engines find the same values.
#[test]
fn every_engine_reads_columns_of_a_later_night() {
    let of_night = |night: &str, kind: &str| {
        let is_its = |(its, resource): &&(&str, Value)| *its == night && resource["kind"] == kind;
        lake().resources.iter().filter(is_its).count()
    };
    let found = read(&["read", &statements("duckdb", "lake")]);
    let values =
        |engine: &str, table: &str| found[engine][table]["values"].as_object().cloned().expect("values");
    for engine in ["duckdb", "polars", "datafusion"] {
        let tables = values(engine, "dynamodb-table");
        assert_eq!(tables["TableArn"], json!(of_night(NIGHTS[1], "table")), "{engine}");
        let all = NIGHTS.map(|night| of_night(night, "table")).iter().sum::<usize>();
        assert_eq!(tables["account_id"], json!(all), "{engine}");
        for table in found[engine].as_object().expect("tables").keys() {
            assert_eq!(values(engine, table), values("duckdb", table), "{engine}: {table}");
        }
        // Values that a filter makes have no column, whose type would depend on the night.
        let vpcs = values(engine, "ec2-vpc");
        let resources = NIGHTS.map(|night| of_night(night, "vpc")).iter().sum::<usize>();
        assert_eq!(vpcs["other_fields"], json!(resources), "{engine}: {vpcs:?}");
    }
}

#[test]
fn statements_describe_the_columns_of_the_files() {
    for (engine, into) in [("athena", "s3://inventory/lake"), ("spark", "lake")] {
        let found = read(&["statements", engine, &statements(engine, into)]);
        let created = found["created"].as_object().expect("tables");
        assert_eq!(found["repaired"], json!(created.keys().collect::<Vec<_>>()));
        for (name, files) in found["files"].as_object().expect("tables") {
            let spelled = |columns: &Value| -> Map<String, Value> {
                let columns = columns.as_object().expect("columns").iter();
                let lower =
                    |name: &str| if engine == "athena" { name.to_lowercase() } else { name.to_owned() };
                columns.map(|(name, column_type)| (lower(name), column_type.clone())).collect()
            };
            let statement = &created[name];
            let mut columns = spelled(&statement["columns"]);
            let mut of_files = spelled(&files["columns"]);
            columns.sort_keys();
            of_files.sort_keys();
            assert_eq!(columns, of_files, "{engine}: {name}");
            assert_eq!((&statement["keys"], &statement["location"]), (&files["keys"], &files["location"]));
        }
    }
}

/// A finished run of the demonstration in `output/run`, which is in the lake.
fn added() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = ["demo", "-s", "rds", "-r", "eu-central-1", "-o", "output", "--run-name", "run"];
    sandbox.run(run);
    add(&sandbox, "output/latest", &[]).expect_exit(0).stdout_contains("resources of run: lake");
    sandbox
}

/// A run is added once. The command of the hint removes it, and nothing else, so that it can be added again.
#[test]
fn run_is_added_once_and_removed_by_the_hint() {
    let sandbox = added();
    add(&sandbox, "output/run", &["--run-name", "other"]).expect_exit(0);
    let before = files_of(&sandbox.path("lake"));
    let second = add(&sandbox, "output/run", &[]);
    second.expect_exit(2).stderr_contains("run is already in lake").stderr_contains("--run-name");
    assert_eq!(files_of(&sandbox.path("lake")), before);
    let remove = second.stderr.lines().find_map(|line| line.split_once("first: ")).expect("a command").1;
    let shell = Command::new("sh").args(["-c", remove]).current_dir(sandbox.path("")).status();
    assert!(shell.expect("starts").success(), "{remove}");
    let left = files_of(&sandbox.path("lake"));
    assert!(!left.is_empty() && left.keys().all(|name| name.contains("/run=other/")), "{:?}", left.keys());
    add(&sandbox, "output/run", &[]).expect_exit(0);
    assert_eq!(files_of(&sandbox.path("lake")), before);
}

#[test]
fn hint_removes_one_shard_of_a_run() {
    let aws = Simulated::new(world(4));
    let sandbox = aws.sandbox().spec(&json!([{"service": "iam", "function": "list_users"}]));
    for shard in SHARDS {
        let scan = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1", "-o", "output"];
        sandbox.run([&scan[..], &["--run-name", "run", "--shard", shard]].concat()).expect_exit(0);
        let folder = format!("output/run/shard-{}", shard.replace('/', "-of-"));
        add(&sandbox, &folder, &[]).expect_exit(0);
    }
    let before = files_of(&sandbox.path("lake"));
    let second = add(&sandbox, "output/run/shard-1-of-2", &[]);
    second.expect_exit(2).stderr_contains("shard 1 of 2 of run is already in lake");
    let remove = second.stderr.lines().find_map(|line| line.split_once("first: ")).expect("a command").1;
    let shell = Command::new("sh").args(["-c", remove]).current_dir(sandbox.path("")).status();
    assert!(shell.expect("starts").success(), "{remove}");
    let left = files_of(&sandbox.path("lake"));
    assert!(!left.is_empty() && left.keys().all(|name| name.ends_with("/shard-2-of-2-part-0.parquet")));
    add(&sandbox, "output/run/shard-1-of-2", &[]).expect_exit(0);
    assert_eq!(files_of(&sandbox.path("lake")), before);
}

/// Without the row of the table `run`, an addition did not end. Repeating it completes it.
#[test]
fn addition_that_was_killed_is_repeated() {
    let sandbox = added();
    let before = files_of(&sandbox.path("lake"));
    fs::remove_dir_all(sandbox.path("lake/run")).expect("removes");
    fs::remove_dir_all(sandbox.path("lake/rds-db_instance")).expect("removes");
    add(&sandbox, "output/run", &[]).expect_exit(0);
    assert_eq!(files_of(&sandbox.path("lake")), before);
}

#[test]
fn addition_of_a_damaged_run_leaves_nothing() {
    let sandbox = added();
    let before = files_of(&sandbox.path("lake"));
    let result = files_of(&sandbox.path("output/run")).into_keys().find(|name| name.ends_with("rds.json"));
    fs::write(sandbox.path("output/run").join(result.expect("a result")), "{").expect("writes");
    add(&sandbox, "output/run", &["--run-name", "damaged"]).expect_exit(2);
    assert_eq!(files_of(&sandbox.path("lake")), before);
}

/// Several runs in one command are added like one after the other.
#[test]
fn several_runs_are_added_at_once() {
    let sandbox = Sandbox::new();
    for name in ["sunday", "monday"] {
        let scan = ["demo", "-s", "rds", "-r", "eu-central-1", "--run-name", name, "-q"];
        sandbox.run(scan).expect_exit(0);
        add(&sandbox, &format!("output/{name}"), &[]).expect_exit(0);
    }
    let together = ["export", "output/sunday", "output/monday", "--format", "parquet", "--into", "together"];
    let added = sandbox.run(together);
    added.expect_exit(0).stdout_contains("of sunday: together").stdout_contains("of monday: together");
    assert_eq!(files_of(&sandbox.path("together")), files_of(&sandbox.path("lake")));
    let apart = ["export", "output/sunday", "output/monday", "--format", "csv"];
    sandbox.run(apart).expect_exit(2).stderr_contains("--into");
}

#[test]
fn options_of_a_lake_that_do_not_fit_are_refused() {
    let sandbox = Sandbox::new();
    for (arguments, error) in [
        (&["--format", "csv", "--into", "lake"][..], "use --format parquet"),
        (&["--format", "parquet", "--into", "lake", "--output", "x"], "cannot be used with"),
        (&["--format", "parquet", "--run-name", "x"], "--into"),
        (&["--ddl", "spark"], "--into"),
        (&["--ddl", "athena", "--into", "lake"], "lake is not in S3"),
        (&["--format", "parquet", "--s3-sse-kms-key-id", "x"], "--into s3://bucket/prefix"),
        (&["--format", "parquet", "--into", "lake", "--s3-sse-kms-key-id", "x"], "--into s3://bucket/prefix"),
        (&["--format", "parquet", "--into", "s3://Bucket"], "--into: `s3://Bucket`"),
        (&["--format", "parquet", "--into", "lake", "--run-name", ""], "--run-name"),
    ] {
        sandbox.run([&["export", "run"][..], arguments].concat()).expect_exit(2).stderr_contains(error);
    }
}

//! What a run lacks is in every format of its export.

use std::fs;

use serde_json::{Value, json};

use super::{Demo, Sandbox, python, workbook};

/// The columns of the gaps.
const COLUMNS: [&str; 13] = [
    "cause",
    "status",
    "services",
    "functions",
    "accounts",
    "account_ids",
    "regions",
    "calls",
    "failed_items",
    "message",
    "hint",
    "accepted",
    "accepted_until",
];

/// The gaps as lines, and their number of calls.
#[track_caller]
fn lines(demo: &Demo) -> Vec<Value> {
    demo.export("ndjson", "lines.ndjson").expect_exit(0).stdout_contains("lines.missing.ndjson");
    let text = fs::read_to_string(demo.sandbox.path("lines.missing.ndjson")).expect("a file");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn causes(rows: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let causes: Vec<_> = rows.into_iter().map(|row| json!([row["cause"], row["calls"]])).collect();
    assert!(!causes.is_empty(), "the demonstration has gaps");
    causes
}

/// A table of gaps, read by DuckDB.
fn duckdb(table: &str) -> Vec<Value> {
    let sql = format!("SELECT cause, calls FROM {table}");
    let output = python("../export/read_back.py", &["sql", &sql]).output().expect("starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    causes(found["rows"].as_array().expect("rows").clone())
}

#[test]
fn line_of_gaps_names_calls_and_accounts() {
    let demo = Demo::new(&[]);
    for gap in lines(&demo) {
        let fields: Vec<_> = gap.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(fields, COLUMNS);
        let ids = gap["account_ids"].as_array().expect("a list").len();
        assert_eq!(gap["accounts"], json!(ids), "{gap}");
        assert!(gap["functions"][0].as_str().is_some_and(|function| function.contains(' ')), "{gap}");
        assert!(gap["hint"].is_string() && gap["message"].is_string(), "{gap}");
    }
}

#[test]
fn all_formats_have_the_same_gaps() {
    let demo = Demo::new(&[]);
    let expected = causes(lines(&demo));
    for (format, output) in [("csv", "tables"), ("parquet", "lake"), ("sqlite", "run.sqlite")] {
        demo.export(format, output).expect_exit(0);
    }
    let export = ["export", "output/run", "--format", "csv", "--single", "--output", "all.csv"];
    demo.sandbox.run(export).expect_exit(0).stdout_contains("all.missing.csv");
    let path = |name: &str| demo.sandbox.path(name).display().to_string();
    for table in ["tables/missing.csv", "lake/missing/part-0.parquet", "all.missing.csv"] {
        assert_eq!(duckdb(&format!("'{}'", path(table))), expected, "{table}");
    }
    let sql = "SELECT cause, calls FROM missing";
    let query = demo.sandbox.run(["query", "run.sqlite", sql, "--format", "json"]);
    query.expect_exit(0);
    let rows: Vec<Value> = serde_json::from_str(&query.stdout).expect("JSON");
    assert_eq!(causes(rows), expected);
}

#[test]
fn standard_output_has_resources_only() {
    let demo = Demo::new(&["-s", "rds"]);
    assert!(demo.resources().iter().all(|line| line["kind"].is_string()));
    assert!(!demo.sandbox.path("-.missing.ndjson").exists());
}

#[test]
fn existing_file_of_gaps_is_not_replaced() {
    let demo = Demo::new(&["-s", "rds"]);
    fs::write(demo.sandbox.path("lines.missing.ndjson"), "mine").expect("writes");
    demo.export("ndjson", "lines.ndjson").expect_exit(2).stderr_contains("already exists");
    assert!(!demo.sandbox.path("lines.ndjson").exists());
}

#[test]
fn single_table_has_every_resource_with_its_raw_value() {
    let demo = Demo::new(&["-s", "rds"]);
    let export = ["export", "output/run", "--format", "csv", "--single"];
    demo.sandbox.run(export).expect_exit(0);
    let mut reader = csv::Reader::from_path(demo.sandbox.path("output/run.csv")).expect("a table");
    let header: Vec<_> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header[..super::COMMON.len()], super::COMMON);
    assert_eq!(header.last().map(String::as_str), Some("raw"));
    let records = reader.records().map(|record| record.expect("a row"));
    let raw: Vec<Value> =
        records.map(|row| serde_json::from_str(&row[super::COMMON.len()]).expect("JSON")).collect();
    let expected: Vec<Value> = demo.resources().iter().map(|line| line["raw"].clone()).collect();
    assert_eq!(raw, expected);
}

/// A run that was interrupted has a row for what it did not come to.
#[test]
fn unfinished_run_has_a_row() {
    let demo = Demo::new(&["-s", "rds"]);
    let path = demo.folder.join("manifest.json");
    let mut manifest: Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("a file")).expect("JSON");
    manifest["state"] = json!("interrupted");
    fs::write(path, manifest.to_string()).expect("writes");
    demo.export("xlsx", "book.xlsx").expect_exit(0);
    let rows = workbook(&demo.sandbox.path("book.xlsx"))["Missing"]["rows"].clone();
    let last = rows.as_array().and_then(|rows| rows.last()).expect("a row");
    assert_eq!(last[0], "the run did not finish");
}

#[test]
fn single_table_is_only_for_csv() {
    let run = Sandbox::new().run(["export", "run", "--format", "ndjson", "--single"]);
    run.expect_exit(2).stderr_contains("--single").stderr_contains("--format csv");
}

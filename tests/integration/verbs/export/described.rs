//! `docs/formats.md` describes the columns that all tables of an export have. Those of a kind's fields are its model's.

use std::collections::BTreeSet;
use std::process::Stdio;

use serde_json::Value;

use super::{COMMON, Demo, text, workbook};
use crate::sandbox::python;

const FORMATS: &str = include_str!("../../../../docs/formats.md");

/// The sections that describe the columns of a table, by the start of their headings.
const EXPORTS: &[&str] = &["## Exports"];
const RUN: &[&str] = &["### `sqlite`"];
const ACCOUNTS: &[&str] = &["## `accounts.json`", "### `sqlite`"];
const LEDGER: &[&str] = &["## `ledger.ndjson`", "### `sqlite`"];
const GAPS: &[&str] = &["### Gaps"];

/// The section below a heading, with its subsections.
#[track_caller]
fn section(heading: &str) -> &'static str {
    let start = FORMATS.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    let text = &FORMATS[start + heading.len() + 2..];
    let mark = heading.split_whitespace().next().expect("a mark");
    let end = ["## ", "### "].into_iter().filter(|other| other.len() <= mark.len() + 1);
    let end = end.filter_map(|other| text.find(&format!("\n{other}"))).min();
    &text[..end.unwrap_or(text.len())]
}

#[track_caller]
fn expect_described(table: &str, columns: impl IntoIterator<Item = String>, headings: &[&str]) {
    let sections: Vec<&str> = headings.iter().map(|heading| section(heading)).collect();
    let columns: BTreeSet<String> = columns.into_iter().collect();
    assert!(!columns.is_empty(), "{table} has no columns");
    let is_described = |name: &&String| sections.iter().any(|text| text.contains(&format!("`{name}`")));
    let (_, lacking): (Vec<_>, Vec<_>) = columns.iter().partition(is_described);
    assert!(lacking.is_empty(), "docs/formats.md lacks {lacking:?} of {table}");
}

fn columns_of_file(demo: &Demo, path: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(demo.sandbox.path(path)).expect("a table");
    reader.headers().expect("a header").iter().map(str::to_owned).collect()
}

/// The headings for the tables about a run; those of kinds have the common columns first.
fn expect_described_table(name: &str, columns: Vec<String>) {
    match name {
        "run" => expect_described(name, columns, RUN),
        "accounts" => expect_described(name, columns, ACCOUNTS),
        "ledger" => expect_described(name, columns, LEDGER),
        "missing" => expect_described(name, columns, GAPS),
        "resources" | "tags" => expect_described(name, columns, EXPORTS),
        _ if name.starts_with("resources_") => expect_described(name, columns, EXPORTS),
        _ if name.starts_with("gaps") => expect_described(name, columns, EXPORTS),
        kind => {
            let no_fields = ["resource", "account_id", "other_fields"];
            let shared =
                |column: &String| COMMON.contains(&column.as_str()) || no_fields.contains(&column.as_str());
            expect_described(kind, columns.into_iter().filter(shared), EXPORTS);
        }
    }
}

#[test]
fn columns_of_text_files_are_described() {
    let demo = Demo::new(&[]);
    demo.export("ndjson", "run.ndjson").expect_exit(0);
    for (file, headings) in [("run.ndjson", EXPORTS), ("run.missing.ndjson", GAPS)] {
        let lines = std::fs::read_to_string(demo.sandbox.path(file)).expect("a file");
        let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
        expect_described(file, first.as_object().expect("an object").keys().cloned(), headings);
    }
    demo.export("csv", "tables").expect_exit(0);
    expect_described("missing.csv", columns_of_file(&demo, "tables/missing.csv"), GAPS);
    let of_kind = columns_of_file(&demo, "tables/ec2-vpc.csv");
    let others = of_kind.last().cloned();
    expect_described("a kind", of_kind.into_iter().take(COMMON.len()).chain(others), &["### Columns"]);
    let single = ["export", "output/run", "--format", "csv", "--single", "--output", "all.csv"];
    demo.sandbox.run(single).expect_exit(0);
    expect_described("all.csv", columns_of_file(&demo, "all.csv"), EXPORTS);
}

#[test]
fn columns_of_databases_are_described() {
    let demo = Demo::new(&[]);
    let run = demo.sandbox.run(["query", "output/run", "--tables", "--format", "json"]);
    run.expect_exit(0);
    let rows: Vec<Value> = serde_json::from_str(&run.stdout).expect("JSON");
    let names: BTreeSet<String> = rows.iter().map(|row| text(&row["table"])).collect();
    assert!(names.contains("missing") && names.contains("ec2_vpc"), "{names:?}");
    for name in names {
        let columns = rows.iter().filter(|row| row["table"] == name.as_str());
        expect_described_table(&name, columns.map(|row| text(&row["column"])).collect());
    }
}

#[test]
fn columns_of_parquet_files_are_described() {
    let demo = Demo::new(&["-s", "rds"]);
    demo.export("parquet", "tables").expect_exit(0);
    let folder = demo.sandbox.path("tables");
    let output = python("../export/read_back.py", &["pandas", folder.to_str().expect("UTF-8")])
        .stderr(Stdio::inherit())
        .output()
        .expect("starts");
    let tables: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for (name, table) in tables.as_object().expect("tables") {
        let columns = table["types"].as_object().expect("columns").keys().cloned();
        expect_described_table(name, columns.collect());
    }
}

#[test]
fn columns_of_first_sheets_are_described() {
    let demo = Demo::new(&["-s", "rds"]);
    demo.export("xlsx", "book.xlsx").expect_exit(0);
    let sheets = workbook(&demo.sandbox.path("book.xlsx"));
    let header = |name: &str| -> Vec<String> {
        sheets[name]["rows"][0].as_array().expect("a header").iter().map(text).collect()
    };
    let is_number_of_kind = |name: &String| name.contains(' ');
    let accounts = header("Accounts").into_iter().filter(|name| !is_number_of_kind(name));
    expect_described("Accounts", accounts, &["### `xlsx`"]);
    expect_described("Missing", header("Missing"), GAPS);
    expect_described("All resources", header("All resources"), &["### `xlsx`"]);
}

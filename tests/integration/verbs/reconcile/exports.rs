//! The tables of a comparison in databases, Parquet files and workbooks.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Compared;
use crate::sandbox::python;
use crate::verbs::export::workbook;

/// The number of differences by class.
fn counts<'row>(classes: impl Iterator<Item = &'row str>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for class in classes {
        *counts.entry(class.to_owned()).or_default() += 1;
    }
    counts
}

fn expected(compared: &Compared) -> BTreeMap<String, usize> {
    counts(compared.differences.iter().map(|difference| difference["class"].as_str().expect("a class")))
}

#[test]
fn database_has_differences_and_types() {
    let compared = Compared::shared();
    let query = |sql: &str| -> Vec<Value> {
        let found = compared.sandbox.run(["query", "output/run", sql, "--format", "json"]);
        found.expect_exit(0);
        serde_json::from_str(&found.stdout).expect("JSON")
    };
    let rows = query("SELECT class FROM witnesses");
    assert_eq!(counts(rows.iter().map(|row| row["class"].as_str().expect("a class"))), expected(compared));
    let types = query("SELECT * FROM witness_types WHERE type = 'AWS::Lambda::Function'");
    let summary = compared.summary();
    assert_eq!(types[0]["both"], summary["types"]["AWS::Lambda::Function"]["both"]);
    assert_eq!((&types[0]["missing"], &types[0]["newer"]), (&1.into(), &1.into()));
    let first = query("SELECT class FROM witnesses LIMIT 1");
    assert_eq!(first[0]["class"], "missing", "the most important are first");
}

#[test]
fn parquet_has_differences() {
    let compared = Compared::shared();
    compared.sandbox.run(["export", "output/run", "--format", "parquet", "-o", "tables"]).expect_exit(0);
    let sql =
        format!("SELECT class FROM '{}/witnesses/*.parquet'", compared.sandbox.path("tables").display());
    let output = python("../export/read_back.py", &["sql", &sql]).output().expect("starts");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rows = found["rows"].as_array().expect("rows").iter();
    assert_eq!(counts(rows.map(|row| row["class"].as_str().expect("a class"))), expected(compared));
}

#[test]
fn workbook_has_sheets_of_witnesses() {
    let compared = Compared::shared();
    compared.sandbox.run(["export", "output/run", "--format", "xlsx", "-o", "book.xlsx"]).expect_exit(0);
    let sheets = workbook(&compared.sandbox.path("book.xlsx"));
    let rows = |name: &str| sheets[name]["rows"].as_array().expect("rows").clone();
    let classes = rows("Witnesses");
    let classes = classes.iter().skip(1).map(|row| row[0].as_str().expect("a class"));
    assert_eq!(counts(classes), expected(compared));
    let types = compared.summary()["types"].as_object().map(serde_json::Map::len);
    assert_eq!(Some(rows("Witness types").len() - 1), types);
}

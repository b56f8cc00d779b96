//! The details of a deep scan are in the exports of every format.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Demo, text, workbook};
use crate::conformance::tables::read_back;

/// The details of tables, by their ARNs.
type DetailsByArn = BTreeMap<String, Value>;

/// Details are JSON in a cell.
fn parsed(arn: &str, details: &str) -> (String, Value) {
    (arn.to_owned(), serde_json::from_str(details).expect("details in JSON"))
}

fn of_csv(demo: &Demo) -> DetailsByArn {
    demo.export("csv", "tables").expect_exit(0);
    let mut reader = csv::Reader::from_path(demo.sandbox.path("tables/dynamodb-table.csv")).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let column = |name| header.iter().position(|column| column == name).expect("a column");
    let (arn, details) = (column("arn"), column("details"));
    reader.records().map(|row| row.expect("a row")).map(|row| parsed(&row[arn], &row[details])).collect()
}

fn of_workbook(demo: &Demo) -> DetailsByArn {
    demo.export("xlsx", "book.xlsx").expect_exit(0);
    let sheets = workbook(&demo.sandbox.path("book.xlsx"));
    let rows = sheets["dynamodb table"]["rows"].as_array().expect("rows");
    let column = |name| rows[0].as_array().expect("a header").iter().position(|column| column == name);
    let (arn, details) = (column("arn").expect("a column"), column("details").expect("a column"));
    rows[1..].iter().map(|row| parsed(&text(&row[arn]), &text(&row[details]))).collect()
}

/// Parquet has a map of functions, SQLite a text.
fn of_typed(demo: &Demo, format: &str, program: &str) -> DetailsByArn {
    demo.export(format, format).expect_exit(0);
    let tables = read_back(program, &demo.sandbox.path(format));
    let is_table = |name: &String| name.replace('-', "_") == "dynamodb_table";
    let (_, table) = tables.iter().find(|(name, _)| is_table(name)).expect("the tables");
    let json = |text: &Value| serde_json::from_str::<Value>(text.as_str().expect("a text")).expect("JSON");
    let details = |cell: &Value| match cell {
        Value::Object(functions) => functions.iter().map(|(name, text)| (name.clone(), json(text))).collect(),
        text => json(text),
    };
    table.rows.iter().map(|row| (text(&row["arn"]), details(&row["details"]))).collect()
}

#[test]
fn details_of_deep_scan_are_in_every_format() {
    let demo = Demo::new(&["-s", "dynamodb", "--deep"]);
    let tables = demo.resources().into_iter().filter(|resource| resource["kind"] == "table");
    let expected: DetailsByArn =
        tables.map(|table| (text(&table["arn"]), table["details"].clone())).collect();
    assert!(expected.len() > 10, "{} tables", expected.len());
    for (arn, details) in &expected {
        let function = "describe_continuous_backups";
        assert!(details[function]["ContinuousBackupsDescription"].is_object(), "{arn}: {details}");
    }
    assert_eq!(of_csv(&demo), expected, "csv");
    assert_eq!(of_workbook(&demo), expected, "xlsx");
    assert_eq!(of_typed(&demo, "sqlite", "sqlite"), expected, "sqlite");
    assert_eq!(of_typed(&demo, "parquet", "duckdb"), expected, "parquet");
}

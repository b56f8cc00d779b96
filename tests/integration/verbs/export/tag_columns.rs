//! Columns for the values of chosen tags.

use std::fs;

use serde_json::{Value, json};

use super::{Demo, FORMULA, Sandbox, workbook};

/// A run in which a database has this tag.
fn with_tag(value: &str) -> Demo {
    let demo = Demo::new(&["-s", "rds"]);
    let (path, mut file) = demo.file_with("rds.json", "describe_db_instances");
    file["describe_db_instances"][0]["TagList"] = json!([{"Key": "team", "Value": value}]);
    fs::write(path, file.to_string()).expect("writes");
    demo
}

#[track_caller]
fn export(demo: &Demo, format: &[&str], output: &str) {
    let options =
        ["export", "output/run", "--output", output, "--tag-column", "team", "--tag-column", "no-such"];
    demo.sandbox.run([&options, format].concat()).expect_exit(0);
}

/// The values of a column of a CSV file that are not empty.
#[track_caller]
fn values(demo: &Demo, path: &str, column: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(demo.sandbox.path(path)).expect("a table");
    let header = reader.headers().expect("a header").clone();
    let column = header.iter().position(|name| name == column).expect("the column");
    let values = reader.records().map(|row| row.expect("a row")[column].to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

#[test]
fn tables_have_values_of_chosen_tags() {
    let demo = with_tag("shop");
    export(&demo, &["--format", "csv"], "tables");
    export(&demo, &["--format", "csv", "--single"], "all.csv");
    for path in ["tables/rds-db_instance.csv", "all.csv"] {
        assert!(values(&demo, path, "tag:team").contains(&"shop".to_owned()), "{path}");
        assert!(values(&demo, path, "tag:no-such").is_empty(), "{path}");
    }
}

#[test]
fn formula_in_a_chosen_tag_is_a_text() {
    let demo = with_tag(FORMULA);
    export(&demo, &["--format", "csv"], "tables");
    assert!(values(&demo, "tables/rds-db_instance.csv", "tag:team").contains(&format!("'{FORMULA}")));
}

#[test]
fn workbook_has_chosen_tags_after_the_region() {
    let demo = with_tag("shop");
    export(&demo, &["--format", "xlsx"], "book.xlsx");
    let sheets = workbook(&demo.sandbox.path("book.xlsx"));
    for sheet in ["rds db_instance", "All resources"] {
        let rows = sheets[sheet]["rows"].as_array().expect("rows");
        let header = rows[0].as_array().expect("a header");
        let region = header.iter().position(|name| name == "region").expect("the column");
        assert_eq!(header[region + 1..region + 4], ["tag:team", "tag:no-such", "arn"].map(Value::from));
        assert!(rows.iter().any(|row| row[region + 1] == "shop"), "{sheet}");
    }
}

#[test]
fn other_formats_have_no_chosen_tags() {
    let run = Sandbox::new().run(["export", "run", "--format", "ndjson", "--tag-column", "team"]);
    run.expect_exit(2).stderr_contains("--tag-column").stderr_contains("csv and xlsx");
}

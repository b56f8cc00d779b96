//! Answers in all formats.

use serde_json::{Value, json};

use super::{Printer, QueryFormat};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn printed(format: QueryFormat, columns: &[&str], rows: &[Vec<Value>]) -> String {
    let mut out = Vec::new();
    let mut printer = Printer::new(format, &mut out);
    printer.columns(&names(columns)).expect("prints");
    for row in rows {
        printer.row(row.clone()).expect("prints");
    }
    printer.finish().expect("prints");
    drop(printer);
    String::from_utf8(out).expect("text")
}

fn two_rows() -> Vec<Vec<Value>> {
    vec![vec![json!("web"), json!(3), json!(null)], vec![json!("datenträger"), json!(20), json!("東京")]]
}

#[test]
fn a_table_has_columns_with_numbers_on_the_right() {
    assert_eq!(
        printed(QueryFormat::Table(None), &["name", "size", "place"], &two_rows()),
        "name         size  place\n\
         ───────────  ────  ─────\n\
         web             3\n\
         datenträger    20  東京\n"
    );
}

#[test]
fn a_table_without_rows_is_a_header() {
    assert_eq!(printed(QueryFormat::Table(None), &["name", "size"], &[]), "name  size\n────  ────\n");
}

#[test]
fn a_table_fits_the_terminal_and_its_widest_column_gives_way() {
    let rows = [vec![json!("x".repeat(100)), json!("short"), json!("東".repeat(40))]];
    let table = printed(QueryFormat::Table(Some(40)), &["one", "two", "three"], &rows);
    for line in table.lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 40, "{line}");
    }
    assert!(table.contains("xxx…  short  東東"), "{table}");
}

#[test]
fn rows_wider_than_terminal_are_printed_as_blocks() {
    let columns: Vec<String> = (0..20).map(|column| format!("column_{column}")).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let row: Vec<Value> = (0..20).map(|column| json!(format!("value {column}"))).collect();
    let table = printed(QueryFormat::Table(Some(80)), &columns, &[row.clone(), row]);
    assert!(table.starts_with("column_0   value 0\ncolumn_1   value 1\n"), "{table}");
    assert_eq!(table.split("\n\n").filter(|block| !block.is_empty()).count(), 2, "{table}");
}

#[test]
fn no_row_passes_for_two_and_no_terminal_is_commanded() {
    let table = printed(QueryFormat::Table(None), &["name"], &[vec![json!("a\nb\u{1b}[2J")]]);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(table.contains("a\\u000ab\\u001b[2J"), "{table}");
    for format in [QueryFormat::Csv { on_terminal: true }, QueryFormat::Json, QueryFormat::Ndjson] {
        let text = printed(format, &["name"], &[vec![json!("\u{9b}2J\u{202e}")]]);
        assert!(text.contains("\\u009b2J\\u202e"), "{text}");
    }
}

#[test]
fn comma_separated_values_are_no_formulas_and_numbers_stay() {
    let rows = [vec![json!("=1+1"), json!(-1), json!(null), json!("a,\"b\"")]];
    assert_eq!(
        printed(QueryFormat::Csv { on_terminal: false }, &["@name", "size", "none", "text"], &rows),
        "'@name,size,none,text\n'=1+1,-1,,\"a,\"\"b\"\"\"\n"
    );
}

#[test]
fn json_is_a_list_or_a_line_for_each() {
    let rows = two_rows();
    let list = printed(QueryFormat::Json, &["name", "size", "size"], &rows);
    let parsed: Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(
        parsed,
        json!([
            {"name": "web", "size": 3, "size_2": null},
            {"name": "datenträger", "size": 20, "size_2": "東京"},
        ])
    );
    let lines = printed(QueryFormat::Ndjson, &["name", "size", "size"], &rows);
    let parsed: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(Value::Array(parsed), serde_json::from_str::<Value>(&list).expect("JSON"));
    assert_eq!(printed(QueryFormat::Json, &["name"], &[]), "[]\n");
}

#[test]
fn values_become_rows_with_the_columns_of_the_first() {
    let mut out = Vec::new();
    let mut printer = Printer::new(QueryFormat::Csv { on_terminal: false }, &mut out);
    for value in [json!({"a": 1, "b": [2]}), json!({"b": "x"})] {
        printer.value(value).expect("prints");
    }
    let message = printer.value(json!({"a": 1, "c": 3})).expect_err("another member").to_string();
    assert!(message.contains("the member `c`"), "{message}");
    printer.finish().expect("prints");
    drop(printer);
    assert_eq!(String::from_utf8(out).expect("text"), "a,b\n1,[2]\n,x\n");
}

#[test]
fn values_without_members_are_a_column() {
    let mut out = Vec::new();
    let mut printer = Printer::new(QueryFormat::Table(None), &mut out);
    for value in [json!("one"), json!("two")] {
        printer.value(value).expect("prints");
    }
    printer.finish().expect("prints");
    drop(printer);
    assert_eq!(String::from_utf8(out).expect("text"), "value\n─────\none\ntwo\n");
}

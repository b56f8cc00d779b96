//! The sheets of a workbook before those of the kinds: summary, accounts, what is missing, and all resources.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Demo, FIRST_SHEETS, text, workbook};

/// The demonstration, and its workbook.
fn book() -> (Demo, Map<String, Value>) {
    let demo = Demo::new(&[]);
    demo.export("xlsx", "book.xlsx").expect_exit(0);
    let sheets = workbook(&demo.sandbox.path("book.xlsx"));
    (demo, sheets)
}

/// The rows of a sheet by the names of its columns, without empty cells.
fn rows(sheet: &Value) -> Vec<BTreeMap<String, Value>> {
    let mut rows = sheet["rows"].as_array().expect("rows").iter();
    let header: Vec<String> =
        rows.next().and_then(Value::as_array).expect("a header").iter().map(text).collect();
    let named = |row: &Value| {
        let cells = header.iter().cloned().zip(row.as_array().expect("cells").iter().cloned());
        cells.filter(|(_, cell)| !cell.is_null()).collect()
    };
    rows.map(named).collect()
}

#[test]
fn first_sheets_have_no_formula_and_a_frozen_header() {
    let (_, sheets) = book();
    for name in FIRST_SHEETS {
        assert_eq!(sheets[name]["formulas"], 0, "{name}");
        let is_table = name != "Summary";
        assert_eq!(sheets[name]["frozen"], is_table, "{name}");
        assert_eq!(sheets[name]["filter"].is_string(), is_table, "{name}");
    }
}

#[test]
fn summary_has_caller_time_spec_and_gaps() {
    let (demo, sheets) = book();
    let facts: BTreeMap<String, Value> = sheets["Summary"]["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (text(&row[0]), row[1].clone()))
        .collect();
    assert!(text(&facts["missing"]).contains("denied or failed"), "{facts:?}");
    assert!(text(&facts["scanned by"]).starts_with("arn:aws:"), "{facts:?}");
    assert!(facts["started"].is_number() && text(&facts["services"]).contains("ec2"), "{facts:?}");
    assert_eq!(facts["regions"], "eu-central-1, us-east-1");
    assert_eq!(
        facts["resources"].as_f64().map(|count| count.to_string()),
        Some(demo.resources().len().to_string())
    );
}

#[test]
fn accounts_have_their_resources_by_kind() {
    let (demo, sheets) = book();
    let mut expected: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for resource in demo.resources() {
        let kind = format!("{} {}", text(&resource["service"]), text(&resource["kind"]));
        let counts = expected.entry(text(&resource["account"])).or_default();
        *counts.entry(kind).or_default() += 1.0;
        *counts.entry("resources".to_owned()).or_default() += 1.0;
    }
    let accounts = rows(&sheets["Accounts"]);
    assert!(accounts.iter().any(|account| account.contains_key("account_ou")));
    for account in accounts {
        let numbers = account.iter().filter_map(|(name, cell)| Some((name.clone(), cell.as_f64()?)));
        let numbers: BTreeMap<_, _> = numbers.collect();
        assert_eq!(numbers, expected.remove(&text(&account["account"])).unwrap_or_default());
    }
    assert!(expected.is_empty(), "{expected:?}");
}

#[test]
fn missing_lists_causes_with_accounts_and_hint() {
    let (_, sheets) = book();
    let gaps = rows(&sheets["Missing"]);
    assert!(!gaps.is_empty());
    for gap in gaps {
        assert!(gap["cause"].is_string() && gap["hint"].is_string(), "{gap:?}");
        assert!(gap["accounts"].as_f64().is_some_and(|accounts| accounts >= 1.0), "{gap:?}");
    }
}

/// Some programs show flags without a format as numbers, and a hint of two lines over the row above.
#[test]
fn flags_have_a_format_and_hints_are_wrapped() {
    let (_, sheets) = book();
    for (name, sheet) in &sheets {
        assert_eq!(sheet["plain_flags"], 0, "{name}");
    }
    let gaps = &sheets["Missing"];
    let columns = gaps["rows"][0].as_array().expect("a header");
    let hint = columns.iter().position(|name| name == "hint").expect("a column");
    let letter = char::from(b'A' + u8::try_from(hint).expect("few columns"));
    assert!(gaps["wrapped"].as_array().expect("cells").contains(&json!(format!("{letter}2"))), "{gaps}");
}

#[test]
fn all_resources_have_links_into_the_console() {
    let (demo, sheets) = book();
    let all = rows(&sheets["All resources"]);
    let expected = demo.resources();
    let ids: Vec<_> = all.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, expected.iter().map(|resource| &resource["id"]).collect::<Vec<_>>());
    let with_arn = expected.iter().filter(|resource| resource["arn"].is_string()).count();
    assert_eq!(sheets["All resources"]["links"], json!(with_arn));
}

//! The table as a CSV file.

use std::fs;

use serde_json::{Value, json};

use super::run::Run;
use super::seen::{column, resources};

/// Returns the rows of a CSV file, with its header.
fn rows_of(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect());
    rows.collect()
}

/// All rows that match are saved, not only those on the page, in the order of the table.
#[test]
fn csv_has_rows_columns_and_order_of_table() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let count = resources(&run).iter().filter(|resource| resource["kind"] == "volume").count();
    let mut page = run.page("#resources?kind=ec2/volume&sort=GiB:down");
    page.wait_for("Attached to");
    page.click("DisclosureTriangle", "Columns");
    page.click("checkbox", "Zone");
    page.click("checkbox", "Account ID");
    page.press("Escape");
    let (name, csv) = page.save("CSV");
    assert_eq!(name, "run-ec2-volume.csv");
    let (rows, shown) = (rows_of(&csv), page.rows());
    assert_eq!(rows[0], shown[0]);
    assert!(count > 100 && rows.len() == count + 1, "{count} volumes, {} rows", rows.len());
    for title in ["Name", "Account", "Account ID", "Region", "State", "GiB", "Attached to"] {
        let place = rows[0].iter().position(|column| column == title).expect("the column");
        let saved: Vec<&str> = rows[1..101].iter().map(|row| row[place].as_str()).collect();
        assert_eq!(saved, column(&mut page, title), "{title}");
    }
    page.expect_no_fault();
}

#[test]
fn csv_has_only_what_filters_select() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let is_wanted = |resource: &&Value| resource["kind"] == "volume" && resource["raw"]["State"] == "in-use";
    let expected = resources(&run).iter().filter(is_wanted).count();
    let mut page = run.page("#resources?kind=ec2/volume&state=in-use");
    page.wait_for(&format!("{expected} of "));
    let (name, csv) = page.save("CSV");
    assert_eq!((name.as_str(), rows_of(&csv).len()), ("run-ec2-volume.csv", expected + 1));
    page.go("#resources?q=no-such-thing");
    page.wait_for("No resource matches");
    assert_eq!(page.value("document.querySelector('#saving button').disabled"), json!(true));
    page.expect_no_fault();
}

/// Texts are safe in a spreadsheet, as in `scan export`, and numbers stay numbers.
#[test]
fn csv_has_no_formulas() {
    const NAMES: [(&str, &str); 6] = [
        ("=HYPERLINK(\"http://evil.example\")", "'=HYPERLINK(\"http://evil.example\")"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("＝1", "'＝1"),
        ("a,\"b\"\nc", "a,\"b\"\nc"),
        ("a=b", "a=b"),
    ];
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_volumes");
    let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
    *volumes = vec![volumes[0].clone(); NAMES.len()];
    for (number, (volume, (name, _))) in volumes.iter_mut().zip(NAMES).enumerate() {
        volume["VolumeId"] = json!(format!("vol-{number}"));
        volume["Size"] = json!(-1);
        volume["Tags"] = json!([{"Key": "Name", "Value": name}, {"Key": "marked", "Value": "yes"}]);
    }
    fs::write(&path, file.to_string()).expect("writes");
    let mut page = run.page("#resources?kind=ec2/volume&q=marked=yes");
    page.wait_for("6 of ");
    let (_, csv) = page.save("CSV");
    let rows = rows_of(&csv);
    let size = rows[0].iter().position(|column| column == "GiB").expect("sizes");
    let saved: Vec<(&str, &str)> =
        rows[1..].iter().map(|row| (row[0].as_str(), row[size].as_str())).collect();
    assert_eq!(saved, NAMES.map(|(_, expected)| (expected, "-1")));
    page.expect_no_fault();
}

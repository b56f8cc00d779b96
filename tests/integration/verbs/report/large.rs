//! A run of many resources: the page stays as small as for few, and finds what the user looks for.

use std::fmt::Write;
use std::fs;

use serde_json::json;

use super::run::Run;

/// As many resources as the page promises to be quick with.
const MANY: usize = 100_000;

/// A run in one of whose accounts are so many volumes.
fn with_volumes(count: usize) -> Run {
    let run = Run::of_demo(&["-s", "ec2", "-r", "eu-central-1"]);
    let (path, _) = run.file_with("ec2.json", "describe_volumes");
    let mut file = String::from("{\"describe_volumes\": [");
    for index in 0..count {
        let comma = if index == 0 { "" } else { "," };
        let size = index % 977 + 1;
        write!(file, "{comma}\n{{\"VolumeId\":\"vol-{index:017x}\",\"State\":\"in-use\",\"Size\":{size}}}")
            .unwrap();
    }
    file.push_str("]}\n");
    fs::write(path, file).expect("writes");
    run
}

/// A hundred thousand resources are searched, sorted and shown a page at a time.
#[test]
fn large_report_shows_one_page_at_a_time() {
    let run = with_volumes(MANY);
    let mut page = run.page("#resources?kind=ec2/volume");
    page.wait_for("Page 1 of 1,0");
    let elements = "document.querySelectorAll('body *:not([data-part])').length";
    assert_eq!(page.rows().len(), 101);
    let few = page.value(elements).as_u64().expect("a number");
    assert!(few < 5000, "{few} elements for one page");

    page.click("button", "Last page");
    page.wait_for("Page 1,0");
    assert!(page.rows().len() <= 101);

    page.click("button", "GiB");
    page.wait_until("document.querySelector('th[aria-sort=ascending]') !== null");
    page.press("Enter");
    page.wait_until("document.querySelector('th[aria-sort=descending]') !== null");
    assert_eq!(page.rows().len(), 101);

    page.click("searchbox", "Search");
    let id = format!("vol-{:017x}", MANY - 1);
    page.type_text(&id);
    page.wait_for("1 of 100,");
    assert_eq!(page.rows()[1][0], id);
    page.click("button", &id);
    page.wait_until("document.querySelector('dialog[open] pre') !== null");
    let json = page.value("JSON.parse(document.querySelector('dialog pre').innerText)");
    assert_eq!(json, json!({"VolumeId": id, "State": "in-use", "Size": (MANY - 1) % 977 + 1}));
    page.expect_no_fault();
}

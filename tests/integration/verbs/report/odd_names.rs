//! Names that objects of a script have by nature: they are keys like all others.

use std::fs;

use serde_json::json;

use super::run::Run;
use super::seen::{column, resources};

const NAMES: [&str; 6] = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "a:b:up"];

/// A resource without the tag has an empty cell, and the table sorts by the tag.
#[test]
fn tags_named_like_script_members_are_columns() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_volumes");
    let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
    *volumes = vec![volumes[0].clone(); 3];
    for (number, volume) in volumes.iter_mut().enumerate() {
        volume["VolumeId"] = json!(format!("vol-{number}"));
        let tags = NAMES.iter().map(|name| json!({"Key": name, "Value": format!("value {}", 3 - number)}));
        volume["Tags"] = if number == 1 { json!([]) } else { tags.collect() };
    }
    fs::write(&path, file.to_string()).expect("writes");
    let mut page = run.page("#resources?kind=ec2/volume");
    page.wait_for("Attached to");
    let count = page.rows().len() - 1;
    page.click("DisclosureTriangle", "Columns");
    for name in NAMES {
        let title = format!("Tag {name}");
        page.click("checkbox", &title);
        let mut values = column(&mut page, &title);
        values.retain(|value| !value.is_empty());
        assert_eq!(values, ["value 3", "value 1"], "{title} of {count} volumes");
    }
    page.press("Escape");
    for name in NAMES {
        let title = format!("Tag {name}");
        page.click("button", &title);
        let sorted = format!(
            "document.querySelector('th[aria-sort=ascending] button')?.dataset.column === {}",
            json!(title)
        );
        page.wait_until(&sorted);
        assert_eq!(column(&mut page, &title)[..2], ["value 1", "value 3"], "{title}");
        page.go("#resources?kind=ec2/volume");
        page.wait_for("Attached to");
        page.click("DisclosureTriangle", "Columns");
        for name in NAMES {
            page.click("checkbox", &format!("Tag {name}"));
        }
        page.press("Escape");
    }
    page.expect_no_fault();
}

/// Tags of accounts, members of resources and parts of the address can have such names as well.
#[test]
fn account_tags_named_like_script_members_work() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_volumes");
    for volume in file["describe_volumes"].as_array_mut().expect("volumes") {
        volume["constructor"] = json!("built");
    }
    fs::write(&path, file.to_string()).expect("writes");
    let id = run.json("accounts.json")[1]["id"].clone();
    run.change("accounts.json", |accounts| {
        accounts[1]["tags"] = json!({"constructor": "shop", "__proto__": "x", "toString": "y"});
    });
    let in_account = resources(&run).iter().filter(|resource| resource["account"] == id).count();
    assert!(in_account > 0);
    let mut page = run.page("#resources?constructor=x&__proto__=y&toString=z&q=account:constructor=shop");
    page.wait_for(&format!("{in_account} of "));
    page.click("DisclosureTriangle", "Columns");
    for name in ["constructor", "__proto__", "toString"] {
        page.click("checkbox", &format!("Account tag {name}"));
    }
    assert!(column(&mut page, "Account tag constructor").iter().all(|value| value == "shop"));
    page.press("Escape");
    page.click("button", "Clear");
    page.wait_for(" resources\n");
    for (name, expected) in [("constructor", "shop"), ("__proto__", "x"), ("toString", "y")] {
        let values = column(&mut page, &format!("Account tag {name}"));
        assert!(values.iter().all(|value| value.is_empty() || value == expected), "{name}: {values:?}");
    }
    page.expect_no_fault();
}

//! Types, owners and details of resources.

use std::fs;

use serde_json::{Value, json};

use super::run::Run;
use super::seen::{column, grouped, resources, text};

/// A complete type finds its resources only; the start of a type finds all types that start with it.
#[test]
fn search_finds_types_of_cloudformation() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_vpcs");
    file["describe_vpc_endpoints"] = json!([{"VpcEndpointId": "vpce-1", "VpcId": "vpc-1"}]);
    fs::write(&path, file.to_string()).expect("writes");
    let resources = resources(&run);
    let count =
        |has: &dyn Fn(&str) -> bool| resources.iter().filter(|resource| has(text(resource, "type"))).count();
    let vpcs = count(&|name| name == "AWS::EC2::VPC");
    let volumes = count(&|name| name == "AWS::EC2::Volume");
    assert!(vpcs > 0 && vpcs < count(&|name| name.starts_with("AWS::EC2::VPC")), "{vpcs}");
    let mut page = run.page("#resources");
    page.wait_for(&format!("{} resources", grouped(resources.len())));
    for (words, expected) in [
        ("type:AWS::EC2::VPC", vpcs),
        ("AWS::EC2::VPC", vpcs),
        ("type:aws::ec2::volume", volumes),
        ("type:AWS::EC2::V", count(&|name| name.starts_with("AWS::EC2::V"))),
        ("-type:AWS::EC2::Volume", resources.len() - volumes),
    ] {
        page.click("searchbox", "Search");
        page.value("document.activeElement.select()");
        page.type_text(words);
        page.wait_for(&format!("{} of {} resources", grouped(expected), grouped(resources.len())));
    }
    page.go("#resources?kind=ec2/vpc");
    page.wait_for("IPv4 range");
    assert!(page.names("heading").contains(&"ec2 vpc AWS::EC2::VPC".to_owned()));
    page.click("DisclosureTriangle", "Columns");
    page.click("checkbox", "Resource type");
    assert!(column(&mut page, "Resource type").iter().all(|name| name == "AWS::EC2::VPC"));
    page.expect_no_fault();
}

/// A shared subnet is a resource of the account that sees it, but not owned by it.
#[test]
fn owner_is_shown_if_it_is_another_account() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let (path, mut file) = run.file_with("ec2.json", "describe_subnets");
    let subnet = file["describe_subnets"][0]["SubnetId"].as_str().expect("an ID").to_owned();
    let of_account = text(&file["describe_subnets"][0], "OwnerId").to_owned();
    let accounts = run.json("accounts.json");
    let accounts = accounts.as_array().expect("accounts");
    let owner =
        accounts.iter().find(|account| account["id"] != of_account.as_str()).expect("another account");
    file["describe_subnets"][0]["OwnerId"] = owner["id"].clone();
    file["describe_subnets"][0]["SubnetArn"] = Value::Null;
    fs::write(&path, file.to_string()).expect("writes");
    let resources = resources(&run);
    let is_owned = |resource: &&Value| {
        resource["owner_account"].is_null() || resource["owner_account"] == resource["account"]
    };
    let count = resources.iter().filter(is_owned).count();
    assert!(count < resources.len(), "{count}");
    let mut page = run.page("#overview");
    page.wait_for(&format!("{} owned", grouped(count)));
    assert!(page.text().contains(&format!("{}\nresources", grouped(resources.len()))));
    page.go(&format!("#resources?kind=ec2/subnet&q={subnet}"));
    page.wait_for("1 of ");
    let name = page.rows()[1][0].clone();
    page.click("button", &name);
    page.wait_for(&format!("Owner\n{} ({})", text(owner, "name"), text(owner, "id")));
    page.go("#resources?kind=ec2/vpc");
    page.wait_for("IPv4 range");
    let name = page.rows()[1][0].clone();
    page.click_first("button", &name);
    page.wait_until("document.querySelector('dialog[open] pre') !== null");
    assert!(!page.text().contains("Owner\n"), "the account owns it");
    page.expect_no_fault();
}

/// What other calls returned is below the resource, by function, and closed at first.
#[test]
fn details_of_other_calls_open_by_function() {
    let run = Run::of_demo(&["-s", "sample/each/s3"]);
    let resources = resources(&run);
    let details = |resource: &Value| resource["details"].as_object().cloned().unwrap_or_default();
    let bucket = resources.iter().find(|resource| !details(resource).is_empty()).expect("a bucket");
    let details = details(bucket);
    let mut page = run.page(&format!("#resources?q=\"{}\"", text(bucket, "id")));
    page.wait_for("1 of ");
    let name = page.rows()[1][0].clone();
    page.click("button", &name);
    page.wait_for("From other calls");
    assert_eq!(page.value("document.querySelectorAll('dialog pre').length"), json!(1), "the resource only");
    for (function, expected) in details {
        page.click("DisclosureTriangle", &function);
        let label = json!(format!("{function} as JSON"));
        let shown = format!("document.querySelector(`dialog pre[aria-label=${{CSS.escape({label})}}]`)");
        page.wait_until(&format!("{shown} !== null"));
        let shown = page.value(&format!("{shown}.innerText"));
        let shown: Value = serde_json::from_str(shown.as_str().expect("a text")).expect("JSON");
        assert_eq!(shown, expected, "{function}");
    }
    page.expect_no_fault();
}

//! What a resource uses and what uses it, in the page's details.

use serde_json::{Value, json};

use super::run::Run;
use super::seen::{resources, text};

/// The names of the resources in a list of links.
fn names(title: &str) -> String {
    format!(
        "[...document.querySelectorAll('dialog section[aria-label=\"{title}\"] li button')].map((link) => link.textContent)"
    )
}

/// The rows of the export whose links lead to a resource.
fn users<'rows>(resources: &'rows [Value], run: &Run, arn: &str) -> Vec<&'rows str> {
    let links = run.sandbox.run(["links", "output/run", "--format", "json"]);
    let links = links.stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a link"));
    let mut users: Vec<String> =
        links.filter(|link| link["to"] == arn).map(|link| text(&link, "from").to_owned()).collect();
    users.dedup();
    let named = |user: &String| resources.iter().find(|resource| resource["arn"] == **user);
    users
        .iter()
        .filter_map(named)
        .map(|resource| resource["name"].as_str().unwrap_or(text(resource, "id")))
        .collect()
}

/// Each link is a way to the other resource, and there is a way back.
#[test]
fn details_lead_to_linked_resources() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let subnet = resources
        .iter()
        .find(|resource| resource["kind"] == "subnet" && resource["used_by"].as_u64() > Some(2))
        .expect("a subnet in use");
    let (id, name) = (text(subnet, "id"), text(subnet, "name"));
    let vpc = text(&subnet["raw"], "VpcId");
    let vpc = resources.iter().find(|resource| resource["id"] == vpc).expect("its network");
    let mut page = run.page(&format!("#resources?kind=ec2/subnet&q={id}"));
    page.wait_for("1 of ");
    page.click("button", name);
    page.wait_for("Used by");
    assert_eq!(page.value(&names("Uses")), json!([text(vpc, "name")]));
    assert_eq!(page.value(&names("Used by")), json!(users(&resources, &run, text(subnet, "arn"))));
    page.click("button", text(vpc, "name"));
    let back = format!("Back to {name}");
    page.wait_for(&back);
    let title = "document.getElementById('details-title').textContent";
    assert_eq!(page.value(title), text(vpc, "name"));
    assert_eq!(page.value(&format!("{}.includes({})", names("Used by"), json!(name))), true);
    page.click("button", &back);
    page.wait_until(&format!("{title} === {}", json!(name)));
    page.expect_no_fault();
}

/// What is no resource of the run is text, with what is known of it.
#[test]
fn details_name_what_is_outside_of_the_run() {
    let run = Run::of_demo(&["-s", "iam", "--accounts", "310055471926"]);
    let mut page = run.page("#resources?kind=iam/role&q=shop-orders-role");
    page.wait_for("1 of ");
    page.click("button", "shop-orders-role");
    page.wait_for("outside of the organization");
    let outside = "[...document.querySelectorAll('dialog .outside')].map((link) => link.textContent)";
    assert_eq!(page.value(outside), json!(["arn:aws:iam::777788889999:root"]));
    page.expect_no_fault();
}

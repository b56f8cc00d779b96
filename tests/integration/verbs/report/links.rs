//! Links to resources in the AWS console.

use std::fs;

use serde_json::{Value, json};

use super::run::Run;
use super::seen::{resources, text};

/// The links in the table: address, target, relation and name.
const LINKS: &str = "[...document.querySelectorAll('#table a')]
    .map((link) => [link.href, link.target, link.rel, link.getAttribute('aria-label')])";

/// A link opens a new tab that does not learn about the page.
#[test]
fn resources_link_to_console() {
    let run = Run::of_demo(&["-s", "ec2"]);
    let resources = resources(&run);
    let volume = resources.iter().find(|resource| resource["kind"] == "volume").expect("a volume");
    let (id, region) = (text(volume, "id"), text(volume, "region"));
    let link = format!(
        "https://{region}.console.aws.amazon.com/ec2/home?region={region}#VolumeDetails:volumeId={id}"
    );
    let mut page = run.page(&format!("#resources?kind=ec2/volume&q={id}"));
    page.wait_for("1 of ");
    let name = page.rows()[1][0].clone();
    let label = format!("{name} in the AWS console");
    assert_eq!(page.value(LINKS), json!([[link, "_blank", "noopener noreferrer", label]]));
    page.click("button", &name);
    page.wait_for("Open in the AWS console");
    let details = "[...document.querySelectorAll('dialog a')].map((link) => [link.href, link.rel])";
    assert_eq!(page.value(details), json!([[link, "noopener noreferrer"]]));
    page.expect_no_fault();
}

/// What is no ARN of a known partition has no link, and no ARN links to another host.
#[test]
fn hostile_arns_link_nowhere_else() {
    const ARNS: [&str; 5] = [
        "javascript:alert(1)",
        "https://evil.example/",
        "arn:aws-iso:sns:us-iso-east-1:111111111111:topic",
        "arn:aws:sns:evil.example/:111111111111:topic",
        "arn:aws:sns:eu-central-1:111111111111:\"><script>alert(1)</script>",
    ];
    let run = Run::of_demo(&["-s", "sns"]);
    let (path, mut file) = run.file_with("sns.json", "list_topics");
    file["list_topics"] = ARNS.iter().map(|arn| json!({"TopicArn": arn, "marked": "yes"})).collect();
    fs::write(&path, file.to_string()).expect("writes");
    let mut page = run.page("#resources?kind=sns/topic");
    page.wait_for("<script>alert(1)</script>");
    let links = page.value(
        "[...document.querySelectorAll('#table a')].map((link) => [link.protocol, link.hostname]).sort()",
    );
    let links: Vec<&Value> = links.as_array().expect("links").iter().collect();
    let has_suffix = |link: &&&Value| {
        let host = link[1].as_str().expect("a host");
        link[0] == "https:" && (host == "console.aws.amazon.com" || host.ends_with(".console.aws.amazon.com"))
    };
    assert!(links.iter().all(|link| has_suffix(&link)), "{links:?}");
    let shown = page.rows().len() - 1;
    assert_eq!(links.len(), shown - 3, "three of the texts have no link");
    page.expect_no_fault();
}

//! Everything at once: specs that are made from the catalog, and a run of all of it.

use aws_auto_inventory::simulator::{Simulator, World};
use serde_json::Value;

use crate::sandbox::{Sandbox, Tree};

#[test]
fn a_spec_for_services_is_written_and_loads() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(["spec", "sqs", "ec2", "-o", "mine.json"]);
    run.expect_exit(0).stdout_contains("mine.json: ");
    let text = std::fs::read_to_string(sandbox.path("mine.json")).unwrap();
    let calls: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(calls[0]["function"], "list_queues");
    assert!(calls.len() > 150, "{} calls", calls.len());
    let run = sandbox.run(["spec", "sqs"]);
    run.expect_exit(0).stdout_contains("\n    \"result_key\": \"QueueUrls\"\n");
}

#[test]
fn spec_for_unknown_service_suggests_nearest_name() {
    let sandbox = Sandbox::new();
    sandbox.run(["spec", "dynamobd"]).expect_exit(2).stderr_contains("did you mean `dynamodb`");
    sandbox.run(["spec"]).expect_exit(2).stderr_is_one_paragraph();
    sandbox.run(["spec", "cloudsearchdomain"]).expect_exit(2).stderr_contains("scan services");
}

#[test]
fn services_say_which_functions_are_about_to_go() {
    let run = Sandbox::new().run(["services", "emr"]);
    let line = run.stdout.lines().find(|line| line.starts_with("describe_job_flows ")).unwrap();
    assert!(line.ends_with("; deprecated"), "{line}");
}

/// Two thousand calls of all services, each answered in its own protocol.
#[tokio::test(flavor = "multi_thread")]
async fn a_scan_of_everything_reads_every_service() {
    let aws = Simulator::start(World::demo()).await.expect("a simulated organization");
    let key = Simulator::credentials();
    let sandbox = Sandbox::new().aws(&aws.url(), key.access_key_id(), key.secret_access_key());
    let run = sandbox.run(["-s", "all", "-r", "eu-west-1"]);
    run.expect_exit(0);
    let tree = Tree::open(&sandbox.path("output"), "");
    let lines = &tree.ledger;
    assert!(lines.len() > 1_900, "{} calls", lines.len());
    for line in lines {
        // CloudFront's resources of WAF are in one region, for example.
        let message = line["message"].as_str().unwrap_or_default();
        let is_elsewhere = line["status"] == "skipped" && message.starts_with("none of its regions (us-");
        assert!(line["status"] == "ok" || line["status"] == "empty" || is_elsewhere, "{line}");
    }
    let datasets = lines.iter().find(|line| line["function"] == "list_data_sets").expect("a call");
    assert_eq!(datasets["attempts"], 1, "the account's ID is filled in: {datasets}");
}

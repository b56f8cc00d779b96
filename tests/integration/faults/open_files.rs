//! Few open files: connections, results and lists in progress keep within what the system allows.

use std::time::Duration;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Simulator, World};
use serde_json::{Value, json};

use crate::sandbox::{Sandbox, Tree};

const REGIONS: usize = 5;

/// Services that are called in each region.
const FUNCTIONS: [(&str, &str); 12] = [
    ("cloudformation", "describe_stacks"),
    ("dynamodb", "list_tables"),
    ("ec2", "describe_instances"),
    ("ec2", "describe_volumes"),
    ("ecs", "list_clusters"),
    ("eks", "list_clusters"),
    ("elbv2", "describe_load_balancers"),
    ("kms", "list_keys"),
    ("lambda", "list_functions"),
    ("rds", "describe_db_instances"),
    ("sns", "list_topics"),
    ("sqs", "list_queues"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_of_an_organization_is_complete_with_256_open_files() {
    const ACCOUNTS: usize = 24;
    // So many addresses of queues are longer than what a list may hold in memory.
    let amounts = Amounts { reservations: 3, queues: 3_500, ..Amounts::default() };
    let world = World::sized(ACCOUNTS, REGIONS, amounts);
    // Slow enough for all that may be in progress at once to be so.
    let aws =
        Simulator::setup(world).latency(Duration::from_millis(50)).start().await.expect("a simulated AWS");
    let key = Simulator::credentials();
    let spec: Value = FUNCTIONS
        .iter()
        .map(|(service, function)| json!({"service": service, "function": function}))
        .collect();
    let sandbox = Sandbox::new().aws(&aws.url(), key.access_key_id(), key.secret_access_key()).spec(&spec);
    let run = sandbox.shell(
        "ulimit -n 256 && scan -s spec.json --organization-scan -o output --concurrency 2000 \
         --concurrent-regions 100 --concurrent-services 100",
    );
    run.expect_exit(0);
    assert!(!run.report().to_lowercase().contains("too many open files"), "{}", run.report());
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    assert_eq!(tree.ledger.len(), ACCOUNTS * REGIONS * FUNCTIONS.len());
    for line in &tree.ledger {
        assert!(line["status"] == "ok" || line["status"] == "empty", "{line}");
        let retried = line["attempts"].as_u64() > line["pages"].as_u64();
        assert!(!retried, "a request had to be tried again: {line}");
    }
    let log = tree.texts().into_iter().find(|(path, _)| path.ends_with("scan.log")).expect("the log").1;
    assert!(log.contains("the system allows few open files"), "{log}");
    assert!(log.contains("retries=at most 5 retries, backoff 1 s doubling to 20 s"), "{log}");
    assert_eq!(tree.manifest["settings"]["retries"]["max_retries"], 5);
}

#[test]
fn low_open_file_limit_is_reported_without_hanging() {
    let sandbox = Sandbox::new().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    for limit in [12, 24, 63] {
        let run = sandbox.shell(&format!("ulimit -n {limit} && scan -s spec.json -o output"));
        run.expect_exit(1).stderr_is_one_paragraph();
        run.stderr_contains(&format!("may open {limit} files at once, but needs at least 64"));
        run.stderr_contains("hint: raise the limit, for example with `ulimit -n 1024`");
    }
}

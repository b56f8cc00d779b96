//! What a scan would call: printed in two forms, without sending any of it, and true when it is sent.

use std::time::Instant;

use aws_auto_inventory::simulator::world::Amounts;
use aws_auto_inventory::simulator::{Behaviour, SimulatedError, Site, World};
use serde_json::{Value, json};

use crate::sandbox::{Finished, Sandbox, Simulated, Tree};

/// The document that a plan prints.
#[track_caller]
fn json_of(run: &Finished) -> Value {
    run.expect_exit(0);
    assert_eq!(run.stderr, "", "{}", run.report());
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{}", run.report()))
}

/// Files and folders in the sandbox.
fn left_behind(sandbox: &Sandbox) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path(".")).expect("the sandbox's folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// How many requests came so far.
fn requests(aws: &Simulated) -> u64 {
    aws.requests().values().sum()
}

/// A plan requests the caller, the accounts and the regions, and nothing else.
#[test]
fn plan_requests_only_caller_accounts_and_regions() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox();
    let plan = json_of(&sandbox.run(["plan", "-s", "inventory", "--organization-scan", "--json"]));

    let asked: Vec<_> = aws.requests().into_iter().collect();
    let asked: Vec<_> = asked
        .iter()
        .map(|((account, _, service, operation), count)| (&**account, &**service, &**operation, *count))
        .collect();
    let caller = "104205104205";
    for (expected, count) in [
        (("sts", "GetCallerIdentity"), 1),
        (("organizations", "DescribeOrganization"), 1),
        (("organizations", "ListAccounts"), 1),
        (("ec2", "DescribeRegions"), 1),
    ] {
        assert!(asked.contains(&(caller, expected.0, expected.1, count)), "{expected:?}: {asked:?}");
    }
    assert_eq!(asked.len(), 4, "a call of the spec, or a role: {asked:?}");
    assert_eq!(left_behind(&sandbox), Vec::<String>::new());

    assert_eq!((&plan["accounts"]["found"], &plan["accounts"]["to_scan"]), (&json!(15), &json!(14)));
    let not_scanned = &plan["accounts"]["not_scanned"];
    assert_eq!(not_scanned[0]["reason"], "the account is suspended", "{not_scanned}");
    let places = &plan["places"];
    assert_eq!(places["regions"], json!(["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]));
    assert_eq!((&places["regions_from"], &places["global"]), (&json!("caller"), &json!(true)));
    assert_eq!(
        (&plan["requests"]["sessions"], &plan["requests"]["region_look_ups"]),
        (&json!(13), &json!(14))
    );
    assert_eq!(plan["caller"]["account"], caller);
}

#[test]
fn a_plan_for_people_says_the_same_as_a_dry_run() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox().spec(&json!([
        {"service": "ce", "function": "list_cost_allocation_tags"},
        {"service": "dynamodb", "function": "list_tables", "result_key": "TableNames",
         "each": [{"over": ".TableNames[]", "function": "describe_table", "parameters": {"TableName": "{.}"}}]},
        {"service": "s3", "function": "get_paginator"},
    ]));
    let options = ["-s", "spec.json", "--organization-scan", "-r", "eu-west-1", "--max-retries", "2"];
    let plan = sandbox.run(["plan"].iter().chain(&options));
    plan.expect_exit(0);
    for expected in [
        "Plan for spec.json",
        "15 found in organization o-",
        "1 not scanned, the account is suspended",
        "Regions        1: eu-west-1",
        "Calls          42 in 14 accounts, 3 in each",
        "sts AssumeRole, one per account except the caller's own",
        "at most 2 retries",
        "dynamodb list_tables: 1 call per item",
        "dynamodb describe_table, for each item of list_tables",
        "ce list_cost_allocation_tags: at least 14 requests, at least 0.14 USD",
        "s3 get_paginator: a helper method of boto3, not an API call",
    ] {
        plan.stdout_contains(expected);
    }
    let dry_run = sandbox.run(["--dry-run"].iter().chain(&options));
    assert_eq!((dry_run.stdout, dry_run.stderr), (plan.stdout, plan.stderr));
    assert_eq!(left_behind(&sandbox), ["spec.json"]);
}

/// A scan of an empty organization sends the minimum of requests, to the last one.
#[test]
fn plan_minimum_equals_requests_of_empty_scan() {
    let aws = Simulated::new(World::sized(5, 3, Amounts::default()));
    let sandbox = aws.sandbox();
    let options = ["-s", "inventory", "--organization-scan"];
    let plan = json_of(&sandbox.run(["plan", "--json"].iter().chain(&options)));
    let before = requests(&aws);
    sandbox.run(options).expect_exit(0);
    assert_eq!(plan["requests"]["minimum"], requests(&aws) - before, "{}", plan["requests"]);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    assert_eq!(plan["calls"]["total"], tree.ledger.len(), "{}", plan["calls"]);
}

/// The ledger has as many lines as the plan has calls, whatever their outcome.
#[test]
fn ledger_lines_equal_planned_calls() {
    let aws = Simulated::new(World::demo());
    let sandbox = aws.sandbox();
    let options = ["-s", "inventory", "--organization-scan", "-r", "eu-west-1", "us-east-1"];
    let plan = json_of(&sandbox.run(["plan", "--json"].iter().chain(&options)));
    assert_eq!(plan["places"]["regions_from"], "given");
    sandbox.run(options).expect_exit(4);
    let tree = Tree::open(&sandbox.path("output"), "organization-");
    let lines = tree.ledger.iter().filter(|line| line.get("item").is_none()).count();
    assert_eq!(plan["calls"]["total"], lines, "{}", plan["calls"]);
}

#[test]
fn a_scan_takes_no_less_than_the_quota_lets_it() {
    let aws = Simulated::new(World::sized(2, 1, Amounts::default()));
    let calls = vec![json!({"service": "route53", "function": "list_hosted_zones"}); 9];
    let sandbox = aws.sandbox().spec(&Value::from(calls));
    let options = ["-s", "spec.json", "--organization-scan"];
    let plan = json_of(&sandbox.run(["plan", "--json"].iter().chain(&options)));
    assert_eq!(
        (&plan["time"]["bound_by"], &plan["time"]["quota"]["service"]),
        (&json!("quota"), &json!("route53"))
    );
    let began = Instant::now();
    sandbox.run(options).expect_exit(0);
    let (took, least) = (began.elapsed().as_secs_f64(), plan["time"]["quota_seconds"].as_f64());
    assert!(took >= least.expect("seconds"), "{took} s: {}", plan["time"]);
}

#[test]
fn where_the_regions_cannot_be_looked_up_the_plan_says_so() {
    let aws = Simulated::new(World::demo());
    aws.fault(|site: &Site<'_>| {
        let looks_up = matches!(site.operation, "DescribeRegions" | "ListRegions");
        looks_up.then_some(Behaviour::Refuse(SimulatedError::new(403, "AccessDenied", "not allowed")))
    });
    let plan = json_of(&aws.sandbox().run(["plan", "-s", "sqs", "--json"]));
    assert_eq!(plan["places"]["regions_from"], "default");
    assert_eq!(plan["places"]["regions"].as_array().map(Vec::len), Some(17));
    assert_eq!(plan["organization"], Value::Null);
}

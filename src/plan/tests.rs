//! Tests of the places and accounts in which calls are made.

use super::spec::ScanSpec;
use super::{Plan, PlannedAccount, PlannedCall, RegionChoice};
use crate::model::catalog::Catalog;
use crate::names::{AccountId, Partition, Region};

fn plan(spec: &str) -> Plan {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let spec = ScanSpec::parse(spec, "test", &catalog).expect("a spec");
    Plan {
        accounts: vec![PlannedAccount { id: AccountId::new("123456789012"), name: None, regions: None }],
        calls: PlannedCall::all(spec.entries),
        skipped: Vec::new(),
        regions: RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() },
        global_region: Region::new("us-east-1"),
        partition: Partition::new("aws"),
        started: chrono::DateTime::UNIX_EPOCH,
    }
}

/// Returns the place, services and functions of each unit in two regions.
fn units(plan: &Plan) -> Vec<String> {
    let regions = [Region::new("eu-west-1"), Region::new("us-east-1")];
    let describe = |unit: super::ServiceBatch| {
        let services: Vec<_> = unit.services.iter().map(ToString::to_string).collect();
        let names: Vec<_> = unit.calls.iter().map(|index| plan.calls[*index].name().to_owned()).collect();
        format!("{} {}: {}", unit.place, services.join("+"), names.join(" "))
    };
    plan.units(&regions).into_iter().map(describe).collect()
}

#[test]
fn global_services_are_asked_once_and_regional_ones_everywhere() {
    let plan = plan(
        r#"[{"service": "sqs", "function": "list_queues"},
            {"service": "iam", "function": "list_roles"},
            {"service": "sqs", "function": "list_queues"}]"#,
    );
    assert_eq!(
        units(&plan),
        [
            "global iam: list_roles",
            "eu-west-1 sqs: list_queues list_queues-2",
            "us-east-1 sqs: list_queues list_queues-2"
        ]
    );
    assert!(plan.needs_regions());
}

#[test]
fn an_entry_may_keep_to_regions_of_its_own() {
    let plan = plan(r#"[{"service": "sqs", "function": "list_queues", "regions": ["us-east-1"]}]"#);
    assert_eq!(units(&plan), ["us-east-1 sqs: list_queues"]);
}

#[test]
fn services_that_children_link_share_a_unit() {
    let plan = plan(
        r#"[{"service": "kms", "function": "list_keys"},
            {"service": "sqs", "function": "list_queues",
             "each": [{"over": ".QueueUrls[]", "service": "kms", "function": "describe_key",
                       "parameters": {"KeyId": "{.}"}}]}]"#,
    );
    assert_eq!(units(&plan)[0], "eu-west-1 kms+sqs: list_keys list_queues");
    let units = plan.units(&[Region::new("eu-west-1")]);
    assert_eq!(plan.count_calls(units.iter().flat_map(|unit| &unit.calls)), 3);
}

#[test]
fn regional_children_of_a_global_call_are_calls_of_the_regions() {
    let plan = plan(
        r#"[{"service": "iam", "function": "list_roles",
             "each": [
                {"over": ".Roles[].RoleName", "function": "list_role_tags", "parameters": {"RoleName": "{.}"},
                 "each": [{"over": ".Tags[].Value", "service": "sqs", "function": "get_queue_url",
                           "parameters": {"QueueName": "{.}"},
                           "each": [{"over": ".QueueUrl", "function": "list_queue_tags",
                                     "parameters": {"QueueUrl": "{.}"}}]}]},
                {"over": ".Roles[].RoleName", "service": "kms", "function": "list_keys"}]},
            {"service": "sqs", "function": "list_queues"}]"#,
    );
    assert_eq!(
        units(&plan),
        [
            "global iam: list_roles",
            "eu-west-1 sqs: get_queue_url list_queues",
            "eu-west-1 kms: list_keys",
            "us-east-1 sqs: get_queue_url list_queues",
            "us-east-1 kms: list_keys"
        ]
    );
    assert!(plan.needs_regions());
    let counts: Vec<usize> = plan.calls.iter().map(PlannedCall::count).collect();
    assert_eq!(counts, [2, 2, 1, 1], "list_roles and its tags, the queue and its tags, keys, queues");
    let numbers: Vec<_> =
        plan.calls.iter().map(|call| call.spread.as_ref().map(|its| (its.source, its.number))).collect();
    assert_eq!(numbers, [None, Some((0, 0)), Some((0, 1)), None]);
}

#[test]
fn entry_without_scanned_region_is_skipped_with_line() {
    let spec = r#"[{"service": "sqs", "function": "list_queues", "regions": ["eu-west-1"]},
        {"service": "sts", "function": "get_caller_identity", "regions": ["eu-west-1"], "each": [
            {"over": ".Account", "service": "s3control", "function": "list_access_points",
             "parameters": {"AccountId": "{.}"}}]}]"#;
    let mut plan = plan(spec);
    let given = |names: &[&str]| RegionChoice::Given(names.iter().map(Region::new).collect());
    let lines = |plan: &Plan| -> Vec<String> {
        let lines = Plan::without_any_region(&plan.calls, &plan.regions);
        lines.into_iter().map(|line| format!("{}: {}", line.function, line.reason)).collect()
    };
    plan.regions = given(&["us-east-1"]);
    assert_eq!(
        lines(&plan),
        [
            "list_queues: none of its regions (eu-west-1) is scanned",
            "list_access_points: none of its regions (eu-west-1) is scanned"
        ]
    );
    assert!(plan.calls_something(), "the identity");
    assert_eq!(
        plan.without_region(&plan.accounts[0], &[Region::new("us-east-1")]),
        [],
        "that is reported once for all accounts"
    );
    plan.regions = given(&["us-east-1", "eu-west-1"]);
    assert!(lines(&plan).is_empty());
    plan.regions =
        RegionChoice::Enabled { matching: Vec::new(), except: vec![Region::new("eu-west-1").into()] };
    assert_eq!(lines(&plan).len(), 2);
}

#[test]
fn an_account_without_the_regions_of_an_entry_says_so() {
    let plan = plan(
        r#"[{"service": "sqs", "function": "list_queues", "regions": ["eu-south-1", "eu-west-1"]},
            {"service": "iam", "function": "list_roles"}]"#,
    );
    let without = plan.without_region(&plan.accounts[0], &[Region::new("us-east-1")]);
    assert_eq!(without, [(0, vec![Region::new("eu-south-1").into(), Region::new("eu-west-1").into()])]);
    assert!(plan.without_region(&plan.accounts[0], &[Region::new("eu-west-1")]).is_empty());
}

#[test]
fn a_pattern_of_an_entry_is_met_or_reported() {
    let plan = plan(r#"[{"service": "sqs", "function": "list_queues", "regions": ["eu-*"]}]"#);
    assert!(plan.without_region(&plan.accounts[0], &[Region::new("eu-west-1")]).is_empty());
    let [(0, patterns)] = &*plan.without_region(&plan.accounts[0], &[Region::new("us-east-1")]) else {
        panic!("the entry has no region")
    };
    assert_eq!(patterns[0].as_str(), "eu-*");
}

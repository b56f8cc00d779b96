//! What is asked where.

use super::{Place, Plan, PlannedAccount, PlannedCall, RegionChoice};
use crate::catalog::Catalog;
use crate::names::{AccountId, Region};
use crate::spec::ScanSpec;

fn plan(spec: &str) -> Plan {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    let spec = ScanSpec::parse(spec, "test", &catalog).expect("a spec");
    Plan {
        accounts: vec![PlannedAccount { id: AccountId::new("123456789012"), name: None }],
        calls: spec.entries.into_iter().map(PlannedCall::new).collect(),
        skipped: Vec::new(),
        regions: RegionChoice::Enabled { except: Vec::new() },
        global_region: Region::new("us-east-1"),
    }
}

/// Place, services and functions of each unit in two regions.
fn units(plan: &Plan) -> Vec<String> {
    let regions = [Region::new("eu-west-1"), Region::new("us-east-1")];
    let describe = |unit: super::Unit| {
        let services: Vec<_> = unit.services.iter().map(ToString::to_string).collect();
        let names: Vec<_> = unit.calls.iter().map(|index| plan.calls[*index].entry.name.clone()).collect();
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
fn regions_that_are_left_out_are_left_out_of_given_ones_too() {
    let region = |name: &str| Region::new(format!("us-{name}{name}-1"));
    let choice = RegionChoice::new(Some(vec![region("a"), region("b")]), vec![region("b")], &[]);
    assert_eq!(choice, RegionChoice::Given(vec![region("a")]));
    let choice = RegionChoice::new(None, vec![region("a")], &[region("c")]);
    assert_eq!(choice.choose(&[region("a"), region("b"), region("c")]), [region("b")]);
    assert_eq!(Place::Global.to_string(), "global");
}

//! Tests of scenario documents and their effects.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Fault, Scenario};
use crate::names::AccountId;
use crate::simulator::fault::{Behaviour, Faults as _, Site};

fn scenario(rules: &Value) -> Scenario {
    Scenario::parse(&json!({"seed": 1, "rules": rules}).to_string(), "test").expect("a scenario")
}

fn complaint(document: &Value) -> String {
    Scenario::parse(&document.to_string(), "storm.json").expect_err("something wrong").to_string()
}

/// Returns the behaviours for the first requests of an operation in an account.
fn fates(scenario: &Scenario, account: &str, operation: &str, requests: u64) -> Vec<Option<Behaviour>> {
    let account = AccountId::new(account);
    let fate = |count| {
        let (region, service) = ("eu-west-1", "ec2");
        let parameters = &Map::new();
        let role_session = true;
        scenario.behaviour(&Site {
            account: &account,
            region,
            service,
            operation,
            role_session,
            count,
            parameters,
        })
    };
    (1..=requests).map(fate).collect()
}

#[test]
fn scenario_error_shows_place_and_nearest_name() {
    let rule = |rule: Value| complaint(&json!({"rules": [{"fault": "reset"}, rule]}));
    assert_eq!(
        rule(json!({"fault": {"throtle": {"rate": 1}}})).split(';').next_back(),
        Some(" did you mean `throttle`?")
    );
    assert_eq!(
        rule(json!({"fault": {"throttle": {"rat": 1}}})),
        "storm.json: rules[1].fault.throttle.rat: unknown field `rat`, expected one of `rate`, `burst`, `per`; \
         did you mean `rate`?"
    );
    assert!(
        rule(json!({"fault": {"throttle": {}}})).contains("rules[1].fault.throttle: missing field `rate`")
    );
    assert!(
        rule(json!({"match": {"region": "eu-*"}, "fault": "reset"})).ends_with("did you mean `regions`?")
    );
    assert!(rule(json!({"match": {"regions": 7}, "fault": "reset"})).contains("rules[1].match.regions: "));
    assert!(rule(json!({"match": {}})).contains("rules[1]: missing field `fault`"));
    for (wrong, place) in [
        (json!({"match": {"share": 2}, "fault": "reset"}), "rules[1].match.share: must be between 0 and 1"),
        (json!({"match": {"every": 0}, "fault": "reset"}), "rules[1].match.every: must be at least 1"),
        (json!({"match": {"after": 3, "until": 3}, "fault": "reset"}), "rules[1].match.until: must be more"),
        (json!({"fault": {"throttle": {"rate": 0}}}), "rules[1].fault.throttle.rate: must be more than 0"),
        (json!({"fault": {"error": {"status": 200}}}), "rules[1].fault.error.status: must be between"),
        (json!({"fault": "redirect"}), "rules[1].fault.redirect: needs either `location` or `region`"),
    ] {
        assert!(rule(wrong.clone()).contains(place), "{wrong}: {}", rule(wrong.clone()));
    }
    let error = Scenario::parse("{\"rules\": [}", "storm.json").expect_err("no JSON").to_string();
    assert!(error.starts_with("storm.json is not JSON: ") && error.contains("line 1"), "{error}");
    assert!(complaint(&json!({"rule": []})).ends_with("did you mean `rules`?"));
}

#[test]
fn a_fault_without_parameters_may_be_only_named() {
    for fault in [json!("repeat_token"), json!({"repeat_token": {}})] {
        let scenario = scenario(&json!([{"fault": fault}]));
        assert_eq!(scenario.rules().next().expect("a rule").fault, Fault::RepeatToken {});
    }
}

#[test]
fn delays_add_up_and_of_the_others_the_first_decides() {
    let scenario = scenario(&json!([
        {"fault": {"delay": {"milliseconds": 20}}},
        {"match": {"until": 1}, "fault": {"error": {"status": 503}}},
        {"fault": {"delay": {"milliseconds": 5, "jitter": 3}}},
        {"fault": "region_disabled"}
    ]));
    let fates = fates(&scenario, "123456789012", "DescribeVpcs", 2);
    let Some(Behaviour::Several(first)) = &fates[0] else { panic!("{fates:?}") };
    assert_eq!(first[0], Behaviour::Delay(Duration::from_millis(20)));
    assert!(matches!(first[1..], [Behaviour::Meet(Fault::Error { status: 503, .. })]));
    let Some(Behaviour::Several(second)) = &fates[1] else { panic!("{fates:?}") };
    assert!(matches!(&second[1], Behaviour::Delay(delay) if (5..=8).contains(&delay.as_millis())));
    assert_eq!(second[2], Behaviour::Meet(Fault::RegionDisabled {}));
    assert_eq!(scenario.met(), [2, 1, 1, 1]);
}

/// An account vanishes after a number of requests, of all its operations together.
#[test]
fn vanish_fault_counts_all_operations_of_account() {
    let scenario = scenario(&json!([{"match": {"accounts": "1*"}, "fault": {"vanish": {"after": 3}}}]));
    let vanished = |account, operation| {
        fates(&scenario, account, operation, 2).iter().map(Option::is_some).collect::<Vec<_>>()
    };
    assert_eq!(vanished("123456789012", "DescribeVpcs"), [false, false]);
    assert_eq!(vanished("123456789012", "DescribeSubnets"), [false, true]);
    assert_eq!(vanished("210987654321", "DescribeVpcs"), [false, false]);
}

#[test]
fn faults_on_the_way_come_first() {
    let scenario = scenario(&json!([{"fault": "region_disabled"}, {"fault": "dns_failure"}]));
    assert!(scenario.has_detours());
    let fate = fates(&scenario, "123456789012", "DescribeVpcs", 1).remove(0);
    assert_eq!(fate, Some(Behaviour::Meet(Fault::DnsFailure {})));
}

//! Facts of resources as their services return them.

use serde_json::{Map, Value, json};

use super::{FactRow, ResourceFacts};

fn facts(service: &str, kind: &str, raw: &Value) -> ResourceFacts {
    ResourceFacts::of(FactRow::find(service, kind), kind, raw, None)
}

fn known(
    state: Option<&str>,
    size: Option<&str>,
    created: Option<&str>,
    public: Option<bool>,
) -> ResourceFacts {
    let text = |text: Option<&str>| text.map(str::to_owned);
    ResourceFacts {
        state: text(state),
        size_or_type: text(size),
        created: text(created),
        environment: None,
        public,
    }
}

#[test]
fn reviewed_kinds_have_facts_of_their_rows() {
    let time = "2026-05-04T03:02:01+00:00";
    for (service, kind, raw, expected) in [
        (
            "ec2",
            "instance",
            json!({"State": {"Name": "running"}, "InstanceType": "m7g.large", "LaunchTime": time}),
            known(Some("running"), Some("m7g.large"), Some(time), None),
        ),
        (
            "ec2",
            "volume",
            json!({"State": "in-use", "Size": 100, "CreateTime": time}),
            known(Some("in-use"), Some("100"), Some(time), None),
        ),
        (
            "ec2",
            "security_group_rule",
            json!({"IpProtocol": "tcp", "CidrIpv4": "0.0.0.0/0"}),
            known(None, Some("tcp"), None, Some(true)),
        ),
        (
            "ec2",
            "security_group_rule",
            json!({"IpProtocol": "tcp", "CidrIpv4": "10.0.0.0/8"}),
            known(None, Some("tcp"), None, Some(false)),
        ),
        (
            "elb",
            "load_balancer",
            json!({"Scheme": "internal", "CreatedTime": time}),
            known(None, None, Some(time), Some(false)),
        ),
        (
            "route53",
            "hosted_zone",
            json!({"Config": {"PrivateZone": true}, "ResourceRecordSetCount": 3}),
            known(None, Some("3"), None, Some(false)),
        ),
        (
            "logs",
            "log_group",
            json!({"storedBytes": 10, "creationTime": 1_777_863_721_000_i64}),
            known(None, Some("10"), Some(time), None),
        ),
    ] {
        assert_eq!(facts(service, kind, &raw), expected, "{service} {kind}");
    }
}

#[test]
fn other_kinds_have_facts_of_usual_members() {
    let time = "2026-05-04T03:02:01+00:00";
    let raw = json!({"CanaryStatus": "READY", "Type": "a", "CreatedAt": time, "StatusMessage": "ok"});
    assert_eq!(facts("any", "canary", &raw), known(Some("READY"), Some("a"), Some(time), None));
    let raw = json!({"Created": true, "creationTime": "yesterday", "State": "[redacted]"});
    assert_eq!(facts("any", "thing", &raw), ResourceFacts::default());
}

#[test]
fn environment_is_in_the_tags() {
    let environment = |tags: Value| {
        let tags: Map<String, Value> = tags.as_object().cloned().expect("tags");
        ResourceFacts::of(None, "thing", &json!({}), Some(&tags)).environment
    };
    assert_eq!(
        environment(json!({"stage": "test", "Environment": "production"})).as_deref(),
        Some("production")
    );
    assert_eq!(environment(json!({"team": "shop"})), None);
}

//! Types of resources as a choice, and facts about resources.

use serde_json::{Value, json};

use super::{Two, copy, counts, scan};
use crate::sandbox::Sandbox;

/// Two runs; in the new one, a rule was opened, an instance was terminated, and a VPC has changed.
fn changed() -> Two {
    let sandbox = Sandbox::new().spec(&json!([
        {"service": "ec2", "function": "describe_instances", "result_key": "Reservations"},
        {"service": "ec2", "function": "describe_security_group_rules", "result_key": "SecurityGroupRules"},
        {"service": "ec2", "function": "describe_vpcs", "result_key": "Vpcs"},
    ]));
    scan(&sandbox, "old", "spec.json", &[]);
    copy(&sandbox.path("output/old"), &sandbox.path("output/new"));
    let two = Two { sandbox };
    two.edit("ec2", |file| {
        let rules = file["describe_security_group_rules"].as_array_mut().expect("rules");
        let mut opened = rules[0].clone();
        for (name, value) in [
            ("SecurityGroupRuleId", json!("sgr-0opened")),
            ("IsEgress", json!(false)),
            ("IpProtocol", json!("tcp")),
            ("FromPort", json!(22)),
            ("ToPort", json!(22)),
            ("CidrIpv4", json!("0.0.0.0/0")),
            ("Description", Value::Null),
        ] {
            opened[name] = value;
        }
        // The ARN is that of another rule.
        opened.as_object_mut().expect("a rule").remove("SecurityGroupRuleArn");
        rules.push(opened);
        let instances = file["describe_instances"][0]["Instances"].as_array_mut().expect("instances");
        instances.remove(0);
        file["describe_vpcs"][0]["State"] = json!("pending");
    });
    two
}

fn kinds(diff: &Value) -> Vec<String> {
    let changes = diff["changes"].as_array().expect("changes").iter();
    changes.map(|change| format!("{} {}", change["kind"].as_str().expect("a kind"), change["type"])).collect()
}

#[test]
fn type_selects_resources_in_every_spelling() {
    let two = changed();
    assert_eq!(counts(&two.json(&[]))[..3], [1, 1, 1]);
    for name in ["AWS::EC2::VPC", "aws::ec2::vpc", "vpc", "ec2.vpc", "ec2 vpc", "ec2_vpc"] {
        let diff = two.json(&["--type", name]);
        assert_eq!(kinds(&diff), ["vpc \"AWS::EC2::VPC\""], "{name}");
    }
    let diff = two.json(&["--type", "AWS::EC2::VPC,security_group_rule"]);
    assert_eq!(kinds(&diff), ["security_group_rule null", "vpc \"AWS::EC2::VPC\""]);
}

#[test]
fn unknown_type_is_an_error_with_the_nearest() {
    let two = changed();
    for (name, nearest) in [
        ("AWS::EC2::Instanc", "AWS::EC2::Instance"),
        ("ec2.instanc", "ec2.instance"),
        ("instanc", "instance"),
    ] {
        two.diff(&["--type", name])
            .expect_exit(2)
            .stderr_contains(&format!("--type: `{name}` is in neither run; did you mean `{nearest}`"))
            .stderr_is_one_paragraph();
    }
}

#[test]
fn added_and_removed_resources_have_facts() {
    let two = changed();
    let diff = two.json(&[]);
    let change = |kind: &str| {
        diff["changes"].as_array().expect("changes").iter().find(|change| change["kind"] == kind).expect(kind)
    };
    let facts = &change("security_group_rule")["facts"];
    assert_eq!(
        [&facts["direction"], &facts["protocol"], &facts["ports"], &facts["source"]],
        ["ingress", "tcp", "22", "0.0.0.0/0"]
    );
    let instance = change("instance");
    assert_eq!(instance["change"], "removed");
    assert!(instance["facts"]["type"].is_string() && instance["facts"]["state"].is_string(), "{instance}");
    assert_eq!(change("vpc").get("facts"), None, "its fields show the change");
}

#[test]
fn reports_show_facts_beside_ids() {
    let two = changed();
    for (format, text) in [
        ("text", "\n        direction ingress, protocol tcp, ports 22, source 0.0.0.0/0, group sg-"),
        ("markdown", "\n  - `direction ingress, protocol tcp, ports 22, source 0.0.0.0/0, group sg-"),
        (
            "html",
            "<div class=\"facts\">direction ingress, protocol tcp, ports 22, source 0.0.0.0/0, group sg-",
        ),
    ] {
        let run = two.diff(&["-f", format]);
        run.expect_exit(0).stdout_contains(text).stdout_contains("sgr-0opened");
    }
}

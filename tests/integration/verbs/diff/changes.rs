//! What came, went and changed.

use serde_json::{Value, json};

use super::{ACCOUNT, Two, counts, scan, told};
use crate::sandbox::Sandbox;

#[test]
fn two_runs_of_the_same_organization_differ_in_nothing() {
    let two = Two { sandbox: Sandbox::new() };
    scan(&two.sandbox, "old", "inventory", &[]);
    // Neither the layout nor the name of an account has anything to do with resources.
    scan(&two.sandbox, "new", "inventory", &["--layout", "call"]);
    let diff = two.json(&["--no-default-ignore", "--fail-on", "added,removed,changed"]);
    assert_eq!(counts(&diff), [0, 0, 0, 0]);
    assert!(diff["totals"]["unchanged"].as_u64() > Some(1000), "{}", diff["totals"]);
    assert_eq!(diff["changes"], json!([]));
    assert_eq!(diff["groups"], json!([]));
    assert_eq!(diff["accounts"], json!([]));
    assert_eq!(diff["not_compared"], json!([]));
    // The demonstration's refusals are refusals in both runs.
    assert!(diff["totals"]["calls_unknown"].as_u64() > Some(0), "{}", diff["totals"]);
    for unknown in diff["unknown"].as_array().expect("a list") {
        assert_eq!(unknown["old"], unknown["new"], "{unknown}");
    }
}

#[test]
fn resources_that_came_went_and_changed_are_told_field_by_field() {
    let two = Two::same("ec2", &[]);
    let mut ids = Vec::new();
    two.edit("ec2", |file| {
        let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
        volumes[1]["Size"] = json!(4711);
        volumes[1]["Tags"] = json!([{"Key": "stage", "Value": "gone wild"}]);
        let gone = volumes.remove(0);
        let mut came = gone.clone();
        came["VolumeId"] = json!("vol-0new");
        volumes.push(came);
        ids = vec![gone["VolumeId"].clone(), volumes[0]["VolumeId"].clone()];
        volumes.reverse();
    });
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [1, 1, 1, 0]);
    let told = told(&diff);
    let id = |index: usize| ids[index].as_str().expect("an id");
    assert!(told.contains(&"added volume vol-0new".to_owned()), "{told:#?}");
    assert!(told.contains(&format!("removed volume {}", id(0))), "{told:#?}");
    assert!(told.contains(&format!("changed volume {}", id(1))), "{told:#?}");
    let field =
        |start: &str, end: &str| told.iter().any(|line| line.starts_with(start) && line.ends_with(end));
    assert!(field("  Size: ", " -> 4711"), "{told:#?}");
    assert!(field("  Tags[stage]: \"staging\"", " -> \"gone wild\""), "{told:#?}");
    assert!(field("  Tags[Name]: ", " -> null"), "{told:#?}");
    assert_eq!(told.iter().filter(|line| line.starts_with("  ")).count(), 4, "{told:#?}");

    let group = &diff["groups"][0];
    assert_eq!((&group["account"], &group["service"]), (&json!(ACCOUNT), &json!("ec2")));
    assert_eq!(diff["groups"].as_array().map(Vec::len), Some(1));
}

#[test]
fn another_order_of_tags_groups_and_members_is_no_change() {
    fn turn(value: &mut Value) {
        match value {
            Value::Array(items) => {
                items.iter_mut().for_each(turn);
                items.reverse();
            }
            Value::Object(members) => {
                members.values_mut().for_each(turn);
                let turned: Vec<_> = std::mem::take(members).into_iter().rev().collect();
                members.extend(turned);
            }
            _ => {}
        }
    }
    let two = Two::same("inventory", &[]);
    for service in ["ec2", "elbv2", "lambda", "dynamodb"] {
        two.edit(service, |file| file.as_object_mut().expect("calls").values_mut().for_each(turn));
    }
    assert_eq!(counts(&two.json(&[])), [0, 0, 0, 0]);
}

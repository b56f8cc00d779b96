//! Where two JSON values differ.

use serde_json::{Value, json};

/// The path, as jq writes it, of the first difference between what was found and what was expected, and both
/// values there; `None` when they are equal. Members named in `volatile` need only be present on both sides:
/// their values change from one answer to the next. Where null is expected, anything empty will do.
pub(crate) fn first_difference(found: &Value, expected: &Value, volatile: &[&str]) -> Option<String> {
    compare(found, expected, volatile, "")
}

fn compare(found: &Value, expected: &Value, volatile: &[&str], path: &str) -> Option<String> {
    match (found, expected) {
        (Value::Object(left), Value::Object(right)) => {
            for (name, value) in right {
                let path = format!("{path}.{name}");
                let Some(other) = left.get(name) else {
                    return Some(format!("{path}: missing, expected {}", short(value)));
                };
                if !volatile.contains(&name.as_str()) {
                    let difference = compare(other, value, volatile, &path);
                    if difference.is_some() {
                        return difference;
                    }
                }
            }
            let surplus = left.iter().find(|(name, _)| !right.contains_key(*name));
            surplus.map(|(name, value)| format!("{path}.{name}: not expected, found {}", short(value)))
        }
        (Value::Array(left), Value::Array(right)) => {
            for (index, (one, other)) in left.iter().zip(right).enumerate() {
                let difference = compare(one, other, volatile, &format!("{path}[{index}]"));
                if difference.is_some() {
                    return difference;
                }
            }
            let (found, expected) = (left.len(), right.len());
            (found != expected).then(|| format!("{path}: {found} items, expected {expected}"))
        }
        (_, Value::Null) if is_empty(found) => None,
        _ if found == expected => None,
        _ => Some(format!("{path}: found {}, expected {}", short(found), short(expected))),
    }
}

fn is_empty(value: &Value) -> bool {
    *value == Value::Null || *value == json!([]) || *value == json!({})
}

/// The value, cut to what fits on a line.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 120 { text } else { text.chars().take(120).chain(['…']).collect() }
}

#[test]
fn a_difference_is_named_by_its_path() {
    let one = json!({"Buckets": [{"Name": "logs", "Now": 1}, {"Name": "data"}]});
    let other = json!({"Buckets": [{"Name": "logs", "Now": 2}, {"Name": "date"}]});
    let difference = first_difference(&one, &other, &["Now"]);
    assert_eq!(difference.unwrap(), ".Buckets[1].Name: found \"data\", expected \"date\"");
    assert_eq!(first_difference(&one, &other, &[]).unwrap(), ".Buckets[0].Now: found 1, expected 2");
    assert_eq!(first_difference(&one, &one, &[]), None);
}

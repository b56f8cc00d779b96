//! Where two answers differ, strictly.

use serde_json::Value;

/// The path of the first difference and both values there; `None` when the values are equal.
pub(super) fn difference(found: &Value, expected: &Value) -> Option<String> {
    compare(found, expected, &mut String::new())
}

fn compare(found: &Value, expected: &Value, path: &mut String) -> Option<String> {
    let length = path.len();
    let mut within = |step: &str, found: Option<&Value>, expected: Option<&Value>| {
        path.push_str(step);
        let difference = match (found, expected) {
            (Some(found), Some(expected)) => compare(found, expected, path),
            (Some(found), None) => Some(format!("{path}: found {}, expected nothing", short(found))),
            (None, Some(expected)) => Some(format!("{path}: missing, expected {}", short(expected))),
            (None, None) => None,
        };
        path.truncate(length);
        difference
    };
    match (found, expected) {
        (Value::Object(left), Value::Object(right)) => {
            let surplus = left.keys().filter(|name| !right.contains_key(*name));
            let mut names = right.keys().chain(surplus);
            names.find_map(|name| within(&format!(".{name}"), left.get(name), right.get(name)))
        }
        (Value::Array(left), Value::Array(right)) => (0..left.len().max(right.len()))
            .find_map(|index| within(&format!("[{index}]"), left.get(index), right.get(index))),
        _ if found == expected => None,
        _ => Some(format!("{path}: found {}, expected {}", short(found), short(expected))),
    }
}

/// The value, cut to what fits on a line.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 160 { text } else { text.chars().take(160).chain(['…']).collect() }
}

#[test]
fn a_difference_is_named_by_its_path() {
    let one = serde_json::json!({"A": [{"B": null}, {"C": 1}]});
    let other = serde_json::json!({"A": [{"B": null}, {"C": 1.0}]});
    assert_eq!(difference(&one, &other).as_deref(), Some(".A[1].C: found 1, expected 1.0"));
    assert_eq!(difference(&one, &one), None);
    let less = serde_json::json!({"A": [{}]});
    assert_eq!(difference(&less, &one).as_deref(), Some(".A[0].B: missing, expected null"));
}

//! The fields of a resource: its members, and those of nested objects by their path.

use serde_json::Value;

/// Calls `take` with each field of a resource's [`raw`](super::Resource::raw): its path, such as
/// `State.Name`, and its value. Lists are not expanded; a plain string is the field `value`.
pub fn fields(raw: &Value, take: &mut dyn FnMut(&str, &Value)) {
    let mut path = String::new();
    match raw {
        Value::Object(_) => below(raw, &mut path, take),
        // A plain string has no members, so it is its own field.
        _ => take("value", raw),
    }
}

fn below(value: &Value, path: &mut String, take: &mut dyn FnMut(&str, &Value)) {
    let Value::Object(members) = value else { return take(path, value) };
    for (name, value) in members {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        below(value, path, take);
        path.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fields;

    fn all(raw: &Value) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        fields(raw, &mut |path, value| all.push((path.to_owned(), value.clone())));
        all
    }

    #[test]
    fn objects_are_taken_apart_and_lists_stay() {
        let raw =
            json!({"State": {"Code": 16, "Name": "running"}, "Empty": {}, "Groups": [{"A": 1}], "Id": "i"});
        assert_eq!(
            all(&raw),
            [
                ("State.Code".to_owned(), json!(16)),
                ("State.Name".to_owned(), json!("running")),
                ("Groups".to_owned(), json!([{"A": 1}])),
                ("Id".to_owned(), json!("i")),
            ]
        );
    }

    #[test]
    fn a_text_is_its_own_field() {
        assert_eq!(all(&json!("orders")), [("value".to_owned(), json!("orders"))]);
    }
}

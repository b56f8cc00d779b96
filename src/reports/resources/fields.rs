//! The fields of a resource: its members, and those of nested objects by their path.

use serde_json::{Map, Value};

/// Calls `take` with each field of a resource's [`raw`](super::Resource::raw): its path, such as
/// `State.Name`, and its value. Objects are divided into their members, unless `is_whole` returns true for
/// their path; lists are not divided. A resource that is not divided is the field `value`, and its path is
/// empty.
pub fn fields(raw: &Value, is_whole: &dyn Fn(&str) -> bool, take: &mut dyn FnMut(&str, &Value)) {
    match raw {
        Value::Object(members) if !is_whole("") => below(members, &mut String::new(), is_whole, take),
        _ => take("value", raw),
    }
}

fn below(
    members: &Map<String, Value>,
    path: &mut String,
    is_whole: &dyn Fn(&str) -> bool,
    take: &mut dyn FnMut(&str, &Value),
) {
    let length = path.len();
    for (name, value) in members {
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        match value {
            Value::Object(members) if !is_whole(path) => below(members, path, is_whole, take),
            _ => take(path, value),
        }
        path.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fields;

    fn all(raw: &Value, whole: &[&str]) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        fields(raw, &|path| whole.contains(&path), &mut |path, value| {
            all.push((path.to_owned(), value.clone()));
        });
        all
    }

    #[test]
    fn objects_are_taken_apart_and_lists_stay() {
        let raw =
            json!({"State": {"Code": 16, "Name": "running"}, "Empty": {}, "Groups": [{"A": 1}], "Id": "i"});
        assert_eq!(
            all(&raw, &[]),
            [
                ("State.Code".to_owned(), json!(16)),
                ("State.Name".to_owned(), json!("running")),
                ("Groups".to_owned(), json!([{"A": 1}])),
                ("Id".to_owned(), json!("i")),
            ]
        );
    }

    #[test]
    fn whole_object_is_one_field() {
        let raw = json!({"Environment": {"Variables": {"A": "1"}, "Error": {}}, "Id": "f"});
        assert_eq!(
            all(&raw, &["Environment.Variables", "Environment.Error"]),
            [
                ("Environment.Variables".to_owned(), json!({"A": "1"})),
                ("Environment.Error".to_owned(), json!({})),
                ("Id".to_owned(), json!("f")),
            ]
        );
        assert_eq!(all(&raw, &[""]), [("value".to_owned(), raw)]);
    }

    #[test]
    fn a_text_is_its_own_field() {
        assert_eq!(all(&json!("orders"), &[]), [("value".to_owned(), json!("orders"))]);
    }
}

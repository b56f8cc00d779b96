//! Tags, in all forms that AWS services return.

use serde_json::{Map, Value};

/// The names of members with tags, in lower case and without `_`.
const MEMBERS: &[&str] = &["tags", "tagset", "taglist"];

/// Returns whether a member with this name has an item's tags.
pub(super) fn is_tag_member(member: &str) -> bool {
    MEMBERS.contains(&super::squashed(member).as_str())
}

/// Returns whether the members of a structure are those of a tag.
pub(in crate::reports::resources) fn is_tag<'name>(members: impl IntoIterator<Item = &'name str>) -> bool {
    let names: Vec<&str> = members.into_iter().collect();
    let has = |known: &[&str]| names.iter().any(|name| known.contains(name));
    names.len() <= 3 && has(KEYS) && has(VALUES)
}

const KEYS: &[&str] = &["Key", "key", "TagKey"];
const VALUES: &[&str] = &["Value", "value", "TagValue"];

/// Reads tags: a list of keys and values, or an object of them.
pub(super) fn read(value: &Value) -> Map<String, Value> {
    match value {
        Value::Object(tags) => tags.clone(),
        Value::Array(tags) => tags.iter().filter_map(tag).collect(),
        _ => Map::new(),
    }
}

/// Reads a tag; a tag without a value has an empty value, as everywhere in AWS.
fn tag(tag: &Value) -> Option<(String, Value)> {
    let find = |names: &[&str]| names.iter().find_map(|name| tag.get(*name));
    let key = find(KEYS)?.as_str()?.to_owned();
    Some((key, find(VALUES).cloned().unwrap_or_else(|| Value::from(""))))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{is_tag, read};

    #[test]
    fn every_form_of_tags_is_an_object_of_keys_and_values() {
        for tags in [
            json!([{"Key": "team", "Value": "shop"}, {"Key": "stage"}]),
            json!([{"key": "team", "value": "shop"}, {"key": "stage", "value": ""}]),
            json!([{"TagKey": "team", "TagValue": "shop"}, {"TagKey": "stage"}]),
            json!({"team": "shop", "stage": ""}),
        ] {
            assert_eq!(Value::Object(read(&tags)), json!({"team": "shop", "stage": ""}), "{tags}");
        }
    }

    #[test]
    fn invalid_tags_are_skipped() {
        assert!(read(&json!(["a", {"Name": "b"}, null])).is_empty() && read(&json!("a")).is_empty());
    }

    #[test]
    fn a_tag_is_told_by_its_members() {
        assert!(is_tag(["Key", "Value"]) && is_tag(["TagKey", "TagValue"]));
        assert!(!is_tag(["Key"]) && !is_tag(["Name", "Value"]));
    }
}

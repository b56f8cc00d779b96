//! Members of a resource as JSON: their names, and the values at paths of them.

use serde_json::Value;

/// Normalizes the name of a member or kind, to compare names of different spellings: lower case, without underscores.
pub(super) fn squashed(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Returns the values at a path of members, `State.Name`; `[]` after a member takes each entry of a list.
pub(super) fn values_at<'raw>(raw: &'raw Value, path: &str) -> Vec<&'raw Value> {
    let mut values = vec![raw];
    for member in path.split('.') {
        let (member, is_list) = member.strip_suffix("[]").map_or((member, false), |member| (member, true));
        let found = values.into_iter().filter_map(|value| value.get(member));
        values =
            if is_list { found.filter_map(Value::as_array).flatten().collect() } else { found.collect() };
    }
    values
}

/// Returns the word for a state: EC2 returns a structure with a name or code.
pub(super) fn state_word(value: &Value) -> Option<&Value> {
    match value {
        Value::Object(inner) => ["Name", "Code", "State", "Status"].iter().find_map(|name| inner.get(*name)),
        value => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{squashed, state_word, values_at};

    #[test]
    fn names_of_all_spellings_are_equal() {
        assert_eq!(squashed("db_instance"), squashed("DBInstance"));
    }

    #[test]
    fn path_leads_through_objects_and_lists() {
        let raw = json!({"State": {"Name": "running"}, "Groups": [{"Id": "a"}, {}, {"Id": "b"}]});
        assert_eq!(values_at(&raw, "State.Name"), [&json!("running")]);
        assert_eq!(values_at(&raw, "Groups[].Id"), [&json!("a"), &json!("b")]);
        assert!(values_at(&raw, "State.Code").is_empty());
    }

    #[test]
    fn state_is_a_word_or_in_a_structure() {
        assert_eq!(state_word(&json!({"Code": 16, "Name": "running"})), Some(&json!("running")));
        assert_eq!(state_word(&json!("in-use")), Some(&json!("in-use")));
        assert_eq!(state_word(&json!({"Reason": "x"})), None);
    }
}

//! Compares two lists by their elements: AWS does not guarantee an order for most lists.
//!
//! Tags are matched by their keys, objects with an ID by their ID, and rules by protocol, ports and source. Of all other elements, those that both
//! lists have are skipped, and the rest is compared in order.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::{Comparison, canonical};
use crate::plan::redaction::is_redacted;
use crate::reports::diff::rule_text::{RuleText, rules};

/// Compares two lists at the current path of the comparison.
pub(in crate::reports::diff) fn compare(comparison: &mut Comparison<'_>, old: &[Value], new: &[Value]) {
    if let Some([old, new]) = rules_of(comparison.in_member(), old, new) {
        by_rule(comparison, &old, &new);
    } else if let Some((key, value)) = tag_members(old, new) {
        by_key(comparison, old, new, key, Some(value));
    } else if let Some(key) = key_member(comparison.in_member(), old, new) {
        by_key(comparison, old, new, key, None);
    } else {
        by_content(comparison, old, new);
    }
}

/// Returns the rules of both lists, if they have nothing else.
fn rules_of(member: &str, old: &[Value], new: &[Value]) -> Option<[Vec<RuleText>; 2]> {
    Some([rules(member, old)?, rules(member, new)?])
}

/// Compares rules by protocol, ports and source: permissions of a security group are divided differently at times.
fn by_rule(comparison: &mut Comparison<'_>, old: &[RuleText], new: &[RuleText]) {
    let find = |rules: &[RuleText], text: &str| rules.iter().position(|rule| rule.text == text);
    for rule in old {
        match find(new, &rule.text) {
            Some(same) => {
                let described = |rule: &RuleText| json!({"Description": rule.description});
                comparison.element(&rule.text, Some(&described(rule)), Some(&described(&new[same])));
            }
            None => comparison.element(&rule.text, Some(&Value::from(rule.text.as_str())), None),
        }
    }
    for rule in new.iter().filter(|rule| find(old, &rule.text).is_none()) {
        comparison.element(&rule.text, None, Some(&Value::from(rule.text.as_str())));
    }
}

/// Returns the member names of tags, if these are lists of tags: `Key` and `Value`, in all of AWS's
/// spellings.
fn tag_members<'list>(old: &'list [Value], new: &'list [Value]) -> Option<(&'list str, &'list str)> {
    let first = old.first().or(new.first())?.as_object()?;
    let (mut key, mut value) = (None, None);
    for name in first.keys() {
        let lower = name.to_ascii_lowercase();
        match () {
            () if lower.ends_with("key") => key = Some(name.as_str()),
            () if lower.ends_with("value") => value = Some(name.as_str()),
            () => return None,
        }
    }
    let (key, value) = key.zip(value)?;
    is_key(key, old, new).then_some((key, value))
}

/// Returns the member that identifies the elements: the one whose name is most like that of an ID.
fn key_member<'list>(list: &str, old: &'list [Value], new: &'list [Value]) -> Option<&'list str> {
    let first = old.first().or(new.first())?.as_object()?;
    let mut names: Vec<((u8, usize), &str)> =
        first.keys().filter_map(|name| Some((likeness(list, name)?, name.as_str()))).collect();
    names.sort_by_key(|(likeness, _)| *likeness);
    names.into_iter().map(|(_, name)| name).find(|name| is_key(name, old, new))
}

/// Ranks how much a member's name is like that of an ID of the list's elements; lower is better, `None` is
/// not at all.
fn likeness(list: &str, member: &str) -> Option<(u8, usize)> {
    const ENDINGS: [&str; 7] = ["identifier", "id", "arn", "key", "name", "cidrip", "cidripv6"];
    let (list, member) = (list.to_ascii_lowercase(), member.to_ascii_lowercase());
    let mut endings = ENDINGS.iter().enumerate();
    let (place, stem) = endings.find_map(|(place, ending)| Some((place, member.strip_suffix(ending)?)))?;
    let is_after_list = list.contains(stem) || stem.ends_with(list.trim_end_matches('s'));
    let rank = match stem {
        "" => 0,
        _ if is_after_list => 1,
        _ => 2,
    };
    Some((rank, place))
}

/// Returns whether all elements have a member as a string, with distinct values within each list.
fn is_key(name: &str, old: &[Value], new: &[Value]) -> bool {
    [old, new].iter().all(|list| {
        let mut seen = BTreeSet::new();
        list.iter()
            .all(|item| item[name].as_str().is_some_and(|text| !is_redacted(text) && seen.insert(text)))
    })
}

/// Compares elements with the same key; for tags, only their values.
fn by_key(comparison: &mut Comparison<'_>, old: &[Value], new: &[Value], key: &str, value: Option<&str>) {
    let key_of = |item: &Value| item[key].as_str().unwrap_or_default().to_owned();
    let compared = |item| match value {
        Some(value) => Value::get(item, value).unwrap_or(&Value::Null),
        None => item,
    };
    let mut news: HashMap<String, &Value> = new.iter().map(|item| (key_of(item), item)).collect();
    for item in old {
        let key = key_of(item);
        let counterpart = news.remove(&key);
        comparison.element(&key, Some(compared(item)), counterpart.map(compared));
    }
    for item in new {
        let key = key_of(item);
        if news.contains_key(&key) {
            comparison.element(&key, None, Some(compared(item)));
        }
    }
}

/// Skips the elements that both lists have, and compares the rest in order.
fn by_content(comparison: &mut Comparison<'_>, old: &[Value], new: &[Value]) {
    let mut in_new: HashMap<String, u64> = HashMap::new();
    for item in new {
        *in_new.entry(canonical(item)).or_default() += 1;
    }
    let mut in_both: HashMap<String, u64> = HashMap::new();
    let mut take = |item: &Value| -> bool {
        let text = canonical(item);
        let Some(count) = in_new.get_mut(&text).filter(|count| **count > 0) else { return false };
        *count -= 1;
        *in_both.entry(text).or_default() += 1;
        true
    };
    let only_old: Vec<(usize, &Value)> = old.iter().enumerate().filter(|(_, item)| !take(item)).collect();
    let mut is_in_both = |item: &Value| {
        let count = in_both.get_mut(&canonical(item)).filter(|count| **count > 0);
        count.map(|count| *count -= 1).is_some()
    };
    let only_new: Vec<(usize, &Value)> =
        new.iter().enumerate().filter(|(_, item)| !is_in_both(item)).collect();
    let are_objects = [&only_old, &only_new].iter().all(|rest| rest.iter().all(|(_, item)| item.is_object()));
    let pairs = if are_objects { only_old.len().min(only_new.len()) } else { 0 };
    for ((_, old), (index, new)) in only_old.iter().zip(&only_new).take(pairs) {
        comparison.element(&index.to_string(), Some(old), Some(new));
    }
    for (index, item) in &only_old[pairs..] {
        comparison.element(&name_of(*index, item), Some(item), None);
    }
    for (index, item) in &only_new[pairs..] {
        comparison.element(&name_of(*index, item), None, Some(item));
    }
}

/// Returns the name of an element: a string or number itself, the position of other elements.
fn name_of(index: usize, item: &Value) -> String {
    match item {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => index.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::likeness;
    use crate::reports::diff::values::Comparison;

    /// Returns the changes in a list, as `path: old -> new`.
    fn changes(member: &str, old: &Value, new: &Value) -> Vec<String> {
        let mut comparison = Comparison::new(&|_| false, false);
        comparison.resource(&json!({member: old}), &json!({member: new}));
        let text =
            |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        let found = comparison.changes.iter();
        found
            .map(|change| format!("{}: {} -> {}", change.path, text(&change.old), text(&change.new)))
            .collect()
    }

    #[test]
    fn tags_are_compared_by_their_keys() {
        let old = json!([{"Key": "Name", "Value": "web"}, {"Key": "Stage", "Value": "test"}]);
        let turned = json!([{"Key": "Stage", "Value": "test"}, {"Key": "Name", "Value": "web"}]);
        assert!(changes("Tags", &old, &turned).is_empty());
        let new = json!([{"Key": "Stage", "Value": "prod"}, {"Key": "Owner", "Value": "me"}]);
        assert_eq!(
            changes("Tags", &old, &new),
            [
                "Tags[Name]: \"web\" -> nothing",
                "Tags[Stage]: \"test\" -> \"prod\"",
                "Tags[Owner]: nothing -> \"me\""
            ]
        );
        let spelt = |value: &str| json!([{"TagKey": "Stage", "TagValue": value}]);
        assert_eq!(changes("Tags", &spelt("a"), &spelt("b")), ["Tags[Stage]: \"a\" -> \"b\""]);
    }

    #[test]
    fn objects_with_an_id_are_compared_by_it() {
        let group = |id: &str, name: &str| json!({"GroupName": name, "GroupId": id});
        let old = json!([group("sg-1", "web"), group("sg-2", "db")]);
        assert!(
            changes("SecurityGroups", &old, &json!([group("sg-2", "db"), group("sg-1", "web")])).is_empty()
        );
        assert_eq!(
            changes("SecurityGroups", &old, &json!([group("sg-2", "data"), group("sg-3", "web")])),
            [
                "SecurityGroups[sg-1]: {\"GroupName\":\"web\",\"GroupId\":\"sg-1\"} -> nothing",
                "SecurityGroups[sg-2].GroupName: \"db\" -> \"data\"",
                "SecurityGroups[sg-3]: nothing -> {\"GroupName\":\"web\",\"GroupId\":\"sg-3\"}"
            ]
        );
    }

    #[test]
    fn the_id_is_the_one_that_is_called_after_the_list() {
        let names = |list: &str, members: &[&'static str]| {
            let mut ranked: Vec<_> =
                members.iter().filter_map(|name| Some((likeness(list, name)?, *name))).collect();
            ranked.sort_unstable();
            ranked[0].1
        };
        assert_eq!(
            names("NetworkInterfaces", &["SubnetId", "OwnerId", "NetworkInterfaceId"]),
            "NetworkInterfaceId"
        );
        assert_eq!(names("BlockDeviceMappings", &["VolumeId", "DeviceName"]), "DeviceName");
        assert_eq!(
            names("Associations", &["RouteTableId", "RouteTableAssociationId"]),
            "RouteTableAssociationId"
        );
        assert_eq!(names("IpRanges", &["Description", "CidrIp"]), "CidrIp");
        assert_eq!(likeness("IpPermissions", "IpProtocol"), None);
    }

    #[test]
    fn the_order_of_texts_says_nothing() {
        let old = json!(["a", "b", "b", 3]);
        assert!(changes("Zones", &old, &json!([3, "b", "a", "b"])).is_empty());
        assert_eq!(
            changes("Zones", &old, &json!(["b", "a", "c", 3])),
            ["Zones[b]: \"b\" -> nothing", "Zones[c]: nothing -> \"c\""]
        );
    }

    #[test]
    fn rule_that_comes_or_goes_is_shown_plainly() {
        let permission = |port: u64, from: Value| json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": from});
        let old = json!([permission(22, json!([{"CidrIp": "10.0.0.0/8", "Description": "office"}]))]);
        let new = json!([permission(
            22,
            json!([{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8", "Description": "lab"}])
        )]);
        assert_eq!(
            changes("IpPermissions", &old, &new),
            [
                "IpPermissions[tcp 22 from 10.0.0.0/8].Description: \"office\" -> \"lab\"",
                "IpPermissions[tcp 22 from 0.0.0.0/0]: nothing -> \"tcp 22 from 0.0.0.0/0\""
            ]
        );
        let divided = json!([
            permission(22, json!([{"CidrIp": "10.0.0.0/8", "Description": "lab"}])),
            permission(22, json!([{"CidrIp": "0.0.0.0/0"}])),
        ]);
        assert!(changes("IpPermissions", &new, &divided).is_empty());
        assert_eq!(
            changes(
                "IpPermissionsEgress",
                &json!([]),
                &json!([permission(443, json!([{"CidrIp": "::/0"}]))])
            ),
            ["IpPermissionsEgress[tcp 443 to ::/0]: nothing -> \"tcp 443 to ::/0\""]
        );
    }

    /// Objects without an ID are compared in order, after equal ones are taken out.
    #[test]
    fn objects_without_id_are_compared_in_remaining_order() {
        let rule = |port: u64, from: &str| json!({"FromPort": port, "IpRanges": [{"CidrIp": from}]});
        let old = json!([rule(22, "10.0.0.0/8"), rule(443, "0.0.0.0/0")]);
        assert!(
            changes("IpPermissions", &old, &json!([rule(443, "0.0.0.0/0"), rule(22, "10.0.0.0/8")]))
                .is_empty()
        );
        assert_eq!(
            changes("IpPermissions", &old, &json!([rule(443, "0.0.0.0/0"), rule(22, "0.0.0.0/0")])),
            [
                "IpPermissions[1].IpRanges[10.0.0.0/8]: {\"CidrIp\":\"10.0.0.0/8\"} -> nothing",
                "IpPermissions[1].IpRanges[0.0.0.0/0]: nothing -> {\"CidrIp\":\"0.0.0.0/0\"}"
            ]
        );
        assert_eq!(
            changes("IpPermissions", &old, &json!([rule(22, "10.0.0.0/8")])),
            ["IpPermissions[1]: {\"FromPort\":443,\"IpRanges\":[{\"CidrIp\":\"0.0.0.0/0\"}]} -> nothing"]
        );
    }
}

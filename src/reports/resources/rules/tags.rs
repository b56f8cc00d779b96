//! Tags, in all forms that AWS services return.

use serde_json::{Map, Value};

use crate::plan::redaction::is_redacted;
use crate::reports::members::squashed;

/// The names of members with tags, in lower case and without `_`. Names such as `ResourceTags` are not among them:
/// in some services, these are the tags of another resource.
const MEMBERS: &[&str] = &[
    "tags",
    "tagset",
    "taglist",
    "tagslist",
    "userpooltags",
    "identitypooltags",
    "backupvaulttags",
    "backupplantags",
    "recoverypointtags",
    "hostedzonetags",
    "jobtags",
    "frameworktags",
    "reportplantags",
    "stacktags",
];

/// Whether the items of a function have their tags. That a model has a member for them does not mean that the
/// service fills it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagsOfFunction {
    /// A member without tags means that there are none; if the member is absent, they are not known.
    Filled,
    /// The member is omitted if there are none.
    OmittedIfNone,
    /// The member is not filled, or only with a parameter.
    NotFilled,
}

/// Functions that omit the member if there are no tags: service, start of the function.
pub(in crate::reports::resources) const OMITTED: &[(&str, &str)] = &[
    ("apigateway", "get_"),
    // boto/boto3#264 and #388: EC2 returns no member if there are no tags.
    ("ec2", "describe_"),
    ("secretsmanager", "describe_secret"),
    ("secretsmanager", "list_secrets"),
];

/// Functions that do not fill the member, or only with a parameter: service, start of the function.
pub(in crate::reports::resources) const NOT_FILLED: &[(&str, &str)] = &[
    // IAM API Reference, ListRoles: "IAM resource-listing operations return a subset of the available attributes";
    // tags are not among them.
    ("iam", "list_"),
    // Amazon ECS API Reference, DescribeClusters, `include`: without TAGS, tags are not included.
    ("ecs", "describe_"),
    // Observability Access Manager API Reference, GetLink and GetSink, `IncludeTags`.
    ("oam", "get_link"),
    ("oam", "get_sink"),
    // Performance Insights API Reference, ListPerformanceAnalysisReports, `ListTags`.
    ("pi", "list_performance_analysis_reports"),
    // Verified Permissions API Reference, GetPolicyStore, `tags`: whether the response includes tags.
    ("verifiedpermissions", "get_policy_store"),
];

impl TagsOfFunction {
    pub(super) fn of(service: &str, function: &str) -> Self {
        let is_in = |rows: &[(&str, &str)]| {
            rows.iter().any(|(of, start)| *of == service && function.starts_with(start))
        };
        if is_in(NOT_FILLED) {
            Self::NotFilled
        } else if is_in(OMITTED) {
            Self::OmittedIfNone
        } else {
            Self::Filled
        }
    }

    pub(super) fn are_empty_if_empty(self) -> bool {
        self != Self::NotFilled
    }

    pub(super) fn are_empty_if_absent(self) -> bool {
        self == Self::OmittedIfNone
    }
}

/// Returns whether a member with this name has an item's tags.
pub(super) fn is_tag_member(member: &str) -> bool {
    MEMBERS.contains(&squashed(member).as_str())
}

/// Returns whether the members of a structure are those of a tag.
pub(in crate::reports::resources) fn is_tag<'name>(members: impl IntoIterator<Item = &'name str>) -> bool {
    let names: Vec<&str> = members.into_iter().collect();
    let has = |known: &[&str]| names.iter().any(|name| known.contains(name));
    names.len() <= 3 && has(KEYS) && has(VALUES)
}

const KEYS: &[&str] = &["Key", "key", "TagKey", "tagKey"];
const VALUES: &[&str] = &["Value", "value", "TagValue", "tagValue"];

/// Reads tags: a list of keys and values, or an object of them; some services put the list into a structure.
pub(in crate::reports::resources) fn read(value: &Value) -> Map<String, Value> {
    match value {
        Value::Object(tags) => match ["Items", "TagList", "Tags"].iter().find_map(|name| tags.get(*name)) {
            Some(Value::Array(list)) => list.iter().filter_map(tag).collect(),
            _ => tags.clone(),
        },
        Value::Array(tags) => tags.iter().filter_map(tag).collect(),
        _ => Map::new(),
    }
}

/// Finds the tags in an answer that is about tags: the answer is the tags, or a member at any depth has them.
pub(in crate::reports::resources) fn find(answer: &Value) -> Option<Map<String, Value>> {
    match answer {
        Value::Array(items) if items.iter().all(|item| tag(item).is_some()) => Some(read(answer)),
        Value::Array(items) => items.iter().find_map(find),
        Value::Object(members) => {
            let own = members.iter().find(|(name, _)| is_tag_member(name)).map(|(_, tags)| tags);
            let inner =
                || members.values().filter(|value| value.is_object() || value.is_array()).find_map(find);
            let is_map = members.values().all(Value::is_string);
            own.map(read).or_else(inner).or_else(|| is_map.then(|| members.clone()))
        }
        _ => None,
    }
}

/// Returns the value of the tag that names a resource.
pub(in crate::reports::resources) fn name(tags: &Map<String, Value>) -> Option<String> {
    let name = tags.get("Name").and_then(Value::as_str);
    name.filter(|name| !name.is_empty() && !is_redacted(name)).map(str::to_owned)
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

    use super::{TagsOfFunction, find, is_tag, read};

    #[test]
    fn tags_are_found_in_answers_of_every_form() {
        let pair = || json!([{"Key": "team", "Value": "shop"}]);
        for answer in [
            pair(),
            json!({"Tags": pair()}),
            json!({"ResourceTagSet": {"ResourceType": "hostedzone", "Tags": pair()}}),
            json!({"TagDescriptions": [{"LoadBalancerName": "old", "Tags": pair()}]}),
            json!({"TagInfoForResource": {"ResourceARN": "arn:x", "TagList": pair()}}),
            json!({"Tags": {"Items": pair()}}),
            json!({"tags": {"team": "shop"}}),
            json!({"team": "shop"}),
        ] {
            assert_eq!(find(&answer).map(Value::Object), Some(json!({"team": "shop"})), "{answer}");
        }
        assert_eq!(find(&json!({"Tags": []})).map(|tags| tags.len()), Some(0));
        assert_eq!(find(&json!({"Count": 1})), None);
    }

    #[test]
    fn models_with_tags_do_not_promise_them() {
        assert_eq!(TagsOfFunction::of("iam", "list_roles"), TagsOfFunction::NotFilled);
        assert_eq!(TagsOfFunction::of("iam", "get_role"), TagsOfFunction::Filled);
        assert_eq!(TagsOfFunction::of("ecs", "describe_clusters"), TagsOfFunction::NotFilled);
        assert_eq!(TagsOfFunction::of("secretsmanager", "list_secrets"), TagsOfFunction::OmittedIfNone);
    }

    #[test]
    fn every_form_of_tags_is_an_object_of_keys_and_values() {
        for tags in [
            json!([{"Key": "team", "Value": "shop"}, {"Key": "stage"}]),
            json!([{"key": "team", "value": "shop"}, {"key": "stage", "value": ""}]),
            json!([{"TagKey": "team", "TagValue": "shop"}, {"TagKey": "stage"}]),
            json!({"team": "shop", "stage": ""}),
            json!({"Items": [{"Key": "team", "Value": "shop"}, {"Key": "stage"}]}),
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

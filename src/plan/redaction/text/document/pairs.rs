//! Pairs of a name and a value, whatever the keys of the two members: `{"Key": …, "Value": …}`, `{"ParameterKey":
//! …, "ParameterValue": …}`, `{"HeaderName": …, "HeaderValue": …}`.

use serde_json::{Map, Value};

use super::{redact_entry, redact_variables};
use crate::plan::redaction::names::{self, NameMeaning};

/// The namespace in which Elastic Beanstalk keeps the variables of an environment among all its other options
/// (docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html).
const VARIABLES_OF_BEANSTALK: &str = "aws:elasticbeanstalk:application:environment";
/// The classification under which EMR keeps variables among other properties
/// (docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-configure-apps.html).
const VARIABLES_OF_EMR: &str = "export";

/// The members of an object that are names, and those that are values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan::redaction) struct Pair {
    pub(in crate::plan::redaction) names: Vec<Box<str>>,
    pub(in crate::plan::redaction) values: Vec<Box<str>>,
    /// Members that mark the value as a secret.
    marks: Vec<Box<str>>,
}

/// The role that a member may have in a pair, according to its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Name,
    /// The name is inside the member: for example the header that a firewall rule inspects.
    Within,
    /// A name if no other member is one.
    Sort,
    Value,
    /// A value if the object has few other members.
    Content,
    Mark,
}

/// The type of a member, as far as it matters to pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan::redaction) enum PairMember {
    Text,
    /// Lists, maps, bytes and everything else that can contain texts.
    More,
    /// True or false.
    Flag,
    /// Numbers and times.
    Number,
}

/// Objects with more members have contents that belong to no name.
const FEW: usize = 4;
/// Objects with more members are resources, whose settings have their own names.
const MANY: usize = 16;

impl Pair {
    /// Returns the pair that members with these keys and types form, if they form one.
    pub(in crate::plan::redaction) fn of<'name>(
        members: impl IntoIterator<Item = (&'name str, PairMember)>,
    ) -> Option<Self> {
        let (mut pair, mut sorts, mut contents, mut count) = (Self::default(), Vec::new(), Vec::new(), 0);
        for (name, holds) in members {
            count += 1;
            let into = match (role(name), holds) {
                (Some(Role::Name), PairMember::Text) | (Some(Role::Within), PairMember::More) => {
                    &mut pair.names
                }
                (Some(Role::Sort), PairMember::Text) => &mut sorts,
                (Some(Role::Value), PairMember::Text | PairMember::More) => &mut pair.values,
                (Some(Role::Content), PairMember::Text | PairMember::More) => &mut contents,
                (Some(Role::Mark), PairMember::Flag | PairMember::Text) => &mut pair.marks,
                _ => continue,
            };
            into.push(name.into());
        }
        if pair.values.is_empty() && count <= FEW {
            pair.values = contents;
        }
        if pair.names.is_empty() {
            pair.names = sorts;
        }
        let is_named = !pair.names.is_empty() || !pair.marks.is_empty();
        (!pair.values.is_empty() && is_named && count <= MANY).then_some(pair)
    }

    /// Returns the pair that an object forms.
    pub(in crate::plan::redaction) fn of_object(members: &Map<String, Value>) -> Option<Self> {
        Self::of(members.iter().map(|(name, value)| {
            let holds = match value {
                Value::String(_) => PairMember::Text,
                Value::Bool(_) => PairMember::Flag,
                Value::Number(_) | Value::Null => PairMember::Number,
                Value::Array(_) | Value::Object(_) => PairMember::More,
            };
            (name.as_str(), holds)
        }))
    }

    /// Redacts the values if the name indicates a secret, and returns their number.
    pub(in crate::plan::redaction) fn redact(&self, members: &mut Map<String, Value>) -> u64 {
        let texts = || self.names.iter().filter_map(|name| name_in(members.get(&**name)?));
        if texts().any(|text| text == VARIABLES_OF_BEANSTALK || text == VARIABLES_OF_EMR) {
            return self.redact_values(members);
        }
        let meaning = if self.is_marked(members) {
            Some(NameMeaning::Password)
        } else {
            texts()
                .filter(|text| text.len() <= 256)
                .filter_map(names::meaning)
                .min_by_key(|meaning| *meaning as u8)
        };
        let Some(meaning) = meaning else { return 0 };
        self.values
            .iter()
            .map(|name| members.get_mut(&**name).map_or(0, |value| redact_entry(meaning, value)))
            .sum()
    }

    /// Redacts the values, whatever the name.
    pub(in crate::plan::redaction) fn redact_values(&self, members: &mut Map<String, Value>) -> u64 {
        self.values.iter().map(|name| members.get_mut(&**name).map_or(0, redact_variables)).sum()
    }

    /// Returns whether a mark declares the value a secret.
    fn is_marked(&self, members: &Map<String, Value>) -> bool {
        self.marks.iter().any(|mark| match members.get(&**mark) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => {
                ["true", "securestring", "secure"].iter().any(|word| word.eq_ignore_ascii_case(text))
            }
            _ => false,
        })
    }
}

/// Returns a name, or the name inside a value: `{"SingleHeader": {"Name": …}}`, `{"Type": "HEADER", "Data": …}`.
fn name_in(value: &Value) -> Option<&str> {
    match value {
        Value::String(name) => Some(name),
        Value::Object(members) => ["SingleHeader", "SingleQueryArgument", "Name", "Data"]
            .into_iter()
            .find_map(|member| name_in(members.get(member)?)),
        _ => None,
    }
}

fn role(name: &str) -> Option<Role> {
    let (letters, length) = plain(name);
    let name = std::str::from_utf8(&letters[..length]).ok()?;
    if [
        "noecho",
        "isnoecho",
        "secure",
        "issecure",
        "secret",
        "issecret",
        "sensitive",
        "issensitive",
        "isvaluesecret",
    ]
    .contains(&name)
    {
        return Some(Role::Mark);
    }
    if matches!(
        name,
        "default" | "content" | "contents" | "data" | "text" | "setting" | "config" | "properties"
    ) {
        return Some(Role::Content);
    }
    if name == "fieldtomatch" {
        return Some(Role::Within);
    }
    let is_limit = ["allowed", "valid", "supported", "possible", "permitted", "enum"]
        .iter()
        .any(|limit| name.starts_with(limit));
    let is_value = [
        "value",
        "values",
        "valuestring",
        "valueasstring",
        "valuesasstring",
        "valuelist",
        "valuestringlist",
        "valueaslist",
        "searchstring",
        "targetstring",
    ]
    .iter()
    .any(|ending| name.ends_with(ending));
    if is_value {
        return (!is_limit).then_some(Role::Value);
    }
    let is_name = [
        "name",
        "key",
        "header",
        "field",
        "path",
        "id",
        "identifier",
        "attribute",
        "claim",
        "option",
        "parameter",
        "property",
        "variable",
        "label",
        "title",
        "dimension",
        "namespace",
        "classification",
        "column",
    ];
    if is_name.iter().any(|ending| name.ends_with(ending)) {
        return Some(Role::Name);
    }
    ["type", "kind", "category", "source", "code", "expression", "criteria", "description", "purpose"]
        .iter()
        .any(|ending| name.ends_with(ending))
        .then_some(Role::Sort)
}

/// Returns the end of a name in lower case, without the separators of naming styles.
fn plain(name: &str) -> ([u8; 32], usize) {
    let mut letters = [0; 32];
    let bytes = &name.as_bytes()[name.len().saturating_sub(32)..];
    let mut length = 0;
    for byte in bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        letters[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    (letters, length)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Pair;

    /// Returns a pair after redaction, and the number of redacted values.
    fn redacted(mut pair: Value) -> (Value, u64) {
        let members = pair.as_object_mut().expect("an object");
        let count = Pair::of_object(members).map_or(0, |pair| pair.redact(members));
        (pair, count)
    }

    #[test]
    fn a_pair_is_one_whatever_its_members_are_called() {
        for (name, value) in [
            ("Key", "Value"),
            ("key", "value"),
            ("Name", "Value"),
            ("ParameterKey", "ParameterValue"),
            ("OutputKey", "OutputValue"),
            ("OptionName", "Value"),
            ("key", "stringValue"),
            ("id", "stringValue"),
            ("HeaderName", "HeaderValue"),
            ("AttributeName", "AttributeValue"),
            ("TagKey", "TagValue"),
            ("name", "defaultValue"),
            ("Header", "Value"),
            ("PropertyPath", "ActualValue"),
            ("variable", "content"),
            ("FieldName", "Values"),
            ("Name", "Data"),
        ] {
            let expected = json!({name: "db_password", value: "[redacted]"});
            assert_eq!(
                redacted(json!({name: "db_password", value: "hunter2"})),
                (expected, 1),
                "{name} {value}"
            );
            let harmless = json!({name: "db_user", value: "app"});
            assert_eq!(redacted(harmless.clone()), (harmless, 0), "{name} {value}");
        }
    }

    #[test]
    fn values_in_lists_and_structures_go_and_descriptions_stay() {
        let pair = json!({"Name": "AGENT_PASSWORD", "Value": ["a1", "b2"], "DefaultValue": {"stringValue": "c3"},
            "AllowedValues": "any", "ApplyType": "STATIC", "DataType": "STRING"});
        let expected = json!({"Name": "AGENT_PASSWORD", "Value": ["[redacted]", "[redacted]"],
            "DefaultValue": {"stringValue": "[redacted]"}, "AllowedValues": "any", "ApplyType": "STATIC", "DataType": "STRING"});
        assert_eq!(redacted(pair), (expected, 3));
    }

    #[test]
    fn a_mark_makes_a_value_secret() {
        let pair = json!({"ParameterKey": "Greeting", "DefaultValue": "hunter2", "IsNoEcho": true});
        assert_eq!(redacted(pair).0["DefaultValue"], "[redacted]");
        let pair = json!({"ParameterKey": "Greeting", "DefaultValue": "hello", "IsNoEcho": false});
        assert_eq!(redacted(pair).0["DefaultValue"], "hello");
    }

    #[test]
    fn firewall_header_match_is_redacted() {
        let newer =
            json!({"SearchString": "a1b2", "FieldToMatch": {"SingleHeader": {"Name": "x-origin-verify"}}});
        assert_eq!(redacted(newer).0["SearchString"], "[redacted]");
        let older = json!({"TargetString": "a1b2", "FieldToMatch": {"Type": "HEADER", "Data": "x-api-key"}});
        assert_eq!(redacted(older).0["TargetString"], "[redacted]");
        let other = json!({"SearchString": "a1b2", "FieldToMatch": {"SingleHeader": {"Name": "host"}}});
        assert_eq!(redacted(other.clone()), (other, 0));
    }

    #[test]
    fn words_and_switches_stay() {
        for value in [json!("no"), json!(true), json!(12), json!("****"), json!("{{resolve:ssm:db}}")] {
            let pair = json!({"Key": "rotates-secret", "Value": value});
            assert_eq!(redacted(pair.clone()), (pair, 0));
        }
    }

    /// An environment among options is redacted whatever its variables are called.
    #[test]
    fn environment_option_is_redacted_for_any_variable_name() {
        let option = |namespace: &str| json!({"Namespace": namespace, "OptionName": "MODE", "Value": "x1"});
        assert_eq!(redacted(option("aws:elasticbeanstalk:application:environment")).1, 1);
        assert_eq!(redacted(option("aws:ec2:vpc")).1, 0);
        let pair = json!({"OptionName": "EnvironmentVariables", "Value": "A=b,MODE=c d,E=f"});
        let expected = json!({"OptionName": "EnvironmentVariables", "Value": "A=[redacted],MODE=[redacted] ,E=[redacted]"});
        assert_eq!(redacted(pair), (expected, 3));
        let tag = json!({"Key": "Environment", "Value": "production"});
        assert_eq!(redacted(tag.clone()), (tag, 0));
        let emr = json!({"Classification": "export", "Properties": {"MODE": "x1"}});
        assert_eq!(redacted(emr).0["Properties"], json!({"MODE": "[redacted]"}));
    }
}

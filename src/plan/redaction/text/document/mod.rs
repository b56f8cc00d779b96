//! Values whose entries have names that no model defines: documents, maps, JSON in texts.
//!
//! One rule covers every kind of named value: an entry of an object, a pair of a name and a value, an option and
//! the argument after it.

pub(crate) mod pairs;

use serde_json::{Map, Value};

use crate::plan::redaction::names::{self, NameMeaning};
use crate::plan::redaction::{REDACTED, text, values};
use pairs::Pair;

/// The kinds of secrets that were found, and their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan::redaction) struct FoundSecrets {
    pub(in crate::plan::redaction) kinds: Vec<(&'static str, u64)>,
}

impl FoundSecrets {
    pub(in crate::plan::redaction) fn is_nothing(&self) -> bool {
        self.kinds.is_empty()
    }

    pub(in crate::plan::redaction) fn add(&mut self, kind: &'static str, count: u64) {
        if count == 0 {
            return;
        }
        match self.kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known += count,
            None => self.kinds.push((kind, count)),
        }
    }
}

/// Redacts the secrets in a document. It is nested `depth` texts deep; with `None`, texts in the document are not
/// searched.
pub(in crate::plan::redaction) fn clean(value: &mut Value, depth: Option<usize>, outcome: &mut FoundSecrets) {
    match value {
        Value::Object(members) => object(members, depth, outcome),
        Value::Array(items) => {
            if depth.is_some() {
                outcome.add(text::NAMED, text::redact_arguments(items));
            }
            for item in items {
                clean(item, depth, outcome);
            }
        }
        Value::String(content) => {
            if let Some(cleaned) = depth.and_then(|depth| text::clean_at(content, "", depth)) {
                cleaned.kinds.into_iter().for_each(|(kind, count)| outcome.add(kind, count));
                *content = cleaned.text;
            }
        }
        _ => {}
    }
}

fn object(members: &mut Map<String, Value>, depth: Option<usize>, outcome: &mut FoundSecrets) {
    if is_function(members) {
        members.values_mut().for_each(|value| clean(value, depth, outcome));
        return;
    }
    let pair = Pair::of_object(members);
    if let Some(pair) = &pair {
        outcome.add(text::NAMED, pair.redact(members));
    }
    if is_kubernetes_secret(members) {
        let data = ["data", "stringData"].into_iter();
        let count = data.map(|name| members.get_mut(name).map_or(0, redact_environment)).sum();
        outcome.add(text::NAMED, count);
    }
    // The `key` of an object in a bucket, or of a pair, does not grant access.
    let is_place = pair.is_some()
        || members.len() < 2
        || members.keys().any(|name| BESIDE_PLACES.contains(&name.to_ascii_lowercase().as_str()));
    for (name, value) in members {
        let count = match names::meaning(name) {
            Some(NameMeaning::Key) if is_place => 0,
            Some(meaning) => redact_entry(meaning, value),
            None => 0,
        };
        outcome.add(text::NAMED, count);
        clean(value, depth, outcome);
    }
}

/// Members beside a `key` that locates something.
const BESIDE_PLACES: [&str; 12] = [
    "bucket",
    "s3bucket",
    "bucketname",
    "value",
    "values",
    "operator",
    "effect",
    "type",
    "prefix",
    "name",
    "version",
    "path",
];

/// Returns whether an object is a CloudFormation function, which stands for a value that is known when a stack is
/// created: `{"Ref": "Name"}`.
fn is_function(members: &Map<String, Value>) -> bool {
    members.len() == 1
        && members.keys().all(|name| name == "Ref" || name.starts_with("Fn::") || name == "$ref")
}

/// kubernetes.io/docs/concepts/configuration/secret
fn is_kubernetes_secret(members: &Map<String, Value>) -> bool {
    members.get("kind").and_then(Value::as_str) == Some("Secret")
}

/// Redacts the value of an entry whose name has this meaning, and returns the number of redacted values.
pub(in crate::plan::redaction) fn redact_entry(meaning: NameMeaning, value: &mut Value) -> u64 {
    match meaning {
        NameMeaning::Environment => redact_environment(value),
        NameMeaning::Address => match value {
            // The names inside the object decide about its parts.
            Value::String(text)
                if text.contains("://")
                    || text.starts_with('/')
                    || (text.contains('=') && text.contains(';')) =>
            {
                0
            }
            value => redact_secret(value, false),
        },
        NameMeaning::Password => redact_secret(value, true),
        NameMeaning::Secret | NameMeaning::Key => redact_secret(value, false),
    }
}

/// Redacts a secret: a text, the texts of a list, or the members of an object that do not describe it.
pub(in crate::plan::redaction) fn redact_secret(value: &mut Value, may_be_digits: bool) -> u64 {
    match value {
        Value::String(text) => u64::from(hide(text, may_be_digits)),
        Value::Array(items) => items.iter_mut().map(|item| redact_secret(item, may_be_digits)).sum(),
        Value::Object(members) if is_function(members) => {
            // `Fn::Join` and similar functions may have literal parts.
            let is_resolved = serde_json::to_string(members).is_ok_and(|text| text.contains("{{resolve:"));
            let written_out = ["Fn::Sub", "Fn::Join", "Fn::Base64"].into_iter();
            if is_resolved {
                return 0;
            }
            written_out
                .map(|name| members.get_mut(name).map_or(0, |value| redact_written_out(value, may_be_digits)))
                .sum()
        }
        Value::Object(members) => {
            let goes = |name: &str| !DESCRIBING.iter().any(|part| part.eq_ignore_ascii_case(name));
            members
                .iter_mut()
                .filter(|(name, _)| goes(name))
                .map(|(_, value)| redact_secret(value, may_be_digits))
                .sum()
        }
        _ => 0,
    }
}

/// Redacts the literal parts that a CloudFormation function joins.
fn redact_written_out(value: &mut Value, may_be_digits: bool) -> u64 {
    match value {
        Value::String(text) if text.contains("${") || text.len() < 6 => 0,
        Value::String(text) => u64::from(hide(text, may_be_digits)),
        Value::Array(items) => items.iter_mut().map(|item| redact_written_out(item, may_be_digits)).sum(),
        _ => 0,
    }
}

/// Members of an object that describe its secret and are not the secret.
const DESCRIBING: [&str; 46] = [
    "type",
    "description",
    "title",
    "label",
    "name",
    "noecho",
    "allowedpattern",
    "constraintdescription",
    "minlength",
    "maxlength",
    "minvalue",
    "maxvalue",
    "pattern",
    "format",
    "required",
    "enabled",
    "arn",
    "id",
    "username",
    "user",
    "algorithm",
    "provider",
    "kind",
    "role",
    "rolearn",
    "secretarn",
    "kmskeyid",
    "kmskeyarn",
    "version",
    "status",
    "state",
    "enum",
    "allowedvalues",
    "$ref",
    "ref",
    "valuefrom",
    "secretname",
    "parametername",
    "displayname",
    "displaytype",
    "length",
    "createdat",
    "source",
    "scheme",
    "region",
    "readonly",
];

/// Redacts the values of an environment: of a map, of pairs, of `NAME=value`.
pub(in crate::plan::redaction) fn redact_environment(value: &mut Value) -> u64 {
    match value {
        Value::Object(members) => {
            if is_function(members) {
                return 0;
            }
            if let Some(inner) = ["Variables", "variables", "EnvironmentVariables", "environmentVariables"]
                .into_iter()
                .find(|name| members.get(*name).is_some_and(|value| value.is_object() || value.is_array()))
            {
                return members.get_mut(inner).map_or(0, redact_environment);
            }
            // A build or runtime environment, which has variables among other settings.
            if ["ComputeType", "computeType", "Image", "image"].iter().any(|name| members.contains_key(*name))
            {
                return 0;
            }
            if let Some(pair) = Pair::of_object(members) {
                return pair.redact_values(members);
            }
            members.values_mut().map(redact_variable).sum()
        }
        Value::Array(items) => items
            .iter_mut()
            .map(|item| match item {
                Value::Object(_) => redact_environment(item),
                Value::String(text) => redact_assignments(text),
                _ => 0,
            })
            .sum(),
        Value::String(text) => redact_assignments(text),
        _ => 0,
    }
}

/// Redacts a variable, whatever its name.
fn redact_variable(value: &mut Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::String(text)
            if text.is_empty() || text.starts_with("[redacted") || values::is_reference(text) =>
        {
            0
        }
        Value::Array(items) => items.iter_mut().map(redact_variable).sum(),
        Value::Object(members) if is_function(members) => 0,
        Value::Object(members) => match Pair::of_object(members) {
            Some(pair) => pair.redact_values(members),
            None => members.values_mut().map(redact_variable).sum(),
        },
        scalar => {
            *scalar = Value::from(REDACTED);
            1
        }
    }
}

/// Redacts all of an environment's value, except the names of its entries and pairs.
pub(in crate::plan::redaction) fn redact_variables(value: &mut Value) -> u64 {
    match value {
        Value::Object(members) => match Pair::of_object(members) {
            Some(pair) => pair.redact_values(members),
            None => members.values_mut().map(redact_variables).sum(),
        },
        Value::Array(items) => items
            .iter_mut()
            .map(|item| match item {
                Value::String(text) if text.contains('=') => redact_assignments(text),
                item => redact_variables(item),
            })
            .sum(),
        value => redact_variable(value),
    }
}

/// Redacts the values of `NAME=value` and of JSON; a text with neither is kept.
fn redact_assignments(text: &mut String) -> u64 {
    if text.trim_start().starts_with(['{', '['])
        && let Ok(mut value) = serde_json::from_str::<Value>(text)
    {
        let count = match &mut value {
            Value::Array(items) => items.iter_mut().map(redact_environment).sum(),
            value => redact_environment(value),
        };
        if count > 0 {
            *text = value.to_string();
        }
        return count;
    }
    let mut count = 0;
    let mut written = String::with_capacity(text.len());
    for part in text.split_inclusive([',', '\n', ';', ' ']) {
        let (assignment, sign) = match part.strip_suffix([',', '\n', ';', ' ']) {
            Some(assignment) => (assignment, &part[assignment.len()..]),
            None => (part, ""),
        };
        match assignment.split_once('=') {
            Some((name, value))
                if is_variable(name)
                    && !value.is_empty()
                    && !values::is_reference(value)
                    && !value.starts_with("[redacted") =>
            {
                written.push_str(name);
                written.push('=');
                written.push_str(REDACTED);
                count += 1;
            }
            // Text after a comma or a blank belongs to the value before it.
            None if count > 0 && !assignment.is_empty() && !assignment.starts_with("[redacted") => {}
            _ => written.push_str(assignment),
        }
        written.push_str(sign);
    }
    if count > 0 {
        *text = written;
    }
    count
}

fn is_variable(name: &str) -> bool {
    let name = name.trim().trim_start_matches("export ").trim_matches(['"', '\'']);
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Hides a text unless it only refers to a secret.
pub(in crate::plan::redaction) fn hide(text: &mut String, may_be_digits: bool) -> bool {
    let goes = !values::is_harmless(text, may_be_digits);
    if goes {
        REDACTED.clone_into(text);
    }
    goes
}

//! Finds likely secrets in the texts of a response: tags, descriptions, policies, commands.
//!
//! A single pass over each text rules out nearly all of them; only the places where it stops are analysed.

pub(super) mod forms;

use serde_json::{Map, Value};

use super::text::{self, RedactedText};

/// The minimum length of a secret, including its prefix.
const SHORTEST: usize = 5;

/// The maximum number of places of one response that are listed; the rest are counted with the last.
const PLACES: usize = 100;

/// A likely secret and its place; never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSecret {
    /// The path in the response, in jq's syntax: `.Reservations[].Instances[].Tags[].Value`.
    pub path: String,
    /// The kind of secret: `aws access key id`.
    pub kind: &'static str,
    /// The number of occurrences.
    pub count: u64,
}

/// Finds likely secrets in a response, and replaces them if `replaces` is set.
pub(super) fn find(members: &mut Map<String, Value>, replaces: bool) -> Vec<FoundSecret> {
    let mut finder = Finder { replaces, found: Vec::new() };
    for (name, value) in members {
        finder.value(value, &ValueLocation { parent: None, name: Some(name) });
    }
    finder.found
}

/// Adds a secret to others; equal ones are counted together.
pub(super) fn add(found: &mut Vec<FoundSecret>, secret: FoundSecret) {
    let is_full = found.len() >= PLACES;
    let place = found.iter().position(|other| other.path == secret.path && other.kind == secret.kind);
    match place.or_else(|| found.len().checked_sub(1).filter(|_| is_full)) {
        Some(index) => found[index].count += secret.count,
        None => found.push(secret),
    }
}

struct Finder {
    replaces: bool,
    found: Vec<FoundSecret>,
}

impl Finder {
    fn value(&mut self, value: &mut Value, place: &ValueLocation<'_>) {
        match value {
            Value::String(text) if text.len() >= SHORTEST => self.text(text, place),
            Value::Array(items) => {
                let place = ValueLocation { parent: Some(place), name: None };
                self.arguments(items, &place);
                for item in items {
                    self.value(item, &place);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    self.value(value, &ValueLocation { parent: Some(place), name: Some(name) });
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &mut String, place: &ValueLocation<'_>) {
        let Some(RedactedText { text: rest, kinds }) = text::clean(text, place.member()) else { return };
        for (kind, count) in kinds {
            add(&mut self.found, FoundSecret { path: place.path(), kind, count });
        }
        if self.replaces {
            *text = rest;
        }
    }

    /// Checks the texts of a list as the arguments of a command: an option determines the meaning of the next
    /// one.
    fn arguments(&mut self, items: &mut [Value], place: &ValueLocation<'_>) {
        if !items.iter().any(|item| item.as_str().is_some_and(|text| text.starts_with(['-', '/']))) {
            return;
        }
        let count = if self.replaces {
            text::redact_arguments(items)
        } else {
            text::redact_arguments(&mut items.to_vec())
        };
        if count > 0 {
            add(&mut self.found, FoundSecret { path: place.path(), kind: text::NAMED, count });
        }
    }
}

/// The location of a value, from the inside out: the path is only built when a secret is found.
struct ValueLocation<'answer> {
    parent: Option<&'answer ValueLocation<'answer>>,
    /// The name of a member; `None` for the items of a list.
    name: Option<&'answer str>,
}

impl ValueLocation<'_> {
    /// Returns the innermost member that the value belongs to.
    fn member(&self) -> &str {
        self.name.or_else(|| self.parent.map(ValueLocation::member)).unwrap_or_default()
    }

    fn path(&self) -> String {
        let mut path = self.parent.map(ValueLocation::path).unwrap_or_default();
        match self.name {
            None => path.push_str("[]"),
            Some(name) if is_plain(name) => {
                path.push('.');
                path.push_str(name);
            }
            Some(name) => {
                path.push_str("[\"");
                path.push_str(name);
                path.push_str("\"]");
            }
        }
        path
    }
}

/// Returns whether jq accepts a name without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{FoundSecret, PLACES, find};

    fn members(value: Value) -> Map<String, Value> {
        let Value::Object(members) = value else { panic!("a response is an object") };
        members
    }

    #[test]
    fn a_secret_is_told_by_its_place_and_kind_and_never_by_itself() {
        let key = "AKIA1234567890ABCDEF";
        let mut answer = members(json!({
            "Instances": [{"Tags": [{"Key": "ci", "Value": key}]}, {"Tags": [{"Key": "ci", "Value": key}]}],
            "Labels": {"a/b": key},
        }));
        let found = find(&mut answer, true);
        let expected = [(".Instances[].Tags[].Value", 2), (".Labels[\"a/b\"]", 1)];
        let expected = expected.map(|(path, count)| FoundSecret {
            path: path.to_owned(),
            kind: "aws access key id",
            count,
        });
        assert_eq!(found, expected);
        assert!(!Value::Object(answer).to_string().contains(key));
        assert!(!format!("{found:?}").contains(key));
    }

    #[test]
    fn an_option_says_what_the_next_argument_is() {
        let mut answer =
            members(json!({"Steps": [{"Args": ["sqoop", "--username", "u", "--password", "hunter2"]}]}));
        let found = find(&mut answer, true);
        assert_eq!(
            found,
            [FoundSecret { path: ".Steps[].Args[]".to_owned(), kind: "secret by its name", count: 1 }]
        );
        assert_eq!(
            answer["Steps"][0]["Args"],
            json!(["sqoop", "--username", "u", "--password", "[redacted]"])
        );
    }

    #[test]
    fn reported_secret_is_not_redacted() {
        let answer = || {
            members(json!({
                "Description": "token ghp_0123456789012345678901234567890123456789",
                "Args": ["--password", "hunter2"],
            }))
        };
        let mut reported = answer();
        assert_eq!(find(&mut reported, false).len(), 2);
        assert_eq!(reported, answer());
    }

    #[test]
    fn an_id_is_no_secret_where_ids_belong() {
        let mut answer =
            members(json!({"AccessKeyId": "AKIA1234567890ABCDEF", "AccessKey": "AKIA1234567890ABCDEF"}));
        assert_eq!(find(&mut answer, true), []);
    }

    #[test]
    fn a_thousand_places_are_counted_and_not_listed() {
        let entries = (0..1000).map(|number| (format!("n{number}"), json!("AKIA1234567890ABCDEF")));
        let found = find(&mut entries.collect(), true);
        assert_eq!(found.len(), PLACES);
        assert_eq!(found.iter().map(|secret| secret.count).sum::<u64>(), 1000);
    }
}

//! Finds what looks like a secret in free text: tags, descriptions, policies, commands.
//!
//! One pass over the texts of an answer. A search for the fixed parts of all kinds at once passes
//! over nearly every text; only what it stops at is looked at with patterns.

mod kinds;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use serde_json::{Map, Value};

use kinds::KINDS;

/// No secret of these kinds is shorter, in bytes.
const SHORTEST: usize = 14;

/// How many places of one answer are told apart; the rest are counted with the last.
const PLACES: usize = 100;

/// What looks like a secret, and where it stands; never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The path in the answer, in jq's words: `.Reservations[].Instances[].Tags[].Value`.
    pub path: String,
    /// What it looks like: `aws access key id`.
    pub kind: &'static str,
    /// How often.
    pub count: u64,
}

/// Finds what looks like a secret in an answer, and replaces it if that is wanted.
pub(super) fn find(members: &mut Map<String, Value>, replaces: bool) -> Vec<Secret> {
    let mut finder = Finder { replaces, found: Vec::new() };
    for (name, value) in members {
        finder.value(value, &Place { parent: None, name: Some(name) });
    }
    finder.found
}

/// Whether a text can hold a secret at all: one of the parts that all secrets have one of is in it.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    has_user_information(text)
        || match &PARTS.vectors {
            Some(vectors) => vectors.find(text).is_some(),
            None => PARTS.automaton.as_ref().is_some_and(|automaton| automaton.is_match(text)),
        }
}

/// Whether an address with a user's name or password in it may be in a text. Mail addresses are
/// frequent, so that the sign itself says nothing.
fn has_user_information(text: &[u8]) -> bool {
    text.contains(&b'@')
        && text.split(|byte| *byte == b'@').rev().skip(1).any(|before| {
            let word = before.rsplit(|byte| byte.is_ascii_whitespace() || *byte == b'"').next();
            word.is_some_and(|word| word.windows(3).any(|part| part == b"://"))
        })
}

/// Adds a secret to others; equal ones are counted together.
pub(super) fn add(found: &mut Vec<Secret>, secret: Secret) {
    let is_full = found.len() >= PLACES;
    let place = found.iter().position(|other| other.path == secret.path && other.kind == secret.kind);
    match place.or_else(|| found.len().checked_sub(1).filter(|_| is_full)) {
        Some(index) => found[index].count += secret.count,
        None => found.push(secret),
    }
}

/// The search for the parts that all secrets have one of, but for the sign of addresses.
struct Parts {
    /// Sixteen and more bytes at a time: ten times as fast as the automaton. Processors that cannot
    /// do that have none.
    vectors: Option<Searcher>,
    /// `None` cannot happen: the parts are few and fixed.
    automaton: Option<AhoCorasick>,
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let parts = || KINDS.iter().flat_map(|kind| kind.parts).filter(|part| **part != "@");
    Parts { vectors: Searcher::new(parts()), automaton: AhoCorasick::new(parts()).ok() }
});

struct Finder {
    replaces: bool,
    found: Vec<Secret>,
}

impl Finder {
    fn value(&mut self, value: &mut Value, place: &Place<'_>) {
        match value {
            Value::String(text) if text.len() >= SHORTEST => self.text(text, place),
            Value::Array(items) => {
                let place = Place { parent: Some(place), name: None };
                for item in items {
                    self.value(item, &place);
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    self.value(value, &Place { parent: Some(place), name: Some(name) });
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &mut String, place: &Place<'_>) {
        if !may_be_in(text.as_bytes()) {
            return;
        }
        let found = kinds::search(text, place.member());
        for (kind, count, _) in &found {
            add(&mut self.found, Secret { path: place.path(), kind, count: *count });
        }
        if let Some((_, _, rest)) = found.into_iter().next_back().filter(|_| self.replaces) {
            *text = rest;
        }
    }
}

/// Where a value stands, from the inside out: nothing is written down until something is found.
struct Place<'answer> {
    parent: Option<&'answer Place<'answer>>,
    /// The name of a member; `None` for the items of a list.
    name: Option<&'answer str>,
}

impl Place<'_> {
    /// The innermost member that the value belongs to.
    fn member(&self) -> &str {
        self.name.or_else(|| self.parent.map(Place::member)).unwrap_or_default()
    }

    fn path(&self) -> String {
        let mut path = self.parent.map(Place::path).unwrap_or_default();
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

/// Whether jq takes a name without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{PARTS, PLACES, Secret, find, may_be_in};

    fn members(value: Value) -> Map<String, Value> {
        let Value::Object(members) = value else { panic!("an answer is an object") };
        members
    }

    #[test]
    fn a_secret_is_told_by_its_place_and_kind_and_never_by_itself() {
        assert!(PARTS.automaton.is_some());
        let key = "AKIA1234567890ABCDEF";
        let mut answer = members(json!({
            "Instances": [{"Tags": [{"Key": "ci", "Value": key}]}, {"Tags": [{"Key": "ci", "Value": key}]}],
            "Labels": {"a/b": key},
        }));
        let found = find(&mut answer, true);
        let expected = [(".Instances[].Tags[].Value", 2), (".Labels[\"a/b\"]", 1)];
        let expected =
            expected.map(|(path, count)| Secret { path: path.to_owned(), kind: "aws access key id", count });
        assert_eq!(found, expected);
        assert!(!Value::Object(answer).to_string().contains(key));
        assert!(!format!("{found:?}").contains(key));
    }

    #[test]
    fn a_text_is_only_looked_into_where_it_may_hold_a_secret() {
        for text in
            ["postgres://app:x@db", "see https://a:b@c.example", "AKIA1234567890ABCDEF", "Server=a;Pwd=b"]
        {
            assert!(may_be_in(text.as_bytes()), "{text}");
            let automaton = PARTS.automaton.as_ref().expect("an automaton");
            assert!(automaton.is_match(text) || text.contains('@'), "{text}");
        }
        for text in
            ["", "ops@example.com", "\"https://example.com\", \"ops@example.com\"", "https://a.example/ a@b"]
        {
            assert!(!may_be_in(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_only_reported_stays() {
        let answer = || members(json!({"Description": "token ghp_0123456789012345678901234567890123456789"}));
        let mut reported = answer();
        assert_eq!(find(&mut reported, false).len(), 1);
        assert_eq!(reported, answer());
    }

    #[test]
    fn a_thousand_places_are_counted_and_not_listed() {
        let entries = (0..1000).map(|number| (format!("n{number}"), json!("AKIA1234567890ABCDEF")));
        let found = find(&mut entries.collect(), true);
        assert_eq!(found.len(), PLACES);
        assert_eq!(found.iter().map(|secret| secret.count).sum::<u64>(), 1000);
    }
}

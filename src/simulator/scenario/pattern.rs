//! Patterns for names: `eu-*`, `Describe*`, `!us-east-1`.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// Patterns of names. A name has to match a positive pattern, and no pattern that starts with `!`. Without positive
/// patterns, every name matches that is not excluded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    wanted: Vec<String>,
    excepted: Vec<String>,
}

impl Patterns {
    /// Returns whether a name matches.
    #[must_use]
    pub fn match_name(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let any = |patterns: &[String]| {
            patterns.iter().any(|pattern| fits(&pattern.chars().collect::<Vec<_>>(), &name))
        };
        (self.wanted.is_empty() || any(&self.wanted)) && !any(&self.excepted)
    }

    fn add(&mut self, pattern: &str) {
        match pattern.strip_prefix('!') {
            Some(pattern) => self.excepted.push(pattern.to_owned()),
            None => self.wanted.push(pattern.to_owned()),
        }
    }
}

/// Returns whether a name matches a pattern: `*` matches any number of characters, `?` matches one.
fn fits(pattern: &[char], name: &[char]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some(('*', rest)) => (0..=name.len()).any(|skipped| fits(rest, &name[skipped..])),
        Some((letter, rest)) => name
            .split_first()
            .is_some_and(|(first, others)| (*letter == '?' || letter == first) && fits(rest, others)),
    }
}

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PatternOrPatterns)
    }
}

/// A pattern, or a list of them.
struct PatternOrPatterns;

impl<'de> Visitor<'de> for PatternOrPatterns {
    type Value = Patterns;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name, a pattern such as `eu-*`, or a list of them")
    }

    fn visit_str<E: de::Error>(self, pattern: &str) -> Result<Patterns, E> {
        let mut patterns = Patterns::default();
        patterns.add(pattern);
        Ok(patterns)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Patterns, A::Error> {
        let mut patterns = Patterns::default();
        while let Some(pattern) = items.next_element::<String>()? {
            patterns.add(&pattern);
        }
        Ok(patterns)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Patterns;

    fn matches(patterns: Value, name: &str) -> bool {
        serde_json::from_value::<Patterns>(patterns).expect("patterns").match_name(name)
    }

    #[test]
    fn pattern_star_matches_text_and_question_mark_letter() {
        assert!(matches(json!("eu-*"), "eu-west-1") && !matches(json!("eu-*"), "us-east-1"));
        assert!(matches(json!("*"), "") && matches(json!("eu-*-?"), "eu-central-1"));
        assert!(matches(json!("Describe*s"), "DescribeInstances") && !matches(json!("List?"), "List"));
    }

    #[test]
    fn one_pattern_of_a_list_is_enough_and_an_exception_too_much() {
        let patterns = json!(["eu-*", "us-east-1", "!eu-west-3"]);
        assert!(matches(patterns.clone(), "us-east-1") && matches(patterns.clone(), "eu-west-1"));
        assert!(!matches(patterns.clone(), "eu-west-3") && !matches(patterns, "sa-east-1"));
        assert!(matches(json!(["!s3"]), "ec2") && !matches(json!(["!s3"]), "s3"));
        assert!(matches(json!([]), "anything"));
    }
}

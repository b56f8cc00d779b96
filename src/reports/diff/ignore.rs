//! Patterns of services, kinds and fields whose changes are ignored.

use super::change::FieldChange;
use super::noise::DEFAULT_IGNORE;
use super::seen_resource::SeenResource;
use super::values::{Comparison, ValuePath};
use crate::util::wildcard::is_like;

/// Patterns of fields whose changes are ignored.
#[derive(Clone, Debug, Default)]
pub struct Ignore {
    patterns: Vec<Pattern>,
}

/// A pattern `service.kind.field`, each part with `*` for any text.
#[derive(Clone, Debug)]
struct Pattern {
    service: String,
    kind: String,
    field: String,
}

/// An error for a pattern of the wrong form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not of the form service.kind.field, such as ec2.instance.LaunchTime")]
pub struct PatternError(String);

impl Ignore {
    /// Parses patterns, and with `defaults` includes those of [`DEFAULT_IGNORE`].
    pub fn new<'text>(
        patterns: impl IntoIterator<Item = &'text str>,
        defaults: bool,
    ) -> Result<Self, PatternError> {
        let defaults = DEFAULT_IGNORE.iter().filter(|_| defaults).copied();
        let patterns = defaults.chain(patterns).map(Pattern::read).collect::<Result<_, _>>()?;
        Ok(Self { patterns })
    }

    /// Returns the services in the patterns, except those with a `*`.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(|pattern| &*pattern.service).filter(|service| !service.contains('*'))
    }

    /// Compares the values of a resource in two runs: returns the changes, and how many others are ignored.
    /// `redacted_otherwise` is whether the runs used different redaction.
    pub(in crate::reports) fn changes(
        &self,
        old: &SeenResource,
        new: &SeenResource,
        redacted_otherwise: bool,
    ) -> (Vec<FieldChange>, u64) {
        let is_ignored = |path: &_| self.has(&new.service, &new.kind, path);
        let mut comparison = Comparison::new(&is_ignored, redacted_otherwise);
        comparison.resource(&old.raw, &new.raw);
        (comparison.changes, comparison.passed_over)
    }

    /// Returns whether changes of this field are ignored.
    fn has(&self, service: &str, kind: &str, path: &ValuePath) -> bool {
        let is_of = |pattern: &&Pattern| is_like(&pattern.service, service) && is_like(&pattern.kind, kind);
        self.patterns.iter().filter(is_of).any(|pattern| pattern.covers(path))
    }
}

impl Pattern {
    fn read(text: &str) -> Result<Self, PatternError> {
        let mut parts = text.splitn(3, '.').map(str::to_owned);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(service), Some(kind), Some(field))
                if ![&service, &kind, &field].iter().any(|part| part.is_empty()) =>
            {
                Ok(Self { service, kind, field })
            }
            _ => Err(PatternError(text.to_owned())),
        }
    }

    /// Returns whether the pattern matches the field or a parent of it. Without brackets, it matches all
    /// elements of lists.
    fn covers(&self, path: &ValuePath) -> bool {
        let path = if self.field.contains('[') { path.full() } else { path.plain() };
        let ends = path.match_indices(['.', '[']).map(|(end, _)| end).chain([path.len()]);
        ends.filter(|end| *end > 0).any(|end| is_like(&self.field, &path[..end]))
    }
}

#[cfg(test)]
mod tests {
    use super::{Ignore, ValuePath};

    fn path(parts: &[&str]) -> ValuePath {
        let mut path = ValuePath::default();
        for part in parts {
            path.push(part);
        }
        path
    }

    #[test]
    fn a_pattern_covers_a_field_and_what_is_below_it() {
        let ignore = Ignore::new(["ec2.instance.State", "*.*.Last*"], false).expect("patterns");
        assert!(ignore.has("ec2", "instance", &path(&["State"])));
        assert!(ignore.has("ec2", "instance", &path(&["State", "Name"])));
        assert!(ignore.has("iam", "role", &path(&["LastUsed", "Region"])));
        assert!(!ignore.has("ec2", "instance", &path(&["StateReason"])));
        assert!(!ignore.has("ec2", "volume", &path(&["State"])));
    }

    #[test]
    fn without_brackets_all_elements_of_a_list_are_meant() {
        let mut tag = path(&["Tags"]);
        tag.select("Backup");
        let covers = |pattern| Ignore::new([pattern], false).expect("a pattern").has("ec2", "instance", &tag);
        assert!(covers("ec2.instance.Tags"));
        assert!(covers("ec2.instance.Tags[Backup]"));
        assert!(covers("ec2.*.Tags[Back*"));
        assert!(!covers("ec2.instance.Tags[Owner]"));
    }

    #[test]
    fn ignore_pattern_needs_three_parts() {
        for wrong in ["", "ec2", "ec2.instance", "ec2..Name", ".instance.Name", "ec2.instance."] {
            let error = Ignore::new([wrong], true).expect_err("no pattern").to_string();
            assert!(error.contains("service.kind.field"), "{error}");
        }
    }
}

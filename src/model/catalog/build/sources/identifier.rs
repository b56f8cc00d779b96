//! The meaning of a member's name: the noun that it belongs to, and the kind of identifier.

use super::words::words;

/// The kind of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum IdentifierKind {
    Id,
    Name,
    Arn,
    Url,
    Key,
    Number,
    Code,
    /// `Identifier`, `IdOrArn`, or no suffix at all: any of them.
    Any,
}

/// A member's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    /// The whole name, comparable: `clusterarn`.
    pub(super) whole: String,
    /// The noun: `cluster`; empty for `Arn`.
    pub(super) base: String,
    /// The words of the noun.
    pub(super) words: Vec<String>,
    /// The kind.
    pub(super) kind: IdentifierKind,
}

/// Nouns that stand for any resource.
const GENERIC: [&str; 11] = [
    "",
    "resource",
    "entity",
    "target",
    "item",
    "object",
    "record",
    "identifier",
    "unique",
    "source",
    "value",
];

impl Identifier {
    /// Takes a name apart.
    pub(super) fn of(name: &str) -> Self {
        let mut all = words(name);
        let whole = all.concat();
        // `FileShareARNList` is a list of ARNs.
        if let [.., before, last] = &all[..]
            && matches!(&**last, "list" | "set")
            && suffix(std::slice::from_ref(before)).0 > 0
        {
            all.pop();
        }
        let (count, kind) = suffix(&all);
        let words = all[..all.len() - count].to_vec();
        Self { whole, base: words.concat(), words, kind }
    }

    /// Returns the identifier with the kind that the documentation names, where the name leaves it open.
    pub(super) fn with_documented_kind(mut self, documentation: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| documentation.contains(word));
        if self.kind == IdentifierKind::Any {
            let is_arn = has(&["ARN", "Amazon Resource Name"]);
            let is_id = has(&[" ID", "dentifier"]);
            let is_name = has(&[" name ", " name,", " name."]);
            self.kind = match (is_arn, is_id, is_name) {
                (true, false, false) => IdentifierKind::Arn,
                (false, false, true) => IdentifierKind::Name,
                _ => IdentifierKind::Any,
            };
        }
        self
    }

    /// Returns whether the noun stands for any resource.
    pub(super) fn is_generic(&self) -> bool {
        is_generic(&self.base)
    }

    /// Returns whether two members have the same name, apart from the form of the identifier.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let is_any = self.kind == IdentifierKind::Any || other.kind == IdentifierKind::Any;
        self.whole == other.whole || is_any && self.base == other.base && !self.is_generic()
    }

    /// Returns whether the value is the number of a version.
    pub(super) fn is_version(&self) -> bool {
        self.kind == IdentifierKind::Number
            || self.words.last().is_some_and(|word| matches!(&**word, "version" | "revision"))
    }
}

pub(super) fn is_generic(base: &str) -> bool {
    GENERIC.contains(&base)
}

/// Returns the number of words of the suffix, and the kind.
fn suffix(words: &[String]) -> (usize, IdentifierKind) {
    let kind = |word: &str| match word {
        "id" | "uuid" | "guid" => Some(IdentifierKind::Id),
        "name" => Some(IdentifierKind::Name),
        "arn" => Some(IdentifierKind::Arn),
        "url" | "uri" => Some(IdentifierKind::Url),
        "key" => Some(IdentifierKind::Key),
        "number" => Some(IdentifierKind::Number),
        "code" => Some(IdentifierKind::Code),
        "identifier" => Some(IdentifierKind::Any),
        _ => None,
    };
    if let [.., first, or, last] = words
        && or == "or"
        && kind(first).is_some()
        && kind(last).is_some()
    {
        return (3, IdentifierKind::Any);
    }
    words.last().and_then(|last| kind(last)).map_or((0, IdentifierKind::Any), |kind| (1, kind))
}

#[cfg(test)]
mod tests {
    use super::{Identifier, IdentifierKind};

    #[test]
    fn name_splits_into_noun_and_kind() {
        for (name, base, kind) in [
            ("ClusterArn", "cluster", IdentifierKind::Arn),
            ("DBClusterIdentifier", "dbcluster", IdentifierKind::Any),
            ("secretIds", "secret", IdentifierKind::Id),
            ("CertificateIdOrArn", "certificate", IdentifierKind::Any),
            ("Arn", "", IdentifierKind::Arn),
            ("cluster", "cluster", IdentifierKind::Any),
        ] {
            let identifier = Identifier::of(name);
            assert_eq!((&*identifier.base, identifier.kind), (base, kind), "{name}");
        }
    }
}

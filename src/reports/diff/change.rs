//! A change: a resource that came, went, is not the same, or of which that is not known.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::gap::Gap;

/// What became of a resource between two runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What became of it.
    pub change: ChangeKind,
    /// The account's id.
    pub account: String,
    /// The account's name, where it is known.
    pub account_name: Option<String>,
    /// The region, or `global`.
    pub region: String,
    /// The service, as boto3 names it.
    pub service: String,
    /// What it is: `instance`, `security_group`.
    pub kind: String,
    /// The function that answered it.
    pub function: String,
    /// What tells it from others of its kind.
    pub id: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What of it changed; only with [`ChangeKind::Changed`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The run that saw it; only with [`ChangeKind::Unknown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_in: Option<SeenIn>,
    /// Why the other run cannot tell; only with [`ChangeKind::Unknown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Gap>,
}

/// What became of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The old run could have seen it and did not, the new one has it.
    Added,
    /// The old run has it, the new one could have seen it and did not.
    Removed,
    /// Both have it, and it is not the same.
    Changed,
    /// Not known, because one of the runs could not see it.
    Unknown,
}

/// Which run saw a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenIn {
    /// Only the old one.
    Old,
    /// Only the new one.
    New,
    /// Both, but in one of them no more is known than that it is there.
    Both,
}

/// What of a resource changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Where: `State.Name`, `Tags[Environment]`.
    pub path: String,
    /// What was there in the old run; `None` for nothing, which null is as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// What is there in the new run; `None` for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

impl ChangeKind {
    /// All of them, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Changed, Self::Unknown];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
        }
    }

    /// The sign for it.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
            Self::Unknown => '?',
        }
    }
}

impl Change {
    /// What it is called: its id, else its ARN, else its name; nothing where it has none.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.id.as_deref().or(self.arn.as_deref()).or(self.name.as_deref())
    }

    /// Its name, where that says more than what it is called.
    #[must_use]
    pub fn other_name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| self.label() != Some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeKind;

    #[test]
    fn the_word_is_the_one_that_is_serialised() {
        for kind in ChangeKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
        }
    }
}

//! A change: a resource that was added, removed or changed, or for which that is unknown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::change_event::{ChangeEvent, UnknownWho};
use super::gap::Gap;

/// The change of one resource between two runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The kind of change.
    pub change: ChangeKind,
    /// The account's ID.
    pub account: String,
    /// The account's name, if known.
    pub account_name: Option<String>,
    /// The region, or `global`.
    pub region: String,
    /// The service, as boto3 names it.
    pub service: String,
    /// The kind of resource: `instance`, `security_group`.
    pub kind: String,
    /// CloudFormation's name of its type, if it has one.
    #[serde(rename = "type", default)]
    pub resource_type: Option<String>,
    /// The function that returned it.
    pub function: String,
    /// The ID of the resource among others of its kind.
    pub id: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The most important facts about it; only with [`ChangeKind::Added`] and [`ChangeKind::Removed`].
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, Value>,
    /// The changed fields; only with [`ChangeKind::Changed`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The changed answers of other calls about it, such as its policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<DetailChange>,
    /// The run that saw it; only with [`ChangeKind::Unknown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_in: Option<SeenIn>,
    /// Why the other run could not see it; only with [`ChangeKind::Unknown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Gap>,
    /// The event of CloudTrail that made the change; only with `--who`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<ChangeEvent>,
    /// Why nothing is known about who made the change; only with `--who`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_unknown: Option<UnknownWho>,
}

/// The kind of change of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The new run has it; the old run could have seen it and did not.
    Added,
    /// The old run has it; the new run could have seen it and did not.
    Removed,
    /// Both runs have it, with differences.
    Changed,
    /// Unknown, because one of the runs could not see it.
    Unknown,
}

/// The runs that saw a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenIn {
    /// Only the old one.
    Old,
    /// Only the new one.
    New,
    /// Both, but one of them could only list it and not describe it.
    Both,
}

/// The change of an answer about a resource: its policy, its tags, its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetailChange {
    /// The kind of change.
    pub change: ChangeKind,
    /// The function that returned it.
    pub function: String,
    /// The most important facts about it; only with [`ChangeKind::Added`] and [`ChangeKind::Removed`].
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub facts: Map<String, Value>,
    /// The changed fields; only with [`ChangeKind::Changed`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// A changed field of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The path of the field: `State.Name`, `Tags[Environment]`.
    pub path: String,
    /// The value in the old run; `None` if it is missing or null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// The value in the new run; `None` if it is missing or null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

impl ChangeKind {
    /// All kinds of change, in the order in which they are reported.
    pub const ALL: [Self; 4] = [Self::Added, Self::Removed, Self::Changed, Self::Unknown];

    /// Returns the serialized word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the sign in text reports.
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
    /// Returns its ID, else its ARN, else its name; `None` if it has none of these.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.id.as_deref().or(self.arn.as_deref()).or(self.name.as_deref())
    }

    /// Returns its name, if it differs from the label.
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

//! A difference between a run and a witness, and its class.

use serde::{Deserialize, Serialize};

/// How a resource of a witness and the run differ. The most important classes are first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DifferenceClass {
    /// The calls that list such resources were complete, and did not return it.
    Missing,
    /// The call that would list it was denied or failed, or its result is not complete.
    Failed,
    /// No call of the run lists such resources there.
    NotCalled,
    /// The witness reports it as created, or last reported it, after the start of the run.
    Newer,
    /// Its type cannot be matched with that of a call.
    UnmatchedType,
    /// The run has it, and no witness that knows such resources there reports it.
    OnlyInRun,
    /// Something of a service, or in a region, costs money, and the run has no resource of it there.
    Billed,
}

impl DifferenceClass {
    /// All classes, the most important first.
    pub(crate) const ALL: [Self; 7] = [
        Self::Missing,
        Self::Failed,
        Self::NotCalled,
        Self::Newer,
        Self::UnmatchedType,
        Self::OnlyInRun,
        Self::Billed,
    ];

    /// The classes of resources, which have a type.
    pub(crate) const OF_TYPES: [Self; 6] =
        [Self::Missing, Self::Failed, Self::NotCalled, Self::Newer, Self::UnmatchedType, Self::OnlyInRun];

    /// Returns the word in tables.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Failed => "failed",
            Self::NotCalled => "not_called",
            Self::Newer => "newer",
            Self::UnmatchedType => "unmatched_type",
            Self::OnlyInRun => "only_in_run",
            Self::Billed => "billed",
        }
    }

    /// Returns the meaning in a few words.
    #[must_use]
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Missing => "listed completely, but not in the run",
            Self::Failed => "the call was denied, failed or is not complete",
            Self::NotCalled => "no call of the run lists them",
            Self::Newer => "created, or last reported, after the run started",
            Self::UnmatchedType => "of a type that no call can be matched with",
            Self::OnlyInRun => "in the run, but reported by no witness",
            Self::Billed => "billed, but nothing of it is in the run",
        }
    }
}

/// A resource that a witness reports and the run does not have, or the other way round. A row of the table
/// `witnesses`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WitnessDifference {
    /// The class.
    pub(crate) class: DifferenceClass,
    /// The witness; `None` for a resource that only the run has.
    pub(crate) witness: Option<String>,
    /// The account of the resource.
    pub(crate) account: String,
    /// Its region, or `global`; empty if a bill does not name one.
    pub(crate) region: String,
    /// Its type: CloudFormation's name, else the run's or the witness's. For a bill, the service.
    #[serde(rename = "type")]
    pub(crate) type_name: String,
    /// Its ARN.
    pub(crate) arn: Option<String>,
    /// Its ID.
    pub(crate) id: Option<String>,
    /// Its name.
    pub(crate) name: Option<String>,
    /// When it was created, if the witness reports that.
    pub(crate) created: Option<String>,
    /// When the witness last looked at it, if it reports that.
    pub(crate) reported: Option<String>,
    /// The status of the ledger's line about the call that lists it.
    pub(crate) status: Option<String>,
    /// The reason for the class.
    pub(crate) reason: Option<String>,
    /// The entry of a spec that would list it, as JSON.
    pub(crate) entry: Option<String>,
}

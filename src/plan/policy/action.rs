//! Names of IAM actions.

use std::fmt;

use serde::Serialize;

/// An IAM action: `s3:ListAllMyBuckets`. IAM compares actions case-insensitively.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Action(String);

impl Action {
    /// Returns the action with this full name.
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Returns the action with this prefix and name.
    pub(super) fn of(prefix: &str, name: &str) -> Self {
        Self(format!("{prefix}:{name}"))
    }

    /// Returns the full name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the part before the colon.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// Returns the part after the colon.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_, name)| name)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

//! What leaves an account out.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What leaves an account out: the option that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExclusionReason {
    /// It is not among the accounts that were named.
    #[serde(rename = "--accounts")]
    Accounts,
    /// It was named to be left out.
    #[serde(rename = "--exclude-accounts")]
    ExcludeAccounts,
    /// It is in none of the organizational units.
    #[serde(rename = "--ou")]
    Units,
    /// It is in an organizational unit that is left out.
    #[serde(rename = "--exclude-ou")]
    ExcludeUnits,
    /// Its tags are others.
    #[serde(rename = "--account-tag")]
    Tags,
    /// It is the management account.
    #[serde(rename = "--skip-management")]
    SkipManagement,
}

impl ExclusionReason {
    /// The option, as it is typed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "--accounts",
            Self::ExcludeAccounts => "--exclude-accounts",
            Self::Units => "--ou",
            Self::ExcludeUnits => "--exclude-ou",
            Self::Tags => "--account-tag",
            Self::SkipManagement => "--skip-management",
        }
    }

    /// Whether it leaves out what it names, and not what it does not name.
    pub(super) fn is_exclusion(self) -> bool {
        matches!(self, Self::ExcludeAccounts | Self::ExcludeUnits | Self::SkipManagement)
    }
}

impl fmt::Display for ExclusionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

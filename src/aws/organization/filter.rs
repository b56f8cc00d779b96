//! Why an account is excluded from a scan.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The option that excludes an account; `accounts.json` has its name without dashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExclusionReason {
    /// It is not among the accounts that were named.
    #[serde(rename = "accounts")]
    Accounts,
    /// It is one of the accounts to exclude.
    #[serde(rename = "exclude_accounts")]
    ExcludeAccounts,
    /// It is in none of the organizational units.
    #[serde(rename = "ou")]
    Units,
    /// It is in an organizational unit that is excluded.
    #[serde(rename = "exclude_ou")]
    ExcludeUnits,
    /// Its tags are others.
    #[serde(rename = "account_tag")]
    Tags,
    /// It is the management account.
    #[serde(rename = "skip_management")]
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

    /// Whether it excludes what it names; the others exclude what they do not name.
    pub(super) fn is_exclusion(self) -> bool {
        matches!(self, Self::ExcludeAccounts | Self::ExcludeUnits | Self::SkipManagement)
    }
}

impl fmt::Display for ExclusionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

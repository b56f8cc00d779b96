//! The reasons for excluding an account from a scan.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The option that excludes an account; `accounts.json` contains its name without dashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExclusionReason {
    /// The account is not among the named accounts.
    #[serde(rename = "accounts")]
    Accounts,
    /// The account is one of the accounts to exclude.
    #[serde(rename = "exclude_accounts")]
    ExcludeAccounts,
    /// The account is in none of the selected organizational units.
    #[serde(rename = "ou")]
    Units,
    /// The account is in an excluded organizational unit.
    #[serde(rename = "exclude_ou")]
    ExcludeUnits,
    /// The account does not have the selected tags.
    #[serde(rename = "account_tag")]
    Tags,
    /// The account is the management account.
    #[serde(rename = "skip_management")]
    SkipManagement,
}

impl ExclusionReason {
    /// Returns the option as it is written on the command line.
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

    /// Returns whether the option excludes the accounts that it names; the other options exclude all accounts that
    /// they do not name.
    pub(super) fn is_exclusion(self) -> bool {
        matches!(self, Self::ExcludeAccounts | Self::ExcludeUnits | Self::SkipManagement)
    }
}

impl fmt::Display for ExclusionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

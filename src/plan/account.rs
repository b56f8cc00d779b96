//! An account as the plan sees it.

use crate::names::AccountId;

/// An account that will be scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name in the organization, if it has one.
    pub name: Option<String>,
}

//! Accounts in a plan.

use crate::names::AccountId;

/// An account that will be scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedAccount {
    /// The account id.
    pub id: AccountId,
    /// The account's name in the organization, if it has one.
    pub name: Option<String>,
}

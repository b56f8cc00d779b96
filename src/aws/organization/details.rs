//! The details of accounts that the list of accounts does not have: their organizational units and their tags.
//!
//! A scan does not depend on them: if they cannot be looked up, they are unknown, and the run continues.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::account::{Account, AccountTags};
use super::directory::{Directory, DirectoryError};
use super::discovery::Organization;
use super::placement::{parents_to_list, place};
use super::tagging_api::{self, TaggingApi};
use super::tags::{self, FoundTags};
use super::tree::OrganizationTree;
use crate::names::AccountId;

/// A detail of the accounts that could not be looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownDetail {
    /// The field of `accounts.json` that is null because of that.
    pub field: AccountDetail,
    /// The actions that would return it, in IAM's spelling.
    pub actions: Vec<String>,
    /// The cause: AWS's error, or a limit of this program.
    pub message: String,
}

/// A detail of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountDetail {
    /// The organizational units of the account.
    OuPath,
    /// The tags of the account.
    Tags,
}

impl fmt::Display for UnknownDetail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let detail = match self.field {
            AccountDetail::OuPath => "organizational units",
            AccountDetail::Tags => "tags",
        };
        let (actions, message) = (self.actions.join(", "), &self.message);
        write!(formatter, "the {detail} of the accounts are unknown; they need {actions}: {message}")
    }
}

impl UnknownDetail {
    /// Returns all details, for a run that ends before they are looked up.
    pub(crate) fn all_of_an_ended_run() -> Vec<Self> {
        let unit_actions = ["ListRoots", "ListOrganizationalUnitsForParent"];
        let unit_actions =
            unit_actions.iter().map(|operation| format!("organizations:{operation}")).collect();
        let tag_actions = vec![tagging_api::ACTION.to_owned(), tags::OF_ORGANIZATIONS.to_owned()];
        let unknown = |(field, actions)| Self {
            field,
            actions,
            message: "the run ended before they were looked up".to_owned(),
        };
        [(AccountDetail::OuPath, unit_actions), (AccountDetail::Tags, tag_actions)].map(unknown).into()
    }

    fn ou_path(failed: &DirectoryError) -> Self {
        let operations = match failed.operation {
            "ListAccountsForParent" => &["ListAccountsForParent"][..],
            _ => &["ListRoots", "ListOrganizationalUnitsForParent"],
        };
        let actions = operations.iter().map(|operation| format!("organizations:{operation}"));
        Self { field: AccountDetail::OuPath, actions: actions.collect(), message: failed.to_string() }
    }

    fn tags(error: &tags::TagsError) -> Self {
        let of_organizations = tags::OF_ORGANIZATIONS.to_owned();
        let actions = match error {
            tags::TagsError::TooMany { .. } => vec![tagging_api::ACTION.to_owned()],
            tags::TagsError::Failed { of_api: None, .. } => vec![of_organizations],
            tags::TagsError::Failed { .. } => vec![tagging_api::ACTION.to_owned(), of_organizations],
        };
        Self { field: AccountDetail::Tags, actions, message: error.to_string() }
    }
}

/// Looks up the organizational units of all accounts, and the tags of those that are scanned; where one request
/// returns the tags of many, those of all. Returns what cannot be looked up.
///
/// `is_scanned` returns whether this process scans an account.
pub async fn look_up_details(
    organization: &mut Organization,
    tree: &mut OrganizationTree,
    api: Option<&TaggingApi>,
    is_scanned: &(dyn Fn(&Account) -> bool + Sync),
) -> Vec<UnknownDetail> {
    let Organization { accounts, management_account, .. } = organization;
    let wanted = accounts.iter().filter(|account| account.tags.is_none() && is_scanned(account));
    let wanted: Vec<AccountId> = wanted.map(|account| account.id.clone()).collect();
    let directory: Directory = tree.directory().clone();
    // Only the management account owns the accounts as resources.
    let api = api.filter(|api| Some(api.account()) == management_account.as_ref());
    let (placed, tags) = tokio::join!(place(tree, accounts), tags::look_up(&directory, api, &wanted));
    let mut unknown = Vec::new();
    if let Err(failed) = &placed {
        unknown.push(UnknownDetail::ou_path(failed));
    }
    match tags {
        Ok(found) => set_tags(accounts, found),
        Err(error) => unknown.push(UnknownDetail::tags(&error)),
    }
    unknown
}

fn set_tags(accounts: &mut [Account], mut found: FoundTags) {
    for account in accounts.iter_mut().filter(|account| account.tags.is_none()) {
        account.tags = match found.tags.remove(&account.id) {
            None if found.others_have_none => Some(AccountTags::new()),
            tags => tags,
        };
    }
}

impl Organization {
    /// Returns the minimum number of requests that [`look_up_details`] sends, if `caller` is
    /// the caller's account and `scanned` accounts are scanned.
    #[must_use]
    pub fn fewest_detail_requests(&self, caller: &AccountId, scanned: usize) -> u64 {
        let is_placed = self.accounts.iter().all(|account| !account.paths.is_empty());
        // The root, and the units below each parent; or the root, and the units and accounts directly below it.
        let of_units = if is_placed { 1 + parents_to_list(&self.accounts).len() } else { 3 };
        let of_tags = if self.management_account.as_ref() == Some(caller) {
            1
        } else if scanned <= tags::MOST_ACCOUNTS {
            scanned
        } else {
            0
        };
        (of_units + of_tags) as u64
    }
}

#[cfg(test)]
mod tests;

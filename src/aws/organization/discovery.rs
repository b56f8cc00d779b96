//! An organization: its ID, its management account and its accounts.

use std::collections::HashSet;

use aws_config::SdkConfig;
use aws_sdk_organizations::Client;
use serde::{Deserialize, Serialize};

use super::account::{Account, check_not_empty};
use super::client::client_config;
use super::filter::ExclusionReason;
use crate::aws::credentials::Caller;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::AccountId;

/// The ID, the management account and the accounts of an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The organization's ID: `o-exampleorgid`. `None` for a scan of one account.
    pub id: Option<String>,
    /// The account that owns the organization.
    pub management_account: Option<AccountId>,
    /// All accounts, including those that cannot be scanned: the management account first, then by ID.
    pub accounts: Vec<Account>,
}

impl Organization {
    /// Creates an organization of only the callers' accounts, for a scan without an organization.
    #[must_use]
    pub fn of_callers<'run>(callers: impl Iterator<Item = &'run Caller>) -> Self {
        let accounts = callers.map(|caller| Account::alone(caller.account.clone()));
        Self { accounts: accounts.collect(), ..Self::default() }.arrange()
    }

    /// Creates an organization of these accounts with the excluded ones marked, without calling Organizations.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when an excluded account is not among them, or no
    /// account remains.
    pub fn of_accounts(mut accounts: Vec<Account>, excluded: &[AccountId]) -> Result<Self, Failure> {
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        accounts.dedup_by(|a, b| a.id == b.id);
        for id in excluded {
            let account = accounts.iter_mut().find(|account| account.id == *id).ok_or_else(|| {
                Failure::usage(format!("--exclude-accounts: account {id} is not among the named accounts"))
            })?;
            account.excluded_by = Some(ExclusionReason::ExcludeAccounts);
        }
        check_not_empty(&accounts)?;
        Ok(Self { accounts, ..Self::default() })
    }

    /// Creates the part of an organization that is assigned to a user of IAM Identity Center. `described` has the IDs of
    /// the organization and its management account, where they are known.
    #[must_use]
    pub fn of_assigned(accounts: Vec<Account>, described: (Option<String>, Option<AccountId>)) -> Self {
        let (id, management_account) = described;
        Self { id, management_account, accounts }.arrange()
    }

    /// Sorts the accounts and marks the management account.
    fn arrange(mut self) -> Self {
        self.mark_management_account(0);
        self.sort();
        self.accounts.dedup_by(|a, b| a.id == b.id);
        self
    }

    /// Marks the management account among the accounts from an index on.
    pub(super) fn mark_management_account(&mut self, start: usize) {
        for account in &mut self.accounts[start..] {
            account.management = Some(&account.id) == self.management_account.as_ref();
        }
    }

    /// Adds accounts that are not there yet, and sorts all.
    pub fn add(&mut self, accounts: Vec<Account>) {
        let known: HashSet<AccountId> = self.accounts.iter().map(|account| account.id.clone()).collect();
        self.accounts.extend(accounts.into_iter().filter(|account| !known.contains(&account.id)));
        self.sort();
    }

    /// Sorts the accounts: the management account first, then by ID.
    pub fn sort(&mut self) {
        self.accounts.sort_by(|a, b| b.management.cmp(&a.management).then_with(|| a.id.cmp(&b.id)));
    }
}

/// Returns the organization's ID and organization management account, if the caller may describe the organization.
/// Every member account may call `DescribeOrganization`.
pub async fn describe_organization(config: &SdkConfig) -> (Option<String>, Option<AccountId>) {
    describe(&Client::from_conf(client_config(config).build())).await
}

pub(super) async fn describe(client: &Client) -> (Option<String>, Option<AccountId>) {
    match client.describe_organization().send().await.map(|response| response.organization) {
        Ok(Some(organization)) => {
            let management_account = organization.master_account_id().and_then(AccountId::parse);
            (organization.id, management_account)
        }
        Ok(None) => (None, None),
        Err(error) => {
            tracing::info!(
                target: "scan::organization", error = %ServiceError::new(&error),
                "organizations:DescribeOrganization failed; using the ARNs of the accounts instead"
            );
            (None, None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Organization;
    use crate::aws::credentials::fake::caller;

    #[test]
    fn a_scan_of_one_account_needs_no_organization() {
        let organization = Organization::of_callers([&caller()].into_iter());
        assert_eq!(organization.id, None);
        assert_eq!(organization.accounts.len(), 1);
        assert_eq!(organization.accounts[0].name, None);
    }
}

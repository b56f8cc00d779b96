//! The simulated world as plain data: an organization, its accounts, and how much is in them.
//!
//! The resources themselves are computed when they are asked for, so that ten thousand accounts
//! cost no more than their names.

mod account;
mod demo;
mod organization;
pub(super) mod seed;
mod sized;
mod workload;

use std::collections::HashMap;

pub use self::account::{SimulatedAccount, SimulatedState, Trust};
pub use self::organization::{SimulatedOrganization, SimulatedUnit};
pub use self::workload::{Amounts, Workload};
use crate::names::AccountId;

/// Everything that the simulated AWS knows.
#[derive(Clone, Debug)]
pub struct World {
    /// The organization.
    pub organization: SimulatedOrganization,
    accounts: Vec<SimulatedAccount>,
    by_id: HashMap<AccountId, usize>,
    /// The role that the management account may assume in the others.
    pub role_name: String,
    /// How long a role session lasts when nobody asks for a length, in seconds.
    pub session_seconds: u32,
    /// No page holds more items than this.
    pub page_size: usize,
    /// What policies forbid.
    pub denials: Vec<ForbiddenService>,
    /// Members that may read the organization as the management account does.
    pub delegated_administrators: Vec<AccountId>,
}

/// A service that a service control policy forbids in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForbiddenService {
    /// The account.
    pub account: AccountId,
    /// boto3's name of the service.
    pub service: String,
}

impl World {
    /// A world of these accounts, of which the first is the management account.
    #[must_use]
    pub fn new(organization: SimulatedOrganization, accounts: Vec<SimulatedAccount>) -> Self {
        let by_id = accounts.iter().enumerate().map(|(index, account)| (account.id.clone(), index)).collect();
        Self {
            organization,
            accounts,
            by_id,
            role_name: "OrganizationAccountAccessRole".to_owned(),
            session_seconds: 3600,
            page_size: 100,
            denials: Vec::new(),
            delegated_administrators: Vec::new(),
        }
    }

    /// All accounts; the first is the management account.
    #[must_use]
    pub fn accounts(&self) -> &[SimulatedAccount] {
        &self.accounts
    }

    /// The organization's management account; `None` in a world without accounts.
    #[must_use]
    pub fn management_account(&self) -> Option<&SimulatedAccount> {
        self.accounts.first()
    }

    /// The account with this id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&SimulatedAccount> {
        self.index(id).map(|index| &self.accounts[index])
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Whether a service control policy forbids a service in an account.
    #[must_use]
    pub fn is_denied(&self, account: &AccountId, service: &str) -> bool {
        self.denials.iter().any(|denial| denial.account == *account && denial.service == service)
    }
}

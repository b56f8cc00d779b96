//! The simulated world as plain data: an organization, its accounts, and the amounts of their resources.
//!
//! The resources themselves are computed when they are requested, so that ten thousand accounts need no more
//! memory than their names.

mod account;
mod demo;
mod organization;
mod permission_set;
mod planted;
pub(super) mod seed;
mod sized;
mod trail;
mod workload;

use std::collections::HashMap;

pub use self::account::{SimulatedAccount, SimulatedState, Trust};
pub use self::organization::{SimulatedOrganization, SimulatedUnit};
pub use self::permission_set::{AssignedAccounts, SimulatedPermissionSet};
pub use self::planted::{PlantedResource, SimulatedWitnesses};
pub use self::trail::{PlantedEvent, SimulatedTrail};
pub use self::workload::{Amounts, Workload};
use crate::names::AccountId;

/// The permission set that is assigned in most accounts.
pub const PERMISSION_SET: &str = "ReadOnlyAccess";

/// The data of the simulated AWS.
#[derive(Clone, Debug)]
pub struct World {
    /// The organization.
    pub organization: SimulatedOrganization,
    accounts: Vec<SimulatedAccount>,
    by_id: HashMap<AccountId, usize>,
    /// The role that the management account may assume in the other accounts.
    pub role_name: String,
    /// The default duration of a role session in seconds.
    pub session_seconds: u32,
    /// The maximum number of items of a page.
    pub page_size: usize,
    /// The services that service control policies deny.
    pub denials: Vec<ForbiddenService>,
    /// The member accounts that may read the organization like the management account.
    pub delegated_administrators: Vec<AccountId>,
    /// The permission sets of IAM Identity Center that are assigned to the simulated user.
    pub permission_sets: Vec<SimulatedPermissionSet>,
    /// Whether roles can be assumed only by a user who has signed in with an MFA device.
    pub requires_mfa: bool,
    /// The witnesses; `None` in a world that has none.
    pub witnesses: Option<SimulatedWitnesses>,
    /// The events of CloudTrail.
    pub trail: SimulatedTrail,
}

/// A service that a service control policy denies in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForbiddenService {
    /// The account.
    pub account: AccountId,
    /// The service name in boto3.
    pub service: String,
}

impl World {
    /// Creates a world of these accounts, of which the first is the management account.
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
            permission_sets: vec![SimulatedPermissionSet {
                name: PERMISSION_SET.to_owned(),
                assigned: AssignedAccounts::AllExcept(Vec::new()),
            }],
            requires_mfa: false,
            witnesses: None,
            trail: SimulatedTrail::default(),
        }
    }

    /// Returns all accounts; the first is the management account.
    #[must_use]
    pub fn accounts(&self) -> &[SimulatedAccount] {
        &self.accounts
    }

    /// Returns the organization's management account; `None` in a world without accounts.
    #[must_use]
    pub fn management_account(&self) -> Option<&SimulatedAccount> {
        self.accounts.first()
    }

    /// Returns the account with this id.
    #[must_use]
    pub fn account(&self, id: &str) -> Option<&SimulatedAccount> {
        self.index(id).map(|index| &self.accounts[index])
    }

    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Returns whether a service control policy denies a service in an account.
    #[must_use]
    pub fn is_denied(&self, account: &AccountId, service: &str) -> bool {
        self.denials.iter().any(|denial| denial.account == *account && denial.service == service)
    }
}

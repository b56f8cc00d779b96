//! Accounts of the simulated organization.

use std::sync::Arc;

use super::workload::{Amounts, Workload};
use crate::names::{AccountId, Region};

/// A simulated account.
#[derive(Clone, Debug)]
pub struct SimulatedAccount {
    /// The account's id.
    pub id: AccountId,
    /// The account's name.
    pub name: String,
    /// The address of the root user.
    pub email: String,
    /// The state of the account.
    pub state: SimulatedState,
    /// The organizational unit, as an index into the organization's; `None` directly below the root.
    pub unit: Option<usize>,
    /// Whether the account was invited to the organization, and not created in it.
    pub invited: bool,
    /// Whether its role trusts the management account.
    pub trust: Trust,
    /// The regions that are enabled.
    pub regions: Arc<[Region]>,
    /// The resources of the account.
    pub workload: Arc<Workload>,
}

/// The state of a simulated account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulatedState {
    /// The account is active.
    Active,
    /// The account is closed, but not deleted yet.
    Suspended,
}

/// The trust of an account's role in the management account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The management account may assume the role.
    Grants,
    /// The trust policy does not contain the caller.
    Refuses,
}

impl SimulatedState {
    /// Returns the state as AWS writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
        }
    }
}

impl SimulatedAccount {
    /// Returns whether a region is enabled.
    #[must_use]
    pub fn has_region(&self, region: &str) -> bool {
        self.regions.iter().any(|enabled| enabled.as_str() == region)
    }

    /// Returns the amounts of resources in a region.
    #[must_use]
    pub fn amounts(&self, region: &str) -> &Amounts {
        self.workload.amounts(region)
    }
}

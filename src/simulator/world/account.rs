//! Accounts of the simulated organization.

use std::sync::Arc;

use super::workload::{Amounts, Workload};
use crate::names::{AccountId, Region};

/// A simulated account.
#[derive(Clone, Debug)]
pub struct SimulatedAccount {
    /// The account's id.
    pub id: AccountId,
    /// The name that people gave it.
    pub name: String,
    /// The address of the root user.
    pub email: String,
    /// Whether the account is in use.
    pub state: SimulatedState,
    /// The organizational unit, as an index into the organization's; `None` directly below the root.
    pub unit: Option<usize>,
    /// Whether it was invited, and not created by the organization.
    pub invited: bool,
    /// Whether its role lets the management account in.
    pub trust: Trust,
    /// The regions that are enabled.
    pub regions: Arc<[Region]>,
    /// What there is in it.
    pub workload: Arc<Workload>,
}

/// Where a simulated account is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimulatedState {
    /// In use.
    Active,
    /// Closed, and not gone yet.
    Suspended,
}

/// What an account's role answers to the management account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Come in.
    Grants,
    /// The trust policy does not name the caller.
    Refuses,
}

impl SimulatedState {
    /// The state in AWS's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
        }
    }
}

impl SimulatedAccount {
    /// Whether a region is enabled.
    #[must_use]
    pub fn has_region(&self, region: &str) -> bool {
        self.regions.iter().any(|enabled| enabled.as_str() == region)
    }

    /// How much there is in a region.
    #[must_use]
    pub fn amounts(&self, region: &str) -> &Amounts {
        self.workload.amounts(region)
    }
}

//! The accounts of `scan policy --management`: how the scan chooses them, and the roles that it assumes in them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::console::warn;
use super::options::accounts::read_file;
use crate::aws::credentials::RoleSettings;
use crate::aws::organization::Account;
use crate::error::Failure;
use crate::names::{AccountId, Partition, RegionPattern};
use crate::plan::policy::OrganizationAccess;

/// The options about the accounts of the scan.
#[derive(Args, Debug)]
#[command(next_help_heading = "Accounts")]
pub(super) struct PolicyAccountArguments {
    /// With --management: the scan chooses accounts by their organizational units
    #[arg(long, requires = "management")]
    by_unit: bool,

    /// With --management: the scan chooses accounts by their tags
    #[arg(long, requires = "management")]
    by_tag: bool,

    /// With --management: the scan takes accounts, and their roles, from this file
    #[arg(long, requires = "management", value_name = "FILE")]
    accounts_file: Option<PathBuf>,
}

impl PolicyAccountArguments {
    /// Returns the permissions in Organizations.
    pub(super) fn organization(&self, delegated: bool) -> OrganizationAccess {
        OrganizationAccess { units: self.by_unit, tags: self.by_tag, delegated }
    }

    /// Reads the accounts of the file; `None` without one. One of the specs may be standard input.
    pub(super) fn read(&self, specs: &[String]) -> Result<Option<Vec<Account>>, Failure> {
        self.accounts_file.as_deref().map(|file| read_file(file, specs)).transpose()
    }
}

/// Returns the regions of single accounts.
pub(super) fn own_regions(accounts: &[Account]) -> impl Iterator<Item = &RegionPattern> {
    accounts.iter().flat_map(|account| &account.overrides.regions)
}

/// Returns the ARNs of the roles that the caller assumes: in any account, or in those of the file.
pub(super) fn role_arns(
    role: &RoleSettings,
    partition: &Partition,
    accounts: Option<&[Account]>,
) -> Vec<String> {
    match accounts {
        Some(accounts) => role.arns_for_caller(partition, accounts.iter().map(|account| &account.id)),
        None => role.arns(partition, &AccountId::new("*")),
    }
}

/// Warns that roles that are assumed first in some accounts need a separate permission.
pub(super) fn note_roles_in_between(role: &RoleSettings, partition: &Partition) {
    let mut in_between: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (account, own) in &role.overrides {
        if let Some(via_role) = &own.via_role {
            in_between.entry(via_role).or_default().extend(role.arns(partition, account));
        }
    }
    for (via_role, mut arns) in in_between {
        arns.sort();
        warn(format!("{via_role} needs sts:AssumeRole on {}", arns.join(", ")));
    }
}

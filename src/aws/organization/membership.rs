//! The membership of accounts in organizational units.
//!
//! Units are named by ID (`ou-…`, `r-…`) or by path (`Root/Workloads/Production`; the root is optional). Where the
//! list of accounts contains each account's path in the tree, only the names of units are requested; elsewhere the
//! tree is walked below the named units.

use std::collections::HashSet;

use super::account::Account;
use super::filter::ExclusionReason;
use super::organizational_unit::{OrganizationalUnit, is_root_id, is_unit_id, units_in_path};
use super::tree::OrganizationTree;
use crate::error::Failure;
use crate::names::AccountId;
use crate::util::suggest::did_you_mean;

/// Finds units and the accounts in them.
pub(super) struct Membership<'run> {
    tree: &'run mut OrganizationTree,
    accounts: &'run [Account],
    /// Whether accounts in child units also belong to a unit.
    recursive: bool,
}

impl<'run> Membership<'run> {
    pub(super) fn new(tree: &'run mut OrganizationTree, accounts: &'run [Account], recursive: bool) -> Self {
        Self { tree, accounts, recursive }
    }

    /// Returns the accounts in any of the units that `option` names.
    pub(super) async fn of_all(
        &mut self,
        option: ExclusionReason,
        units: &[String],
    ) -> Result<HashSet<AccountId>, Failure> {
        let mut found = Vec::with_capacity(units.len());
        for named in units {
            found.push(self.find(option, named).await?);
        }
        self.accounts_of(found).await
    }

    async fn find(&mut self, option: ExclusionReason, named: &str) -> Result<OrganizationalUnit, Failure> {
        if is_unit_id(named) {
            let unknown = || Failure::usage(format!("{option}: no unit {named} in the organization"));
            return self.tree.directory().unit(named).await?.ok_or_else(unknown);
        }
        let root = self.tree.root().await?;
        if is_root_id(named) {
            return if named == root.id {
                Ok(root)
            } else {
                Err(Failure::usage(format!("{option}: the organization's root is {}, not {named}", root.id)))
            };
        }
        let mut steps = named.split('/').map(str::trim).filter(|step| !step.is_empty()).peekable();
        steps.next_if(|step| step.eq_ignore_ascii_case(&root.name));
        let (mut unit, mut path) = (root.clone(), root.name);
        for step in steps {
            let below = self.tree.units_below(&unit.id).await?;
            unit = below.iter().find(|unit| unit.name == step).cloned().ok_or_else(|| {
                let nearest = did_you_mean(step, below.iter().map(|unit| &*unit.name));
                let failure =
                    Failure::usage(format!("{option} {named}: no unit `{step}` in {path}{nearest}"));
                match below.len() {
                    0 => failure.hint(format!("use {path} itself: there are no units below it")),
                    _ => failure.hint(format!("use one of the units below {path}: {}", names(below))),
                }
            })?;
            path = format!("{path}/{step}");
        }
        Ok(unit)
    }

    async fn accounts_of(&mut self, units: Vec<OrganizationalUnit>) -> Result<HashSet<AccountId>, Failure> {
        let mut accounts = HashSet::new();
        if self.accounts.iter().all(|account| !account.paths.is_empty()) {
            let is_in = |account: &&Account| units.iter().any(|unit| account.is_in(&unit.id, self.recursive));
            accounts.extend(self.accounts.iter().filter(is_in).map(|account| account.id.clone()));
            return Ok(accounts);
        }
        for path in self.tree.walk(units, self.recursive).await? {
            let Some(unit) = path.last() else { continue };
            accounts.extend(self.tree.accounts_in(&unit.id).await?.iter().cloned());
        }
        Ok(accounts)
    }
}

impl Account {
    /// Returns whether one of the account's paths is in this unit or, if `recursive`, below it.
    fn is_in(&self, unit: &str, recursive: bool) -> bool {
        self.paths.iter().any(|path| {
            let mut units = units_in_path(path);
            if recursive { units.any(|step| step == unit) } else { units.next_back() == Some(unit) }
        })
    }
}

fn names(units: &[OrganizationalUnit]) -> String {
    units.iter().map(|unit| &*unit.name).collect::<Vec<_>>().join(", ")
}

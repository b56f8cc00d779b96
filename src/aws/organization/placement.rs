//! The place of each account in the tree of organizational units.
//!
//! Where the list of accounts contains each account's path, only the names of the units are requested: the child
//! units of every unit with accounts below its child units, which are fewer requests than one for each unit. Without
//! paths, the whole tree is walked, with the accounts in each unit.

use std::collections::{BTreeSet, HashMap};

use super::account::Account;
use super::directory::DirectoryError;
use super::organizational_unit::{OrganizationalUnit, units_in_path};
use super::tree::OrganizationTree;
use crate::names::AccountId;

/// Sets the path of units of each account. An account whose units were deleted in the meantime, or that was moved
/// during the walk so that it was not found, keeps none.
pub(super) async fn place(
    tree: &mut OrganizationTree,
    accounts: &mut [Account],
) -> Result<(), DirectoryError> {
    if accounts.iter().all(|account| !account.unit_ids().is_empty()) {
        by_paths(tree, accounts).await
    } else {
        by_walk(tree, accounts).await
    }
}

/// Returns the units whose child units have to be listed for the names of all units in the accounts' paths, sorted.
pub(super) fn parents_to_list(accounts: &[Account]) -> Vec<&str> {
    let parents = accounts.iter().flat_map(|account| {
        let mut ids = account.unit_ids();
        ids.pop();
        ids
    });
    parents.collect::<BTreeSet<_>>().into_iter().collect()
}

async fn by_paths(tree: &mut OrganizationTree, accounts: &mut [Account]) -> Result<(), DirectoryError> {
    let root = tree.root().await?;
    let parents = parents_to_list(accounts);
    tree.read_below(&parents).await?;
    let mut names = HashMap::from([(root.id, root.name)]);
    for parent in parents {
        names.extend(tree.units_below(parent).await?.iter().map(|unit| (unit.id.clone(), unit.name.clone())));
    }
    for account in accounts {
        let unit = |id: &str| Some(OrganizationalUnit { id: id.to_owned(), name: names.get(id)?.clone() });
        account.ou_path = account.unit_ids().into_iter().map(unit).collect();
    }
    Ok(())
}

async fn by_walk(tree: &mut OrganizationTree, accounts: &mut [Account]) -> Result<(), DirectoryError> {
    let mut places: HashMap<AccountId, Vec<OrganizationalUnit>> = HashMap::new();
    let root = tree.root().await?;
    for path in tree.walk([root], true).await? {
        let Some(unit) = path.last() else { continue };
        let inside = tree.accounts_in(&unit.id).await?;
        places.extend(inside.iter().map(|account| (account.clone(), path.clone())));
    }
    for account in accounts {
        account.ou_path = places.remove(&account.id);
    }
    Ok(())
}

impl Account {
    /// Returns the IDs of the root and the units that the account is in, from the root down, where Organizations
    /// returned them.
    fn unit_ids(&self) -> Vec<&str> {
        self.paths.first().map(|path| units_in_path(path).collect()).unwrap_or_default()
    }
}

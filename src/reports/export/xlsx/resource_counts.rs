//! Numbers of resources by account and kind.

use std::collections::{BTreeMap, HashMap};

use crate::reports::export::columns::ExportTables;
use crate::reports::resources::Resource;

/// The numbers of resources of each account: one number for each kind that the run has.
#[derive(Debug)]
pub(super) struct ResourceCounts {
    /// The kinds, those with the most resources first.
    kinds: Vec<(String, String)>,
    positions: BTreeMap<(String, String), usize>,
    accounts: HashMap<String, Vec<u64>>,
}

impl ResourceCounts {
    pub(super) fn new(tables: &ExportTables) -> Self {
        let mut kinds: Vec<_> = tables.iter().map(|(key, table)| (table.rows, key.clone())).collect();
        kinds.sort_by(|(rows, key), (other_rows, other)| other_rows.cmp(rows).then_with(|| key.cmp(other)));
        let kinds: Vec<_> = kinds.into_iter().map(|(_, key)| key).collect();
        let positions = kinds.iter().cloned().enumerate().map(|(position, key)| (key, position)).collect();
        Self { kinds, positions, accounts: HashMap::new() }
    }

    pub(super) fn count(&mut self, resource: &Resource<'_>) {
        let key = (resource.service.to_owned(), resource.kind.to_owned());
        let Some(position) = self.positions.get(&key) else { return };
        if !self.accounts.contains_key(resource.account) {
            self.accounts.insert(resource.account.to_owned(), vec![0; self.kinds.len()]);
        }
        if let Some(counts) = self.accounts.get_mut(resource.account) {
            counts[*position] += 1;
        }
    }

    /// Returns the names of the kinds, in the order of the numbers.
    pub(super) fn kinds(&self) -> impl Iterator<Item = String> {
        self.kinds.iter().map(|(service, kind)| format!("{service} {kind}"))
    }

    /// Returns the numbers of an account, if it has resources.
    pub(super) fn of(&self, account: &str) -> Option<&[u64]> {
        self.accounts.get(account).map(Vec::as_slice)
    }

    /// Returns the number of all resources.
    pub(super) fn total(&self) -> u64 {
        self.accounts.values().flatten().sum()
    }
}

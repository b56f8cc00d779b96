//! `accounts.json`: every account that was found, and why some are not scanned.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::layout::{RunFolder, account_folder};
use super::manifest::write_json;
use crate::aws::organization::{Account, Organization};
use crate::names::AccountId;
use crate::plan::Shard;
use crate::util::atomic_file;

/// An account in the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListedAccount {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// Whether this run scans the account.
    pub selected: bool,
    /// The reason why the account is not scanned.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// The account's folder in the result tree.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub folder: Option<String>,
    /// The outcome of the account's scan, once the run is finished.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outcome: Option<AccountOutcome>,
}

/// The outcome of an account's scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountOutcome {
    /// Every call succeeded, or had nothing to find.
    Complete,
    /// Some calls were denied or failed; the ledger lists them.
    Incomplete,
    /// No call was sent: the role could not be assumed, or the account was closed during the run.
    NotEntered,
}

/// Returns the outcome of an account's scan.
pub type OutcomeOf<'run> = &'run dyn Fn(&AccountId) -> AccountOutcome;

/// Writes the list of accounts. When a shard is scanned, accounts of other shards get a reason; the outcomes are
/// known when the run is finished.
pub fn write_accounts(
    folder: &RunFolder,
    organization: &Organization,
    shard: Option<Shard>,
    outcome_of: Option<OutcomeOf<'_>>,
) -> io::Result<()> {
    let accounts: Vec<_> = organization
        .accounts
        .iter()
        .map(|account| {
            let reason = account.not_scanned().or_else(|| of_another_shard(account, shard));
            let selected = reason.is_none();
            let folder = selected.then(|| account_folder(&account.id, account.name.as_deref()));
            let outcome = outcome_of.filter(|_| selected).map(|outcome_of| outcome_of(&account.id));
            ListedAccount { account: account.clone(), selected, reason, folder, outcome }
        })
        .collect();
    write_json(&folder.accounts(), &accounts)
}

/// Returns the reason why an account belongs to another process.
fn of_another_shard(account: &Account, shard: Option<Shard>) -> Option<String> {
    let shard = shard.filter(|shard| !shard.holds(&account.id))?;
    Some(format!("the account belongs to {}", Shard::of(&account.id, shard.count)))
}

/// Reads the list of accounts with the details of each.
pub(super) fn read_listed(path: &Path) -> io::Result<Vec<ListedAccount>> {
    Ok(serde_json::from_slice(&atomic_file::read(path)?)?)
}

/// Reads the list of accounts of an existing run.
pub fn read_accounts(path: &Path) -> io::Result<Vec<Account>> {
    Ok(serde_json::from_slice(&atomic_file::read(path)?)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::ListedAccount;

    /// Runs of older versions have no details of accounts.
    #[test]
    fn account_without_details_has_unknown_ones() {
        let older = json!({"id": "111111111111", "state": "ACTIVE", "paths": [], "management": false, "selected": true});
        let listed: ListedAccount = serde_json::from_value(older).expect("an account");
        assert_eq!((&listed.account.tags, &listed.account.ou_path), (&None, &None));
        let written = serde_json::to_value(&listed).expect("JSON");
        assert_eq!((&written["tags"], &written["ou_path"]), (&Value::Null, &Value::Null));
        assert!(written.as_object().is_some_and(|members| members.contains_key("tags")));
    }
}

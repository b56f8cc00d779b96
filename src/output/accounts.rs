//! `accounts.json`: every account that was found, also those that are not scanned, and why.

use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::manifest::write_json;
use super::run_folder::{RunFolder, account_folder};
use crate::organization::{Account, Organization};
use crate::plan::Shard;

/// One account in the file.
#[derive(Serialize)]
struct ListedAccount<'run> {
    #[serde(flatten)]
    account: &'run Account,
    /// Whether this run scans it.
    scanned: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Its folder in the result tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
}

/// Writes the list of accounts. Where a shard is scanned, accounts of other shards say so.
pub fn write_accounts(
    folder: &RunFolder,
    organization: &Organization,
    shard: Option<Shard>,
) -> io::Result<()> {
    let accounts: Vec<_> = organization
        .accounts
        .iter()
        .map(|account| {
            let reason = account.not_scanned().or_else(|| of_another_shard(account, shard));
            let scanned = reason.is_none();
            let folder = scanned.then(|| account_folder(&account.id, account.name.as_deref()));
            ListedAccount { account, scanned, reason, folder }
        })
        .collect();
    write_json(&folder.accounts(), &accounts)
}

/// Why an account is left to another process.
fn of_another_shard(account: &Account, shard: Option<Shard>) -> Option<String> {
    let shard = shard.filter(|shard| !shard.holds(&account.id))?;
    Some(format!("the account belongs to {}", Shard::of(&account.id, shard.count)))
}

/// Reads the list of accounts of a run that has begun.
pub fn read_accounts(path: &Path) -> io::Result<Vec<Account>> {
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

//! `accounts.json`: every account that was found, also those that are not scanned, and why.

use std::io;
use std::path::Path;

use serde::Serialize;

use super::atomic;
use super::manifest::write_json;
use super::run_folder::{RunFolder, account_folder};
use crate::organization::{Account, Organization};

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

/// Writes the list of accounts.
pub fn write_accounts(folder: &RunFolder, organization: &Organization) -> io::Result<()> {
    let accounts: Vec<_> = organization
        .accounts
        .iter()
        .map(|account| {
            let reason = account.not_scanned();
            let scanned = reason.is_none();
            let folder = scanned.then(|| account_folder(&account.id, account.name.as_deref()));
            ListedAccount { account, scanned, reason, folder }
        })
        .collect();
    write_json(&folder.accounts(), &accounts)
}

/// Reads the list of accounts of a run that has begun.
pub fn read_accounts(path: &Path) -> io::Result<Vec<Account>> {
    Ok(serde_json::from_slice(&atomic::read(path)?)?)
}

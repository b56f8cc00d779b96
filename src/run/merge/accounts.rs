//! Merges the lists of accounts: each account is taken from the shard that it belongs to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{MergeError, ScannedShard};
use crate::names::AccountId;
use crate::plan::Shard;
use crate::run::{RunFolder, write_json};
use crate::util::atomic_file;

/// An account in the merged list.
struct MergedAccount {
    members: Map<String, Value>,
    /// Whether the entry comes from the shard that the account belongs to.
    is_from_its_shard: bool,
}

/// Writes the list of accounts, and counts them.
pub(super) fn join(shards: &[ScannedShard], run: &RunFolder) -> Result<u64, MergeError> {
    let mut accounts: BTreeMap<AccountId, MergedAccount> = BTreeMap::new();
    for scanned in shards {
        for (id, members) in read(scanned)? {
            let is_from_its_shard = scanned.shard.holds(&id);
            let is_better = accounts.get(&id).is_none_or(|_| is_from_its_shard);
            if is_better {
                accounts.insert(id, MergedAccount { members, is_from_its_shard });
            }
        }
    }
    let present = |shard: Shard| shards.iter().any(|scanned| scanned.shard == shard);
    let count = shards.first().map_or(1, |scanned| scanned.shard.count);
    let mut rows: Vec<AccountRow> = Vec::with_capacity(accounts.len());
    for (id, mut listed) in accounts {
        let its = Shard::of(&id, count);
        if !listed.is_from_its_shard && present(its) {
            // The account joined the organization after its shard had listed the accounts.
            let reason = format!("{its} did not find the account when it listed the accounts");
            listed.members.insert("reason".to_owned(), Value::from(reason));
        }
        rows.push((id, listed.members));
    }
    // The order of a run of one process: the management account first, then by id.
    rows.sort_by_key(|(_, members)| members.get("management") != Some(&Value::from(true)));
    let rows: Vec<Value> = rows.into_iter().map(|(_, members)| Value::Object(members)).collect();
    write_json(&run.accounts(), &rows).map_err(|cause| MergeError::Unwritable(run.accounts(), cause))?;
    Ok(rows.len() as u64)
}

/// A row of a list: the account's id, and all members.
type AccountRow = (AccountId, Map<String, Value>);

/// Returns the rows of a shard's list.
fn read(scanned: &ScannedShard) -> Result<Vec<AccountRow>, MergeError> {
    let path = scanned.folder.accounts();
    let text = atomic_file::read(&path).map_err(|cause| MergeError::Unreadable(path.clone(), cause))?;
    let damaged = |what: String| MergeError::Damaged(path.clone(), what);
    let rows: Vec<Map<String, Value>> =
        serde_json::from_slice(&text).map_err(|cause| damaged(cause.to_string()))?;
    let with_id = |members: Map<String, Value>| {
        let id = members.get("id").and_then(Value::as_str).and_then(AccountId::parse);
        id.map(|id| (id, members)).ok_or_else(|| damaged("an account has no id".to_owned()))
    };
    rows.into_iter().map(with_id).collect()
}

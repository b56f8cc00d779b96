//! The ledgers of all shards, one after the other.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{MergeError, ScannedShard};
use crate::engine::Status;
use crate::output::{RunFolder, atomic, ledger};

/// Writes the lines of all ledgers, and counts them. Lines about the whole run, which every shard has,
/// are taken from the first.
pub(super) fn join(shards: &[ScannedShard], run: &RunFolder) -> Result<BTreeMap<Status, u64>, MergeError> {
    let mut calls = BTreeMap::new();
    let mut wrong = None;
    let written = atomic::write_file(&run.ledger(), |writer| {
        for (index, scanned) in shards.iter().enumerate() {
            let mut its = BTreeMap::new();
            let copied = copy(scanned, &mut its, |bytes, status, is_about_the_run| {
                if index > 0 && is_about_the_run {
                    return Ok(());
                }
                *calls.entry(status).or_default() += 1;
                writer.write_all(bytes)
            });
            match copied.and_then(|()| complete(scanned, &its)) {
                Ok(()) => {}
                Err(CopyError::Io(error)) => return Err(error),
                Err(CopyError::Damaged(error)) => {
                    wrong = Some(error);
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
        }
        Ok(())
    });
    match (written, wrong) {
        (_, Some(error)) => Err(error),
        (Err(cause), None) => Err(MergeError::Unwritable(run.ledger(), cause)),
        (Ok(_), None) => Ok(calls),
    }
}

enum CopyError {
    Io(io::Error),
    Damaged(MergeError),
}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Shows every line of a shard's ledger, and counts them all.
fn copy(
    scanned: &ScannedShard,
    calls: &mut BTreeMap<Status, u64>,
    mut show: impl FnMut(&[u8], Status, bool) -> io::Result<()>,
) -> Result<(), CopyError> {
    let path = scanned.folder.ledger();
    let mut number = 0_u64;
    let mut damage = None;
    let read = ledger::read(&path, |line| {
        number += 1;
        let Some(record) = line.record else {
            damage = Some(format!("line {number} cannot be read"));
            return Err(io::ErrorKind::InvalidData.into());
        };
        let is_about_the_run = record.is_about_the_run();
        if !is_about_the_run && !scanned.shard.holds(&record.account) {
            damage =
                Some(format!("line {number} is about account {}, not of {}", record.account, scanned.shard));
            return Err(io::ErrorKind::InvalidData.into());
        }
        *calls.entry(record.status).or_default() += 1;
        show(line.bytes, record.status, is_about_the_run)
    });
    match damage {
        Some(what) => Err(CopyError::Damaged(MergeError::Damaged(path, what))),
        None => Ok(read?),
    }
}

/// Makes sure that a ledger has as many lines as the manifest of its run has counted.
fn complete(scanned: &ScannedShard, calls: &BTreeMap<Status, u64>) -> Result<(), CopyError> {
    let counted = &scanned.manifest.totals.calls;
    if calls == counted {
        return Ok(());
    }
    let (lines, expected): (u64, u64) = (calls.values().sum(), counted.values().sum());
    let what = format!("it has {lines} lines that do not sum up to the {expected} calls of the manifest");
    Err(CopyError::Damaged(MergeError::Damaged(scanned.folder.ledger(), what)))
}

//! Merges the ledgers of all shards.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{MergeError, ScannedShard};
use crate::run::{CallRecord, GapCounts, RunFolder, Status, ledger};
use crate::util::atomic_file;
use crate::util::plural::plural;

/// The numbers of lines in a ledger.
#[derive(Debug, Default)]
pub(super) struct LineCounts {
    /// Lines about planned calls, by status.
    pub(super) calls: BTreeMap<Status, u64>,
    /// Gaps, and accepted ones.
    pub(super) gaps: GapCounts,
    /// The length of all results in bytes.
    pub(super) bytes: u64,
    /// All lines.
    pub(super) lines: u64,
}

impl LineCounts {
    fn count(&mut self, record: &CallRecord) {
        self.lines += 1;
        self.bytes += record.bytes;
        self.gaps.count(record);
        if record.is_call() {
            *self.calls.entry(record.status).or_default() += 1;
        }
    }
}

/// Writes the lines of all ledgers, and counts them. Lines about the whole run, which every shard has, are taken
/// from the first.
pub(super) fn join(shards: &[ScannedShard], run: &RunFolder) -> Result<LineCounts, MergeError> {
    let gaps = shards.first().map(|first| GapCounts::of(&first.manifest)).unwrap_or_default();
    let mut joined = LineCounts { gaps, ..LineCounts::default() };
    let mut wrong = None;
    let written = atomic_file::write_file(&run.ledger(), |writer| {
        for (index, scanned) in shards.iter().enumerate() {
            let mut its = LineCounts::default();
            let copied = copy(scanned, &mut its, |bytes, record| {
                if index > 0 && record.is_about_the_run() {
                    return Ok(());
                }
                joined.count(record);
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
        (Ok(_), None) => Ok(joined),
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

/// Passes every line of a shard's ledger to `show`, and counts all of them.
fn copy(
    scanned: &ScannedShard,
    counted: &mut LineCounts,
    mut show: impl FnMut(&[u8], &CallRecord) -> io::Result<()>,
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
        if !record.is_about_the_run() && !scanned.shard.holds(&record.account) {
            damage =
                Some(format!("line {number} is about account {}, not of {}", record.account, scanned.shard));
            return Err(io::ErrorKind::InvalidData.into());
        }
        counted.count(&record);
        show(line.bytes, &record)
    });
    match damage {
        Some(what) => Err(CopyError::Damaged(MergeError::Damaged(path, what))),
        None => Ok(read?),
    }
}

/// Checks that a ledger has as many lines as the manifest of its run counts.
fn complete(scanned: &ScannedShard, counted: &LineCounts) -> Result<(), CopyError> {
    let totals = &scanned.manifest.totals;
    if counted.calls == totals.calls && counted.lines == totals.lines {
        return Ok(());
    }
    let what = if counted.lines == totals.lines {
        "its statuses do not match the counts in the manifest".to_owned()
    } else {
        let expected = plural(totals.lines, "line");
        format!("the manifest counts {expected}, but the ledger has {}", counted.lines)
    };
    Err(CopyError::Damaged(MergeError::Damaged(scanned.folder.ledger(), what)))
}

//! Reads the state that the earlier executions of an unfinished run have left, and prepares the run to be
//! resumed.
//!
//! Everything is read before anything is changed. Each change keeps the run consistent: the ledger only loses
//! lines that will be written again, never final ones.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::names::{AccountId, Region};
use crate::plan::{Plan, RegionScope};
use crate::run::layout::{RunFolder, account_folder};
use crate::run::ledger::{self, LedgerLine};
use crate::run::results::kept_items;
use crate::run::results::result_file::Members;
use crate::run::results::result_writer::{ResultLayout, file_of_call, file_of_service};
use crate::run::safe_name;
use crate::run::{CallRecord, ExpectedResult, RecordedCalls, StoredNames};
use crate::util::atomic_file;

/// The state that the earlier executions of a run have left.
#[derive(Debug)]
pub struct EarlierExecutions {
    /// The calls that are already recorded and are not sent again.
    pub recorded: RecordedCalls,
    /// Whether the ledger has the lines about skipped entries.
    pub notes_skipped: bool,
    /// The number of lines that cannot be read.
    pub damaged: u64,
    /// The number of results that the ledger lists but that are missing.
    pub lost: u64,
    /// The number of readable lines that are removed, because their calls are sent again.
    pub superseded: u64,
    /// The offset of the last line, if that line is incomplete.
    torn: Option<u64>,
}

impl EarlierExecutions {
    /// Reads the ledger, checks that the results it lists exist, and passes every line that is kept to `show`. Results
    /// in a bucket are checked by their names, `stored`. With `retry_failed`, failed calls will be sent again.
    pub fn read(
        folder: &RunFolder,
        stored: Option<&StoredNames>,
        layout: ResultLayout,
        plan: &Plan,
        retry_failed: bool,
        mut show: impl FnMut(&CallRecord),
    ) -> io::Result<Self> {
        let mut earlier = Self {
            recorded: RecordedCalls::new(plan, retry_failed),
            notes_skipped: false,
            damaged: 0,
            lost: 0,
            superseded: 0,
            torn: None,
        };
        let (mut position, mut skipped) = (0, 0);
        ledger::read(&folder.ledger(), |line| {
            match &line.record {
                Some(record) => {
                    earlier.recorded.note(record);
                    skipped += usize::from(record.is_about_the_run());
                }
                None if !line.bytes.ends_with(b"\n") => earlier.torn = Some(position),
                None => earlier.damaged += 1,
            }
            position += line.bytes.len() as u64;
            Ok(())
        })?;
        earlier.notes_skipped = skipped == plan.skipped.len();
        earlier.check_results(folder, stored, layout, plan)?;
        let mut superseded = 0;
        ledger::read(&folder.ledger(), |line| {
            match &line.record {
                Some(record) if earlier.keeps(&line) => show(record),
                Some(_) => superseded += 1,
                None => {}
            }
            Ok(())
        })?;
        earlier.superseded = superseded;
        Ok(earlier)
    }

    /// Returns whether the ledger needs no change.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.superseded == 0 && self.damaged == 0 && self.torn.is_none()
    }

    /// Returns whether the last line of the ledger is incomplete.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.torn.is_some()
    }

    /// Prepares the run's folder for a resumed execution: removes the lines of the ledger that will be written
    /// again, and unfinished files.
    pub fn clear(&self, folder: &RunFolder) -> io::Result<()> {
        let path = folder.ledger();
        if self.superseded > 0 || self.damaged > 0 {
            atomic_file::write_file(&path, |writer| {
                ledger::read(
                    &path,
                    |line| {
                        if self.keeps(&line) { writer.write_all(line.bytes) } else { Ok(()) }
                    },
                )
            })?;
        } else if let Some(length) = self.torn {
            atomic_file::open(&path, File::options().write(true))?.set_len(length)?;
        }
        self.remove_leftovers(folder)
    }

    /// Removes the unfinished files of a process that was killed, and empty folders. The kept items of calls that are
    /// sent again stay.
    fn remove_leftovers(&self, folder: &RunFolder) -> io::Result<()> {
        for account in remove_unfinished(folder.path(), |_| false)? {
            let id = name_of(&account).split('-').next().map(AccountId::new);
            for place in remove_unfinished(&account, |_| false)? {
                let is_needed = |call| {
                    id.as_ref().is_some_and(|id| !self.recorded.is_settled(id, &name_of(&place), call))
                };
                remove_unfinished(&place, is_needed)?;
                // A folder that is not empty is kept.
                let _ = fs::remove_dir(&place);
            }
            let _ = fs::remove_dir(account);
        }
        Ok(())
    }

    fn keeps(&self, line: &LedgerLine<'_>) -> bool {
        match &line.record {
            None => false,
            Some(record) if record.is_about_the_run() => self.notes_skipped,
            Some(record) => self.recorded.keeps(record),
        }
    }

    /// Discards the records of calls whose results are missing: files that were deleted, or that the machine had
    /// not saved when it crashed.
    fn check_results(
        &mut self,
        folder: &RunFolder,
        stored: Option<&StoredNames>,
        layout: ResultLayout,
        plan: &Plan,
    ) -> io::Result<()> {
        let accounts = plan.accounts.iter();
        let folders: HashMap<_, _> = accounts
            .map(|account| (&account.id, account_folder(&account.id, account.name.as_deref())))
            .collect();
        let mut lost = Vec::new();
        let run = folder;
        for (account, place) in self.recorded.places() {
            let Some(account_folder) = folders.get(account) else { continue };
            let promised = self.recorded.promised(plan, account, place);
            let folder = run.place(account_folder, place);
            atomic_file::check_below(run.path(), &folder)?;
            let is_there = |file: String| match stored {
                Some(stored) => stored.has(&format!("{account_folder}/{}/{file}", safe_name(place))),
                None => is_written(&folder.join(file)),
            };
            let missing = match layout {
                // Objects are complete, so that their members need no check.
                ResultLayout::Service if stored.is_none() && self.is_unfinished(plan, account, place) => {
                    missing_members(&folder, &promised)?
                }
                ResultLayout::Service => {
                    missing(&promised, |result| is_there(file_of_service(result.service)))
                }
                ResultLayout::Call => {
                    missing(&promised, |result| is_there(file_of_call(result.service, result.name)))
                }
            };
            lost.extend(missing.into_iter().map(|call| (account.clone(), place.to_owned(), call)));
        }
        self.lost = lost.len() as u64;
        for (account, place, call) in lost {
            self.recorded.forget(&account, &place, call);
        }
        Ok(())
    }

    /// Returns whether calls are still to be sent in a place, so that its files will be read again.
    fn is_unfinished(&self, plan: &Plan, account: &AccountId, place: &str) -> bool {
        let here = if place == RegionScope::Global.as_str() {
            RegionScope::Global
        } else if let Ok(region) = Region::parse(place) {
            RegionScope::Region(region)
        } else {
            // A line of the ledger with an unknown place: no call is sent there.
            return false;
        };
        let mut calls = plan.calls.iter().enumerate().filter(|(_, call)| call.is_asked_in(&here));
        calls.any(|(index, _)| !self.recorded.is_settled(account, place, index))
    }
}

/// Returns the calls whose files are missing or empty.
fn missing(promised: &[ExpectedResult<'_>], is_there: impl Fn(&ExpectedResult<'_>) -> bool) -> Vec<usize> {
    promised.iter().filter(|result| !is_there(result)).map(|result| result.call).collect()
}

fn is_written(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok_and(|file| file.is_file() && file.len() > 0)
}

/// Returns the calls whose results are missing from their service's file.
fn missing_members(folder: &Path, promised: &[ExpectedResult<'_>]) -> io::Result<Vec<usize>> {
    let mut files: BTreeMap<&str, Vec<&ExpectedResult<'_>>> = BTreeMap::new();
    for result in promised {
        files.entry(result.service).or_default().push(result);
    }
    let mut missing = Vec::new();
    for (service, results) in files {
        let members = match Members::open(&folder.join(file_of_service(service))) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            members => members?,
        };
        let is_there = |name: &str| members.as_ref().is_some_and(|members| members.has(name));
        missing.extend(results.into_iter().filter(|result| !is_there(result.name)).map(|result| result.call));
    }
    Ok(missing)
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Removes unfinished files, except the kept items of calls that are needed. Returns the folders beside them.
fn remove_unfinished(
    folder: &Path,
    is_needed: impl Fn(usize) -> bool,
) -> io::Result<Vec<std::path::PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
            continue;
        }
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| atomic_file::is_unfinished(name)) else { continue };
        if !kept_items::call_of(name).is_some_and(&is_needed) {
            atomic_file::remove_file(&entry.path())?;
        }
    }
    Ok(folders)
}

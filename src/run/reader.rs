//! Reads the results of a finished run.
//!
//! A run's folder may come from a third party. Symbolic links in it are not followed, and anything that this
//! program would not have written is an error and not a result.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::gap_counts::GapCounts;
use super::layout::{RunFolder, account_folder};
use super::lock::ReadLock;
use super::manifest::{Manifest, ManifestError, RunState};
use super::read_counts::ReadCounts;
use super::results::result_file::Members;
use super::results::result_writer::{ResultLayout, file_of_call, file_of_service};
use super::results_error::ResultsError;
use super::{CallRecord, ListedAccount, Status, accounts, ledger};
use crate::aws::organization::Account;
use crate::names::AccountId;
use crate::util::atomic_file;
use crate::util::json_indent::depth::{DEEPEST_FILE, DepthLimit};
use crate::util::plural::plural;

/// A run whose results can be read.
#[derive(Debug)]
pub struct Results {
    folder: RunFolder,
    manifest: Manifest,
    accounts: Vec<Account>,
    /// The folder of each account, below the run's folder.
    folders: HashMap<AccountId, String>,
    /// Keeps the run from being removed while it is read.
    _lock: ReadLock,
    counts: Arc<ReadCounts>,
}

/// The maximum number of lost results in a message.
const SHOWN: usize = 5;

impl Results {
    /// Opens a run and reads its manifest and list of accounts.
    pub fn open(path: &Path) -> Result<Self, ResultsError> {
        let folder = RunFolder::for_run(path);
        let lock = ReadLock::take(&folder.manifest()).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => ResultsError::Manifest(path.to_owned(), ManifestError::Missing),
            _ => ResultsError::Unreadable(folder.manifest(), cause),
        })?;
        let manifest = Manifest::read(&folder.manifest())
            .map_err(|error| ResultsError::Manifest(path.to_owned(), error))?;
        let list = folder.accounts();
        let accounts = accounts::read_accounts(&list).map_err(|cause| ResultsError::damaged(&list, cause))?;
        let folders = accounts.iter().map(|account| (account.id.clone(), folder_of(account)));
        Ok(Self {
            folder,
            manifest,
            folders: folders.collect(),
            accounts,
            _lock: lock,
            counts: Arc::default(),
        })
    }

    /// Returns the counts of what was read so far.
    pub(crate) fn counts(&self) -> &Arc<ReadCounts> {
        &self.counts
    }

    /// Counts the files with results, which takes no longer than listing the folders.
    pub(crate) fn count_files(&self) -> Result<u64, ResultsError> {
        let mut count = 0;
        for account in &self.accounts {
            for place in self.places(account)? {
                let folder = self.folder.place(&folder_of(account), &place);
                count += fs::read_dir(&folder)
                    .map_err(|cause| ResultsError::unreadable(&folder, cause))?
                    .count() as u64;
            }
        }
        Ok(count)
    }

    /// Returns the run's folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the run's manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns all accounts that the run found, including those without results.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// Returns all accounts with their entries in `accounts.json`.
    pub fn listed_accounts(&self) -> Result<Vec<ListedAccount>, ResultsError> {
        let path = self.folder.accounts();
        accounts::read_listed(&path).map_err(|cause| ResultsError::damaged(&path, cause))
    }

    /// Passes every line of the ledger to `take`. Damaged lines are skipped: [`check`](Self::check) reports them.
    pub fn each_record(&self, take: &mut dyn FnMut(&CallRecord)) -> Result<(), ResultsError> {
        self.try_each_record(&mut |record| {
            take(record);
            Ok(())
        })
    }

    /// Works as [`each_record`](Self::each_record), but stops at the first error of `take`.
    pub fn try_each_record<E: From<ResultsError>>(
        &self,
        take: &mut dyn FnMut(&CallRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        let path = self.folder.ledger();
        // The reader only returns I/O errors, so the error of `take` is kept here.
        let mut stopped = None;
        let outcome = ledger::read(&path, |line| match line.record.as_ref().map_or(Ok(()), &mut *take) {
            Ok(()) => Ok(()),
            Err(error) => {
                stopped = Some(error);
                Err(io::Error::other("the reader stopped"))
            }
        });
        match stopped {
            Some(error) => Err(error),
            None => outcome.map_err(|cause| ResultsError::unreadable(&path, cause).into()),
        }
    }

    /// Checks the ledger: counts the calls that leave a gap in the inventory and are not accepted, and verifies that
    /// every result that a line lists exists.
    pub fn check(&self) -> Result<u64, ResultsError> {
        let path = self.folder.ledger();
        if self.manifest.state == RunState::Finished && !path.exists() {
            return Err(ResultsError::Damaged(path, "the ledger is missing".to_owned()));
        }
        let (mut gaps, mut number, mut wrong) = (GapCounts::of(&self.manifest), 0_u64, None);
        let mut seen = PathBuf::new();
        ledger::read(&path, |line| {
            number += 1;
            match &line.record {
                Some(record) => {
                    gaps.count(record);
                    if wrong.is_none()
                        && let Some(file) = self.promised(record).filter(|file| *file != seen)
                    {
                        wrong = is_missing(&file)
                            .then(|| (file.clone(), "the ledger lists it, but it does not exist".to_owned()));
                        seen = file;
                    }
                }
                // The incomplete last line of a process that was killed.
                None if !line.bytes.ends_with(b"\n") && self.manifest.state != RunState::Finished => {}
                None if wrong.is_none() => {
                    wrong = Some((path.clone(), format!("line {number} is damaged")));
                }
                None => {}
            }
            Ok(())
        })
        .map_err(|cause| ResultsError::unreadable(&path, cause))?;
        wrong.map_or(Ok(gaps.calls), |(path, what)| Err(ResultsError::Damaged(path, what)))
    }

    /// Compares every result that the ledger lists with its file: whether it exists, is complete, and has the
    /// length with which it was written. Reads all files once.
    ///
    /// # Errors
    ///
    /// Returns the first results that are missing or damaged, at most `SHOWN` of them by name.
    pub fn verify(&self) -> Result<(), ResultsError> {
        self.check()?;
        let (mut wrong, mut count) = (Vec::new(), 0_u64);
        let mut open: Option<(PathBuf, Result<Option<Members>, String>)> = None;
        self.each_record(&mut |record| {
            let Some(file) = self.promised(record) else { return };
            let problem = match self.manifest.settings.layout {
                ResultLayout::Service => {
                    let members = match &open {
                        Some((path, members)) if *path == file => members,
                        _ => {
                            let members = Members::open(&file).map_err(|cause| cause.to_string());
                            &open.insert((file.clone(), members)).1
                        }
                    };
                    problem_of_member(members, record)
                }
                ResultLayout::Call => problem_of_file(&file, record),
            };
            if let Some(problem) = problem {
                count += 1;
                if wrong.len() < SHOWN {
                    wrong.push(format!("{}: {problem}", file.display()));
                }
            }
        })?;
        if wrong.is_empty() {
            return Ok(());
        }
        Err(ResultsError::Lost { count, first: wrong })
    }

    /// Returns the file that has the result of a call, if the call has a result.
    fn promised(&self, record: &CallRecord) -> Option<PathBuf> {
        let has_result = matches!(record.status, Status::Ok | Status::Empty | Status::Truncated);
        if !has_result || record.item.is_some() || record.is_about_the_run() {
            return None;
        }
        let folder = self.folder.place(self.folders.get(&record.account)?, &record.region);
        let service = record.service.as_str();
        Some(folder.join(match self.manifest.settings.layout {
            ResultLayout::Service => file_of_service(service),
            ResultLayout::Call => file_of_call(service, &record.name),
        }))
    }

    /// Returns the places in which an account has results, sorted.
    pub fn places(&self, account: &Account) -> Result<Vec<String>, ResultsError> {
        let folder = self.folder.path().join(folder_of(account));
        atomic_file::check_below(self.folder.path(), &folder)
            .map_err(|cause| ResultsError::unreadable(&folder, cause))?;
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|cause| ResultsError::unreadable(&folder, cause))?,
        };
        let mut places = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|cause| ResultsError::unreadable(&folder, cause))?;
            atomic_file::check_below(self.folder.path(), &entry.path())
                .map_err(|cause| ResultsError::unreadable(&entry.path(), cause))?;
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if let Some(name) = entry.file_name().to_str().filter(|_| is_folder) {
                places.push(name.to_owned());
            }
        }
        places.sort();
        Ok(places)
    }

    /// Returns the results of one place.
    #[must_use]
    pub fn place(&self, account: &Account, place: &str) -> PlaceResults {
        PlaceResults {
            folder: self.folder.place(&folder_of(account), place),
            layout: self.manifest.settings.layout,
            open: None,
            counts: Arc::clone(&self.counts),
            read: HashSet::new(),
        }
    }
}

/// The results of one account in one place.
#[derive(Debug)]
pub struct PlaceResults {
    folder: PathBuf,
    layout: ResultLayout,
    /// The file that was read last: calls of one service are read in sequence.
    open: Option<(String, Option<Members>)>,
    counts: Arc<ReadCounts>,
    /// The files that were counted: calls of several services may alternate.
    read: HashSet<String>,
}

impl PlaceResults {
    /// Passes a reader for the JSON result of a call to `read`; does nothing if there is no result.
    pub fn read<E: From<ResultsError>>(
        &mut self,
        service: &str,
        name: &str,
        read: impl FnOnce(&Path, &mut dyn Read) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.layout {
            ResultLayout::Service => self.read_member(&file_of_service(service), name, read),
            ResultLayout::Call => {
                let path = self.folder.join(file_of_call(service, name));
                match atomic_file::open_to_read(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                    file => {
                        let file = file.map_err(|cause| ResultsError::unreadable(&path, cause))?;
                        self.count_file(&file_of_call(service, name));
                        read(&path, &mut DepthLimit::new(file, DEEPEST_FILE))
                    }
                }
            }
        }
    }

    fn count_file(&mut self, file: &str) {
        if self.read.insert(file.to_owned()) {
            self.counts.count_files(1);
        }
    }

    fn read_member<E: From<ResultsError>>(
        &mut self,
        file: &str,
        name: &str,
        read: impl FnOnce(&Path, &mut dyn Read) -> Result<(), E>,
    ) -> Result<(), E> {
        let path = self.folder.join(file);
        if self.open.as_ref().is_none_or(|(open, _)| open != file) {
            let members = Members::open(&path).map_err(|cause| ResultsError::unreadable(&path, cause))?;
            if members.is_some() {
                self.count_file(file);
            }
            self.open = Some((file.to_owned(), members));
        }
        let Some((_, Some(members))) = &mut self.open else { return Ok(()) };
        match members.reader(name).map_err(|cause| ResultsError::unreadable(&path, cause))? {
            Some(mut member) => read(&path, &mut member),
            None => Ok(()),
        }
    }
}

fn folder_of(account: &Account) -> String {
    account_folder(&account.id, account.name.as_deref())
}

/// Returns the problem of a result in the file of its service; `None` if it is intact.
fn problem_of_member(members: &Result<Option<Members>, String>, record: &CallRecord) -> Option<String> {
    let name = &record.name;
    match members {
        Err(cause) => Some(cause.clone()),
        Ok(None) => Some("the file is missing".to_owned()),
        Ok(Some(members)) => match members.length(name) {
            None => Some(format!("`{name}` is missing")),
            Some(length) => problem_of_length(length, record),
        },
    }
}

/// Returns the problem of a result with its own file; `None` if it is intact.
fn problem_of_file(file: &Path, record: &CallRecord) -> Option<String> {
    match atomic_file::open_to_read(file).and_then(|file| file.metadata()) {
        Err(cause) => Some(cause.to_string()),
        // The last byte of the file is a line break.
        Ok(found) => problem_of_length(found.len().saturating_sub(1), record),
    }
}

fn problem_of_length(length: u64, record: &CallRecord) -> Option<String> {
    let expected = record.bytes;
    (length != expected)
        .then(|| format!("`{}` has {}, but the ledger has {expected}", record.name, plural(length, "byte")))
}

fn is_missing(file: &Path) -> bool {
    !fs::symlink_metadata(file).is_ok_and(|found| found.is_file())
}

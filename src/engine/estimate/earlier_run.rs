//! The counts of an earlier run: the responses, items and pages of each call in its ledger.
//!
//! The number of items in the ledger is that of the part of a response that the run's spec has selected, so the spec
//! is read as well: only a call that selects a list has the number of its elements.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::model::catalog::Function;
use crate::names::AccountId;
use crate::plan::spec::{Child, ResultSelector, ScanSpec, SpecEntry};
use crate::run::{CallRecord, Results, ResultsError, Status};

/// The counts of an earlier run.
#[derive(Debug)]
pub struct EarlierRun {
    /// The run's folder, as the user named it.
    pub folder: String,
    /// The file, URL or built-in name of its spec.
    pub spec: String,
    /// The time when it started.
    pub started: DateTime<Utc>,
    /// The calls of its spec, by service and function.
    calls: HashMap<(String, String), Vec<EarlierCall>>,
    accounts: HashMap<AccountId, HashMap<String, PlaceCounts>>,
}

/// The counts of the calls in one account and region.
pub(super) type PlaceCounts = HashMap<usize, CallCounts>;

/// A call of the earlier run's spec.
#[derive(Debug)]
struct EarlierCall {
    /// Identifies the call in the counts of a place.
    id: usize,
    name: String,
    parameters: Value,
    is_child: bool,
    /// The top-level list whose elements the ledger counts.
    list: Option<String>,
    /// Whether the result is the whole response, and not only the list.
    is_whole: bool,
}

/// A call of the next scan that the earlier run has made as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownCall<'run> {
    pub(super) id: usize,
    /// The key of its result in that run.
    pub(super) name: &'run str,
    /// Whether the result is the whole response, and not only the list.
    pub(super) is_whole: bool,
    /// The top-level list whose elements the ledger counts.
    pub(super) list: Option<&'run str>,
}

/// The counts of one call in one account and region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CallCounts {
    /// The outcome; `None` if the ledger has only lines about items.
    pub(super) status: Option<Status>,
    pub(super) attempts: u32,
    pub(super) pages: u32,
    /// The items of a list; for a child call, the number of responses.
    pub(super) items: u64,
    /// The items of a child call that were called and have no response.
    pub(super) unanswered: u64,
}

impl CallCounts {
    /// Returns whether the call was made for all its items, successfully or not.
    pub(super) fn is_complete(self) -> bool {
        self.status.is_some_and(|status| !status.is_failure() && status != Status::Skipped)
    }
}

impl EarlierRun {
    /// Reads the ledger of a run whose spec is `spec`.
    ///
    /// # Errors
    ///
    /// Returns an error if the ledger cannot be read.
    pub fn read(folder: &str, results: &Results, spec: &ScanSpec) -> Result<Self, ResultsError> {
        let manifest = results.manifest();
        let (mut run, ids) = Self::new(folder, &manifest.spec.source, manifest.started, spec);
        results.each_record(&mut |record| run.count(record, &ids))?;
        Ok(run)
    }

    /// Returns a run of `spec` with these lines in its ledger.
    #[cfg(test)]
    pub(super) fn of_records(folder: &str, spec: &ScanSpec, records: &[CallRecord]) -> Self {
        let (mut run, ids) = Self::new(folder, &spec.origin, DateTime::UNIX_EPOCH, spec);
        for record in records {
            run.count(record, &ids);
        }
        run
    }

    fn new(folder: &str, source: &str, started: DateTime<Utc>, spec: &ScanSpec) -> (Self, CallIds) {
        let mut run = Self {
            folder: folder.to_owned(),
            spec: source.to_owned(),
            started,
            calls: HashMap::new(),
            accounts: HashMap::new(),
        };
        let mut ids = HashMap::new();
        for entry in &spec.entries {
            run.add_entry(entry, &mut ids);
        }
        (run, ids)
    }

    fn add_entry(&mut self, entry: &SpecEntry, ids: &mut CallIds) {
        let list = counted_list(entry).map(str::to_owned);
        let parameters = Value::Object(entry.parameters.clone());
        let is_whole = matches!(entry.selection, ResultSelector::Whole);
        let name = entry.name.clone();
        let call = EarlierCall { id: 0, name, parameters, is_child: false, list, is_whole };
        self.add(&entry.function, call, ids);
        self.add_children(&entry.each, ids);
    }

    fn add_children(&mut self, each: &[Child], ids: &mut CallIds) {
        for child in each {
            let parameters = child.written_parameters();
            let name = child.name.clone();
            let call = EarlierCall { id: 0, name, parameters, is_child: true, list: None, is_whole: false };
            self.add(&child.function, call, ids);
            self.add_children(&child.each, ids);
        }
    }

    fn add(&mut self, function: &Function, call: EarlierCall, ids: &mut CallIds) {
        let service = function.service().name.to_string();
        let next = ids.len();
        let id = *ids.entry((service.clone(), call.name.clone())).or_insert(next);
        let calls = self.calls.entry((service, function.name().to_owned())).or_default();
        calls.push(EarlierCall { id, ..call });
    }

    fn count(&mut self, record: &CallRecord, ids: &CallIds) {
        if record.is_about_the_run() {
            return;
        }
        let Some(id) = ids.get(&(record.service.to_string(), record.name.clone())) else { return };
        let places = self.accounts.entry(record.account.clone()).or_default();
        let counts = match places.get_mut(&record.region) {
            Some(place) => place.entry(*id).or_default(),
            None => places.entry(record.region.clone()).or_default().entry(*id).or_default(),
        };
        if record.item.is_some() {
            // A truncated item has a response. A skipped one was not called.
            let is_unanswered = !matches!(record.status, Status::Truncated | Status::Skipped);
            counts.unanswered += u64::from(is_unanswered);
            return;
        }
        counts.status = Some(record.status);
        counts.attempts = record.attempts;
        counts.pages = record.pages;
        counts.items = record.items;
        counts.unanswered += record.items_not_configured;
    }

    /// Returns whether the run has calls in an account.
    pub(super) fn has_account(&self, account: &AccountId) -> bool {
        self.accounts.contains_key(account)
    }

    /// Returns the counts of the calls in a region of an account, or in `global`.
    pub(super) fn place(&self, account: &AccountId, place: &str) -> Option<&PlaceCounts> {
        self.accounts.get(account)?.get(place)
    }

    /// Returns the regions of an account, and `global`, with the counts of their calls.
    pub(super) fn places(&self, account: &AccountId) -> impl Iterator<Item = (&str, &PlaceCounts)> {
        let places = self.accounts.get(account).into_iter().flatten();
        places.map(|(place, counts)| (&**place, counts))
    }

    /// Returns the call of the run that corresponds to an entry of another spec: the same function with the same
    /// parameters.
    pub(super) fn entry(&self, entry: &SpecEntry) -> Option<KnownCall<'_>> {
        let parameters = Value::Object(entry.parameters.clone());
        let calls = self.calls_of(&entry.function, false);
        the_one(&calls, &entry.name, &parameters).map(EarlierCall::known)
    }

    /// Returns the call of the run that corresponds to a child call of another spec. Filters that find the same
    /// values can be written differently, so a function that the run calls in one way needs no equal parameters.
    pub(super) fn child(&self, child: &Child) -> Option<KnownCall<'_>> {
        let calls = self.calls_of(&child.function, true);
        let only = if let [only] = &calls[..] { Some(*only) } else { None };
        the_one(&calls, &child.name, &child.written_parameters()).or(only).map(EarlierCall::known)
    }

    fn calls_of(&self, function: &Function, children: bool) -> Vec<&EarlierCall> {
        let key = (function.service().name.to_string(), function.name().to_owned());
        let calls = self.calls.get(&key).into_iter().flatten();
        calls.filter(|call| call.is_child == children).collect()
    }
}

/// The identifiers of calls, by service and key in the result file.
type CallIds = HashMap<(String, String), usize>;

impl EarlierCall {
    fn known(&self) -> KnownCall<'_> {
        KnownCall { id: self.id, name: &self.name, is_whole: self.is_whole, list: self.list.as_deref() }
    }
}

/// Returns the call with these parameters; of several, the one with this name.
fn the_one<'run>(calls: &[&'run EarlierCall], name: &str, parameters: &Value) -> Option<&'run EarlierCall> {
    let mut equal = calls.iter().copied().filter(|call| call.parameters == *parameters);
    let first = equal.next()?;
    let mut rest = equal.peekable();
    if rest.peek().is_none() {
        Some(first)
    } else {
        std::iter::once(first).chain(rest).find(|call| call.name == name)
    }
}

/// Returns the top-level list whose elements the ledger counts for an entry.
fn counted_list(entry: &SpecEntry) -> Option<&str> {
    let pagination = entry.function.operation().pagination.as_ref();
    match &entry.selection {
        ResultSelector::Key(key) if !key.contains('.') => Some(key),
        ResultSelector::Whole => match &pagination?.result_keys[..] {
            [only] => only.top_level(),
            _ => None,
        },
        ResultSelector::Key(_) | ResultSelector::Filter(_) => None,
    }
}

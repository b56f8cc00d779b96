//! The outcome of the calls, for the page's overview and its map of accounts and services.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};

use super::chunk::Chunk;
use crate::names::{AccountId, ServiceName};
use crate::reports::summary::RunTally;
use crate::run::{CallRecord, Results, Status};

/// The size of one chunk of the map, in bytes.
const CHUNK_BYTES: usize = 256 * 1024;

/// The calls of one service in one account, counted by status in the order of [`Status::ALL`]; the last
/// number counts the calls with a gap.
type Field = [u32; Status::ALL.len() + 1];

/// The outcome of the calls of a run.
#[derive(Debug)]
pub(super) struct CallCoverage {
    accounts: HashMap<AccountId, usize>,
    services: BTreeSet<ServiceName>,
    fields: BTreeMap<(usize, ServiceName), Field>,
    /// Counts, and failures grouped by cause.
    pub(super) tally: RunTally,
    /// Entries of the spec that were not called in the whole run, with the reason.
    pub(super) not_called: Vec<(String, String)>,
}

impl CallCoverage {
    /// Starts to count the calls of a run, whose first account has this index in the page.
    pub(super) fn new(results: &Results, first_account: usize) -> Self {
        let accounts = results.accounts().iter().map(|account| account.id.clone()).zip(first_account..);
        Self {
            accounts: accounts.collect(),
            services: BTreeSet::new(),
            fields: BTreeMap::new(),
            tally: RunTally::of_run(results.manifest()),
            not_called: Vec::new(),
        }
    }

    /// Counts a line of the ledger.
    pub(super) fn count(&mut self, record: &CallRecord) {
        self.tally.count(record);
        if record.is_about_the_run() {
            let call = format!("{} {}", record.service, record.function);
            self.not_called.push((call, record.message.clone().unwrap_or_default()));
            return;
        }
        let Some(account) = self.accounts.get(&record.account).filter(|_| record.is_call()) else { return };
        self.services.insert(record.service.clone());
        let field = self.fields.entry((*account, record.service.clone())).or_default();
        let status = Status::ALL.iter().position(|status| *status == record.status).unwrap_or_default();
        field[status] = field[status].saturating_add(1);
        if record.is_gap() {
            field[Status::ALL.len()] = field[Status::ALL.len()].saturating_add(1);
        }
    }

    /// Returns the services that were called, sorted.
    pub(super) fn services(&self) -> Vec<&str> {
        self.services.iter().map(ServiceName::as_str).collect()
    }

    /// Writes the map of the run at an index: for every account and service with calls, the index of the account in
    /// the page and that of the service in the run, followed by pairs of a status and its number of calls.
    pub(super) fn write_map(&self, writer: &mut dyn Write, run: usize) -> io::Result<()> {
        let places: HashMap<&ServiceName, usize> =
            self.services.iter().enumerate().map(|(index, service)| (service, index)).collect();
        let mut chunk = Chunk::default();
        for ((account, service), field) in &self.fields {
            let mut entry = vec![*account, places.get(service).copied().unwrap_or_default()];
            for (status, count) in field.iter().enumerate().filter(|(_, count)| **count > 0) {
                entry.extend([status, usize::try_from(*count).unwrap_or(usize::MAX)]);
            }
            chunk.push(&entry)?;
            if chunk.len() > CHUNK_BYTES {
                chunk.write(writer, "map", run)?;
            }
        }
        chunk.write(writer, "map", run)
    }
}

//! Observes a run: ledger, progress and tally, all from the one stream of events.

use std::io;

use tokio::sync::mpsc;

use crate::engine::{CallRecord, Event};
use crate::names::AccountId;
use crate::output::{Ledger, RunFolder};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::report::Tally;

/// How many events are taken at once; the ledger is flushed after each such batch.
const BATCH: usize = 256;

/// Stands in the ledger for "all accounts" and "all regions".
const ALL: &str = "*";

/// Everybody who wants to know what the engine does.
pub(super) struct Observer {
    ledger: Ledger,
    progress: Progress,
    tally: Tally,
}

impl Observer {
    /// Opens the ledger and notes the entries that are not called: once for the whole run.
    pub(super) fn new(folder: &RunFolder, plan: &Plan) -> io::Result<Self> {
        let ledger = Ledger::open(&folder.ledger())?;
        let progress = Progress::new(plan.accounts.len());
        let mut observer = Self { ledger, progress, tally: Tally::default() };
        for skipped in &plan.skipped {
            let (service, function) = (&skipped.service, &skipped.function);
            let mut record = CallRecord::new(&AccountId::new(ALL), ALL, service, function, function);
            record.message = Some(skipped.reason.clone());
            observer.record(&record)?;
        }
        observer.ledger.flush()?;
        Ok(observer)
    }

    /// Watches until the engine is gone.
    pub(super) async fn watch(mut self, mut events: mpsc::Receiver<Event>) -> io::Result<Tally> {
        let mut batch = Vec::with_capacity(BATCH);
        while events.recv_many(&mut batch, BATCH).await > 0 {
            for event in batch.drain(..) {
                self.progress.observe(&event);
                if let Event::Call(record) = event {
                    self.record(&record)?;
                }
            }
            self.ledger.flush()?;
        }
        self.progress.finish();
        Ok(self.tally)
    }

    fn record(&mut self, record: &CallRecord) -> io::Result<()> {
        self.tally.count(record);
        self.ledger.record(record)
    }
}

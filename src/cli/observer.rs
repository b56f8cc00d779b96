//! Observes a run: ledger, progress and tally, all from the one stream of events.

use std::io;

use tokio::sync::mpsc;

use crate::engine::{CallRecord, Event};
use crate::output::{Ledger, RunFolder};
use crate::plan::SkippedCall;
use crate::progress::Progress;
use crate::report::Tally;

/// How many events are taken at once; the ledger is flushed after each such batch.
const BATCH: usize = 64;

/// Everybody who wants to know what the engine does.
pub(super) struct Observer {
    ledger: Ledger,
    progress: Progress,
    tally: Tally,
}

impl Observer {
    /// Opens the ledger. `tally` has what earlier executions of the run have found.
    pub(super) fn new(folder: &RunFolder, accounts: usize, tally: Tally) -> io::Result<Self> {
        Ok(Self { ledger: Ledger::open(&folder.ledger())?, progress: Progress::new(accounts), tally })
    }

    /// Notes the entries that are not called: once for the whole run.
    pub(super) fn note_skipped(&mut self, skipped: &[SkippedCall]) -> io::Result<()> {
        for SkippedCall { service, function, reason } in skipped {
            self.record(&CallRecord::of_the_run(service, function, reason.clone()))?;
        }
        self.ledger.flush()
    }

    /// Watches until the engine is gone.
    pub(super) async fn watch(mut self, mut events: mpsc::Receiver<Event>) -> io::Result<Tally> {
        let mut batch = Vec::with_capacity(BATCH);
        while events.recv_many(&mut batch, BATCH).await > 0 {
            for event in batch.drain(..) {
                self.progress.observe(&event);
                if let Event::Calls(records) = event {
                    records.iter().try_for_each(|record| self.record(record))?;
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

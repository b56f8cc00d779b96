//! Observes a run: ledger, progress and tally, all from the one stream of events.

use std::io;

use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at};

use super::progress::{BETWEEN_LINES, Progress, ProgressDisplay, Voice};
use crate::engine::Event;
use crate::plan::SkippedCall;
use crate::reports::summary::RunTally;
use crate::run::{CallRecord, Ledger, RunFolder};

/// How many events are taken at once; the ledger is flushed after each such batch.
const BATCH: usize = 64;

/// Everybody who wants to know what the engine does.
pub(super) struct Observer {
    ledger: Ledger,
    progress: Progress,
    tally: RunTally,
}

impl Observer {
    /// Opens the ledger. `tally` has what earlier executions of the run have found.
    pub(super) fn new(
        folder: &RunFolder,
        accounts: usize,
        tally: RunTally,
        display: ProgressDisplay,
    ) -> io::Result<Self> {
        let progress = Progress::new(display, accounts);
        Ok(Self { ledger: Ledger::open(&folder.ledger())?, progress, tally })
    }

    /// What speaks to people while the run goes on.
    pub(super) fn voice(&self) -> Voice {
        self.progress.voice()
    }

    /// Notes the entries that are not called: once for the whole run.
    pub(super) fn note_skipped(&mut self, skipped: &[SkippedCall]) -> io::Result<()> {
        for SkippedCall { service, function, reason, hint, account } in skipped {
            let mut record = CallRecord::of_the_run(service, function, reason.clone());
            record.hint.clone_from(hint);
            if let Some(account) = account {
                record.account = account.clone();
            }
            self.record(&record)?;
        }
        self.ledger.flush()
    }

    /// Watches until the engine is gone.
    pub(super) async fn watch(mut self, mut events: mpsc::Receiver<Event>) -> io::Result<RunTally> {
        let mut batch = Vec::with_capacity(BATCH);
        let mut lines = interval_at(Instant::now() + BETWEEN_LINES, BETWEEN_LINES);
        loop {
            tokio::select! {
                received = events.recv_many(&mut batch, BATCH) => {
                    if received == 0 {
                        break;
                    }
                    batch.drain(..).try_for_each(|event| self.observe(event))?;
                    self.ledger.flush()?;
                }
                _ = lines.tick() => self.progress.show_line(),
            }
        }
        self.progress.finish();
        Ok(self.tally)
    }

    fn observe(&mut self, event: Event) -> io::Result<()> {
        self.progress.observe(&event);
        match event {
            Event::Calls(records) => records.iter().try_for_each(|record| self.record(record)),
            Event::Throttled { requests } => {
                self.tally.throttled += requests;
                Ok(())
            }
            Event::AccountStarted { account, calls } => {
                self.tally.begin(&account, calls);
                Ok(())
            }
            Event::AccountFinished { .. } => Ok(()),
        }
    }

    fn record(&mut self, record: &CallRecord) -> io::Result<()> {
        self.tally.count(record);
        self.ledger.record(record)
    }
}

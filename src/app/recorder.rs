//! Records the events of a run in the ledger and the tally, and passes them to the observer.

use std::io;
use std::iter;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::observer::Observer;
use crate::engine::Event;
use crate::plan::SkippedCall;
use crate::reports::summary::RunTally;
use crate::run::{CallRecord, Ledger, RunFolder};

/// The number of events that are received at once.
const BATCH: usize = 64;

/// The time in which the lines of calls are gathered and then written together. If the process is killed, the calls of
/// this time are repeated by a resumed run.
const GATHERING: Duration = Duration::from_millis(5);

/// Writes the ledger, counts, and passes each event to the observer.
pub(crate) struct Recorder {
    ledger: Ledger,
    observer: Arc<dyn Observer>,
    tally: RunTally,
}

impl Recorder {
    /// Opens the ledger. `tally` has the counts of earlier executions of the run.
    pub(crate) fn new(folder: &RunFolder, tally: RunTally, observer: Arc<dyn Observer>) -> io::Result<Self> {
        Ok(Self { ledger: Ledger::open(&folder.ledger())?, observer, tally })
    }

    /// Records the skipped entries, once for the whole run.
    pub(crate) fn note_skipped(&mut self, skipped: &[SkippedCall]) -> io::Result<()> {
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

    /// Records events until the engine ends.
    pub(crate) async fn record_all(mut self, mut events: mpsc::Receiver<Event>) -> io::Result<RunTally> {
        let mut batch = Vec::with_capacity(BATCH);
        while events.recv_many(&mut batch, BATCH).await > 0 {
            // Further events do not wake this task one by one.
            sleep(GATHERING).await;
            batch.extend(iter::from_fn(|| events.try_recv().ok()));
            batch.drain(..).try_for_each(|event| self.observe(&event))?;
            self.ledger.flush()?;
        }
        Ok(self.tally)
    }

    fn observe(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::Calls(records) => records.iter().try_for_each(|record| self.record(record))?,
            Event::Throttled { requests } => self.tally.throttled += requests,
            Event::AccountStarted { account, calls } => self.tally.start(account, *calls),
            Event::AccountsListed { .. } | Event::AccountFinished { .. } => {}
        }
        self.observer.event(event);
        Ok(())
    }

    fn record(&mut self, record: &CallRecord) -> io::Result<()> {
        self.tally.count(record);
        self.ledger.record(record)
    }
}

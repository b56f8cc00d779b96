//! The observer of a run: it receives notes, warnings and events.

use std::io;
use std::path::Path;

use crate::engine::{Event, StopSignal};
use crate::error::Failure;

/// Receives what a run reports: notes, warnings and the events of the engine.
///
/// Every method has a default that ignores it. Methods are called from several tasks and must return quickly.
pub trait Observer: Send + Sync {
    /// Receives a remark that is no problem, such as how many accounts were found.
    fn note(&self, _text: &str) {}

    /// Receives a warning: the run continues, and something may need attention.
    fn warn(&self, _text: &str) {}

    /// Receives the path of the run's log file as soon as its folder exists.
    ///
    /// # Errors
    ///
    /// An error ends the run before its first call.
    fn log_to(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Called before the first call, with the number of accounts to scan and the signal that stops the scan.
    ///
    /// # Errors
    ///
    /// An error ends the run.
    fn scan_started(&self, _accounts: usize, _stop: &StopSignal) -> Result<(), Failure> {
        Ok(())
    }

    /// Receives an event of the engine, after its lines were added to the ledger.
    fn event(&self, _event: &Event) {}

    /// Called when the last event was received.
    fn scan_ended(&self) {}
}

/// Ignores everything that a run reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

//! Stopping a run before its plan is done.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::Failure;

/// Why a run is to stop.
#[derive(Clone, Debug)]
pub enum StopReason {
    /// Somebody sent a signal.
    Signal,
    /// The base credentials hold no longer: nothing more can be asked, and going on would only fill
    /// the ledger with calls that expired.
    Credentials(Arc<Failure>),
}

/// Tells a run to stop: no new calls, and a few seconds for those under way.
#[derive(Clone, Debug)]
pub struct StopSignal(watch::Sender<Option<StopReason>>);

impl StopSignal {
    /// A switch that nobody has flipped.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Flips it. The first reason stays.
    pub fn request(&self, reason: StopReason) {
        self.0.send_if_modified(|current| {
            let is_first = current.is_none();
            current.get_or_insert(reason);
            is_first
        });
    }

    /// Whether it has been flipped.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Why it was flipped, if it was.
    #[must_use]
    pub fn reason(&self) -> Option<StopReason> {
        self.0.borrow().clone()
    }

    /// Waits until it is flipped.
    pub async fn requested(&self) {
        // The sender is here, so that the channel cannot be closed.
        let _ = self.0.subscribe().wait_for(Option::is_some).await;
    }
}

impl Default for StopSignal {
    fn default() -> Self {
        Self::new()
    }
}

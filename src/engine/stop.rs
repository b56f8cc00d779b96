//! Stopping a run before its plan is complete.

use std::sync::Arc;

use tokio::sync::watch;

use crate::error::Failure;

/// The reason to stop a run.
#[derive(Clone, Debug)]
pub enum StopReason {
    /// The process received a signal.
    Signal,
    /// The base credentials have expired: no more calls can be sent, and continuing would only fill the ledger with
    /// expired calls.
    Credentials(Arc<Failure>),
    /// The run cannot be finished by this process: the remaining accounts of the organization could not be listed, or
    /// another process has taken over its folder in a bucket.
    Failed(Arc<Failure>),
}

/// The signal that stops a run: no new calls are started, and running calls have a few seconds to end.
#[derive(Clone, Debug)]
pub struct StopSignal(watch::Sender<Option<StopReason>>);

impl StopSignal {
    /// Creates a signal without a request to stop.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Requests the stop. The first reason is kept.
    pub fn request(&self, reason: StopReason) {
        self.0.send_if_modified(|current| {
            let is_first = current.is_none();
            current.get_or_insert(reason);
            is_first
        });
    }

    /// Returns whether a stop was requested.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Returns the reason of the stop, if one was requested.
    #[must_use]
    pub fn reason(&self) -> Option<StopReason> {
        self.0.borrow().clone()
    }

    /// Waits until a stop is requested.
    pub async fn requested(&self) {
        // `self` holds the sender, so the channel cannot be closed.
        let _ = self.0.subscribe().wait_for(Option::is_some).await;
    }
}

impl Default for StopSignal {
    fn default() -> Self {
        Self::new()
    }
}

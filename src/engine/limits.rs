//! How much is under way at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limits of a run: plain values, so that they can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests under way in the whole run.
    pub requests: usize,
    /// Accounts that are worked on at once.
    pub accounts: usize,
    /// Regions of one account that are worked on at once.
    pub regions: usize,
    /// Services of one account and region that are worked on at once.
    pub services: usize,
    /// Calls of one account, region and service that are under way at once.
    pub calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests: 256, accounts: 64, regions: 32, services: 32, calls: 8 }
    }
}

/// The global limit. A permit is held for one request and never while something else is waited
/// for, so that a slow account cannot starve the others.
#[derive(Clone)]
pub(super) struct RequestGate(Arc<Semaphore>);

impl RequestGate {
    pub(super) fn new(requests: usize) -> Self {
        Self(Arc::new(Semaphore::new(requests.max(1))))
    }

    pub(super) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed; if it were, going on without a permit loses nothing.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

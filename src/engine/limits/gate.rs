//! The limit of concurrent requests of the whole run.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The global limit of concurrent attempts. A permit is held for one attempt and never while the attempt waits for
/// something else, so a slow account cannot starve the others.
#[derive(Clone, Debug)]
pub(in crate::engine) struct RequestGate(Arc<Semaphore>);

impl RequestGate {
    pub(in crate::engine) fn new(requests: usize) -> Self {
        Self(Arc::new(Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS))))
    }

    pub(in crate::engine) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed; if it were, sending without a permit would do no harm.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

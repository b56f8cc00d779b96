//! The limit of concurrent requests of the whole run, and of the units that wait for it.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch};

/// The global limit of concurrent attempts. A permit is held for one attempt and never while the attempt waits for
/// something else, so a slow account cannot starve the others.
///
/// Units start when few requests wait for a permit: a waiting unit needs memory, and would not be faster if it had
/// started earlier. Requests that wait for their rate limit do not count, so they do not prevent others from starting.
#[derive(Clone, Debug)]
pub(in crate::engine) struct RequestGate {
    permits: Arc<Semaphore>,
    waiting: WaitingRequests,
    /// Held by the next unit to start; all others queue for it.
    next: Arc<Mutex<()>>,
}

/// The number of requests that wait for a permit.
#[derive(Clone, Debug)]
struct WaitingRequests {
    count: watch::Sender<usize>,
    /// The number from which no unit starts.
    limit: usize,
}

/// A request that waits for a permit, or a unit that has not sent its first request yet.
#[derive(Debug)]
pub(in crate::engine) struct WaitingRequest(WaitingRequests);

impl RequestGate {
    pub(in crate::engine) fn new(requests: usize) -> Self {
        let requests = requests.clamp(1, Semaphore::MAX_PERMITS);
        // So many that a permit that is returned is used, while the next units start.
        let waiting = WaitingRequests { count: watch::Sender::new(0), limit: requests.div_ceil(4) };
        Self { permits: Arc::new(Semaphore::new(requests)), waiting, next: Arc::default() }
    }

    pub(in crate::engine) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        let _waiting = self.waiting.add();
        // The semaphore is never closed; if it were, sending without a permit would do no harm.
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    /// Waits until few requests wait for a permit, in the order of arrival. The unit that may start counts as a
    /// waiting request until the result is dropped.
    pub(in crate::engine) async fn start(&self) -> WaitingRequest {
        let _next = self.next.lock().await;
        // `self` holds the sender, so the channel cannot be closed.
        let _ = self.waiting.count.subscribe().wait_for(|count| *count < self.waiting.limit).await;
        self.waiting.add()
    }
}

impl WaitingRequests {
    fn add(&self) -> WaitingRequest {
        self.count.send_if_modified(|count| {
            *count += 1;
            false
        });
        WaitingRequest(self.clone())
    }
}

impl Drop for WaitingRequest {
    fn drop(&mut self) {
        let Self(WaitingRequests { count, limit }) = self;
        // Only the step below the limit wakes the next unit.
        count.send_if_modified(|count| {
            *count -= 1;
            *count + 1 == *limit
        });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::RequestGate;

    #[tokio::test]
    async fn units_start_while_few_requests_wait() {
        let gate = RequestGate::new(8);
        let permits = join_all((0..8).map(|_| gate.enter())).await;
        let first = gate.start().await;
        let mut second = Box::pin(gate.enter());
        assert!(second.as_mut().now_or_never().is_none(), "all permits are taken");
        let mut third = Box::pin(gate.start());
        assert!(third.as_mut().now_or_never().is_none(), "two requests wait");
        drop(first);
        assert!(third.as_mut().now_or_never().is_some(), "one request waits");
        drop(permits);
        assert!(second.now_or_never().is_some());
    }

    #[tokio::test]
    async fn units_start_in_order_of_arrival() {
        let gate = RequestGate::new(4);
        let running = gate.start().await;
        let mut first = Box::pin(gate.start());
        let mut second = Box::pin(gate.start());
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        drop(running);
        assert!(second.as_mut().now_or_never().is_none(), "the first one is next");
        let first = first.now_or_never().expect("a start");
        drop(first);
        assert!(second.now_or_never().is_some());
    }
}

//! The interface of rate limits and circuit breakers: the client acquires a permit before every attempt and
//! reports the outcome after it.
//!
//! The client sends requests; implementations of these traits decide how many may be sent. Without one, requests
//! are not limited.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::error::CallError;
use super::retry_quota::RetryQuota;
use crate::model::catalog::Function;
use crate::names::Region;

/// A request that is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingCall<'request> {
    /// The function that is called.
    pub function: &'request Function,
    /// The region of the request.
    pub region: &'request Region,
    /// Scheme and host of the request, without the label of an account or a bucket.
    pub endpoint: &'request str,
    /// Whether a response proves that the region can be reached. That is not the case where only this service has
    /// a configured endpoint URL.
    pub shows_region: bool,
}

/// Provides the lane of every request of one account: its rate limit and circuit breaker.
pub trait RequestLimiter: fmt::Debug + Send + Sync {
    /// Returns the lane of a request, for all its attempts.
    fn lane(&self, call: &OutgoingCall<'_>) -> Arc<dyn RequestSlot>;
}

/// A permit that an attempt holds while it is in progress; dropped when it has ended.
pub type Permit = Box<dyn Send + Sync>;

/// A future that resolves to a permit.
pub type AcquirePermit = Pin<Box<dyn Future<Output = Permit> + Send + Sync>>;

/// A timeout for the first attempts of a request, which does not apply to later ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstAttemptTimeout {
    /// The timeout of an attempt, from its signature to the end of its response.
    pub time: Duration,
    /// The number of attempts that it applies to.
    pub attempts: u32,
}

/// The lane of one request, which waits here for a permit before each attempt. The request has ended when its lane
/// is dropped.
pub trait RequestSlot: fmt::Debug + Send + Sync {
    /// Returns an error if the outcome of the request is already known, so that waiting is useless.
    fn refusal(&self) -> Option<CallError>;

    /// Waits until an attempt may be sent, and returns its permit.
    fn turn(&self) -> AcquirePermit;

    /// Checks again, directly before the first attempt is sent, whether the request should be sent.
    ///
    /// # Errors
    ///
    /// The known outcome of the request, if it should not be sent.
    fn depart(&self) -> Result<(), CallError>;

    /// Returns whether the endpoint is known to be unresponsive, so that another attempt after a failed one is
    /// useless.
    fn is_dead(&self) -> bool;

    /// Returns the timeout of the first attempts; `None` for the client's own. It is shorter for an endpoint that
    /// has never responded.
    fn patience(&self) -> Option<FirstAttemptTimeout>;

    /// Records the outcome of an attempt that was sent at `sent`.
    fn arrived(&self, sent: Instant, outcome: Result<(), &CallError>);

    /// Returns the quota that retries are taken from.
    fn retry_quota(&self) -> &RetryQuota;
}

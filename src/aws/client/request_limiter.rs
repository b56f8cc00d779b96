//! Who may send, and when: what the client asks before every attempt, and tells after it.
//!
//! The client knows how to send; how much may be sent is decided elsewhere, by whoever implements
//! these traits. Without one, everything may be sent at once.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime::client::retries::RetryPartition;
use tokio::time::Instant;

use super::error::CallError;
use crate::model::catalog::Function;
use crate::names::Region;

/// A request that wants to be sent.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingCall<'request> {
    /// What is asked.
    pub function: &'request Function,
    /// The region it is asked in.
    pub region: &'request Region,
    /// Scheme and host that it goes to, without what stands for an account or a bucket.
    pub endpoint: &'request str,
    /// Whether an answer from there shows that the region can be reached: not where the service alone has an
    /// endpoint URL of its own.
    pub shows_region: bool,
}

/// Knows the lane of every request of one account.
pub trait RequestLimiter: fmt::Debug + Send + Sync {
    /// The lane that a request takes, with all its attempts.
    fn lane(&self, departure: &OutgoingCall<'_>) -> Arc<dyn RequestSlot>;
}

/// What an attempt holds while it is under way; dropped when it has ended.
pub type Permit = Box<dyn Send + Sync>;

/// A wait for a permit.
pub type AcquirePermit = Pin<Box<dyn Future<Output = Permit> + Send + Sync>>;

/// A bound on the first attempts of a request, over which the later ones are not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstAttemptTimeout {
    /// How long an attempt may take, from its signature to the end of its answer.
    pub time: Duration,
    /// How many attempts it holds for.
    pub attempts: u32,
}

/// The way of one request: in front of each attempt it waits here for its turn. The request is over
/// when its lane is dropped.
pub trait RequestSlot: fmt::Debug + Send + Sync {
    /// Why it makes no sense to wait here, if so: what the request would find is known already.
    fn refusal(&self) -> Option<CallError>;

    /// Waits until an attempt may be sent.
    fn turn(&self) -> AcquirePermit;

    /// Asked once more when the turn has come, right before the first attempt is sent.
    ///
    /// # Errors
    ///
    /// The answer that is to be taken for the request's own.
    fn depart(&self) -> Result<(), CallError>;

    /// Whether another attempt would find nobody, after one that found nobody.
    fn is_dead(&self) -> bool;

    /// How long the first attempts may take; `None` for as long as the client allows. Whoever has never
    /// answered is not waited for as long as somebody who is known to.
    fn patience(&self) -> Option<FirstAttemptTimeout>;

    /// Told what came of an attempt that was sent at `sent`.
    fn arrived(&self, sent: Instant, outcome: Result<(), &CallError>);

    /// The quota that retries are taken from.
    fn retry_quota(&self) -> RetryPartition;
}

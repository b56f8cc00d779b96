//! The attempts of one request, each with a permit of its lane.
//!
//! A permit is held only while an attempt is in progress: it is released when the attempt has ended, and another
//! is acquired after the pause before the next attempt. The SDK's orchestrator sleeps between attempts, outside
//! their timeouts and before they are signed, so that the next permit is acquired in that sleep: [`PacedRetries`]
//! announces the pause, and [`PacedSleep`] performs it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_smithy_runtime::client::retries::strategy::StandardRetryStrategy;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::{RetryStrategy, ShouldAttempt};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::time::Instant;

use super::error::{self, CallError};
use super::request_limiter::{FirstAttemptTimeout, Permit, RequestSlot};

/// The timeout of one attempt, including connecting and reading: botocore's read timeout.
pub(super) const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// The state of one request's attempts, shared by all parts of the exchange.
#[derive(Clone)]
pub(super) struct AttemptTracker {
    lane: Arc<dyn RequestSlot>,
    patience: Option<FirstAttemptTimeout>,
    state: Arc<Mutex<AttemptState>>,
}

struct AttemptState {
    permit: Option<Permit>,
    sent: Instant,
    attempts: u32,
    /// Whether the next sleep is the pause between two attempts, and not a timeout.
    pausing: bool,
    /// Whether the next attempt of the orchestrator is the replay of one that was already made.
    replaying: bool,
}

impl AttemptTracker {
    /// Waits for the permit of the first attempt.
    ///
    /// # Errors
    ///
    /// When the lane knows the outcome without sending the request.
    pub(super) async fn start(lane: Arc<dyn RequestSlot>) -> Result<Self, CallError> {
        if let Some(known_outcome) = lane.refusal() {
            return Err(known_outcome);
        }
        let permit = lane.turn().await;
        lane.depart()?;
        let state = AttemptState {
            permit: Some(permit),
            sent: Instant::now(),
            attempts: 0,
            pausing: false,
            replaying: false,
        };
        Ok(Self { patience: lane.patience(), lane, state: Arc::new(Mutex::new(state)) })
    }

    /// Returns the number of attempts that have started.
    pub(super) fn attempts(&self) -> u32 {
        self.state().attempts
    }

    /// Returns the timeout of the first attempts.
    pub(super) fn patience(&self) -> Option<FirstAttemptTimeout> {
        self.patience
    }

    /// Returns the lane of the request.
    pub(super) fn lane(&self) -> &dyn RequestSlot {
        &*self.lane
    }

    /// Records the start of an attempt. A replayed one has already started.
    pub(super) fn attempt_began(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.replaying) {
            return;
        }
        state.attempts += 1;
        state.sent = Instant::now();
    }

    /// Records that the current attempt continues in the orchestrator, which replays its outcome.
    pub(super) fn attempt_handed_over(&self) {
        self.state().replaying = true;
    }

    /// Records the end of an attempt: releases the permit and reports the outcome to the lane.
    pub(super) fn attempt_ended(&self, outcome: Result<(), &CallError>) {
        let mut state = self.state();
        state.permit = None;
        let sent = state.sent;
        drop(state);
        self.lane.arrived(sent, outcome);
    }

    fn state(&self) -> MutexGuard<'_, AttemptState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for AttemptTracker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AttemptTracker").field("lane", &self.lane).finish_non_exhaustive()
    }
}

/// The SDK's standard retry strategy for one request, with the pauses of its lane.
///
/// Each request has a separate strategy. The SDK's strategy stores the share of the quota that the last retry
/// took, to return it on success; shared by concurrent requests, shares would get lost and the quota would run
/// out.
#[derive(Debug)]
pub(super) struct PacedRetries {
    standard: StandardRetryStrategy,
    tracker: AttemptTracker,
}

impl PacedRetries {
    pub(super) fn new(tracker: AttemptTracker) -> Self {
        Self { standard: StandardRetryStrategy::new(), tracker }
    }
}

impl RetryStrategy for PacedRetries {
    fn should_attempt_initial_request(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<ShouldAttempt, BoxError> {
        self.standard.should_attempt_initial_request(components, config)
    }

    fn should_attempt_retry(
        &self,
        context: &InterceptorContext,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<ShouldAttempt, BoxError> {
        // The next response would be as large.
        if context.output_or_error().and_then(Result::err).is_some_and(error::is_too_large) {
            return Ok(ShouldAttempt::No);
        }
        let decision = match self.standard.should_attempt_retry(context, components, config)? {
            ShouldAttempt::No => return Ok(ShouldAttempt::No),
            // Waiting for a permit requires a pause, even if it is short.
            ShouldAttempt::Yes => ShouldAttempt::YesAfterDelay(Duration::ZERO),
            pause @ ShouldAttempt::YesAfterDelay(_) => pause,
        };
        if self.tracker.lane().is_dead() {
            return Ok(ShouldAttempt::No);
        }
        self.tracker.state().pausing = true;
        Ok(decision)
    }
}

/// Sleeps, and after a pause between attempts waits for the next permit.
#[derive(Debug)]
pub(super) struct PacedSleep {
    sleep: SharedAsyncSleep,
    tracker: AttemptTracker,
}

impl PacedSleep {
    pub(super) fn new(sleep: SharedAsyncSleep, tracker: AttemptTracker) -> Self {
        Self { sleep, tracker }
    }
}

impl AsyncSleep for PacedSleep {
    fn sleep(&self, duration: Duration) -> Sleep {
        let sleep = self.sleep.sleep(duration);
        if !std::mem::take(&mut self.tracker.state().pausing) {
            return sleep;
        }
        let tracker = self.tracker.clone();
        Sleep::new(async move {
            sleep.await;
            let permit = tracker.lane.turn().await;
            tracker.state().permit = Some(permit);
        })
    }
}

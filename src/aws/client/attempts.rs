//! The attempts of one request on their way through a lane.
//!
//! A permit is held while an attempt is under way, and only then: it is given back when the attempt
//! has ended, and taken anew after the pause in front of the next. The SDK's orchestrator sleeps
//! between attempts, outside their time-outs and before they are signed, so that sleep is where the
//! next turn is waited for: [`PacedRetries`] announces the pause, and [`PacedSleep`] makes it.

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

/// One request's way; all that takes part in it shares this.
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
    /// The next sleep is the pause between two attempts, and not a time-out.
    pausing: bool,
}

impl AttemptTracker {
    /// Waits for the turn of the first attempt.
    ///
    /// # Errors
    ///
    /// When the lane knows the outcome without asking.
    pub(super) async fn begin(lane: Arc<dyn RequestSlot>) -> Result<Self, CallError> {
        if let Some(refusal) = lane.refusal() {
            return Err(refusal);
        }
        let permit = lane.turn().await;
        lane.depart()?;
        let state = AttemptState { permit: Some(permit), sent: Instant::now(), attempts: 0, pausing: false };
        Ok(Self { patience: lane.patience(), lane, state: Arc::new(Mutex::new(state)) })
    }

    /// How many attempts have begun.
    pub(super) fn attempts(&self) -> u32 {
        self.state().attempts
    }

    /// How long its first attempts may take.
    pub(super) fn patience(&self) -> Option<FirstAttemptTimeout> {
        self.patience
    }

    /// Where its requests travel.
    pub(super) fn lane(&self) -> &dyn RequestSlot {
        &*self.lane
    }

    /// An attempt begins.
    pub(super) fn attempt_began(&self) {
        let mut state = self.state();
        state.attempts += 1;
        state.sent = Instant::now();
    }

    /// An attempt has ended: gives the permit back and tells the lane.
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
        formatter.debug_struct("Journey").field("lane", &self.lane).finish_non_exhaustive()
    }
}

/// The SDK's standard strategy, which decides whether and when, for one request.
///
/// Each request has a strategy of its own. The SDK's keeps in itself the share of the quota that
/// the last retry took, to give it back on success; shared by requests side by side, shares get lost
/// and the quota runs dry.
#[derive(Debug)]
pub(super) struct PacedRetries {
    standard: StandardRetryStrategy,
    journey: AttemptTracker,
}

impl PacedRetries {
    pub(super) fn new(journey: AttemptTracker) -> Self {
        Self { standard: StandardRetryStrategy::new(), journey }
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
        // It would be as large the next time.
        if context.output_or_error().and_then(Result::err).is_some_and(error::is_too_large) {
            return Ok(ShouldAttempt::No);
        }
        let decision = match self.standard.should_attempt_retry(context, components, config)? {
            ShouldAttempt::No => return Ok(ShouldAttempt::No),
            // Waiting for a turn is a pause, even if it is short.
            ShouldAttempt::Yes => ShouldAttempt::YesAfterDelay(Duration::ZERO),
            pause @ ShouldAttempt::YesAfterDelay(_) => pause,
        };
        if self.journey.lane().is_dead() {
            return Ok(ShouldAttempt::No);
        }
        self.journey.state().pausing = true;
        Ok(decision)
    }
}

/// Sleeps, and after a pause between attempts waits for the next turn.
#[derive(Debug)]
pub(super) struct PacedSleep {
    sleep: SharedAsyncSleep,
    journey: AttemptTracker,
}

impl PacedSleep {
    pub(super) fn new(sleep: SharedAsyncSleep, journey: AttemptTracker) -> Self {
        Self { sleep, journey }
    }
}

impl AsyncSleep for PacedSleep {
    fn sleep(&self, duration: Duration) -> Sleep {
        let sleep = self.sleep.sleep(duration);
        if !std::mem::take(&mut self.journey.state().pausing) {
            return sleep;
        }
        let journey = self.journey.clone();
        Sleep::new(async move {
            sleep.await;
            let permit = journey.lane.turn().await;
            journey.state().permit = Some(permit);
        })
    }
}

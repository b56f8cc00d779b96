//! The circuit breaker for endpoints that do not respond.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::client::{CallError, CallErrorKind, InferredFrom};
use crate::util::plural::plural;

/// The number of consecutive attempts without a response after which the breaker may open.
const FAILURES: u32 = 3;

/// The minimum time since the first of these attempts was sent, so that a short disturbance does not open the
/// breaker.
const SILENCE: Duration = Duration::from_secs(5);

/// The interval at which one call is sent while the breaker is open, to test whether the endpoint responds again.
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// The endpoints of a run that do not respond.
///
/// The breaker of an endpoint opens only if another endpoint has responded since. If none responds, the network of
/// this machine is down, and skipping calls would turn a pause into a run full of gaps.
#[derive(Debug, Default)]
pub(in crate::engine) struct Endpoints(Mutex<EndpointsState>);

#[derive(Debug, Default)]
struct EndpointsState {
    /// When any endpoint last responded.
    answered: Option<Instant>,
    silent: HashMap<String, Silence>,
    /// The endpoints that have responded: bounded by the number of services and regions, independent of the
    /// accounts.
    known: HashSet<String>,
}

/// The attempts at one endpoint since its last response.
#[derive(Debug)]
struct Silence {
    since: Instant,
    failures: u32,
    first: CallError,
    /// When the next call may be sent, if the breaker is open.
    probe_at: Option<Instant>,
}

impl Endpoints {
    /// Returns the inferred error of a call to the endpoint, if the breaker is open.
    pub(in crate::engine) fn refusal(&self, endpoint: &str) -> Option<CallError> {
        self.state().refusal(endpoint, Instant::now())
    }

    /// Checks the breaker for a call that is about to be sent: while it is open, one call per interval may pass.
    ///
    /// # Errors
    ///
    /// Returns the inferred error of a call that must not be sent, as [`Endpoints::refusal`] does.
    pub(in crate::engine) fn depart(&self, endpoint: &str) -> Result<(), CallError> {
        let (mut state, now) = (self.state(), Instant::now());
        if let Some(refusal) = state.refusal(endpoint, now) {
            return Err(refusal);
        }
        let silence = state.silent.get_mut(endpoint);
        if let Some(probe_at) = silence.and_then(|silence| silence.probe_at.as_mut()) {
            *probe_at = now + PROBE_EVERY;
        }
        Ok(())
    }

    /// Records that the endpoint responded, with a success or an error.
    pub(in crate::engine) fn answered(&self, endpoint: &str) {
        let mut state = self.state();
        state.answered = Some(Instant::now());
        if !state.known.contains(endpoint) {
            state.known.insert(endpoint.to_owned());
        }
        if let Some(silence) = state.silent.remove(endpoint)
            && silence.probe_at.is_some()
        {
            tracing::warn!(target: "scan::breakers", endpoint, "the endpoint responds again; sending its calls again");
        }
    }

    /// Returns whether the endpoint has responded in this run.
    pub(in crate::engine) fn has_answered(&self, endpoint: &str) -> bool {
        self.state().known.contains(endpoint)
    }

    /// Records that an attempt that was sent at `sent` got no response.
    pub(in crate::engine) fn failed(&self, endpoint: &str, sent: Instant, error: &CallError) {
        let mut state = self.state();
        let silence = state.silent.entry(endpoint.to_owned()).or_insert_with(|| Silence {
            since: sent,
            failures: 0,
            first: error.clone(),
            probe_at: None,
        });
        silence.failures += 1;
        if let Some(probe_at) = &mut silence.probe_at {
            *probe_at = Instant::now() + PROBE_EVERY;
        }
    }

    fn state(&self) -> MutexGuard<'_, EndpointsState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EndpointsState {
    fn refusal(&mut self, endpoint: &str, now: Instant) -> Option<CallError> {
        let silence = self.silent.get_mut(endpoint)?;
        let network_works = self.answered.is_some_and(|answered| answered > silence.since);
        let is_silent = silence.failures >= FAILURES && now >= silence.since + SILENCE;
        if silence.probe_at.is_none() {
            if !is_silent || !network_works {
                return None;
            }
            silence.probe_at = Some(now + PROBE_EVERY);
            tracing::warn!(
                target: "scan::breakers", endpoint, failures = silence.failures, first = %silence.first,
                "the endpoint does not respond; skipping its calls until it does"
            );
        }
        if silence.probe_at.is_some_and(|probe_at| now >= probe_at) {
            return None;
        }
        let Silence { failures, first, .. } = silence;
        Some(CallError {
            inferred: Some(InferredFrom::Endpoint),
            missing_host: first.missing_host.clone(),
            ..CallError::new(
                first.kind,
                format!(
                    "not sent: {endpoint} did not respond to {} in a row; first error: {}",
                    plural(*failures, "attempt"),
                    first.message
                ),
            )
        })
    }
}

/// Returns whether an error means that the endpoint did not respond; `None` if it does not show either.
pub(in crate::engine) fn is_silence(error: &CallError) -> Option<bool> {
    match error.kind {
        CallErrorKind::Connection | CallErrorKind::Timeout => Some(true),
        CallErrorKind::Service | CallErrorKind::Answer | CallErrorKind::Pagination => Some(false),
        CallErrorKind::Credentials | CallErrorKind::Endpoint | CallErrorKind::Request => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::{Endpoints, FAILURES, PROBE_EVERY, SILENCE};
    use crate::aws::client::{CallError, CallErrorKind, InferredFrom};

    const DEAD: &str = "https://sqs.me-south-1.amazonaws.com";
    const ALIVE: &str = "https://sqs.eu-west-1.amazonaws.com";

    fn refused() -> CallError {
        CallError::new(CallErrorKind::Connection, "connection refused")
    }

    /// Records enough failures over enough time to open the breaker.
    async fn fall_silent(endpoints: &Endpoints) {
        for _ in 0..FAILURES {
            let sent = Instant::now();
            advance(SILENCE).await;
            endpoints.failed(DEAD, sent, &refused());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_without_answers_is_given_up_while_others_answer() {
        let endpoints = Endpoints::default();
        fall_silent(&endpoints).await;
        assert!(endpoints.refusal(DEAD).is_none(), "no other endpoint has responded");
        endpoints.answered(ALIVE);
        let refusal = endpoints.refusal(DEAD).expect("a refusal");
        assert!(refusal.inferred == Some(InferredFrom::Endpoint) && refusal.attempts == 0);
        assert!(refusal.message.contains(DEAD), "{refusal}");
        assert!(refusal.message.contains("3 attempts"), "{refusal}");
        assert!(refusal.message.ends_with("first error: connection refused"), "{refusal}");
        assert!(endpoints.refusal(ALIVE).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_disturbance_gives_up_nothing() {
        let endpoints = Endpoints::default();
        let sent = Instant::now();
        advance(Duration::from_secs(1)).await;
        for _ in 0..100 {
            endpoints.failed(DEAD, sent, &refused());
        }
        endpoints.answered(ALIVE);
        assert!(endpoints.refusal(DEAD).is_none());
        advance(SILENCE).await;
        assert!(endpoints.refusal(DEAD).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn answers_in_between_begin_the_count_anew() {
        let endpoints = Endpoints::default();
        fall_silent(&endpoints).await;
        endpoints.answered(DEAD);
        endpoints.answered(ALIVE);
        endpoints.failed(DEAD, Instant::now(), &refused());
        advance(SILENCE).await;
        endpoints.answered(ALIVE);
        assert!(endpoints.refusal(DEAD).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_at_a_time_finds_out_whether_it_answers_again() {
        let endpoints = Endpoints::default();
        fall_silent(&endpoints).await;
        endpoints.answered(ALIVE);
        assert!(endpoints.depart(DEAD).is_err());
        advance(PROBE_EVERY).await;
        assert!(endpoints.refusal(DEAD).is_none(), "a call may now wait for its permit");
        assert!(endpoints.depart(DEAD).is_ok());
        assert!(endpoints.depart(DEAD).is_err(), "one is enough");
        endpoints.failed(DEAD, Instant::now(), &refused());
        assert!(endpoints.depart(DEAD).is_err());
        advance(PROBE_EVERY).await;
        assert!(endpoints.depart(DEAD).is_ok());
        endpoints.answered(DEAD);
        assert!(endpoints.depart(DEAD).is_ok() && endpoints.depart(DEAD).is_ok());
    }
}

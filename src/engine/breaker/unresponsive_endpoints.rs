//! Endpoints that do not answer.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::client::{CallError, CallErrorKind, InferredFrom};
use crate::util::plural::plural;

/// So many attempts in a row have to stay without an answer …
const FAILURES: u32 = 3;

/// … and so long, counted from when the first of them was sent: a short disturbance passes.
const SILENCE: Duration = Duration::from_secs(5);

/// How often a call is sent all the same, to find out whether the endpoint answers again.
const PROBE_EVERY: Duration = Duration::from_secs(10);

/// The endpoints of a run, as far as they are silent.
///
/// An endpoint is given up only when another has answered meanwhile. When none does, it is this
/// machine's network that is down, and giving up endpoints would turn a pause into a run full of
/// holes.
#[derive(Debug, Default)]
pub(in crate::engine) struct Endpoints(Mutex<EndpointsState>);

#[derive(Debug, Default)]
struct EndpointsState {
    /// When any endpoint last answered.
    answered: Option<Instant>,
    silent: HashMap<String, Silence>,
    /// Those that have answered: as many as there are services and regions, whatever the accounts.
    known: HashSet<String>,
}

/// The attempts at one endpoint since its last answer.
#[derive(Debug)]
struct Silence {
    since: Instant,
    failures: u32,
    first: CallError,
    /// When the next call may be sent, once the endpoint has been given up.
    probe_at: Option<Instant>,
}

impl Endpoints {
    /// What a call to the endpoint would come to, if that is known: not asked, and why.
    pub(in crate::engine) fn refusal(&self, endpoint: &str) -> Option<CallError> {
        self.state().refusal(endpoint, Instant::now())
    }

    /// As [`Endpoints::refusal`], for a call that is about to be sent: now and then one may.
    ///
    /// # Errors
    ///
    /// What the call comes to without being sent.
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

    /// The endpoint answered, whatever it said.
    pub(in crate::engine) fn answered(&self, endpoint: &str) {
        let mut state = self.state();
        state.answered = Some(Instant::now());
        if !state.known.contains(endpoint) {
            state.known.insert(endpoint.to_owned());
        }
        if let Some(silence) = state.silent.remove(endpoint)
            && silence.probe_at.is_some()
        {
            tracing::warn!(target: "scan::breakers", endpoint, "the endpoint answers again; its calls are sent again");
        }
    }

    /// Whether the endpoint has answered in this run.
    pub(in crate::engine) fn has_answered(&self, endpoint: &str) -> bool {
        self.state().known.contains(endpoint)
    }

    /// An attempt that was sent at `sent` got no answer.
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
                "the endpoint does not answer; its calls are not sent until it does"
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
                    "not asked, because {endpoint} left {} in a row without an answer; the first: {}",
                    plural(*failures, "attempt"),
                    first.message
                ),
            )
        })
    }
}

/// Whether an error means that the endpoint did not answer; `None` where it says nothing about it.
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

    /// As many failures as it takes, and as long.
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
        assert!(endpoints.refusal(DEAD).is_none(), "nothing else has answered");
        endpoints.answered(ALIVE);
        let refusal = endpoints.refusal(DEAD).expect("a refusal");
        assert!(refusal.inferred == Some(InferredFrom::Endpoint) && refusal.attempts == 0);
        assert!(refusal.message.contains(DEAD), "{refusal}");
        assert!(refusal.message.contains("3 attempts"), "{refusal}");
        assert!(refusal.message.ends_with("the first: connection refused"), "{refusal}");
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
        assert!(endpoints.refusal(DEAD).is_none(), "whoever comes now may wait for a turn");
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

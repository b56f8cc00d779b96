//! The limiter of a run: the limits and circuit breakers that every attempt passes before it is sent and after it
//! ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::breaker::{Denials, Endpoints, is_silence};
use super::limits::{AccountKeys, KeyLimit, RequestGate, WaitingRequest, listed_quota};
use super::missing_names::Answers;
use crate::aws::client::{
    AcquirePermit, CallError, FirstAttemptTimeout, OutgoingCall, Permit, RequestLimiter, RequestSlot,
    RetryPolicy, RetryQuota,
};
use crate::aws::credentials::SessionError;
use crate::aws_error::ErrorMeaning;
use crate::names::{AccountId, Region};

/// The timeout of the first attempts at an endpoint that has not responded in this run. AWS's read operations
/// respond within a few seconds; a slower one gets the full timeout in a later attempt.
const FIRST_ANSWER: Duration = Duration::from_secs(15);

/// The number of attempts with the short timeout: two, since the second may already be running when the endpoint
/// is skipped.
const HURRIED_ATTEMPTS: u32 = 2;

/// The limits and circuit breakers that all accounts share.
#[derive(Debug)]
pub(super) struct RunLimiter {
    gate: RequestGate,
    endpoints: Endpoints,
    answers: Answers,
    /// The rate limit of the operation that opens sessions: all of them are opened by one caller.
    sessions: KeyLimit,
    /// The service of this operation.
    session_service: &'static str,
    retries: RetryPolicy,
    /// How many times AWS's quotas the accounts have.
    quota_factor: u32,
    /// Disables the circuit breakers: every call is sent and nothing is inferred.
    ask_everything: bool,
    /// The number of throttled requests that have not been reported yet.
    throttled: AtomicU64,
}

/// The limits and circuit breakers of one account. They are dropped when the account is done.
#[derive(Debug)]
pub(super) struct AccountLimiter {
    shared: Arc<RunLimiter>,
    keys: AccountKeys,
    denials: Arc<Denials>,
}

/// The limits and circuit breakers of one request.
#[derive(Debug)]
struct LimitedSlot {
    shared: Arc<RunLimiter>,
    key: Arc<KeyLimit>,
    region: Region,
    service: Box<str>,
    endpoint: String,
    /// Whether the service has one host name for all regions.
    is_global: bool,
    /// Whether a response shows that host names of the region resolve.
    shows_region: bool,
    /// The denials of the account, if the call is evidence about its region.
    denials: Option<Arc<Denials>>,
    /// The request's number among the requests that the account has sent.
    number: AtomicU64,
}

impl RunLimiter {
    /// Creates the limiter of a run with at most `requests` concurrent attempts, in accounts with `quota_factor` times
    /// AWS's quotas, whose sessions are opened with an operation of a service.
    pub(super) fn new(
        requests: usize,
        retries: RetryPolicy,
        quota_factor: u32,
        ask_everything: bool,
        (session_service, operation): (&'static str, &str),
    ) -> Self {
        let quota = listed_quota(session_service, operation).times(quota_factor);
        let sessions = KeyLimit::new(quota, retries.full_quota(session_service.to_owned()));
        Self {
            gate: RequestGate::new(requests),
            endpoints: Endpoints::default(),
            answers: Answers::default(),
            sessions,
            session_service,
            retries,
            quota_factor,
            ask_everything,
            throttled: AtomicU64::default(),
        }
    }

    /// Returns the number of requests that AWS throttled since the last call of this method.
    pub(super) fn take_throttled(&self) -> u64 {
        self.throttled.swap(0, Ordering::Relaxed)
    }

    /// Returns the services that have responded in this run.
    pub(super) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Creates the limiter of an account.
    pub(super) fn account(self: &Arc<Self>, account: &AccountId) -> Arc<AccountLimiter> {
        Arc::new(AccountLimiter {
            shared: Arc::clone(self),
            keys: AccountKeys::new(account, self.retries, self.quota_factor),
            denials: Arc::new(Denials::new(account)),
        })
    }

    /// Waits until a unit may start. It counts as a waiting request until the result is dropped.
    pub(super) async fn start_unit(&self) -> WaitingRequest {
        self.gate.start().await
    }

    /// Opens a session as soon as the rate limit of its operation allows it.
    pub(super) async fn session<Session>(
        &self,
        open: impl Future<Output = Result<Session, SessionError>>,
    ) -> Result<Session, SessionError> {
        self.sessions.wait().await;
        let sent = Instant::now();
        let outcome = open.await;
        match &outcome {
            Err(error) if error.error().is_throttled() => {
                self.throttled.fetch_add(1, Ordering::Relaxed);
                self.sessions.throttled(sent);
            }
            Err(error) if error.error().code().is_none() => {}
            _ => {
                self.sessions.answered(sent);
                self.endpoints.answered(self.session_service);
            }
        }
        outcome
    }
}

impl RequestLimiter for AccountLimiter {
    fn lane(&self, departure: &OutgoingCall<'_>) -> Arc<dyn RequestSlot> {
        let OutgoingCall { function, region, endpoint, shows_region } = departure;
        let service = &function.service().name;
        let concerns_region = !self.shared.ask_everything && Denials::concern(function);
        Arc::new(LimitedSlot {
            shared: Arc::clone(&self.shared),
            key: self.keys.key(region, function),
            region: (*region).clone(),
            service: service.clone(),
            // With one endpoint URL for all of AWS, each region and service still fails separately.
            endpoint: format!("{endpoint} ({service} in {region})"),
            is_global: function.service().global,
            shows_region: *shows_region,
            denials: concerns_region.then(|| Arc::clone(&self.denials)),
            number: AtomicU64::default(),
        })
    }
}

impl Drop for LimitedSlot {
    fn drop(&mut self) {
        if let Some(denials) = &self.denials {
            denials.ended(&self.region, self.number.load(Ordering::Relaxed));
        }
    }
}

impl RequestSlot for LimitedSlot {
    fn refusal(&self) -> Option<CallError> {
        if self.shared.ask_everything {
            return None;
        }
        let denied = self.denials.as_ref().and_then(|denials| denials.refusal(&self.region));
        denied.or_else(|| self.shared.endpoints.refusal(&self.endpoint))
    }

    fn turn(&self) -> AcquirePermit {
        let (key, gate) = (Arc::clone(&self.key), self.shared.gate.clone());
        Box::pin(async move {
            key.wait().await;
            Box::new(gate.enter().await) as Permit
        })
    }

    fn depart(&self) -> Result<(), CallError> {
        if self.shared.ask_everything {
            return Ok(());
        }
        if let Some(denials) = &self.denials {
            if let Some(refusal) = denials.refusal(&self.region) {
                return Err(refusal);
            }
            self.shared.endpoints.depart(&self.endpoint)?;
            self.number.store(denials.depart(&self.region), Ordering::Relaxed);
            return Ok(());
        }
        self.shared.endpoints.depart(&self.endpoint)
    }

    fn is_dead(&self) -> bool {
        !self.shared.ask_everything && self.shared.endpoints.refusal(&self.endpoint).is_some()
    }

    fn patience(&self) -> Option<FirstAttemptTimeout> {
        // The last attempt always has the full timeout.
        let attempts = self.shared.retries.max_retries.min(HURRIED_ATTEMPTS);
        let is_known = self.shared.ask_everything || self.shared.endpoints.has_answered(&self.endpoint);
        (!is_known && attempts > 0).then_some(FirstAttemptTimeout { time: FIRST_ANSWER, attempts })
    }

    fn arrived(&self, sent: Instant, outcome: Result<(), &CallError>) {
        match outcome {
            Err(error) if error.meaning() == Some(ErrorMeaning::Throttled) => {
                self.shared.throttled.fetch_add(1, Ordering::Relaxed);
                self.key.throttled(sent);
            }
            Err(error) if is_silence(error) != Some(false) => {}
            _ => self.key.answered(sent),
        }
        let silent = outcome.map_or_else(is_silence, |()| Some(false));
        match (silent, outcome) {
            (Some(true), Err(error)) => self.shared.endpoints.failed(&self.endpoint, sent, error),
            (Some(false), _) => self.shared.endpoints.answered(&self.endpoint),
            _ => {}
        }
        if self.shows_region {
            let region = (!self.is_global).then_some(&self.region);
            self.shared.answers.note(&self.service, region, outcome);
        }
        if let Some(denials) = &self.denials {
            denials.arrived(&self.region, &self.service, outcome);
        }
    }

    fn retry_quota(&self) -> &RetryQuota {
        self.key.retry_quota()
    }
}

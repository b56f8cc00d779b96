//! The shared state of a run, and the shared state of one account.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use tokio::sync::mpsc;

use super::classify::{RegionState, classify};
use super::disk_speed::DiskSpeed;
use super::enabled_regions::RegionFinder;
use super::event::Event;
use super::limiter::RunLimiter;
use super::limits::Limits;
use super::missing_names::Probes;
use super::stop::{StopReason, StopSignal};
use crate::aws::client::{
    AccountClient, AwsClient, CallError, CallErrorKind, Pages, ResponsePage, RetryPolicy,
};
use crate::aws::credentials::{AccountAccess, AccountSessions};
use crate::names::{AccountId, Region};
use crate::plan::redaction::Redaction;
use crate::plan::spec::PlaceholderValues;
use crate::plan::{Plan, PlannedAccount, RegionScope};
use crate::run::{CallRecord, RecordedCalls, ResultSink, Status};
use crate::util::defect::Defect;

/// The inputs of a run. They are shared by all tasks and do not change during the run.
pub struct Engine {
    /// The plan to run.
    pub plan: Arc<Plan>,
    /// The client that sends the requests.
    pub client: AwsClient,
    /// The sessions of the accounts.
    pub sessions: Arc<AccountSessions>,
    /// Looks up the regions of an account.
    pub regions: Arc<RegionFinder>,
    /// Stores the results.
    pub sink: Arc<dyn ResultSink>,
    /// The concurrency limits.
    pub limits: Limits,
    /// How many times AWS's request quotas the accounts have: 1, except in a simulated organization.
    pub quota_factor: u32,
    /// The retry policy of requests.
    pub retries: RetryPolicy,
    /// Disables the circuit breakers: every call is sent, even if its outcome could be inferred from other calls.
    pub ask_everything: bool,
    /// The calls that earlier executions of the run have recorded.
    pub recorded: RecordedCalls,
    /// The redaction of results.
    pub redaction: Redaction,
}

/// An error that ends a run before its plan is complete.
#[derive(Debug)]
pub enum EngineError {
    /// A result could not be written.
    Output(io::Error),
    /// A task was cancelled.
    Task(String),
    /// A task has panicked.
    Defect(Defect),
}

/// The state that the scans of all accounts share.
pub(super) struct RunContext {
    pub(super) engine: Engine,
    pub(super) traffic: Arc<RunLimiter>,
    pub(super) probes: Probes,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) stop: StopSignal,
    pub(super) disk: DiskSpeed,
    /// The first disk error, after which no more results can be stored.
    storage: OnceLock<io::Error>,
}

impl RunContext {
    /// Creates the context of a run.
    pub(super) fn new(engine: Engine, events: mpsc::Sender<Event>, stop: StopSignal) -> Self {
        let traffic = Arc::new(RunLimiter::new(
            engine.limits.requests,
            engine.retries,
            engine.quota_factor,
            engine.ask_everything,
            engine.sessions.opened_with(),
        ));
        Self {
            engine,
            traffic,
            probes: Probes::default(),
            events,
            stop,
            disk: DiskSpeed::default(),
            storage: OnceLock::new(),
        }
    }

    /// Sends an event to the observers. If their channel is closed, the run is ending and the event is dropped.
    pub(super) async fn report(&self, event: Event) {
        let _ = self.events.send(event).await;
    }

    /// Reports calls that ended, and the requests that were throttled since the last report.
    pub(super) async fn report_calls(&self, records: Vec<CallRecord>) {
        self.report(Event::Calls(records)).await;
        let requests = self.traffic.take_throttled();
        if requests > 0 {
            self.report(Event::Throttled { requests }).await;
        }
    }

    /// Returns whether the base credentials of an account are still valid, after a request was rejected because of
    /// its credentials. If they are not, the run is stopped.
    pub(super) async fn base_credentials_valid(&self, account: &AccountId) -> bool {
        let Err(failure) = self.engine.sessions.check_base(account).await else { return true };
        if !self.stop.is_requested() {
            tracing::error!(target: "scan::run", "stopping the run, which can be resumed: {failure}");
        }
        self.stop.request(StopReason::Credentials(failure));
        false
    }

    /// Records that a response could not be stored, which ends the run. The call itself has not failed.
    pub(super) fn cannot_store(&self, error: &io::Error) -> CallError {
        let _ = self.storage.set(duplicate(error));
        CallError::new(CallErrorKind::Request, format!("cannot store the response: {error}"))
    }

    /// Returns the disk error that was recorded, if there is one.
    pub(super) fn check_storage(&self) -> Result<(), EngineError> {
        self.storage.get().map_or(Ok(()), |error| Err(EngineError::Output(duplicate(error))))
    }
}

/// Copies an I/O error, since `std::io::Error` is not `Clone`.
fn duplicate(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// The state that all tasks of an account share.
pub(super) struct AccountContext {
    pub(super) shared: Arc<RunContext>,
    pub(super) account: PlannedAccount,
    pub(super) client: AccountClient,
    pub(super) regions: Vec<Region>,
}

impl AccountContext {
    /// Fetches the next page. If the session has expired, it is renewed and the page is requested again once, so
    /// that no call fails because of it.
    pub(super) async fn next_page(&self, pages: &mut Pages) -> Result<Option<ResponsePage>, CallError> {
        let started = SystemTime::now();
        match pages.next().await {
            Err(error) if classify(&error, RegionState::Enabled).status == Status::Expired => {
                self.shared.engine.sessions.refused(&self.account.id, started);
                let first = error.attempts;
                match pages.next().await {
                    Ok(answer) => {
                        Ok(answer.map(|answer| ResponsePage { attempts: answer.attempts + first, ..answer }))
                    }
                    Err(error) => Err(CallError { attempts: error.attempts + first, ..error }),
                }
            }
            outcome => outcome,
        }
    }

    /// Returns whether the account certainly has the region of a place.
    pub(super) fn region_state(&self, place: &RegionScope) -> RegionState {
        let engine = &self.shared.engine;
        match place {
            RegionScope::Region(region)
                if !engine.regions.is_certain(region, engine.plan.regions_of(&self.account)) =>
            {
                RegionState::Unknown
            }
            _ => RegionState::Enabled,
        }
    }

    /// Returns the values of placeholders in a call to `region`.
    pub(super) fn placeholders<'call>(&'call self, region: &'call Region) -> PlaceholderValues<'call> {
        self.shared.engine.plan.placeholders(&self.account.id, region)
    }

    /// Returns the way into the account; `None` for accounts of the base credentials.
    pub(super) fn access(&self) -> Option<AccountAccess> {
        self.shared.engine.sessions.access(&self.account.id)
    }
}

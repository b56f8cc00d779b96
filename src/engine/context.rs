//! What everything shares that works on a run, and what everything shares that works on one of its accounts.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use tokio::sync::mpsc;

use super::classify::{RegionState, classify};
use super::enabled_regions::RegionFinder;
use super::event::Event;
use super::limiter::RunLimiter;
use super::limits::Limits;
use super::missing_names::Probes;
use super::stop::{StopReason, StopSignal};
use crate::aws::client::{
    AccountClient, AwsClient, CallError, CallErrorKind, Pages, ResponsePage, RetryPolicy,
};
use crate::aws::credentials::RoleSessions;
use crate::names::{AccountId, Region};
use crate::plan::redaction::Redaction;
use crate::plan::{Plan, PlannedAccount, RegionScope};
use crate::run::{CallRecord, RecordedCalls, ResultSink, Status};
use crate::util::defect::Defect;

/// Everything a run needs. All parts are shared; nothing in it changes while it runs.
pub struct Engine {
    /// What to ask.
    pub plan: Arc<Plan>,
    /// Whom to ask.
    pub client: AwsClient,
    /// In whose name.
    pub sessions: Arc<RoleSessions>,
    /// Which regions an account has.
    pub regions: Arc<RegionFinder>,
    /// Where results go.
    pub sink: Arc<dyn ResultSink>,
    /// How much at once.
    pub limits: Limits,
    /// How often requests are tried again.
    pub retries: RetryPolicy,
    /// Every call is sent, also where its outcome could be concluded from that of others.
    pub ask_everything: bool,
    /// What earlier executions of the run have done already.
    pub recorded: RecordedCalls,
    /// What results must not hold.
    pub redaction: Redaction,
}

/// What ends a run before its plan is done.
#[derive(Debug)]
pub enum EngineError {
    /// A result could not be written.
    Output(io::Error),
    /// A task was ended before it was done.
    Task(String),
    /// A task has panicked.
    Defect(Defect),
}

/// What the scan of an account shares with all the others.
pub(super) struct RunContext {
    pub(super) engine: Engine,
    pub(super) traffic: Arc<RunLimiter>,
    pub(super) probes: Probes,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) stop: StopSignal,
    /// The first error of the disk: nothing can be collected any more.
    storage: OnceLock<io::Error>,
}

impl RunContext {
    /// The context of a run that has not begun.
    pub(super) fn new(engine: Engine, events: mpsc::Sender<Event>, stop: StopSignal) -> Self {
        let traffic =
            Arc::new(RunLimiter::new(engine.limits.requests, engine.retries, engine.ask_everything));
        Self { engine, traffic, probes: Probes::default(), events, stop, storage: OnceLock::new() }
    }

    /// Tells the observers. When they are gone the run is ending, and nobody needs to know.
    pub(super) async fn report(&self, event: Event) {
        let _ = self.events.send(event).await;
    }

    /// Tells the observers of calls that ended, and of what was throttled meanwhile.
    pub(super) async fn report_calls(&self, records: Vec<CallRecord>) {
        self.report(Event::Calls(records)).await;
        let requests = self.traffic.take_throttled();
        if requests > 0 {
            self.report(Event::Throttled { requests }).await;
        }
    }

    /// Whether the base credentials that an account is entered with still hold, after something was
    /// refused for the sake of its credentials. When they do not, the run is told to stop.
    pub(super) async fn base_credentials_valid(&self, account: &AccountId) -> bool {
        let Err(failure) = self.engine.sessions.check_base(account).await else { return true };
        if !self.stop.is_requested() {
            tracing::error!(target: "scan::run", "the run stops, and can be resumed: {failure}");
        }
        self.stop.request(StopReason::Credentials(failure));
        false
    }

    /// Notes that an answer could not be stored on its way to its file. That says nothing about
    /// the call, and ends the run.
    pub(super) fn cannot_store(&self, error: &io::Error) -> CallError {
        let _ = self.storage.set(duplicate(error));
        CallError::new(CallErrorKind::Request, format!("the answer could not be stored: {error}"))
    }

    /// The error of the disk that was noted, if any.
    pub(super) fn check_storage(&self) -> Result<(), EngineError> {
        self.storage.get().map_or(Ok(()), |error| Err(EngineError::Output(duplicate(error))))
    }
}

/// An error once more: the standard library's cannot be cloned.
fn duplicate(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// What everything shares that works on an account.
pub(super) struct AccountContext {
    pub(super) shared: Arc<RunContext>,
    pub(super) account: PlannedAccount,
    pub(super) client: AccountClient,
    pub(super) regions: Vec<Region>,
}

impl AccountContext {
    /// The next page. A session that expired in mid-run is renewed once and the page asked again,
    /// so that no call is lost to it.
    pub(super) async fn next_page(&self, pages: &mut Pages) -> Result<Option<ResponsePage>, CallError> {
        let began = SystemTime::now();
        match pages.next().await {
            Err(error) if classify(&error, RegionState::Enabled).status == Status::Expired => {
                self.shared.engine.sessions.refused(&self.account.id, began);
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

    /// What is known of the region that a place stands for.
    pub(super) fn region_state(&self, place: &RegionScope) -> RegionState {
        let engine = &self.shared.engine;
        match place {
            RegionScope::Region(region) if !engine.regions.is_certain(region, &engine.plan.regions) => {
                RegionState::Unknown
            }
            _ => RegionState::Enabled,
        }
    }

    /// The name of the role that the account is scanned with; `None` for the caller's own account.
    pub(super) fn role(&self) -> Option<&str> {
        self.shared.engine.sessions.role_name(&self.account.id)
    }
}

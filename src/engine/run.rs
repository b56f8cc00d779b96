//! Runs a plan: accounts side by side, until all are done or somebody says stop.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::mpsc;

use super::absence::Probes;
use super::account_scan::AccountScan;
use super::event::Event;
use super::limits::Limits;
use super::record::CallRecord;
use super::recorded::Recorded;
use super::sink::ResultSink;
use super::stop::{Stop, StopReason};
use super::traffic::Traffic;
use crate::client::{AwsClient, CallError, CallErrorKind, RetryPolicy};
use crate::defect::Defect;
use crate::identity::RoleSessions;
use crate::names::AccountId;
use crate::plan::Plan;
use crate::redaction::Redaction;
use crate::regions::RegionFinder;

/// How long calls under way may take to end after a stop.
pub const GRACE: Duration = Duration::from_secs(5);

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
    pub recorded: Recorded,
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
pub(super) struct Shared {
    pub(super) engine: Engine,
    pub(super) traffic: Arc<Traffic>,
    pub(super) probes: Probes,
    pub(super) events: mpsc::Sender<Event>,
    pub(super) stop: Stop,
    /// The first error of the disk: nothing can be collected any more.
    storage: OnceLock<io::Error>,
}

impl Shared {
    /// Tells the observers. When they are gone the run is ending, and nobody needs to know.
    pub(super) async fn tell(&self, event: Event) {
        let _ = self.events.send(event).await;
    }

    /// Tells the observers of calls that ended, and of what was throttled meanwhile.
    pub(super) async fn tell_calls(&self, records: Vec<CallRecord>) {
        self.tell(Event::Calls(records)).await;
        let requests = self.traffic.take_throttled();
        if requests > 0 {
            self.tell(Event::Throttled { requests }).await;
        }
    }

    /// Whether the base credentials that an account is entered with still hold, after something was
    /// refused for the sake of its credentials. When they do not, the run is told to stop.
    pub(super) async fn base_holds(&self, account: &AccountId) -> bool {
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
        let _ = self.storage.set(again(error));
        CallError::new(CallErrorKind::Request, format!("the answer could not be stored: {error}"))
    }

    /// The error of the disk that was noted, if any.
    pub(super) fn check_storage(&self) -> Result<(), EngineError> {
        self.storage.get().map_or(Ok(()), |error| Err(EngineError::Output(again(error))))
    }
}

/// An error once more: the standard library's cannot be cloned.
fn again(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

impl Engine {
    /// Carries out the plan. Returns when every planned call has had its event, or after a stop.
    pub async fn run(self, events: mpsc::Sender<Event>, stop: Stop) -> Result<(), EngineError> {
        let traffic = Arc::new(Traffic::new(self.limits.requests, self.retries, self.ask_everything));
        let plan = Arc::clone(&self.plan);
        let accounts = self.limits.accounts.max(1);
        let storage = OnceLock::new();
        let shared = Arc::new(Shared {
            engine: self,
            traffic,
            probes: Probes::default(),
            events,
            stop: stop.clone(),
            storage,
        });
        let mut scans = stream::iter(plan.accounts.iter().cloned())
            .take_while({
                let stop = stop.clone();
                move |_| std::future::ready(!stop.is_requested())
            })
            .map(|account| AccountScan::run(Arc::clone(&shared), account))
            .buffer_unordered(accounts);
        let all = async {
            while let Some(outcome) = scans.next().await {
                outcome?;
            }
            Ok(())
        };
        tokio::select! {
            outcome = all => outcome,
            () = grace_after(&stop) => Ok(()),
        }
    }
}

async fn grace_after(stop: &Stop) {
    stop.requested().await;
    tokio::time::sleep(GRACE).await;
}

//! Runs a plan: scans accounts concurrently until all are done or a stop is requested.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::account_scan::AccountScan;
use super::context::{Engine, EngineError, RunContext};
use super::event::Event;
use super::stop::StopSignal;
use super::unit_files::died;
use crate::plan::PlannedAccount;

/// The time that running calls have to end after a stop.
pub const GRACE: Duration = Duration::from_secs(5);

impl Engine {
    /// Runs the plan. Returns when every planned call has been reported, or after a stop. Accounts that are received
    /// from `further` are scanned after those of the plan, with the same calls.
    pub async fn run(
        self,
        mut further: mpsc::UnboundedReceiver<Vec<PlannedAccount>>,
        events: mpsc::Sender<Event>,
        stop: StopSignal,
    ) -> Result<(), EngineError> {
        let plan = Arc::clone(&self.plan);
        let accounts = self.limits.accounts.max(1);
        let shared = Arc::new(RunContext::new(self, events, stop.clone()));
        let further = stream::poll_fn(|context| further.poll_recv(context)).then(async |accounts| {
            shared.report(Event::AccountsListed { accounts: accounts.len() }).await;
            stream::iter(accounts)
        });
        let scans = stream::iter(plan.accounts.iter().cloned())
            .chain(further.flatten())
            .take_until(stop.requested())
            .map(|account| on_workers(AccountScan::run(Arc::clone(&shared), account)))
            .buffer_unordered(accounts);
        let mut scans = pin!(scans);
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

/// Runs the scan of an account as a task. Its units wake it thousands of times, which is cheap among the threads of the
/// runtime, unlike waking the thread that waits for the run. Dropping the future cancels the task.
async fn on_workers(
    scan: impl Future<Output = Result<(), EngineError>> + Send + 'static,
) -> Result<(), EngineError> {
    let mut task = JoinSet::new();
    task.spawn(scan);
    task.join_next().await.map_or(Ok(()), |outcome| outcome.map_err(died)?)
}

async fn grace_after(stop: &StopSignal) {
    stop.requested().await;
    tokio::time::sleep(GRACE).await;
}

//! Runs a scan from its first call to its last, and closes the run.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use chrono::Utc;
use futures_util::future::{self, Either};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinError;

use super::engine::engine;
use super::finished_run::FinishedRun;
use super::identity::note_found;
use super::job::Job;
use super::listing::{ListingPlace, list_further};
use super::observer::Observer;
use super::overlap::Afterwards;
use super::recorder::Recorder;
use super::settings::ScanSettings;
use super::storage_errors::cannot_write_run;
use super::upload::{BucketUpload, keep_up_to_date, upload_start};
use super::{accepted_gaps, account_details};
use crate::aws::credentials::{AccountSessions, BaseIdentity};
use crate::aws::organization::{Account, AccountListing, Organization, OrganizationTree, UnknownDetail};
use crate::engine::{Engine, EngineError, StopReason, StopSignal};
use crate::error::Failure;
use crate::names::AccountId;
use crate::plan::redaction::without_secrets;
use crate::plan::{Plan, PlannedAccount};
use crate::reports::summary::{RunTally, Unfinished};
use crate::run::{
    BucketFolder, Manifest, OutcomeOf, RecordedCalls, ResultSink, ResultTree, RunFolder, RunState,
    UploadingTree, write_accounts,
};

/// The maximum number of events that wait for the recorder.
const EVENTS: usize = 256;

/// A scan that has ended: its counts, and the reason if it was stopped.
type Ended = (RunTally, Option<StopReason>);

/// A run that is ready to scan, for the first time or again.
pub(crate) struct ScanRun {
    pub(crate) settings: ScanSettings,
    pub(crate) job: Job,
    pub(crate) identity: BaseIdentity,
    pub(crate) organization: Organization,
    /// The tree of organizational units, if the details of the accounts have to be looked up.
    pub(crate) tree: Option<OrganizationTree>,
    /// The list of the accounts, if it has more pages: they are scanned while they are listed.
    pub(crate) listing: Option<AccountListing>,
    pub(crate) plan: Plan,
    pub(crate) folder: RunFolder,
    /// The upload, if results are written to a bucket.
    pub(crate) upload: Option<BucketUpload>,
    pub(crate) manifest: Manifest,
    /// The calls that earlier executions have completed.
    pub(crate) recorded: RecordedCalls,
    /// The counts of earlier executions.
    pub(crate) tally: RunTally,
    /// Whether the ledger already has the lines about skipped entries.
    pub(crate) notes_skipped: bool,
    /// The receiver of events, notes and warnings.
    pub(crate) observer: Arc<dyn Observer>,
}

impl ScanRun {
    /// Scans until all calls are done or the run is stopped.
    ///
    /// # Errors
    ///
    /// Returns an error if results cannot be written; earlier results are kept.
    pub(crate) async fn execute(mut self) -> Result<FinishedRun, Failure> {
        let started = Instant::now();
        let upload = self.upload.take();
        let bucket = upload.as_ref().map(|upload| upload.folder.clone());
        let (folder, shard) = (self.folder.clone(), self.settings.shard);
        let observer = Arc::clone(&self.observer);
        let afterwards = Afterwards::of(&self.settings, Arc::clone(&observer));
        let (plan, tally, stopped) = match Box::pin(self.scan(bucket)).await {
            Ok(ended) => ended,
            Err(failure) => {
                return Err(upload
                    .into_iter()
                    .fold(failure, |failure, upload| upload.keep_local_copy(failure)));
            }
        };
        let bucket = upload.as_ref().map(|upload| upload.folder.address().to_string());
        if let Some(upload) = upload {
            Box::pin(upload.close(&folder, shard.filter(|_| stopped.is_none()))).await?;
        }
        // A stopped run does not become `latest`, and is no reason to remove older runs.
        if stopped.is_none() {
            accepted_gaps::warn_of_unused(tally.gaps(), shard, &*observer);
            afterwards.follow(&folder);
        }
        Ok(FinishedRun { plan, tally, stopped, folder, bucket, duration: started.elapsed() })
    }

    /// Scans, and writes the manifest before and after.
    async fn scan(
        self,
        bucket: Option<BucketFolder>,
    ) -> Result<(Arc<Plan>, RunTally, Option<StopReason>), Failure> {
        let Self {
            settings,
            job,
            identity,
            mut organization,
            tree,
            listing,
            plan,
            folder,
            recorded,
            notes_skipped,
            observer,
            ..
        } = self;
        let (mut manifest, tally, shard) = (self.manifest, self.tally, settings.shard);
        let (plan, found) = (Arc::new(plan), organization.accounts.len());
        let unwritable = |what: PathBuf| {
            let folder = &folder;
            move |cause| cannot_write_run(folder, &what, cause)
        };
        if tree.is_some() {
            // A run that is killed has these in its manifest; `resume` looks them up.
            manifest.unknown_account_details = UnknownDetail::all_of_an_ended_run();
        }
        manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))?;
        let mut recorder =
            Recorder::new(&folder, tally, Arc::clone(&observer)).map_err(unwritable(folder.ledger()))?;
        if !notes_skipped {
            recorder.note_skipped(&plan.skipped).map_err(unwritable(folder.ledger()))?;
        }
        upload_start(bucket.as_ref(), &folder).await?;
        let sink: Arc<dyn ResultSink> = match bucket.clone() {
            None => Arc::new(ResultTree::new(folder.clone(), settings.layout)),
            Some(bucket) => Arc::new(UploadingTree::new(folder.clone(), settings.layout, bucket)),
        };
        let engine = engine(&settings, &job, &identity, &plan, &organization.accounts, sink, recorded)?;
        let sessions = Arc::clone(&engine.sessions);
        let (batches, further) = mpsc::unbounded_channel();
        let stop = StopSignal::new();
        let scanning = scan(engine, further, recorder, &*observer, &plan, &folder, &stop);
        let mut is_listed = listing.is_none();
        let details = async {
            if let Some(listing) = listing {
                let place = ListingPlace { job: &job, caller: identity.caller(), folder: &folder };
                let listed = list_further(place, listing, &mut organization, &mut manifest, batches).await;
                if let Err(failure) = listed {
                    let failure = hint_to_resume(failure, bucket.as_ref(), &folder);
                    stop.request(StopReason::Failed(Arc::new(failure)));
                    return None;
                }
                is_listed = true;
                note_found(&organization, &*observer);
            } else {
                drop(batches);
            }
            let tree = tree?;
            let unknown =
                account_details::look_up(&settings, &job, &identity, &mut organization, tree, &*observer);
            Some(unknown.await)
        };
        let ended = Notify::new();
        let scanning = async {
            let outcome = Box::pin(beside(scanning, details)).await;
            ended.notify_one();
            outcome
        };
        let uploading = keep_up_to_date(bucket.as_ref(), &folder, &stop, &ended);
        let ((ended, unknown), ()) = Box::pin(future::join(scanning, uploading)).await;
        let plan = if organization.accounts.len() == found {
            plan
        } else {
            Arc::new(Plan { accounts: job.planned_accounts(&organization.accounts), ..Plan::clone(&plan) })
        };
        let (tally, stopped) = match ended {
            Ok(ended) => ended,
            Err(failure) => {
                // On a full disk this fails as well, and the run counts as killed.
                manifest.state = stopped_state(is_listed);
                let _ = manifest.write(&folder.manifest());
                return Err(failure);
            }
        };
        close(&mut manifest, &tally, &plan, stopped.as_ref().map(|_| stopped_state(is_listed)));
        manifest.totals.accounts = organization.accounts.len() as u64;
        note_access(&mut organization.accounts, &sessions);
        manifest.totals.accounts_by_access = accounts_by_access(&organization.accounts);
        let outcome = |account: &AccountId| tally.outcome(account);
        let outcome: Option<OutcomeOf<'_>> = if stopped.is_none() { Some(&outcome) } else { None };
        write_accounts(&folder, &organization, shard, outcome).map_err(unwritable(folder.accounts()))?;
        if let Some(unknown) = unknown.flatten() {
            manifest.unknown_account_details = unknown;
        }
        manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))?;
        if let Some(StopReason::Failed(failure)) = &stopped {
            return Err(failure.duplicate());
        }
        Ok((plan, tally, stopped))
    }
}

/// Adds how to finish a run whose accounts cannot be listed. For a run in a bucket, the upload adds that.
fn hint_to_resume(failure: Failure, bucket: Option<&BucketFolder>, folder: &RunFolder) -> Failure {
    match bucket {
        Some(_) => failure,
        None => failure.hint(format!("then finish the run: scan resume {}", folder.path().display())),
    }
}

/// Notes the role or permission set that was used in each account, or why there was no access.
fn note_access(accounts: &mut [Account], sessions: &AccountSessions) {
    for account in accounts {
        if let Some(access) = sessions.choice(&account.id) {
            (account.access, account.no_access) = (Some(access), None);
        } else if let Some(reason) = sessions.closed(&account.id) {
            (account.access, account.no_access) = (None, Some(without_secrets(&reason)));
        }
    }
}

/// Returns the number of accounts in which each role or permission set was used, if accounts differ in that.
fn accounts_by_access(accounts: &[Account]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for access in accounts.iter().filter_map(|account| account.access.as_ref()) {
        *counts.entry(access.to_string()).or_default() += 1;
    }
    counts
}

/// Returns the state of a run that ended before its plan was complete.
fn stopped_state(is_listed: bool) -> RunState {
    if is_listed { RunState::Interrupted } else { RunState::Listing }
}

/// Scans, and looks up the details of the accounts in the meantime. No call depends on them, so that no call waits for
/// them. A scan that was stopped or has failed does not wait for them either.
async fn beside<Details>(
    scanning: impl Future<Output = Result<Ended, Failure>>,
    details: impl Future<Output = Details>,
) -> (Result<Ended, Failure>, Option<Details>) {
    match future::select(pin!(scanning), pin!(details)).await {
        Either::Left((Ok((tally, None)), details)) => (Ok((tally, None)), Some(details.await)),
        Either::Left((ended, _)) => (ended, None),
        Either::Right((details, scanning)) => (scanning.await, Some(details)),
    }
}

/// Runs the engine until it is done or stopped, and records its events.
async fn scan(
    engine: Engine,
    further: mpsc::UnboundedReceiver<Vec<PlannedAccount>>,
    recorder: Recorder,
    observer: &dyn Observer,
    plan: &Plan,
    folder: &RunFolder,
    stop: &StopSignal,
) -> Result<Ended, Failure> {
    observer.scan_started(plan.accounts.len(), stop)?;
    let (events, receiver) = mpsc::channel(EVENTS);
    let mut watching = tokio::spawn(recorder.record_all(receiver));
    let outcome = tokio::select! {
        biased;
        outcome = engine.run(further, events, stop.clone()) => outcome,
        // Without the task of the ledger, further results would be lost.
        ended = &mut watching => {
            observer.scan_ended();
            return Err(unwatched(ended, folder));
        }
    };
    let ended = watching.await;
    observer.scan_ended();
    let tally = match ended {
        Ok(Ok(tally)) => tally,
        ended => return Err(unwatched(ended, folder)),
    };
    outcome.map_err(|error| match error {
        EngineError::Output(cause) => cannot_write_run(folder, folder.path(), cause),
        EngineError::Task(cause) => Failure::internal(format!("a scanning task failed: {cause}")),
        EngineError::Defect(defect) => Failure::internal(defect.to_string()),
    })?;
    let stopped = stop.reason();
    tracing::info!(
        target: "scan::run", calls = tally.calls(),
        requests = tally.requests,
        interrupted = stopped.is_some(),
        "run ended"
    );
    Ok((tally, stopped))
}

/// Returns the reason why the recorder ended before the engine.
fn unwatched(ended: Result<io::Result<RunTally>, JoinError>, folder: &RunFolder) -> Failure {
    match ended {
        Ok(Err(cause)) => cannot_write_run(folder, &folder.ledger(), cause),
        Ok(Ok(_)) => Failure::internal("the task of the ledger ended too early"),
        Err(cause) => Failure::internal("the task of the ledger failed").with_source(cause),
    }
}

/// Adds the state and totals of the run to the manifest.
fn close(manifest: &mut Manifest, tally: &RunTally, plan: &Plan, stopped: Option<RunState>) {
    let interrupted = stopped.is_some();
    manifest.state = stopped.unwrap_or(RunState::Finished);
    manifest.finished = Some(Utc::now());
    if !interrupted {
        // The accounts of shards that were missing in a merge are scanned now.
        manifest.missing_shards.clear();
        manifest.totals.accounts_scanned = plan.accounts.len() as u64;
    }
    let totals = &mut manifest.totals;
    totals.count(&tally.statuses, tally.requests, tally.items);
    (totals.redacted, totals.secrets) = (tally.redacted, tally.secrets);
    totals.lines = tally.lines;
    (totals.incomplete, totals.bytes) = (Some(tally.incomplete()), Some(tally.bytes));
    totals.accepted = tally.gaps().accepted_calls();
    totals.unfinished = if interrupted { Unfinished::of(&tally.started, plan).calls } else { 0 };
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::{RunTally, StopReason, beside};
    use crate::error::Failure;

    #[tokio::test]
    async fn finished_scan_waits_for_details() {
        let details = async {
            tokio::task::yield_now().await;
            "details"
        };
        let (ended, details) = beside(ready(Ok((RunTally::default(), None))), details).await;
        assert!(matches!(ended, Ok((_, None))));
        assert_eq!(details, Some("details"));
    }

    #[tokio::test]
    async fn stopped_or_failed_scan_does_not_wait_for_details() {
        let stopped = ready(Ok((RunTally::default(), Some(StopReason::Signal))));
        let (ended, details) = beside(stopped, pending::<()>()).await;
        assert!(matches!(ended, Ok((_, Some(_)))));
        assert_eq!(details, None);
        let (ended, details) = beside(ready(Err(Failure::internal("a defect"))), pending::<()>()).await;
        assert!(ended.is_err());
        assert_eq!(details, None);
    }
}

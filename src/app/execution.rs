//! A run from its first call to its last.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::Utc;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use super::engine::engine;
use super::finished_run::FinishedRun;
use super::job::Job;
use super::observer::Observer;
use super::overlap::Afterwards;
use super::recorder::Recorder;
use super::settings::ScanSettings;
use super::storage_errors::cannot_go_on;
use super::upload::BucketUpload;
use crate::aws::credentials::BaseIdentity;
use crate::aws::organization::Organization;
use crate::engine::{Engine, EngineError, StopReason, StopSignal};
use crate::error::Failure;
use crate::names::AccountId;
use crate::plan::Plan;
use crate::reports::summary::{RunTally, Unfinished};
use crate::run::{
    BucketFolder, Manifest, RecordedCalls, ResultSink, ResultTree, RunFolder, RunState, UploadingTree,
    write_accounts,
};

/// How many events may wait for the observers.
const EVENTS: usize = 256;

/// A run that is about to scan, for the first time or once more.
pub(crate) struct ScanRun {
    pub(crate) settings: ScanSettings,
    pub(crate) job: Job,
    pub(crate) identity: BaseIdentity,
    pub(crate) organization: Organization,
    pub(crate) plan: Plan,
    pub(crate) folder: RunFolder,
    /// The way into a bucket, should the results go there.
    pub(crate) upload: Option<BucketUpload>,
    pub(crate) manifest: Manifest,
    /// What earlier executions have done.
    pub(crate) recorded: RecordedCalls,
    /// What earlier executions have found.
    pub(crate) tally: RunTally,
    /// Whether the ledger has the lines about entries that are not called.
    pub(crate) notes_skipped: bool,
    /// What receives events and remarks.
    pub(crate) observer: Arc<dyn Observer>,
}

impl ScanRun {
    /// Scans to the end, or until it is stopped.
    ///
    /// # Errors
    ///
    /// Where results cannot be written; what was written before stays.
    pub(crate) async fn carry_out(mut self) -> Result<FinishedRun, Failure> {
        let started = Instant::now();
        let upload = self.upload.take();
        let bucket = upload.as_ref().map(|upload| upload.folder.clone());
        let folder = self.folder.clone();
        let afterwards = Afterwards::of(&self.settings, Arc::clone(&self.observer));
        let (plan, tally, stopped) = match self.scan(bucket).await {
            Ok(ended) => ended,
            Err(failure) => {
                return Err(upload
                    .into_iter()
                    .fold(failure, |failure, upload| upload.keep_local_copy(failure)));
            }
        };
        let bucket = upload.as_ref().map(|upload| upload.folder.address().to_string());
        if let Some(upload) = upload {
            Box::pin(upload.close(&folder)).await?;
        }
        // A run that was stopped is not the latest, and no reason to remove older ones.
        if stopped.is_none() {
            afterwards.follow(&folder);
        }
        Ok(FinishedRun { plan, tally, stopped, folder, bucket, duration: started.elapsed() })
    }

    /// Scans to the end, or to a signal.
    async fn scan(
        self,
        bucket: Option<BucketFolder>,
    ) -> Result<(Arc<Plan>, RunTally, Option<StopReason>), Failure> {
        let Self {
            settings,
            job,
            identity,
            organization,
            plan,
            folder,
            recorded,
            notes_skipped,
            observer,
            ..
        } = self;
        let (mut manifest, tally, shard) = (self.manifest, self.tally, settings.shard);
        let plan = Arc::new(plan);
        let unwritable = |what: PathBuf| {
            let folder = &folder;
            move |cause| cannot_go_on(folder, &what, cause)
        };
        manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))?;
        let mut recorder =
            Recorder::new(&folder, tally, Arc::clone(&observer)).map_err(unwritable(folder.ledger()))?;
        if !notes_skipped {
            recorder.note_skipped(&plan.skipped).map_err(unwritable(folder.ledger()))?;
        }
        let sink: Arc<dyn ResultSink> = match bucket {
            None => Arc::new(ResultTree::new(folder.clone(), settings.layout)),
            Some(bucket) => Arc::new(UploadingTree::new(folder.clone(), settings.layout, bucket)),
        };
        let engine = engine(&settings, &job, &identity, &plan, sink, recorded)?;
        let (tally, stopped) = match scan(engine, recorder, &*observer, plan.accounts.len(), &folder).await {
            Ok(ended) => ended,
            Err(failure) => {
                // Where the disk is full this fails as well, and the run counts as killed.
                manifest.state = RunState::Interrupted;
                let _ = manifest.write(&folder.manifest());
                return Err(failure);
            }
        };
        close(&mut manifest, &tally, &plan, stopped.is_some());
        if stopped.is_none() {
            let outcome = |account: &AccountId| tally.outcome(account);
            write_accounts(&folder, &organization, shard, Some(&outcome))
                .map_err(unwritable(folder.accounts()))?;
        }
        manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))?;
        Ok((plan, tally, stopped))
    }
}

/// Runs the engine until it is done or stopped, and records its events.
async fn scan(
    engine: Engine,
    recorder: Recorder,
    observer: &dyn Observer,
    accounts: usize,
    folder: &RunFolder,
) -> Result<(RunTally, Option<StopReason>), Failure> {
    let stop = StopSignal::new();
    observer.scan_started(accounts, &stop)?;
    let (events, receiver) = mpsc::channel(EVENTS);
    let mut watching = tokio::spawn(recorder.record_all(receiver));
    let outcome = tokio::select! {
        biased;
        outcome = engine.run(events, stop.clone()) => outcome,
        // Without the ledger's task, results from now on would be lost.
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
        EngineError::Output(cause) => cannot_go_on(folder, folder.path(), cause),
        EngineError::Task(cause) => Failure::internal(format!("a scanning task died: {cause}")),
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

/// Why the recorder ended before the engine.
fn unwatched(ended: Result<io::Result<RunTally>, JoinError>, folder: &RunFolder) -> Failure {
    match ended {
        Ok(Err(cause)) => cannot_go_on(folder, &folder.ledger(), cause),
        Ok(Ok(_)) => Failure::internal("the ledger's task ended too early"),
        Err(died) => Failure::internal("the ledger's task died").with_source(died),
    }
}

/// Adds to the manifest what the run came to.
fn close(manifest: &mut Manifest, tally: &RunTally, plan: &Plan, interrupted: bool) {
    manifest.state = if interrupted { RunState::Interrupted } else { RunState::Finished };
    manifest.finished = Some(Utc::now());
    if !interrupted {
        // What was missing when shards were joined has been asked now.
        manifest.missing_shards.clear();
        manifest.totals.accounts_scanned = plan.accounts.len() as u64;
    }
    let totals = &mut manifest.totals;
    totals.count(&tally.statuses, tally.requests, tally.items);
    (totals.redacted, totals.secrets) = (tally.redacted, tally.secrets);
    totals.lines = tally.lines;
    totals.unfinished = if interrupted { Unfinished::of(&tally.begun, plan).calls } else { 0 };
}

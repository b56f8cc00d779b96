//! A run from its first call to its last word.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use super::RunOutcome;
use super::engine::engine;
use super::overlap::Afterwards;
use super::render_summary::render_summary;
use crate::aws::credentials::BaseIdentity;
use crate::aws::organization::Organization;
use crate::cli::job::Job;
use crate::cli::observer::Observer;
use crate::cli::options::display::DisplaySettings;
use crate::cli::settings::ScanSettings;
use crate::cli::signals;
use crate::cli::storage_errors::cannot_go_on;
use crate::cli::upload::BucketUpload;
use crate::engine::{Engine, EngineError, StopReason, StopSignal};
use crate::error::{Failure, FailureKind};
use crate::names::AccountId;
use crate::plan::Plan;
use crate::reports::summary::{Ending, RunTally, SummaryFacts, Unfinished};
use crate::run::{
    BucketFolder, Manifest, RecordedCalls, ResultSink, ResultTree, RunFolder, RunState, UploadingTree,
    write_accounts,
};

/// How many events may wait for the observers.
const EVENTS: usize = 256;

/// A run that is about to scan, for the first time or once more.
pub(in crate::cli) struct ScanRun {
    pub(in crate::cli) settings: ScanSettings,
    pub(in crate::cli) job: Job,
    pub(in crate::cli) identity: BaseIdentity,
    pub(in crate::cli) organization: Organization,
    pub(in crate::cli) plan: Plan,
    pub(in crate::cli) folder: RunFolder,
    /// The way into a bucket, should the results go there.
    pub(in crate::cli) upload: Option<BucketUpload>,
    pub(in crate::cli) manifest: Manifest,
    /// What earlier executions have done.
    pub(in crate::cli) recorded: RecordedCalls,
    /// What earlier executions have found.
    pub(in crate::cli) tally: RunTally,
    /// Whether the ledger has the lines about entries that are not called.
    pub(in crate::cli) notes_skipped: bool,
}

impl ScanRun {
    /// Scans to the end, or to a signal, and says what came of it.
    pub(in crate::cli) async fn carry_out(mut self) -> Result<RunOutcome, Failure> {
        let began = Instant::now();
        let upload = self.upload.take();
        let bucket = upload.as_ref().map(|upload| upload.folder.clone());
        let (folder, display) = (self.folder.clone(), self.settings.display);
        let afterwards = Afterwards::of(&self.settings);
        let ended = match self.scan(bucket).await {
            Ok(ended) => ended,
            Err(failure) => {
                return Err(upload
                    .into_iter()
                    .fold(failure, |failure, upload| upload.keep_local_copy(failure)));
            }
        };
        let place = upload.as_ref().map(|upload| upload.folder.address().to_string());
        if let Some(upload) = upload {
            Box::pin(upload.close(&folder)).await?;
        }
        let outcome = ended.report(&folder, place.as_deref(), began.elapsed(), display)?;
        if outcome != RunOutcome::Interrupted {
            afterwards.follow(&folder);
        }
        Ok(outcome)
    }

    /// Scans to the end, or to a signal.
    async fn scan(self, bucket: Option<BucketFolder>) -> Result<Ended, Failure> {
        let Self { settings, job, identity, organization, plan, folder, recorded, notes_skipped, .. } = self;
        let (mut manifest, tally, shard) = (self.manifest, self.tally, settings.shard);
        let plan = Arc::new(plan);
        let unwritable = |what: PathBuf| {
            let folder = &folder;
            move |cause| cannot_go_on(folder, &what, cause)
        };
        manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))?;
        let mut observer = Observer::new(&folder, plan.accounts.len(), tally, settings.display.progress())
            .map_err(unwritable(folder.ledger()))?;
        if !notes_skipped {
            observer.note_skipped(&plan.skipped).map_err(unwritable(folder.ledger()))?;
        }
        let sink: Arc<dyn ResultSink> = match bucket {
            None => Arc::new(ResultTree::new(folder.clone(), settings.layout)),
            Some(bucket) => Arc::new(UploadingTree::new(folder.clone(), settings.layout, bucket)),
        };
        let engine = engine(&settings, &job, &identity, &plan, sink, recorded)?;
        let (tally, stopped) = match scan(engine, observer, &folder).await {
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
        Ok(Ended { plan, tally, stopped })
    }
}

/// What a run came to.
struct Ended {
    plan: Arc<Plan>,
    tally: RunTally,
    stopped: Option<StopReason>,
}

impl Ended {
    /// Says it. `bucket` is where the results are if they are not in the folder.
    fn report(
        self,
        folder: &RunFolder,
        bucket: Option<&str>,
        took: Duration,
        display: DisplaySettings,
    ) -> Result<RunOutcome, Failure> {
        let place = bucket.map_or(folder.path(), Path::new);
        let (ending, exit_code) = self.ending();
        render_summary(&SummaryFacts::new(&self.tally, &self.plan, ending, exit_code, took, place), display);
        let rest = match bucket {
            None => format!("`scan resume {}` asks the rest.", place.display()),
            Some(_) => "A run in a bucket cannot be resumed: scan again.".to_owned(),
        };
        match self.stopped {
            Some(StopReason::Signal) => {
                display.note(format!(
                    "Stopped by a signal: what has a line in the ledger is complete, the rest was not asked.\n\
                     {rest}"
                ));
                Ok(RunOutcome::Interrupted)
            }
            Some(StopReason::Credentials(failure)) => {
                display.note(
                    "Stopped for want of credentials: what has a line in the ledger is complete, the rest was \
                     not asked.",
                );
                Err(failure.duplicate().hint(match bucket {
                    None => format!("then ask the rest: scan resume {}", place.display()),
                    Some(_) => rest,
                }))
            }
            None if self.tally.is_complete() => Ok(RunOutcome::Complete),
            None => Ok(RunOutcome::Incomplete),
        }
    }

    /// How it ended, and the exit code for that.
    fn ending(&self) -> (Ending, u8) {
        let (ending, kind) = match &self.stopped {
            Some(StopReason::Signal) => (Ending::Interrupted, FailureKind::Interrupted),
            Some(StopReason::Credentials(_)) => (Ending::CredentialsLost, FailureKind::Credentials),
            None if self.tally.is_complete() => return (Ending::Complete, 0),
            None => (Ending::Incomplete, FailureKind::Incomplete),
        };
        (ending, kind.code())
    }
}

/// Runs the engine under the eyes of its observers, until it is done or stopped.
async fn scan(
    engine: Engine,
    observer: Observer,
    folder: &RunFolder,
) -> Result<(RunTally, Option<StopReason>), Failure> {
    let stop = StopSignal::new();
    signals::watch(stop.clone(), observer.voice())?;
    let (events, receiver) = mpsc::channel(EVENTS);
    let mut watching = tokio::spawn(observer.watch(receiver));
    let outcome = tokio::select! {
        biased;
        outcome = engine.run(events, stop.clone()) => outcome,
        // Nobody keeps the ledger any more, and what was found from now on would be lost.
        ended = &mut watching => return Err(unwatched(ended, folder)),
    };
    let tally = match watching.await {
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

/// Why the observer ended before the engine.
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
    totals.lines = Some(tally.lines);
    totals.unfinished = if interrupted { Unfinished::of(&tally.begun, plan).calls } else { 0 };
}

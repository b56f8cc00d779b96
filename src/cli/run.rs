//! One run from settings to exit code: the way of the architecture picture, step by step.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use chrono::Utc;
use tokio::sync::mpsc;
use tokio::task::JoinError;

use super::console::say;
use super::job::Job;
use super::logging::Log;
use super::manifest::manifest;
use super::observer::Observer;
use super::options::role::RoleChoice;
use super::settings::Settings;
use super::signals;
use super::unwritable::{cannot_begin, cannot_go_on};
use super::upload::{Upload, Workplace};
use crate::client::AwsClient;
use crate::client::endpoint::{EndpointResolver, EndpointSettings};
use crate::engine::{Engine, EngineError, Recorded, ResultSink, Stop, StopReason};
use crate::failure::{Failure, FailureKind};
use crate::identity::{BaseIdentity, OpenFiles, RoleSessions, RoleSettings};
use crate::names::AccountId;
use crate::organization::{self, Organization};
use crate::output::{
    self, BucketFolder, LockError, Manifest, ResultTree, RunFolder, RunLock, RunState, UploadingTree,
};
use crate::plan::Plan;
use crate::regions::RegionFinder;
use crate::report::{self, Tally};

/// How many events may wait for the observers.
const EVENTS: usize = 256;

/// Which AWS answers.
pub(super) enum Aws {
    /// Amazon's.
    Real,
    /// The simulated organization behind this configuration.
    Simulated(Box<SdkConfig>),
}

/// How a run ended that began to scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every call succeeded, or had nothing to find.
    Complete,
    /// Some calls were denied or failed.
    Incomplete,
    /// A signal stopped it.
    Interrupted,
}

impl Outcome {
    pub(super) fn exit_code(self) -> ExitCode {
        match self {
            Self::Complete => ExitCode::SUCCESS,
            Self::Incomplete => ExitCode::from(FailureKind::Incomplete.code()),
            Self::Interrupted => ExitCode::from(FailureKind::Interrupted.code()),
        }
    }
}

/// Runs a scan on a runtime of its own.
pub(super) fn start(settings: Settings, aws: Aws) -> Result<ExitCode, Failure> {
    runtime()?.block_on(run(settings, aws)).map(Outcome::exit_code)
}

/// The runtime that everything asynchronous runs on.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    /// Answers nest up to 128 levels deep, and every level takes its share of the stack.
    const STACK: usize = 8 * 1024 * 1024;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(OpenFiles::raise().writers())
        .thread_stack_size(STACK)
        .build()
        .map_err(|cause| Failure::internal("the asynchronous runtime cannot start").because(cause))
}

/// Runs a scan.
pub(super) async fn run(settings: Settings, aws: Aws) -> Result<Outcome, Failure> {
    let log = Log::start(settings.log_level);
    let job = Job::load(&settings).await?;
    job.spec.notices.iter().for_each(say);

    let simulated = matches!(aws, Aws::Simulated(_));
    let identity = authenticate(&settings, aws).await?;
    let workplace = Box::pin(Workplace::find(&settings.output, &identity)).await?;
    let organization = find_accounts(&settings, &identity).await?;
    let plan = job.plan(&organization, identity.caller())?;
    if let Some(shard) = settings.shard {
        say(format!("This is {shard}, which has {} of them", plan.accounts.len()));
    }

    let started = Utc::now();
    let name = settings.name_of_run(started);
    let folder = workplace.create(&name)?;
    let lock = lock(&folder)?;
    let unwritable = |cause| cannot_begin(folder.path(), cause);
    output::append_to(&folder.log()).and_then(|file| log.write_to(file)).map_err(unwritable)?;
    output::write_accounts(&folder, &organization, settings.shard, None).map_err(unwritable)?;
    let mut manifest = manifest(&settings, &job, identity.caller(), &organization, &plan, started);
    manifest.simulated = simulated;
    let upload = Box::pin(workplace.claim(&name, &mut manifest)).await?;
    let (recorded, tally) = (Recorded::default(), Tally::default());
    let run = Run {
        settings,
        job,
        identity,
        organization,
        plan,
        folder,
        upload,
        manifest,
        recorded,
        tally,
        notes_skipped: false,
    };
    let outcome = Box::pin(run.carry_out()).await;
    drop(lock);
    outcome
}

/// A run that is about to scan, for the first time or once more.
pub(super) struct Run {
    pub(super) settings: Settings,
    pub(super) job: Job,
    pub(super) identity: BaseIdentity,
    pub(super) organization: Organization,
    pub(super) plan: Plan,
    pub(super) folder: RunFolder,
    /// The way into a bucket, should the results go there.
    pub(super) upload: Option<Upload>,
    pub(super) manifest: Manifest,
    /// What earlier executions have done.
    pub(super) recorded: Recorded,
    /// What earlier executions have found.
    pub(super) tally: Tally,
    /// Whether the ledger has the lines about entries that are not called.
    pub(super) notes_skipped: bool,
}

impl Run {
    /// Scans to the end, or to a signal, and says what came of it.
    pub(super) async fn carry_out(mut self) -> Result<Outcome, Failure> {
        let began = Instant::now();
        let upload = self.upload.take();
        let bucket = upload.as_ref().map(|upload| upload.folder.clone());
        let folder = self.folder.clone();
        let ended = match self.scan(bucket).await {
            Ok(ended) => ended,
            Err(failure) => {
                return Err(upload.into_iter().fold(failure, |failure, upload| upload.leave(failure)));
            }
        };
        let place = upload.as_ref().map(|upload| upload.folder.address().to_string());
        if let Some(upload) = upload {
            Box::pin(upload.close(&folder)).await?;
        }
        ended.tell(&folder, place.as_deref(), began.elapsed())
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
        let mut observer =
            Observer::new(&folder, plan.accounts.len(), tally).map_err(unwritable(folder.ledger()))?;
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
        close(&mut manifest, &tally, plan.accounts.len(), stopped.is_some());
        if stopped.is_none() {
            let outcome = |account: &AccountId| tally.outcome(account);
            output::write_accounts(&folder, &organization, shard, Some(&outcome))
                .map_err(unwritable(folder.accounts()))?;
        }
        manifest.write(&folder.manifest()).map_err(unwritable(folder.manifest()))?;
        Ok(Ended { plan, tally, stopped })
    }
}

/// What a run came to.
struct Ended {
    plan: Arc<Plan>,
    tally: Tally,
    stopped: Option<StopReason>,
}

impl Ended {
    /// Says it. `bucket` is where the results are if they are not in the folder.
    fn tell(self, folder: &RunFolder, bucket: Option<&str>, took: Duration) -> Result<Outcome, Failure> {
        let place = bucket.map_or(folder.path(), Path::new);
        say(report::summary(&self.tally, &self.plan, took, place));
        let rest = match bucket {
            None => format!("`scan resume {}` asks the rest.", place.display()),
            Some(_) => "A run in a bucket cannot be resumed: scan again.".to_owned(),
        };
        match self.stopped {
            Some(StopReason::Signal) => {
                say(format!(
                    "Stopped by a signal: what has a line in the ledger is complete, the rest was not asked.\n\
                     {rest}"
                ));
                Ok(Outcome::Interrupted)
            }
            Some(StopReason::Credentials(failure)) => {
                say(
                    "Stopped for want of credentials: what has a line in the ledger is complete, the rest was \
                     not asked.",
                );
                Err(failure.again().hint(match bucket {
                    None => format!("then ask the rest: scan resume {}", place.display()),
                    Some(_) => rest,
                }))
            }
            None if self.tally.incomplete() == 0 => Ok(Outcome::Complete),
            None => Ok(Outcome::Incomplete),
        }
    }
}

/// Takes the lock of a run's folder.
pub(super) fn lock(folder: &RunFolder) -> Result<RunLock, Failure> {
    let path = folder.path().display();
    RunLock::take(&folder.lock()).map_err(|error| match error {
        LockError::Held(process) => {
            let process = process.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
            Failure::usage(format!("{process} is at work in {path}"))
                .hint("wait for it to end, or stop it, and then resume the run")
        }
        LockError::Unwritable(cause) => cannot_go_on(folder, &folder.lock(), cause),
    })
}

/// Finds credentials and says whose they are.
pub(super) async fn authenticate(settings: &Settings, aws: Aws) -> Result<BaseIdentity, Failure> {
    let identity = identify(settings, aws).await?;
    for caller in identity.all().map(BaseIdentity::caller) {
        say(format!("Authenticated as {} in account {}", caller.arn, caller.account));
    }
    Ok(identity)
}

/// Finds credentials, and asks AWS whose they are.
pub(super) async fn identify(settings: &Settings, aws: Aws) -> Result<BaseIdentity, Failure> {
    let base = match aws {
        Aws::Simulated(config) => {
            let config = config.into_builder().retry_config(settings.retry.config()).build();
            BaseIdentity::from_config(config).await?
        }
        Aws::Real => settings.profiles.identify(settings.retry).await?,
    };
    let RoleChoice { role, via_role, source_identity, .. } = &settings.role;
    match via_role {
        Some(via_role) => base.via(via_role, &role.session_name, source_identity.as_deref()).await,
        None => Ok(base),
    }
}

/// Finds the accounts and says how many there are.
async fn find_accounts(settings: &Settings, identity: &BaseIdentity) -> Result<Organization, Failure> {
    let organization = accounts(settings, identity).await?;
    if !settings.assumes_roles() {
        return Ok(organization);
    }
    let active = organization.accounts.iter().filter(|account| account.not_scanned().is_none()).count();
    let found = organization.accounts.len();
    say(if settings.organization_scan {
        let id = organization.id.as_deref().unwrap_or("without a readable id");
        format!("Found {found} accounts in organization {id}, {active} of them to scan")
    } else {
        format!("{found} accounts are named, {active} of them to scan; the organization is not asked")
    });
    Ok(organization)
}

/// All accounts there are, those that are not wanted with the reason: the organization's, those that are
/// named, or the caller's own alone.
pub(super) async fn accounts(settings: &Settings, identity: &BaseIdentity) -> Result<Organization, Failure> {
    let (caller, selection) = (identity.caller(), &settings.selection);
    if settings.organization_scan {
        let mut organization = organization::discover(identity.config(), caller).await?;
        selection.apply(&mut organization, identity.config(), caller).await?;
        return Ok(organization);
    }
    match &selection.accounts {
        Some(accounts) => Organization::of_accounts(accounts.clone(), &selection.exclude_accounts),
        None => Ok(Organization::of_callers(identity.all().map(BaseIdentity::caller))),
    }
}

/// The client that all calls go through.
pub(super) fn client(job: &Job, identity: &BaseIdentity) -> AwsClient {
    let config = identity.config();
    let endpoints =
        EndpointResolver::new(Arc::clone(&job.partitions), EndpointSettings::from_sdk_config(config));
    AwsClient::new(config.clone(), Arc::new(endpoints))
}

/// What looks up the regions of accounts.
pub(super) fn region_finder(job: &Job, identity: &BaseIdentity) -> RegionFinder {
    RegionFinder::new(
        Arc::clone(&job.catalog),
        Arc::clone(&job.partitions),
        identity.caller().partition.clone(),
        identity.region(),
    )
}

/// The role of the member accounts, whose sessions may do what the plan needs.
pub(super) fn member_role(
    settings: &Settings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Plan,
) -> Result<RoleSettings, Failure> {
    let partition = &identity.caller().partition;
    let session_policies = settings.role.session_policy.forms(&job.catalog, plan, partition)?;
    Ok(RoleSettings { session_policies, ..settings.role.role.clone() })
}

fn engine(
    settings: &Settings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Arc<Plan>,
    sink: Arc<dyn ResultSink>,
    recorded: Recorded,
) -> Result<Engine, Failure> {
    let limits = settings.limits.within(OpenFiles::allowed());
    if limits != settings.limits {
        tracing::warn!(
            requests = limits.requests,
            accounts = limits.accounts,
            "fewer requests and accounts at once than asked for, because the system allows few open files \
             (ulimit -n)"
        );
    }
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"), catalog = job.catalog.botocore_version(),
        spec = %job.spec.origin, caller = %identity.caller().arn, accounts = plan.accounts.len(),
        calls = plan.calls.len(), retries = %settings.retry, "run started"
    );
    if !settings.redaction.redact {
        tracing::warn!("--no-redact: results hold sensitive values and secrets as they are");
    }
    if !settings.redaction.allow.is_empty() {
        tracing::warn!(allow = ?settings.redaction.allow, "bulk data is asked, because it was allowed");
    }
    Ok(Engine {
        plan: Arc::clone(plan),
        client: client(job, identity),
        sessions: Arc::new(RoleSessions::new(identity, member_role(settings, job, identity, plan)?)?),
        regions: Arc::new(region_finder(job, identity)),
        sink,
        limits,
        retries: settings.retry,
        ask_everything: settings.ask_everything,
        recorded,
        redaction: job.redaction()?,
    })
}

/// Runs the engine under the eyes of its observers, until it is done or stopped.
async fn scan(
    engine: Engine,
    observer: Observer,
    folder: &RunFolder,
) -> Result<(Tally, Option<StopReason>), Failure> {
    let stop = Stop::new();
    signals::watch(stop.clone())?;
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
    })?;
    let stopped = stop.reason();
    tracing::info!(
        calls = tally.calls(),
        requests = tally.requests,
        interrupted = stopped.is_some(),
        "run ended"
    );
    Ok((tally, stopped))
}

/// Why the observer ended before the engine.
fn unwatched(ended: Result<io::Result<Tally>, JoinError>, folder: &RunFolder) -> Failure {
    match ended {
        Ok(Err(cause)) => cannot_go_on(folder, &folder.ledger(), cause),
        Ok(Ok(_)) => Failure::internal("the ledger's task ended too early"),
        Err(died) => Failure::internal("the ledger's task died").because(died),
    }
}

/// Adds to the manifest what the run came to.
fn close(manifest: &mut Manifest, tally: &Tally, accounts: usize, interrupted: bool) {
    manifest.state = if interrupted { RunState::Interrupted } else { RunState::Finished };
    manifest.finished = Some(Utc::now());
    if !interrupted {
        // What was missing when shards were joined has been asked now.
        manifest.missing_shards.clear();
        manifest.totals.accounts_scanned = accounts as u64;
    }
    manifest.totals.count(&tally.statuses, tally.requests, tally.items);
    (manifest.totals.redacted, manifest.totals.secrets) = (tally.redacted, tally.secrets);
}

//! One run from settings to exit code: the way of the architecture picture, step by step.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use aws_config::SdkConfig;
use chrono::Utc;
use tokio::sync::mpsc;

use super::console::say;
use super::job::Job;
use super::logging::Log;
use super::manifest::manifest;
use super::observer::Observer;
use super::settings::Settings;
use super::signals;
use crate::client::AwsClient;
use crate::client::endpoint::{EndpointResolver, EndpointSettings};
use crate::engine::{Engine, EngineError, Stop};
use crate::failure::{Failure, FailureKind};
use crate::identity::{BaseIdentity, BaseSettings, OpenFiles, RoleSessions};
use crate::organization::{self, Organization};
use crate::output::{self, Manifest, ResultTree, RunFolder, RunState};
use crate::plan::Plan;
use crate::regions::RegionFinder;
use crate::report::{self, Tally};

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

    let simulated = matches!(aws, Aws::Simulated(_));
    let identity = authenticate(&settings, aws).await?;
    let caller = identity.caller();
    let organization = find_accounts(&settings, &identity).await?;
    let plan = Arc::new(job.plan(&organization, caller)?);

    let started = Utc::now();
    let folder = RunFolder::create(&settings.output, settings.organization_scan, started)
        .map_err(|cause| cannot_write(&settings.output, cause))?;
    let unwritable = |cause| cannot_write(folder.path(), cause);
    output::append_to(&folder.log()).and_then(|file| log.write_to(file)).map_err(unwritable)?;
    output::write_accounts(&folder, &organization).map_err(unwritable)?;
    let mut manifest = manifest(&settings, &job, caller, &organization, &plan, started);
    manifest.simulated = simulated;
    manifest.write(&folder.manifest()).map_err(unwritable)?;

    let engine = engine(&settings, &job, &identity, &plan, &folder)?;
    let began = Instant::now();
    let (tally, interrupted) = carry_out(engine, &plan, &folder).await?;
    close(&mut manifest, &tally, interrupted);
    manifest.write(&folder.manifest()).map_err(unwritable)?;
    say(report::summary(&tally, &plan, began.elapsed(), folder.path()));
    if interrupted {
        say("Stopped by a signal: what has a line in the ledger is complete, the rest was not asked.");
    }
    Ok(match (interrupted, tally.incomplete()) {
        (true, _) => Outcome::Interrupted,
        (false, 0) => Outcome::Complete,
        (false, _) => Outcome::Incomplete,
    })
}

/// Finds credentials and says whose they are.
async fn authenticate(settings: &Settings, aws: Aws) -> Result<BaseIdentity, Failure> {
    let identity = match aws {
        Aws::Simulated(config) => {
            let config = config.into_builder().retry_config(settings.retry.config()).build();
            BaseIdentity::from_config(config).await?
        }
        Aws::Real => {
            let base = BaseSettings { profile: settings.profile.clone(), retry: settings.retry.config() };
            BaseIdentity::load(&base).await?
        }
    };
    let caller = identity.caller();
    say(format!("Authenticated as {} in account {}", caller.arn, caller.account));
    Ok(identity)
}

/// The accounts to choose from: the organization's, or the caller's own alone.
async fn find_accounts(settings: &Settings, identity: &BaseIdentity) -> Result<Organization, Failure> {
    let caller = identity.caller();
    if !settings.organization_scan {
        return Ok(Organization::of_one(caller));
    }
    let organization = organization::discover(identity.config(), caller).await?;
    let active = organization.accounts.iter().filter(|account| account.not_scanned().is_none()).count();
    let id = organization.id.as_deref().unwrap_or("without a readable id");
    let found = organization.accounts.len();
    say(format!("Found {found} accounts in organization {id}, {active} of them to scan"));
    Ok(organization)
}

fn engine(
    settings: &Settings,
    job: &Job,
    identity: &BaseIdentity,
    plan: &Arc<Plan>,
    folder: &RunFolder,
) -> Result<Engine, Failure> {
    let config = identity.config();
    let partition = identity.caller().partition.clone();
    let endpoints =
        EndpointResolver::new(Arc::clone(&job.partitions), EndpointSettings::from_sdk_config(config));
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
    Ok(Engine {
        plan: Arc::clone(plan),
        client: AwsClient::new(config.clone(), Arc::new(endpoints)),
        sessions: Arc::new(RoleSessions::new(identity, settings.role.clone())?),
        regions: Arc::new(RegionFinder::new(
            Arc::clone(&job.catalog),
            Arc::clone(&job.partitions),
            partition,
            identity.region(),
        )),
        sink: Arc::new(ResultTree::new(folder.clone(), settings.layout)),
        limits,
        retries: settings.retry,
        ask_everything: settings.ask_everything,
    })
}

/// Runs the engine under the eyes of its observers, until it is done or a signal stops it.
async fn carry_out(engine: Engine, plan: &Plan, folder: &RunFolder) -> Result<(Tally, bool), Failure> {
    let unwritable = |cause| cannot_write(folder.path(), cause);
    let (sender, stop) = Stop::new();
    signals::watch(sender)?;
    let (events, receiver) = mpsc::channel(1024);
    let observer = Observer::new(folder, plan).map_err(unwritable)?;
    let watching = tokio::spawn(observer.watch(receiver));
    let outcome = engine.run(events, stop.clone()).await;
    let tally = watching
        .await
        .map_err(|cause| Failure::internal("the ledger's task died").because(cause))?
        .map_err(unwritable)?;
    outcome.map_err(|error| match error {
        EngineError::Output(cause) => {
            unwritable(cause).hint("what was written before is complete; the ledger says what is missing")
        }
        EngineError::Task(cause) => Failure::internal(format!("a scanning task died: {cause}")),
    })?;
    let interrupted = stop.is_requested();
    tracing::info!(calls = tally.calls(), requests = tally.requests, interrupted, "run ended");
    Ok((tally, interrupted))
}

/// Adds to the manifest what the run came to.
fn close(manifest: &mut Manifest, tally: &Tally, interrupted: bool) {
    manifest.state = if interrupted { RunState::Interrupted } else { RunState::Finished };
    manifest.finished = Some(Utc::now());
    manifest.totals.count(&tally.statuses, tally.requests, tally.items);
}

fn cannot_write(path: &Path, cause: std::io::Error) -> Failure {
    Failure::internal(format!("cannot write in {}", path.display())).because(cause)
}

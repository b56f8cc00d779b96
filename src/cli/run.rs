//! One run from settings to exit code: the way of the architecture picture, step by step.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use aws_config::SdkConfig;
use chrono::Utc;
use tokio::sync::mpsc;

use super::catalog::open_catalog;
use super::console::say;
use super::logging::Log;
use super::observer::Observer;
use super::settings::Settings;
use super::signals;
use crate::catalog::Catalog;
use crate::client::AwsClient;
use crate::client::endpoint::{EndpointResolver, EndpointSettings, Partitions};
use crate::engine::{Engine, EngineError, Stop};
use crate::failure::{Failure, FailureKind};
use crate::identity::{BaseIdentity, BaseSettings, HttpSettings, RoleSessions, http_client};
use crate::names::{Partition, Region};
use crate::organization::{self, Organization};
use crate::output::{self, Manifest, RunFolder, RunState};
use crate::plan::{Plan, PlannedAccount, PlannedCall, RegionChoice, SkippedCall};
use crate::regions::RegionFinder;
use crate::report;
use crate::spec::ScanSpec;

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
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|cause| Failure::internal("the asynchronous runtime cannot start").because(cause))
}

/// Runs a scan.
pub(super) async fn run(settings: Settings, aws: Aws) -> Result<Outcome, Failure> {
    let log = Log::start(settings.log_level);
    let catalog = Arc::new(open_catalog(settings.catalog.as_deref())?);
    let partitions = Partitions::parse(catalog.partitions())
        .map(Arc::new)
        .map_err(|cause| Failure::internal("the catalog's partitions cannot be read").because(cause))?;
    let (given, excluded) = settings.regions.check(&partitions)?;
    let http = || http_client(&HttpSettings::from_environment());
    let spec = ScanSpec::load(&settings.spec, &catalog, http).await?;
    check_regions(&spec, &partitions)?;
    spec.notices.iter().for_each(say);
    // Up to here nothing has left this machine, unless the spec's own address was asked for.

    let simulated = matches!(aws, Aws::Simulated(_));
    let identity = match aws {
        Aws::Simulated(config) => BaseIdentity::from_config(*config).await?,
        Aws::Real => {
            let base = BaseSettings { profile: settings.profile.clone(), retry: settings.retry.clone() };
            BaseIdentity::load(&base).await?
        }
    };
    let caller = identity.caller();
    say(format!("Authenticated as {} in account {}", caller.arn, caller.account));
    let organization = if settings.organization_scan {
        organization::discover(identity.config(), caller).await?
    } else {
        Organization::of_one(caller)
    };
    announce(&organization, settings.organization_scan);

    let global_region = partitions.named(&caller.partition).map(|data| data.implicit_global_region.clone());
    let home = identity.config().region().map(|region| Region::new(region.as_ref()));
    let home = home.unwrap_or_else(|| Region::new("us-east-1"));
    let regions = RegionChoice::new(given.or_else(|| spec.regions.clone()), excluded, &spec.exclude_regions);
    check_partition(&regions, &caller.partition, &partitions)?;
    let plan = Arc::new(plan(&spec, &organization, regions, global_region.unwrap_or_else(|| home.clone()))?);

    let started = Utc::now();
    let folder = RunFolder::create(&settings.output, settings.organization_scan, started)
        .map_err(|cause| cannot_write(&settings.output, cause))?;
    let unwritable = |cause| cannot_write(folder.path(), cause);
    output::append_to(&folder.log()).and_then(|file| log.write_to(file)).map_err(unwritable)?;
    output::write_accounts(&folder, &organization).map_err(unwritable)?;
    let mut manifest = manifest(&settings, &catalog, &spec, &identity, &organization, &plan);
    manifest.started = started;
    manifest.simulated = simulated;
    manifest.write(&folder.manifest()).map_err(unwritable)?;

    let endpoints =
        EndpointResolver::new(Arc::clone(&partitions), EndpointSettings::from_sdk_config(identity.config()));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"), catalog = catalog.botocore_version(), spec = %spec.origin,
        caller = %caller.arn, accounts = plan.accounts.len(), calls = plan.calls.len(), "run started"
    );
    let engine = Engine {
        plan: Arc::clone(&plan),
        client: AwsClient::new(identity.config().clone(), Arc::new(endpoints)),
        sessions: Arc::new(RoleSessions::new(&identity, settings.role.clone())?),
        regions: Arc::new(RegionFinder::new(catalog, partitions, caller.partition.clone(), home)),
        sink: Arc::new(output::ResultTree::new(folder.clone(), settings.layout)),
        limits: settings.limits,
    };
    let (sender, stop) = Stop::new();
    signals::watch(sender)?;
    let (events, receiver) = mpsc::channel(1024);
    let observer = Observer::new(&folder, &plan).map_err(unwritable)?;
    let began = Instant::now();
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
    manifest.state = if interrupted { RunState::Interrupted } else { RunState::Finished };
    manifest.finished = Some(Utc::now());
    manifest.totals.count(&tally.statuses, tally.requests, tally.items);
    manifest.write(&folder.manifest()).map_err(unwritable)?;
    say(report::summary(&tally, &plan, began.elapsed(), folder.path()));
    Ok(match (interrupted, tally.incomplete()) {
        (true, _) => Outcome::Interrupted,
        (false, 0) => Outcome::Complete,
        (false, _) => Outcome::Incomplete,
    })
}

/// The regions that a spec names have to exist, like those of the command line.
fn check_regions(spec: &ScanSpec, partitions: &Partitions) -> Result<(), Failure> {
    let entries = spec.entries.iter().flat_map(|entry| {
        let place = format!("{} {}", entry.function, entry.name);
        entry.regions.iter().flatten().map(move |region| (place.clone(), region))
    });
    let run = spec.regions.iter().flatten().map(|region| ("regions".to_owned(), region));
    let except = spec.exclude_regions.iter().map(|region| ("exclude_regions".to_owned(), region));
    for (place, region) in run.chain(except).chain(entries) {
        partitions
            .region(region.as_str())
            .map_err(|unknown| Failure::usage(format!("{}: {place}: {unknown}", spec.origin)))?;
    }
    Ok(())
}

/// Credentials of one partition say nothing in another.
fn check_partition(
    regions: &RegionChoice,
    partition: &Partition,
    partitions: &Partitions,
) -> Result<(), Failure> {
    let RegionChoice::Given(regions) = regions else { return Ok(()) };
    for region in regions {
        let its = &partitions.of_region(region.as_str()).name;
        if its != partition {
            return Err(Failure::usage(format!(
                "{region} belongs to the partition {its}, but these credentials belong to {partition}"
            )));
        }
    }
    Ok(())
}

fn announce(organization: &Organization, organization_scan: bool) {
    if organization_scan {
        let active = organization.accounts.iter().filter(|account| account.not_scanned().is_none()).count();
        let id = organization.id.as_deref().unwrap_or("without a readable id");
        say(format!(
            "Found {} accounts in organization {id}, {active} of them to scan",
            organization.accounts.len()
        ));
    }
}

/// Spec, accounts and regions as one plan.
fn plan(
    spec: &ScanSpec,
    organization: &Organization,
    regions: RegionChoice,
    global_region: Region,
) -> Result<Plan, Failure> {
    if regions == RegionChoice::Given(Vec::new()) {
        return Err(Failure::usage("--exclude-regions leaves no region to scan"));
    }
    let accounts = organization
        .accounts
        .iter()
        .filter(|account| account.not_scanned().is_none())
        .map(|account| PlannedAccount { id: account.id.clone(), name: account.name.clone() })
        .collect();
    let skipped = spec.skipped.iter().map(|entry| SkippedCall {
        service: entry.service.clone(),
        function: entry.function.clone(),
        reason: entry.reason.to_string(),
    });
    Ok(Plan {
        accounts,
        calls: spec.entries.iter().cloned().map(PlannedCall::new).collect(),
        skipped: skipped.collect(),
        regions,
        global_region,
    })
}

fn manifest(
    settings: &Settings,
    catalog: &Catalog,
    spec: &ScanSpec,
    identity: &BaseIdentity,
    organization: &Organization,
    plan: &Plan,
) -> Manifest {
    let caller = identity.caller();
    let (regions, exclude_regions) = match &plan.regions {
        RegionChoice::Given(regions) => (Some(regions.clone()), Vec::new()),
        RegionChoice::Enabled { except } => (None, except.clone()),
    };
    Manifest {
        format_version: output::FORMAT_VERSION,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        catalog_version: catalog.botocore_version().to_owned(),
        simulated: false,
        state: RunState::Running,
        started: Utc::now(),
        finished: None,
        caller: output::Caller { account: caller.account.clone(), arn: caller.arn.clone() },
        organization: organization.id.clone(),
        spec: output::Spec {
            source: spec.origin.clone(),
            sha256: spec.hash.clone(),
            document: spec.document.clone(),
        },
        settings: output::Settings {
            organization_scan: settings.organization_scan,
            role_name: settings.organization_scan.then(|| settings.role.role_name.clone()),
            regions,
            exclude_regions,
            layout: settings.layout,
            max_attempts: settings.retry.max_attempts(),
            concurrency: settings.limits.requests,
        },
        totals: output::Totals {
            accounts: organization.accounts.len() as u64,
            accounts_scanned: plan.accounts.len() as u64,
            ..output::Totals::default()
        },
    }
}

fn cannot_write(path: &std::path::Path, cause: std::io::Error) -> Failure {
    Failure::internal(format!("cannot write in {}", path.display())).because(cause)
}

//! One run from settings to exit code: the way of the architecture picture, step by step.

mod engine;
mod execution;
mod identity;
mod overlap;
mod render_summary;

use std::process::ExitCode;

use aws_config::SdkConfig;
use chrono::Utc;

use super::job::{Job, check_calls};
use super::logging::Log;
use super::manifest::manifest;
use super::settings::ScanSettings;
use super::storage_errors::{cannot_begin, cannot_go_on};
use super::surroundings;
use super::upload::BucketWorkspace;
use crate::aws::http::OpenFiles;
use crate::error::{Failure, FailureKind};
use crate::reports::summary::RunTally;
use crate::run::{LockError, RecordedCalls, RunFolder, RunLock, append_to, write_accounts};

pub(super) use engine::{client, member_role, region_finder};
pub(super) use execution::ScanRun;
pub(super) use identity::{accounts, authenticate, identify};

/// Which AWS answers.
pub(super) enum AwsTarget {
    /// Amazon's.
    Real,
    /// The simulated organization behind this configuration.
    Simulated(Box<SdkConfig>),
}

/// How a run ended that began to scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunOutcome {
    /// Every call succeeded, or had nothing to find.
    Complete,
    /// Some calls were denied or failed.
    Incomplete,
    /// A signal stopped it.
    Interrupted,
}

impl RunOutcome {
    pub(super) fn exit_code(self) -> ExitCode {
        match self {
            Self::Complete => ExitCode::SUCCESS,
            Self::Incomplete => ExitCode::from(FailureKind::Incomplete.code()),
            Self::Interrupted => ExitCode::from(FailureKind::Interrupted.code()),
        }
    }
}

/// Runs a scan on a runtime of its own.
pub(super) fn start(settings: ScanSettings, aws: AwsTarget) -> Result<ExitCode, Failure> {
    runtime()?.block_on(run(settings, aws)).map(RunOutcome::exit_code)
}

/// The runtime that everything asynchronous runs on.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    /// Answers nest up to 1,000 levels deep, and every level takes its share of the stack.
    const STACK: usize = 8 * 1024 * 1024;
    let files = OpenFiles::raise();
    if files < OpenFiles::LEAST {
        return Err(Failure::internal(format!(
            "this process may open {files} files at once, and needs at least {}",
            OpenFiles::LEAST
        ))
        .hint("raise the limit, for example with `ulimit -n 1024`"));
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(files.writers())
        .thread_stack_size(STACK)
        .build()
        .map_err(|cause| Failure::internal("the asynchronous runtime cannot start").with_source(cause))
}

/// Runs a scan.
pub(super) async fn run(settings: ScanSettings, aws: AwsTarget) -> Result<RunOutcome, Failure> {
    let log = Log::start(settings.log);
    let job = Job::load(&settings).await?;
    job.spec.notices.iter().for_each(|notice| settings.display.note(notice));
    let beginning = overlap::alone(&settings, true)?;

    let simulated = matches!(aws, AwsTarget::Simulated(_));
    let identity = authenticate(&settings, aws).await?;
    let workplace = Box::pin(BucketWorkspace::find(&settings.output, &identity)).await?;
    let organization = identity::find_accounts(&settings, &identity).await?;
    let (surroundings, notices) =
        Box::pin(surroundings::look_up(&settings, &job, &identity, &organization)).await?;
    for notice in &notices {
        settings.display.note(notice);
    }
    let plan = job.plan(&organization, identity.caller(), &surroundings)?;
    check_calls(&job, &plan)?;
    if let Some(shard) = settings.shard {
        settings.display.note(format!("This is {shard}, which has {} of them", plan.accounts.len()));
    }

    let started = Utc::now();
    let name = settings.name_of_run(started);
    let alone = match beginning {
        Some(lock) => Some(lock),
        None => overlap::alone(&settings, false)?,
    };
    let folder = workplace.create(&name)?;
    let lock = lock(&folder)?;
    let unwritable = |cause| cannot_begin(folder.path(), cause);
    append_to(&folder.log()).and_then(|file| log.write_to(file)).map_err(unwritable)?;
    write_accounts(&folder, &organization, settings.shard, None).map_err(unwritable)?;
    let mut manifest = manifest(&settings, &job, identity.caller(), &organization, &plan, started);
    manifest.simulated = simulated;
    manifest.management_account = surroundings.management;
    manifest.delegated_administrators = surroundings.delegated;
    let upload = Box::pin(workplace.claim(&name, &mut manifest, settings.display)).await?;
    let (recorded, tally) = (RecordedCalls::default(), RunTally::default());
    let run = ScanRun {
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
    drop((lock, alone));
    outcome
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

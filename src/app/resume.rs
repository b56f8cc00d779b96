//! Resumes a run that did not finish.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::aws_target::AwsTarget;
use super::execution::ScanRun;
use super::finished_run::FinishedRun;
use super::identity::{AccountSource, FoundCaller, authenticate, complete, note_found};
use super::job::Job;
use super::observer::Observer;
use super::overlap::lock;
use super::same_caller::check_callers;
use super::settings::output::OutputTarget;
use super::settings::profiles::ProfileChoice;
use super::settings::{ResumeSettings, ScanSettings};
#[cfg(feature = "demo")]
use super::simulated;
use super::storage_errors::{UploadPhase, cannot_upload, cannot_write_run};
use super::surroundings;
use super::taken_over::taken_over;
use super::upload::{BucketUpload, open_bucket, release, take_over};
use crate::aws::credentials::{BaseIdentity, Caller};
use crate::aws::organization::{Organization, OrganizationTree};
use crate::error::Failure;
use crate::plan::Plan;
use crate::reports::summary::RunTally;
use crate::run::{
    BucketAddress, BucketFolder, EarlierExecutions, Manifest, ManifestCaller, ManifestError, RecordedCalls,
    RunFolder, RunState, TargetBucket, read_accounts, write_accounts,
};
#[cfg(not(feature = "demo"))]
use crate::util::features::how_to_build_with;
use crate::util::plural::plural;

/// The result of a request to resume a run.
pub(crate) enum Resumed {
    /// No calls remained.
    NothingLeft(Box<FinishedRun>),
    /// The run was finished, or stopped again.
    Finished(Box<FinishedRun>),
}

/// A run that is resumed.
struct OpenedRun {
    /// The folder with its own files: temporary, if its results are in a bucket.
    folder: RunFolder,
    /// The folder or address of the run, for messages.
    location: String,
    manifest: Manifest,
    /// The upload, if its results are in a bucket.
    upload: Option<BucketUpload>,
}

/// The address of a run in a bucket.
pub(crate) struct BucketRun {
    /// The bucket.
    pub(crate) bucket: Arc<TargetBucket>,
    /// The folder of the run.
    pub(crate) address: BucketAddress,
}

/// The caller of a resumed run.
enum ResumeCaller {
    /// The credentials have not been loaded.
    Unknown,
    /// The base credentials, which have opened the bucket.
    Base(Box<BaseIdentity>),
    /// The caller of a new attempt, and the source of the accounts.
    Found(Box<FoundCaller>),
}

/// Resumes a run: sends the calls without a line in its ledger, and retries failed calls if that is requested.
///
/// # Errors
///
/// Returns an error if the folder is not the folder of a run that can be resumed, or the credentials belong to another
/// account.
pub(crate) async fn resume(
    request: &ResumeSettings,
    observer: Arc<dyn Observer>,
) -> Result<Resumed, Failure> {
    let path = match &request.run {
        OutputTarget::Folder(path) => path,
        OutputTarget::Bucket(address, settings) => {
            let identity = Box::pin(base_identity(request, &*observer)).await?;
            let bucket = open_bucket(address.clone(), settings.clone(), &identity).await?;
            expect_resumable(&bucket, address).await?;
            let run = BucketRun { bucket, address: address.clone() };
            return Box::pin(resume_in_bucket(
                run,
                request,
                ResumeCaller::Base(Box::new(identity)),
                observer,
            ))
            .await;
        }
    };
    let (folder, location) = (RunFolder::for_run(path), path.display().to_string());
    // Before the lock: no file is created in a folder that is not the folder of a run.
    read_manifest(&folder, &location)?;
    let lock = lock(&folder)?;
    let manifest = read_manifest(&folder, &location)?;
    if let Some(address) = &manifest.settings.bucket_folder {
        return Err(is_a_copy(&location, address));
    }
    let run = OpenedRun { folder, location, manifest, upload: None };
    let resumed = Box::pin(resume_opened(run, request, ResumeCaller::Unknown, observer)).await;
    drop(lock);
    resumed
}

/// Continues an earlier attempt of a scan, with the caller of the new one.
pub(crate) async fn continue_attempt(
    run: BucketRun,
    request: &ResumeSettings,
    caller: FoundCaller,
    observer: Arc<dyn Observer>,
) -> Result<FinishedRun, Failure> {
    match Box::pin(resume_in_bucket(run, request, ResumeCaller::Found(Box::new(caller)), observer)).await? {
        Resumed::NothingLeft(finished) | Resumed::Finished(finished) => Ok(*finished),
    }
}

/// Returns an error if there is no run at an address that the user gave, or it has not listed its accounts.
async fn expect_resumable(bucket: &TargetBucket, address: &BucketAddress) -> Result<(), Failure> {
    let failed = |error| cannot_upload(&error, UploadPhase::Before);
    let location = address.to_string();
    if BucketFolder::manifest(bucket, address).await.map_err(failed)?.is_none() {
        return Err(unusable(&location, ManifestError::Missing));
    }
    if !BucketFolder::has_accounts(bucket, address).await.map_err(failed)? {
        return Err(Failure::usage(format!("cannot resume {location}: it ended before its first call"))
            .hint("scan again"));
    }
    Ok(())
}

/// Takes over a run in a bucket that can be resumed, resumes it, and releases it.
async fn resume_in_bucket(
    run: BucketRun,
    request: &ResumeSettings,
    caller: ResumeCaller,
    observer: Arc<dyn Observer>,
) -> Result<Resumed, Failure> {
    let BucketRun { bucket, address } = run;
    let location = address.to_string();
    let (folder, upload) = Box::pin(take_over(&bucket, &address, &*observer)).await?;
    let taken = upload.folder.clone();
    let resumed = async {
        let mut manifest = read_manifest(&folder, &location)?;
        // The objects may have been copied from another prefix.
        manifest.settings.bucket_folder = Some(location.clone());
        let run = OpenedRun { folder, location, manifest, upload: Some(upload) };
        resume_opened(run, request, caller, observer).await
    };
    let resumed = Box::pin(resumed).await;
    release(&taken).await;
    resumed
}

/// Returns the identity of the base credentials, which open the bucket before the settings of the run are known.
async fn base_identity(request: &ResumeSettings, observer: &dyn Observer) -> Result<BaseIdentity, Failure> {
    let mut settings = ScanSettings::new("");
    settings.profiles = ProfileChoice::of_resuming_user(request)?;
    Ok(Box::pin(authenticate(&settings, AwsTarget::Real, observer)).await?.identity)
}

async fn resume_opened(
    run: OpenedRun,
    request: &ResumeSettings,
    caller: ResumeCaller,
    observer: Arc<dyn Observer>,
) -> Result<Resumed, Failure> {
    let OpenedRun { folder, location, manifest, upload } = run;
    let settings = ScanSettings::from_manifest(&manifest, request)?;
    let job = Job::from_manifest(&manifest, &settings)?;
    let mut organization = planned_organization(&folder, &manifest)?;
    let surroundings = surroundings::from_manifest(&manifest, &settings, &organization);
    let mut plan =
        job.plan(&organization, &caller_of(&manifest, &folder)?, &surroundings, manifest.started)?;

    let mut tally = RunTally::of_run(&manifest);
    let stored = upload.as_ref().map(|upload| upload.folder.stored());
    let retry_failed = request.retry_failed;
    let earlier = EarlierExecutions::read(&folder, stored, settings.layout, &plan, retry_failed, |record| {
        tally.count(record);
    })
    .map_err(|cause| cannot_read(&folder.ledger()).with_source(cause))?;
    if manifest.state == RunState::Finished && earlier.is_untouched() {
        note_nothing_left(&location, &tally, retry_failed, &*observer);
        let bucket = upload.map(|_| location);
        let (plan, duration) = (Arc::new(plan), Duration::ZERO);
        let finished = FinishedRun { plan, tally, stopped: None, folder, bucket, duration };
        return Ok(Resumed::NothingLeft(Box::new(finished)));
    }

    // The options of a new attempt are those of the earlier one.
    if !matches!(caller, ResumeCaller::Found(_))
        && let Some(warning) = &taken_over(&manifest)
    {
        observer.warn(warning);
    }
    #[cfg(feature = "demo")]
    let (_simulator, aws) = simulated::of_run(&manifest, &organization, &job.catalog).await?;
    #[cfg(not(feature = "demo"))]
    let aws = if manifest.simulated {
        return Err(is_a_demonstration(&location));
    } else {
        AwsTarget::Real
    };
    let FoundCaller { identity, source } = match caller {
        ResumeCaller::Found(found) => *found,
        ResumeCaller::Base(identity) if !settings.profiles.is_several() => {
            Box::pin(complete(&settings, *identity, None)).await?
        }
        _ => Box::pin(authenticate(&settings, aws, &*observer)).await?,
    };
    check_callers(&manifest, &identity, &plan, &location)?;
    let unwritable = |cause| cannot_write_run(&folder, folder.path(), cause);
    observer.log_to(&folder.log()).map_err(unwritable)?;
    log_resumed(&manifest, &earlier, &job);
    earlier.clear(&folder).map_err(unwritable)?;
    let notes_skipped = earlier.notes_skipped;
    let mut recorded = earlier.recorded;
    let is_listed = manifest.state != RunState::Listing;
    if let Some(AccountSource::Organizations(mut listing)) = source {
        let mut now = Organization::default();
        match listing.read_all(&mut now, identity.caller()).await {
            Ok(()) if is_listed => note_changed_accounts(&mut recorded, &organization, &plan, &now),
            Ok(()) => {
                note_changed_accounts(&mut recorded, &now, &plan, &now);
                organization.add(now.accounts);
                plan.accounts = job.planned_accounts(&organization.accounts);
                note_found(&organization, &*observer);
            }
            // If the organization cannot be read any more, assuming roles will fail instead.
            Err(failure) if is_listed => {
                tracing::warn!(target: "scan::resume", "cannot list the accounts again: {failure}");
            }
            Err(failure) => return Err(failure),
        }
    }
    if !is_listed || !manifest.missing_shards.is_empty() {
        // Accounts that were not listed, or whose shards were missing, are scanned now.
        write_accounts(&folder, &organization, settings.shard, None).map_err(unwritable)?;
    }
    let done = tally.calls();
    // A run of witnesses starts here.
    if done > 0 {
        let are = if done == 1 { "is" } else { "are" };
        observer.note(&format!("Resuming {location}: {} {are} done", plural(done, "call")));
    }
    let manifest = Manifest { state: RunState::Running, finished: None, ..manifest };
    // The details of the accounts that the earlier executions did not get.
    let is_incomplete = settings.organization_scan && !manifest.unknown_account_details.is_empty();
    let tree = is_incomplete.then(|| OrganizationTree::new(identity.config(), identity.caller()));
    let run = ScanRun {
        settings,
        job,
        identity,
        organization,
        tree,
        listing: None,
        plan,
        folder,
        upload,
        manifest,
        recorded,
        tally,
        notes_skipped,
        observer,
    };
    let finished = Box::pin(run.execute()).await;
    finished.map(|finished| Resumed::Finished(Box::new(finished)))
}

/// Returns the failure of the local copy of a run in a bucket: resumed here, the bucket would not have the rest.
fn is_a_copy(location: &str, address: &str) -> Failure {
    Failure::usage(format!("cannot resume {location}: it is a copy of the run in {address}"))
        .hint(format!("resume the run in the bucket: scan resume {address}"))
}

#[cfg(not(feature = "demo"))]
fn is_a_demonstration(location: &str) -> Failure {
    Failure::usage(format!(
        "{location}: the run is a demonstration, and this program was built without the feature `demo`"
    ))
    .hint(how_to_build_with("demo"))
}

fn read_manifest(folder: &RunFolder, location: &str) -> Result<Manifest, Failure> {
    Manifest::read(&folder.manifest()).map_err(|error| unusable(location, error))
}

fn unusable(location: &str, error: ManifestError) -> Failure {
    let hint = match &error {
        ManifestError::Missing => "name the folder of a run, as in output/organization-<timestamp>",
        ManifestError::Damaged(_) => "start a new run; the results in the folder are still complete",
        ManifestError::OtherFormat(..) => "use the version of scan that wrote it, or start a new run",
    };
    Failure::usage(format!("cannot resume {location}")).with_source(error).hint(hint)
}

fn cannot_read(path: &Path) -> Failure {
    Failure::usage(format!("cannot read {}", path.display()))
        .hint("start a new run; the results in the folder are still complete")
}

/// Returns the accounts that the run was planned for.
fn planned_organization(folder: &RunFolder, manifest: &Manifest) -> Result<Organization, Failure> {
    let path = folder.accounts();
    let accounts = read_accounts(&path).map_err(|cause| cannot_read(&path).with_source(cause))?;
    let management_account = manifest.management_account.clone();
    Ok(Organization { id: manifest.organization.clone(), management_account, accounts })
}

fn caller_of(manifest: &Manifest, folder: &RunFolder) -> Result<Caller, Failure> {
    let ManifestCaller { account, arn } = &manifest.caller;
    Caller::from_arn(account.clone(), arn).ok_or_else(|| {
        cannot_read(&folder.manifest()).with_source(format!("the caller's ARN `{arn}` is not an ARN"))
    })
}

fn note_nothing_left(location: &str, tally: &RunTally, retry_failed: bool, observer: &dyn Observer) {
    let (calls, gaps) = (plural(tally.calls(), "call"), tally.incomplete());
    observer.note(&match gaps {
        0 if tally.is_complete() => {
            format!("{location} is finished and complete: all {calls} are done, no calls remain")
        }
        _ if retry_failed => format!("{location} is finished: no calls remain"),
        _ => format!(
            "{location} is finished: no calls remain. {gaps} of its {calls} failed; \
             run `scan resume {location} --retry-failed` to retry them"
        ),
    });
}

/// Notes accounts that were suspended or closed since the run was started, for the ledger.
fn note_changed_accounts(
    recorded: &mut RecordedCalls,
    earlier: &Organization,
    plan: &Plan,
    now: &Organization,
) {
    for account in &now.accounts {
        let is_planned = plan.accounts.iter().any(|planned| planned.id == account.id);
        match account.not_scanned() {
            Some(why) if is_planned => recorded.account_no_longer_exists(account.id.clone(), why),
            None if earlier.accounts.iter().all(|known| known.id != account.id) => {
                tracing::info!(target: "scan::resume", account = %account.id, "the account is newer than the run; only a new run scans it");
            }
            _ => {}
        }
    }
}

/// Logs the state of the run and its files before it is resumed.
fn log_resumed(manifest: &Manifest, earlier: &EarlierExecutions, job: &Job) {
    tracing::info!(target: "scan::resume", state = ?manifest.state, superseded = earlier.superseded, "run resumed");
    let catalog = job.catalog.botocore_version();
    if manifest.catalog_version != catalog {
        let earlier = &manifest.catalog_version;
        tracing::warn!(target: "scan::resume", "the run was started with the catalog of botocore {earlier}, and is resumed with {catalog}");
    }
    if earlier.is_torn() {
        tracing::warn!(target: "scan::resume", "the last line of the ledger is incomplete; it is dropped, and its call is sent again");
    }
    if earlier.damaged > 0 {
        tracing::warn!(target: "scan::resume", lines = earlier.damaged, "lines of the ledger are damaged; they are dropped");
    }
    if earlier.lost > 0 {
        tracing::warn!(target: "scan::resume", calls = earlier.lost, "result files listed in the ledger are missing; rescanning them");
    }
}

//! Resumes a run that did not finish.

use std::path::Path;
use std::sync::Arc;

use super::execution::ScanRun;
use super::finished_run::FinishedRun;
use super::identity::{AccountSource, FoundCaller, authenticate, note_found};
use super::job::Job;
use super::observer::Observer;
use super::scan::lock;
use super::settings::{ResumeSettings, ScanSettings};
#[cfg(feature = "demo")]
use super::simulated;
use super::storage_errors::cannot_write_run;
use super::surroundings;
use super::taken_over::taken_over;
use crate::aws::credentials::{BaseIdentity, Caller};
use crate::aws::organization::{Organization, OrganizationTree};
use crate::error::Failure;
use crate::plan::Plan;
use crate::reports::summary::{RunOutcome, RunTally};
use crate::run::{
    BucketAddress, EarlierExecutions, Manifest, ManifestCaller, ManifestError, RecordedCalls, RunFolder,
    RunState, read_accounts, write_accounts,
};
#[cfg(not(feature = "demo"))]
use crate::util::features::how_to_build_with;
use crate::util::plural::plural;

/// The result of a request to resume a run.
pub(crate) enum Resumed {
    /// No calls remained.
    NothingLeft(RunOutcome),
    /// The run was finished, or stopped again.
    Finished(Box<FinishedRun>),
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
    if request.folder.to_str().is_some_and(BucketAddress::is_meant_by) {
        return Err(in_a_bucket(&request.folder.to_string_lossy()));
    }
    let folder = RunFolder::for_run(&request.folder);
    // Before the lock: no file is created in a folder that is not the folder of a run.
    read_manifest(&folder)?;
    let lock = lock(&folder)?;
    let manifest = read_manifest(&folder)?;
    if let Some(address) = &manifest.settings.bucket_folder {
        return Err(in_a_bucket(address));
    }
    let settings = ScanSettings::from_manifest(&manifest, request)?;
    let job = Job::from_manifest(&manifest, &settings)?;
    let mut organization = planned_organization(&folder, &manifest)?;
    let surroundings = surroundings::from_manifest(&manifest, &settings, &organization);
    let mut plan =
        job.plan(&organization, &caller_of(&manifest, &folder)?, &surroundings, manifest.started)?;

    let mut tally = RunTally::default();
    let earlier = EarlierExecutions::read(&folder, settings.layout, &plan, request.retry_failed, |record| {
        tally.count(record);
    })
    .map_err(|cause| cannot_read(&folder.ledger()).with_source(cause))?;
    if manifest.state == RunState::Finished && earlier.is_untouched() {
        let outcome = nothing_to_do(&folder, &tally, request.retry_failed, &*observer);
        return Ok(Resumed::NothingLeft(outcome));
    }

    if let Some(warning) = &taken_over(&manifest) {
        observer.warn(warning);
    }
    #[cfg(feature = "demo")]
    let (_simulator, aws) = simulated::of_run(&manifest, &organization, &job.catalog).await?;
    #[cfg(not(feature = "demo"))]
    let aws = if manifest.simulated {
        return Err(is_a_demonstration(&folder));
    } else {
        super::aws_target::AwsTarget::Real
    };
    let FoundCaller { identity, source } = authenticate(&settings, aws, &*observer).await?;
    check_callers(&manifest, &identity, &plan, &folder)?;
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
    let (path, are) = (folder.path().display(), if done == 1 { "is" } else { "are" });
    observer.note(&format!("Resuming {path}: {} {are} done", plural(done, "call")));
    let manifest = Manifest { state: RunState::Running, finished: None, ..manifest };
    let upload = None;
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
    drop(lock);
    finished.map(|finished| Resumed::Finished(Box::new(finished)))
}

/// Returns the failure of a run in a bucket: to resume a run, its result files must be on this machine.
fn in_a_bucket(address: &str) -> Failure {
    Failure::usage(format!("cannot resume a run in a bucket: the results of this run are in {address}")).hint(
        "scan again; with the same --run-name, the new results are written to a folder beside the old ones",
    )
}

#[cfg(not(feature = "demo"))]
fn is_a_demonstration(folder: &RunFolder) -> Failure {
    Failure::usage(format!(
        "{}: the run is a demonstration, and this program was built without the feature `demo`",
        folder.path().display()
    ))
    .hint(how_to_build_with("demo"))
}

fn read_manifest(folder: &RunFolder) -> Result<Manifest, Failure> {
    Manifest::read(&folder.manifest()).map_err(|error| {
        let failure = Failure::usage(format!("cannot resume {}", folder.path().display()));
        let hint = match &error {
            ManifestError::Missing => "name the folder of a run, as in output/organization-<timestamp>",
            ManifestError::Damaged(_) => "start a new run; the results in the folder are still complete",
            ManifestError::OtherFormat(..) => "use the version of scan that wrote it, or start a new run",
        };
        failure.with_source(error).hint(hint)
    })
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

/// Returns an error if the credentials belong to other accounts. A run with several profiles needs the credentials of
/// each account again.
fn check_callers(
    manifest: &Manifest,
    identity: &BaseIdentity,
    plan: &Plan,
    folder: &RunFolder,
) -> Result<(), Failure> {
    if manifest.settings.profiles.is_empty() {
        return check_caller(manifest, identity.caller(), folder);
    }
    for account in &plan.accounts {
        if !identity.all().any(|own| own.caller().account == account.id) {
            return Err(Failure::credentials(format!(
                "{} scans account {}, but none of these profiles belongs to it",
                folder.path().display(),
                account.id
            ))
            .hint("resume the run without --profile, or with all profiles of the run"));
        }
    }
    Ok(())
}

/// Returns an error if the credentials belong to another account, which may see other resources.
fn check_caller(manifest: &Manifest, caller: &Caller, folder: &RunFolder) -> Result<(), Failure> {
    let first = &manifest.caller;
    let is_same = Caller::from_arn(first.account.clone(), &first.arn)
        .is_some_and(|first| first.account == caller.account && first.partition == caller.partition);
    if is_same {
        return Ok(());
    }
    let (folder, now) = (folder.path().display(), &caller.arn);
    Err(Failure::credentials(format!(
        "{folder} was started by {}; the current credentials are {now}",
        first.arn
    ))
    .hint(format!("use credentials of account {}: --profile, or the environment", first.account)))
}

fn nothing_to_do(
    folder: &RunFolder,
    tally: &RunTally,
    retry_failed: bool,
    observer: &dyn Observer,
) -> RunOutcome {
    let (path, calls, gaps) = (folder.path().display(), plural(tally.calls(), "call"), tally.incomplete);
    observer.note(&match gaps {
        0 if tally.is_complete() => {
            format!("{path} is finished and complete: all {calls} are done, no calls remain")
        }
        _ if retry_failed => format!("{path} is finished: no calls remain"),
        _ => format!(
            "{path} is finished: no calls remain. {gaps} of its {calls} failed; \
             run `scan resume {path} --retry-failed` to retry them"
        ),
    });
    if tally.is_complete() { RunOutcome::Complete } else { RunOutcome::Incomplete }
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

//! Runs a scan: from settings to the finished run, step by step.

use std::sync::Arc;

use chrono::Utc;

use super::accepted_gaps;
use super::attempts::earlier_attempt;
use super::aws_target::AwsTarget;
use super::execution::ScanRun;
use super::finished_run::FinishedRun;
use super::identity::{FoundAccounts, FoundCaller, authenticate, find_accounts};
use super::job::{Job, check_calls};
use super::manifest::manifest;
use super::observer::Observer;
use super::overlap::{self, lock};
use super::resume::{BucketRun, continue_attempt};
use super::settings::{ResumeSettings, ScanSettings};
use super::storage_errors::cannot_write_output;
use super::surroundings;
use super::upload::{BucketWorkspace, release};
use crate::error::Failure;
use crate::reports::summary::RunTally;
use crate::run::{RecordedCalls, RunState, write_accounts};

/// Runs a scan.
pub(crate) async fn run(
    settings: ScanSettings,
    aws: AwsTarget,
    observer: Arc<dyn Observer>,
) -> Result<FinishedRun, Failure> {
    let job = Box::pin(Job::load(&settings)).await?;
    job.spec.notices.iter().for_each(|notice| observer.note(notice));
    let output_lock = overlap::lock_output(&settings)?;

    let simulated = matches!(aws, AwsTarget::Simulated(_));
    let FoundCaller { identity, source } = Box::pin(authenticate(&settings, aws, &*observer)).await?;
    let workplace = Box::pin(BucketWorkspace::find(&settings.output, &identity)).await?;
    let earlier = Box::pin(earlier_attempt(&workplace, &settings, &job, &identity, &*observer)).await?;
    if let (Some(address), BucketWorkspace::Bucket(bucket, _)) = (earlier, &workplace) {
        let caller = FoundCaller { identity, source };
        let request = ResumeSettings::of_attempt(&settings);
        let run = BucketRun { bucket: Arc::clone(bucket), address };
        return Box::pin(continue_attempt(run, &request, caller, observer)).await;
    }
    let FoundAccounts { organization, tree, listing } =
        Box::pin(find_accounts(&settings, &job, &identity, source, simulated, &*observer)).await?;
    let (surroundings, notices) =
        Box::pin(surroundings::look_up(&settings, &job, &identity, &organization)).await?;
    for notice in &notices {
        observer.note(notice);
    }
    let started = Utc::now();
    accepted_gaps::warn_of_expired(&job.accepted_gaps, started, &*observer);
    let plan = job.plan(&organization, identity.caller(), &surroundings, started)?;
    check_calls(&job, &plan)?;
    if let Some(shard) = settings.shard {
        observer.note(&format!("Scanning {shard}: {} of these accounts", plan.accounts.len()));
    }

    let name = settings.name_of_run(started);
    let folder = workplace.create(&name)?;
    let lock = lock(&folder)?;
    let unwritable = |cause| cannot_write_output(folder.path(), cause);
    observer.log_to(&folder.log()).map_err(unwritable)?;
    write_accounts(&folder, &organization, settings.shard, None).map_err(unwritable)?;
    let mut manifest = manifest(&settings, &job, &identity, started);
    manifest.simulated = simulated;
    manifest.organization.clone_from(&organization.id);
    manifest.totals.accounts = organization.accounts.len() as u64;
    manifest.totals.accounts_scanned = plan.accounts.len() as u64;
    if listing.is_some() {
        manifest.state = RunState::Listing;
    }
    manifest.management_account = surroundings.management;
    manifest.delegated_administrators = surroundings.delegated;
    let upload = Box::pin(workplace.claim(&name, &mut manifest, &*observer)).await?;
    let bucket = upload.as_ref().map(|upload| upload.folder.clone());
    let (recorded, tally) = (RecordedCalls::default(), RunTally::of_run(&manifest));
    let run = ScanRun {
        settings,
        job,
        identity,
        organization,
        tree,
        listing,
        plan,
        folder,
        upload,
        manifest,
        recorded,
        tally,
        notes_skipped: false,
        observer,
    };
    let finished = Box::pin(run.execute()).await;
    if let Some(bucket) = bucket {
        release(&bucket).await;
    }
    drop((lock, output_lock));
    finished
}

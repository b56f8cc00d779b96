//! Uploads results to a bucket: checks the bucket before the scan, claims the run's folder or takes it over, keeps its
//! files up to date, and closes the upload.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::sleep;

use super::observer::Observer;
use super::settings::output::OutputTarget;
use super::storage_errors::{UploadPhase, cannot_upload, cannot_write_output, cannot_write_run};
use crate::aws::credentials::BaseIdentity;
use crate::engine::{StopReason, StopSignal};
use crate::error::Failure;
use crate::plan::Shard;
use crate::run::{
    BucketAddress, BucketClaim, BucketFolder, EXPIRY, Manifest, RENEWAL, RunFolder, TargetBucket,
    UploadSettings,
};
use crate::util::plural::plural;

/// The folder that a run writes to: the output folder, or a temporary folder before the upload to a bucket.
pub(crate) enum BucketWorkspace<'settings> {
    /// The output folder.
    Folder(&'settings Path),
    /// A bucket, and the temporary folder of files that are not uploaded yet.
    Bucket(Arc<TargetBucket>, TempDir),
}

const UNPROTECTED: &str =
    "the server of this bucket ignores If-None-Match: two writers would overwrite each other";

/// The upload of a run.
pub(crate) struct BucketUpload {
    pub(crate) folder: BucketFolder,
    temporary: TempDir,
}

/// Creates the folder of files that wait for their upload.
pub(super) fn temporary_folder() -> Result<TempDir, Failure> {
    let temporary = tempfile::Builder::new().prefix("scan-").tempdir();
    temporary.map_err(|cause| cannot_write_output(&std::env::temp_dir(), cause))
}

impl<'settings> BucketWorkspace<'settings> {
    /// Returns the workspace of a destination; a bucket must exist.
    pub(crate) async fn find(
        destination: &'settings OutputTarget,
        identity: &BaseIdentity,
    ) -> Result<Self, Failure> {
        let (address, settings) = match destination {
            OutputTarget::Folder(folder) => return Ok(Self::Folder(folder)),
            OutputTarget::Bucket(address, settings) => (address.clone(), settings.clone()),
        };
        let bucket = open_bucket(address, settings, identity).await?;
        Ok(Self::Bucket(bucket, temporary_folder()?))
    }

    /// Creates the folder of a run.
    pub(crate) fn create(&self, name: &str) -> Result<RunFolder, Failure> {
        let (parent, folder) = match self {
            Self::Folder(parent) => (*parent, RunFolder::create_named(parent, name)),
            Self::Bucket(_, temporary) => {
                let folder = RunFolder::create_named(temporary.path(), name);
                (temporary.path(), folder.map(RunFolder::on_the_way))
            }
        };
        folder.map_err(|cause| cannot_write_output(parent, cause))
    }

    /// Claims the run's folder in the bucket, which also proves that objects can be written.
    pub(crate) async fn claim(
        self,
        name: &str,
        manifest: &mut Manifest,
        observer: &dyn Observer,
    ) -> Result<Option<BucketUpload>, Failure> {
        let Self::Bucket(bucket, temporary) = self else { return Ok(None) };
        let claimed = BucketFolder::claim(Arc::clone(&bucket), name, |address| {
            manifest.settings.bucket_folder = Some(address.to_string());
            Ok(serde_json::to_vec_pretty(manifest)?)
        });
        let claimed = claimed.await.map_err(|error| cannot_upload(&error, UploadPhase::Before))?;
        let Some(folder) = own(claimed, &bucket, observer).await? else {
            let folder = bucket.address().below(name);
            return Err(Failure::internal(format!("another process has taken over {folder}")));
        };
        observer.note(&format!("Writing results to {}", folder.address()));
        Ok(Some(BucketUpload { folder, temporary }))
    }
}

/// Opens a bucket, which must exist.
pub(crate) async fn open_bucket(
    address: BucketAddress,
    settings: UploadSettings,
    identity: &BaseIdentity,
) -> Result<Arc<TargetBucket>, Failure> {
    let bucket = TargetBucket::open(identity.config(), address, settings).await;
    bucket.map(Arc::new).map_err(|error| cannot_upload(&error, UploadPhase::Before))
}

/// Takes over a run in a bucket, and downloads the files that its next execution needs. Waits while another process
/// writes to the run.
pub(crate) async fn take_over(
    bucket: &Arc<TargetBucket>,
    address: &BucketAddress,
    observer: &dyn Observer,
) -> Result<(RunFolder, BucketUpload), Failure> {
    let failed = |error| cannot_upload(&error, UploadPhase::Before);
    let mut is_noted = false;
    let folder = loop {
        let claim = BucketFolder::take_over(Arc::clone(bucket), address.clone()).await.map_err(failed)?;
        if let BucketClaim::Held(age) = &claim
            && !is_noted
        {
            is_noted = true;
            let (age, expiry) = (plural(age.as_secs(), "second"), plural(EXPIRY.as_secs(), "second"));
            observer.warn(&format!(
                "Waiting for another process that writes to {address}, last {age} ago: until it ends, or \
                 gives no sign for {expiry}"
            ));
        }
        if let Some(folder) = own(claim, bucket, observer).await? {
            break folder;
        }
        sleep(RENEWAL).await;
    };
    let temporary = temporary_folder()?;
    let local = RunFolder::create_named(temporary.path(), address.split_last().1);
    let local = local.map_err(|cause| cannot_write_output(temporary.path(), cause))?.on_the_way();
    match folder.fetch_own_files(&local).await {
        Ok(()) => Ok((local, BucketUpload { folder, temporary })),
        Err(error) => {
            release(&folder).await;
            Err(failed(error))
        }
    }
}

/// Returns the folder that a claim has got; `None` if another process holds it. A server that ignores conditions is
/// only used if the user has stated that there is one writer.
async fn own(
    claim: BucketClaim,
    bucket: &TargetBucket,
    observer: &dyn Observer,
) -> Result<Option<BucketFolder>, Failure> {
    let folder = match claim {
        BucketClaim::Held(_) => return Ok(None),
        BucketClaim::Own(folder) => return Ok(Some(folder)),
        BucketClaim::Unprotected(folder) => folder,
    };
    if bucket.has_single_writer() {
        observer.warn(&format!("warning: {UNPROTECTED}"));
        return Ok(Some(folder));
    }
    release(&folder).await;
    Err(unprotected(folder.address()))
}

/// Returns the error of a server that ignores conditions, and so would let two processes overwrite each other.
pub(super) fn unprotected(address: &BucketAddress) -> Failure {
    Failure::usage(format!("{address}: {UNPROTECTED}"))
        .hint("use a bucket of Amazon S3, or of a server with conditional writes")
        .hint("add --s3-single-writer if no other process writes to a run with this name")
}

/// Releases the lock of a run, if this process holds it. Without that, another process has to wait until it expires.
pub(crate) async fn release(folder: &BucketFolder) {
    if folder.is_lost() {
        return;
    }
    if let Err(error) = folder.release().await {
        tracing::warn!(target: "scan::output", "cannot release the lock of {}: {error}", folder.address());
    }
}

/// Keeps the files of a run in its bucket up to date until `ended` is notified, and stops the run if another process
/// has taken it over. An upload that has started is finished, so that no older version follows the last one.
pub(crate) async fn keep_up_to_date(
    bucket: Option<&BucketFolder>,
    folder: &RunFolder,
    stop: &StopSignal,
    ended: &Notify,
) {
    let Some(bucket) = bucket else { return };
    loop {
        tokio::select! {
            () = ended.notified() => return,
            () = sleep(RENEWAL) => {}
        }
        match bucket.checkpoint(folder).await {
            Ok(true) => {}
            Ok(false) => return stop.request(StopReason::Failed(Arc::new(lost(bucket)))),
            // The run continues; only its end needs the bucket.
            Err(error) => {
                tracing::warn!(target: "scan::output", "cannot update {}: {error}", bucket.address());
            }
        }
    }
}

/// Uploads the files that a resumed run needs, before the first call.
pub(crate) async fn upload_start(bucket: Option<&BucketFolder>, folder: &RunFolder) -> Result<(), Failure> {
    let Some(bucket) = bucket else { return Ok(()) };
    match bucket.checkpoint(folder).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(lost(bucket)),
        Err(cause) => Err(cannot_write_run(folder, folder.path(), cause)),
    }
}

fn lost(bucket: &BucketFolder) -> Failure {
    let expiry = plural(EXPIRY.as_secs(), "second");
    Failure::internal(format!("another process has taken over {}", bucket.address())).hint(format!(
        "leave the run to that process: this one had not reached the bucket for more than {expiry}, or the lock \
         was removed"
    ))
}

impl BucketUpload {
    /// Uploads the ledger, the manifest and the other files of the run itself. `finished` is the shard, if the run is
    /// one and has finished.
    pub(crate) async fn close(self, folder: &RunFolder, finished: Option<Shard>) -> Result<(), Failure> {
        match self.folder.close(folder, finished).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(lost(&self.folder)),
            Err(cause) => Err(self.keep_local_copy(cannot_write_run(folder, folder.path(), cause))),
        }
    }

    /// Keeps the files that are not in the bucket yet, and adds their folder to the failure. If another process has
    /// taken over the run, it has these results too.
    pub(crate) fn keep_local_copy(self, failure: Failure) -> Failure {
        if self.folder.is_lost() {
            return failure;
        }
        let address = self.folder.address().to_string();
        let folder = self.temporary.keep();
        failure.hint(format!("then finish the run: scan resume {address}")).hint(format!(
            "remove the results that were not uploaded, which are sent again: {}",
            folder.display()
        ))
    }
}

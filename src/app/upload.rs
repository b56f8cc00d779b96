//! Uploads results to a bucket: checks the bucket before the scan, claims the run's folder, and closes the upload.

use std::path::Path;

use tempfile::TempDir;

use super::observer::Observer;
use super::settings::output::OutputTarget;
use super::storage_errors::{UploadPhase, cannot_upload, cannot_write_output, cannot_write_run};
use crate::aws::credentials::BaseIdentity;
use crate::error::Failure;
use crate::run::{BucketFolder, Manifest, RunFolder, TargetBucket};

/// The folder that a run writes to: the output folder, or a temporary folder before the upload to a bucket.
pub(crate) enum BucketWorkspace<'settings> {
    /// The output folder.
    Folder(&'settings Path),
    /// A bucket, and the temporary folder of files that are not uploaded yet.
    Bucket(Box<TargetBucket>, TempDir),
}

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
        let bucket = TargetBucket::open(identity.config(), address, settings).await;
        let bucket = bucket.map_err(|error| cannot_upload(&error, UploadPhase::Before))?;
        Ok(Self::Bucket(Box::new(bucket), temporary_folder()?))
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
        let claimed = BucketFolder::claim(*bucket, name, |address| {
            manifest.settings.bucket_folder = Some(address.to_string());
            Ok(serde_json::to_vec_pretty(manifest)?)
        });
        let folder = claimed.await.map_err(|error| cannot_upload(&error, UploadPhase::Before))?;
        observer.note(&format!("Writing results to {}", folder.address()));
        Ok(Some(BucketUpload { folder, temporary }))
    }
}

impl BucketUpload {
    /// Uploads the ledger, the manifest and the other files of the run itself.
    pub(crate) async fn close(self, folder: &RunFolder) -> Result<(), Failure> {
        match self.folder.close(folder).await {
            Ok(()) => Ok(()),
            Err(cause) => Err(self.keep_local_copy(cannot_write_run(folder, folder.path(), cause))),
        }
    }

    /// Keeps the files that are not in the bucket yet, and adds their folder to the failure.
    pub(crate) fn keep_local_copy(self, failure: Failure) -> Failure {
        let address = self.folder.address().to_string();
        let folder = self.temporary.keep();
        failure
            .hint(format!(
                "upload the files that are not in {address} yet with `aws s3 cp --recursive`, or remove them: {}",
                folder.display()
            ))
            .hint("scan again, into a separate folder: a run in a bucket cannot be resumed")
    }
}

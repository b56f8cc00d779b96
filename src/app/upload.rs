//! Results on their way into a bucket: the look at it before the scan, and the claim.

use std::path::Path;

use tempfile::TempDir;

use super::observer::Observer;
use super::settings::output::OutputTarget;
use super::storage_errors::{UploadPhase, cannot_begin, cannot_go_on, cannot_upload};
use crate::aws::credentials::BaseIdentity;
use crate::error::Failure;
use crate::run::{BucketFolder, Manifest, RunFolder, TargetBucket};

/// Where a run works: in the folder for results itself, or in a temporary one before a bucket.
pub(crate) enum BucketWorkspace<'settings> {
    /// A folder that gets a folder for each run.
    Folder(&'settings Path),
    /// A bucket, and a folder for what is on its way.
    Bucket(Box<TargetBucket>, TempDir),
}

/// The upload of a run.
pub(crate) struct BucketUpload {
    pub(crate) folder: BucketFolder,
    temporary: TempDir,
}

impl<'settings> BucketWorkspace<'settings> {
    /// Looks whether the bucket is there, should results go into one.
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
        let temporary = tempfile::Builder::new().prefix("scan-").tempdir();
        let temporary = temporary.map_err(|cause| cannot_begin(&std::env::temp_dir(), cause))?;
        Ok(Self::Bucket(Box::new(bucket), temporary))
    }

    /// Makes the folder of a run.
    pub(crate) fn create(&self, name: &str) -> Result<RunFolder, Failure> {
        let (parent, folder) = match self {
            Self::Folder(parent) => (*parent, RunFolder::create_named(parent, name)),
            Self::Bucket(_, temporary) => {
                let folder = RunFolder::create_named(temporary.path(), name);
                (temporary.path(), folder.map(RunFolder::on_the_way))
            }
        };
        folder.map_err(|cause| cannot_begin(parent, cause))
    }

    /// Claims the run's folder in the bucket, which shows that objects can be put there.
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
        observer.note(&format!("Results go to {}", folder.address()));
        Ok(Some(BucketUpload { folder, temporary }))
    }
}

impl BucketUpload {
    /// Uploads ledger, manifest and the other files of the run itself.
    pub(crate) async fn close(self, folder: &RunFolder) -> Result<(), Failure> {
        match self.folder.close(folder).await {
            Ok(()) => Ok(()),
            Err(cause) => Err(self.keep_local_copy(cannot_go_on(folder, folder.path(), cause))),
        }
    }

    /// Leaves on the disk what is not in the bucket, and says where.
    pub(crate) fn keep_local_copy(self, failure: Failure) -> Failure {
        let address = self.folder.address().to_string();
        let folder = self.temporary.keep();
        failure
            .hint(format!(
                "what is not in {address} yet stays below {}, in the same folders: upload it by `aws s3 cp \
                 --recursive`, or remove it",
                folder.display()
            ))
            .hint("a run in a bucket cannot be resumed: scan again, into a folder of its own")
    }
}

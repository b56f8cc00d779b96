//! Adds a run to the Parquet tables of several runs in a bucket.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::storage_errors::{UploadPhase, cannot_upload};
use super::upload::{open_bucket, temporary_folder, unprotected};
use crate::aws::credentials::{BaseIdentity, BaseSettings};
use crate::error::Failure;
use crate::reports::export::RunPart;
use crate::run::{BucketAddress, TargetBucket, UploadSettings};

/// The folder of the objects that claim a run. Engines ignore names with an underscore, and no table has one.
const CLAIMS: &str = "_added";

/// An addition to the tables in a bucket.
pub(crate) struct LakeUpload {
    bucket: Arc<TargetBucket>,
    temporary: TempDir,
}

impl LakeUpload {
    /// Claims the place of a run in the bucket, which also proves that objects can be written. Returns `None` if it is
    /// taken: the run is in the tables, or another process adds it, or did not end.
    pub(crate) async fn start(
        address: BucketAddress,
        settings: UploadSettings,
        part: &RunPart,
    ) -> Result<Option<Self>, Failure> {
        let identity = BaseIdentity::load(&BaseSettings::default()).await?;
        let before = |error| cannot_upload(&error, UploadPhase::Before);
        let bucket = open_bucket(address, settings, &identity).await?;
        let temporary = temporary_folder()?;
        let claim = bucket.address().key(&format!("{CLAIMS}/{}/{}", part.folder(), part.file()));
        if !bucket.create(&claim, Vec::new()).await.map_err(before)? {
            return Ok(None);
        }
        // The claim exists now: a server that creates it again ignores the condition.
        if !bucket.has_single_writer() && bucket.create(&claim, Vec::new()).await.map_err(before)? {
            return Err(unprotected(bucket.address()));
        }
        Ok(Some(Self { bucket, temporary }))
    }

    /// Returns the folder for the files that are to be uploaded.
    pub(crate) fn folder(&self) -> &Path {
        self.temporary.path()
    }

    /// Uploads the files.
    pub(crate) async fn finish(self) -> Result<(), Failure> {
        let uploaded = self.bucket.upload_folder(self.folder(), RunPart::LAST_TABLE).await;
        uploaded.map_err(|error| cannot_upload(&error, UploadPhase::During))
    }
}

//! Errors of uploads, with the affected object and the error of S3.

use std::fmt;
use std::io;

use super::address::BucketAddress;
use super::settings::UploadSettings;
use crate::aws_error::ServiceError;

/// A failed upload.
#[derive(Debug)]
pub struct UploadError {
    /// The object, or the bucket: `s3://bucket/key`.
    pub address: String,
    /// The address that results are written to.
    pub below: BucketAddress,
    /// The IAM action of the request: `s3:PutObject`.
    pub action: &'static str,
    /// The settings of the upload.
    pub settings: UploadSettings,
    /// The cause of the failure.
    pub cause: UploadCause,
}

/// The cause of a failed upload.
#[derive(Debug)]
pub enum UploadCause {
    /// S3 refused the request, or did not respond until the retries were used up.
    Service(ServiceError),
    /// The local file that was to be uploaded cannot be read.
    File(io::Error),
}

impl UploadError {
    /// Returns the error of S3, if it responded.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        match &self.cause {
            UploadCause::Service(error) => Some(error),
            UploadCause::File(_) => None,
        }
    }

    /// Returns the resource for a policy: the bucket, or everything below the address that results are written
    /// to.
    #[must_use]
    pub fn resource(&self) -> String {
        let bucket = &self.below.bucket;
        if self.action == super::LIST_BUCKET {
            format!("arn:aws:s3:::{bucket}")
        } else {
            format!("arn:aws:s3:::{bucket}/{}", self.below.key("*"))
        }
    }

    /// Returns whether the bucket does not exist.
    #[must_use]
    pub fn is_without_bucket(&self) -> bool {
        let is_head = self.action == super::LIST_BUCKET;
        self.service().and_then(ServiceError::code).is_some_and(|code| {
            // The response of HeadBucket has no body, and the SDK names it by its status.
            code == "NoSuchBucket" || (is_head && code == "NotFound")
        })
    }

    /// Finds an upload error in an I/O error.
    #[must_use]
    pub fn within(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<UploadError> for io::Error {
    fn from(error: UploadError) -> Self {
        Self::other(error)
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, cause, .. } = self;
        match cause {
            UploadCause::Service(error) => write!(formatter, "cannot write {address}: {error}"),
            UploadCause::File(error) => write!(formatter, "cannot read the file for {address}: {error}"),
        }
    }
}

impl std::error::Error for UploadError {}

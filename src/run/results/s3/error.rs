//! An upload that failed: of what, and what S3 says.

use std::fmt;
use std::io;

use super::address::BucketAddress;
use super::settings::UploadSettings;
use crate::aws_error::ServiceError;

/// What failed on the way into a bucket.
#[derive(Debug)]
pub struct UploadError {
    /// The object, or the bucket: `s3://bucket/key`.
    pub address: String,
    /// The place that results go to.
    pub below: BucketAddress,
    /// What was wanted: `s3:PutObject`.
    pub action: &'static str,
    /// How it was to be written.
    pub settings: UploadSettings,
    /// Why it failed.
    pub cause: UploadCause,
}

/// Why an upload failed.
#[derive(Debug)]
pub enum UploadCause {
    /// S3 refused it, or did not answer until the retries were used up.
    Service(ServiceError),
    /// The local file that was to be uploaded cannot be read.
    File(io::Error),
}

impl UploadError {
    /// The error of S3, if it answered.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        match &self.cause {
            UploadCause::Service(error) => Some(error),
            UploadCause::File(_) => None,
        }
    }

    /// What a policy would name: the bucket, or everything below the place that results go to.
    #[must_use]
    pub fn resource(&self) -> String {
        let bucket = &self.below.bucket;
        if self.action == super::LIST_BUCKET {
            format!("arn:aws:s3:::{bucket}")
        } else {
            format!("arn:aws:s3:::{bucket}/{}", self.below.key("*"))
        }
    }

    /// Whether there is no such bucket.
    #[must_use]
    pub fn is_without_bucket(&self) -> bool {
        let is_head = self.action == super::LIST_BUCKET;
        self.service().and_then(ServiceError::code).is_some_and(|code| {
            // HeadBucket's answer has no body, and the SDK names it by its status.
            code == "NoSuchBucket" || (is_head && code == "NotFound")
        })
    }

    /// Finds an upload's error in the error of a file.
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
            UploadCause::File(error) => write!(formatter, "cannot read what belongs to {address}: {error}"),
        }
    }
}

impl std::error::Error for UploadError {}

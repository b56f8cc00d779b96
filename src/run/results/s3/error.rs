//! Errors of requests to a bucket, with the affected object and the error of S3.

use std::fmt;
use std::io;

use super::address::BucketAddress;
use super::settings::UploadSettings;
use crate::aws_error::ServiceError;

/// The kind of a request to a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketRequest {
    /// The bucket itself is looked up.
    Find,
    /// An object is written.
    Write,
    /// An object is read.
    Read,
    /// Objects are listed.
    List,
}

impl BucketRequest {
    /// Returns the IAM action that the request needs, according to its page in the Amazon S3 API reference.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Find | Self::List => "s3:ListBucket",
            Self::Write => "s3:PutObject",
            Self::Read => "s3:GetObject",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Find | Self::Write => "write",
            Self::Read => "read",
            Self::List => "list",
        }
    }
}

/// A failed request to a bucket.
#[derive(Debug)]
pub struct BucketError {
    /// The object, or the bucket: `s3://bucket/key`.
    pub address: String,
    /// The address that results are written to.
    pub below: BucketAddress,
    /// The kind of the request.
    pub request: BucketRequest,
    /// The settings of the upload.
    pub settings: UploadSettings,
    /// The cause of the failure.
    pub cause: BucketCause,
}

/// The cause of a failed request to a bucket.
#[derive(Debug)]
pub enum BucketCause {
    /// S3 refused the request, or did not respond until the retries were used up.
    Service(ServiceError),
    /// The local file of the object cannot be read or written.
    File(io::Error),
    /// The response ended before its last byte.
    Body(io::Error),
}

impl BucketError {
    /// Returns the error of S3, if it responded.
    #[must_use]
    pub fn service(&self) -> Option<&ServiceError> {
        match &self.cause {
            BucketCause::Service(error) => Some(error),
            BucketCause::File(_) | BucketCause::Body(_) => None,
        }
    }

    /// Returns the resource for a policy: the bucket, or everything below the address that results are written
    /// to.
    #[must_use]
    pub fn resource(&self) -> String {
        let bucket = &self.below.bucket;
        if matches!(self.request, BucketRequest::Find | BucketRequest::List) {
            format!("arn:aws:s3:::{bucket}")
        } else {
            format!("arn:aws:s3:::{bucket}/{}", self.below.key("*"))
        }
    }

    /// Returns whether the bucket does not exist.
    #[must_use]
    pub fn is_without_bucket(&self) -> bool {
        let is_head = self.request == BucketRequest::Find;
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

impl From<BucketError> for io::Error {
    fn from(error: BucketError) -> Self {
        Self::other(error)
    }
}

impl fmt::Display for BucketError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, cause, request, .. } = self;
        match cause {
            BucketCause::Service(error) => write!(formatter, "cannot {} {address}: {error}", request.verb()),
            BucketCause::Body(error) => {
                write!(formatter, "cannot read {address}: the response is incomplete: {error}")
            }
            BucketCause::File(error) => {
                write!(formatter, "cannot use the local file for {address}: {error}")
            }
        }
    }
}

impl std::error::Error for BucketError {}

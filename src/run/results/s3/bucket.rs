//! A bucket that the objects of a run are written to.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region as SdkRegion;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::abort_multipart_upload::AbortMultipartUploadError;
use aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadError;
use aws_sdk_s3::operation::create_multipart_upload::CreateMultipartUploadError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::head_bucket::HeadBucketError;
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Error;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::upload_part::UploadPartError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ServerSideEncryption};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_types::SdkConfig;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::address::BucketAddress;
use super::error::{BucketCause, BucketError, BucketRequest};
use super::settings::{UploadSettings, content_type};
use crate::aws_error::{ServiceError, TypedRetries};
use crate::names::Region;

/// The memory that all uploads may use together, in KiB: four parts.
const MEMORY: u32 = 64 * 1024;

/// The minimum memory counted for each upload, in KiB, which limits concurrent uploads to 64.
const LEAST: u32 = 1024;

/// The header in which S3 returns a bucket's region, also in error responses (`HeadBucket` in the Amazon S3 API
/// reference).
const BUCKET_REGION: &str = "x-amz-bucket-region";

/// The condition of a write.
#[derive(Clone, Copy, Debug)]
pub(super) enum PutCondition<'etag> {
    /// No object has the key.
    Absent,
    /// The object has this `ETag`.
    Unchanged(&'etag str),
}

/// A bucket, with the settings for uploads.
#[derive(Debug)]
pub struct TargetBucket {
    pub(super) client: Client,
    pub(super) address: BucketAddress,
    pub(super) settings: UploadSettings,
    memory: Semaphore,
}

impl TargetBucket {
    /// Finds the bucket and its region. Nothing is written.
    ///
    /// # Errors
    ///
    /// Fails if the bucket does not exist or S3 cannot be reached. A caller with write but no read permission is
    /// not an error here: the upload of the first object will show whether it may write.
    pub async fn open(
        configuration: &SdkConfig,
        address: BucketAddress,
        settings: UploadSettings,
    ) -> Result<Self, BucketError> {
        let client = client(configuration, None);
        let looked = client
            .head_bucket()
            .bucket(&address.bucket)
            .set_expected_bucket_owner(settings.owner.clone())
            .send()
            .await;
        let region = match looked {
            Ok(found) => found.bucket_region,
            Err(error) => {
                let region = error
                    .raw_response()
                    .and_then(|response| response.headers().get(BUCKET_REGION))
                    .map(str::to_owned);
                let status = error.raw_response().map(|response| response.status().as_u16());
                match (status, &region) {
                    (Some(403), _) | (Some(301 | 307 | 400), Some(_)) => region,
                    _ => {
                        return Err(BucketError {
                            address: format!("s3://{}", address.bucket),
                            below: address,
                            request: BucketRequest::Find,
                            settings,
                            cause: BucketCause::Service(ServiceError::new(&error)),
                        });
                    }
                }
            }
        };
        let known = configuration.region().map(AsRef::as_ref);
        // A value that is not a region would send the results, and the credentials, to another host.
        let region = region.and_then(|name| {
            Region::parse(&name)
                .inspect_err(|error| tracing::warn!(target: "scan::output", "the bucket's region: {error}"))
                .ok()
        });
        let client = match region {
            Some(region) if Some(region.as_str()) != known => self::client(configuration, Some(&region)),
            _ => client,
        };
        Ok(Self { client, address, settings, memory: Semaphore::new(MEMORY as usize) })
    }

    /// Returns the address that results are written to.
    #[must_use]
    pub fn address(&self) -> &BucketAddress {
        &self.address
    }

    /// Returns whether the user has stated that there is one writer.
    #[must_use]
    pub fn has_single_writer(&self) -> bool {
        self.settings.single_writer
    }

    /// Uploads an object if a condition holds, and returns its `ETag`; `None` if the condition does not hold.
    ///
    /// S3 decides between concurrent attempts ("Conditional writes", Amazon S3 user guide).
    pub(super) async fn put_if(
        &self,
        key: &str,
        body: Vec<u8>,
        condition: PutCondition<'_>,
    ) -> Result<Option<String>, BucketError> {
        let request = self.request(key, body);
        let request = match condition {
            PutCondition::Absent => request.if_none_match("*"),
            PutCondition::Unchanged(etag) => request.if_match(etag),
        };
        match request.send().await {
            Ok(written) => Ok(Some(written.e_tag.unwrap_or_default())),
            // An object that no longer exists has another state as well.
            Err(error)
                if matches!(
                    error.code(),
                    Some("PreconditionFailed" | "ConditionalRequestConflict" | "NoSuchKey")
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.failed(key, BucketRequest::Write, &error)),
        }
    }

    /// Uploads an object unless one exists already; returns `false` if one exists.
    #[cfg(feature = "parquet")]
    pub(crate) async fn create(&self, key: &str, body: Vec<u8>) -> Result<bool, BucketError> {
        Ok(self.put_if(key, body, PutCondition::Absent).await?.is_some())
    }

    /// Waits until so many bytes may be held in memory.
    pub(super) async fn memory(&self, length: u64) -> Option<SemaphorePermit<'_>> {
        let needed = u32::try_from(length.div_ceil(1024)).unwrap_or(MEMORY).clamp(LEAST, MEMORY);
        // The semaphore is never closed.
        self.memory.acquire_many(needed).await.ok()
    }

    /// Returns the error of a request for an object.
    pub(super) fn failed<E>(
        &self,
        key: &str,
        request: BucketRequest,
        error: &SdkError<E, HttpResponse>,
    ) -> BucketError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.error(key, request, BucketCause::Service(ServiceError::new(error)))
    }

    /// Returns the error of a local file that is uploaded.
    pub(super) fn unreadable(&self, key: &str, cause: std::io::Error) -> BucketError {
        self.error(key, BucketRequest::Write, BucketCause::File(cause))
    }

    pub(super) fn error(&self, key: &str, request: BucketRequest, cause: BucketCause) -> BucketError {
        let address = format!("s3://{}/{key}", self.address.bucket);
        BucketError { address, below: self.address.clone(), request, settings: self.settings.clone(), cause }
    }

    pub(super) fn request(
        &self,
        key: &str,
        body: Vec<u8>,
    ) -> aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder {
        self.client
            .put_object()
            .bucket(&self.address.bucket)
            .key(key)
            .content_type(content_type(key))
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .set_expected_bucket_owner(self.settings.owner.clone())
            .set_server_side_encryption(self.encryption())
            .set_ssekms_key_id(self.settings.kms_key.clone())
            .body(ByteStream::from(body))
    }

    /// Returns the encryption to request; without a key, the bucket's default applies.
    pub(super) fn encryption(&self) -> Option<ServerSideEncryption> {
        self.settings.kms_key.as_ref().map(|_| ServerSideEncryption::AwsKms)
    }
}

fn client(configuration: &SdkConfig, region: Option<&Region>) -> Client {
    let mut builder = aws_sdk_s3::config::Builder::from(configuration)
        .retry_classifier(TypedRetries::<PutObjectError>::new("s3"))
        .retry_classifier(TypedRetries::<HeadBucketError>::new("s3"))
        .retry_classifier(TypedRetries::<GetObjectError>::new("s3"))
        .retry_classifier(TypedRetries::<HeadObjectError>::new("s3"))
        .retry_classifier(TypedRetries::<ListObjectsV2Error>::new("s3"))
        .retry_classifier(TypedRetries::<CreateMultipartUploadError>::new("s3"))
        .retry_classifier(TypedRetries::<UploadPartError>::new("s3"))
        .retry_classifier(TypedRetries::<CompleteMultipartUploadError>::new("s3"))
        .retry_classifier(TypedRetries::<AbortMultipartUploadError>::new("s3"));
    // Servers other than AWS rarely have a host name for each bucket.
    builder = builder.force_path_style(configuration.endpoint_url().is_some());
    if let Some(region) = region {
        builder = builder.region(SdkRegion::new(region.to_string()));
    }
    Client::from_conf(builder.build())
}

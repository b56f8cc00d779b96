//! Uploads of large objects in parts: a failure loses one part, and only a few parts are held in memory.

use std::io::SeekFrom;
use std::path::Path;
use std::sync::Arc;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::bucket::TargetBucket;
use super::error::{BucketCause, BucketError, BucketRequest};
use super::settings::content_type;
use crate::aws_error::ServiceError;

/// The size of a part in bytes, and of the largest object that is uploaded in one request: 16 MiB.
pub(super) const PART: u64 = 16 * 1024 * 1024;

/// The maximum number of parts of an object ("Amazon S3 multipart upload limits", Amazon S3 user guide).
const MOST_PARTS: u64 = 10_000;

/// The maximum number of parts of an object that are uploaded at once.
const AT_ONCE: usize = 4;

impl TargetBucket {
    /// Uploads a file, in parts if it is large.
    pub(super) async fn put(self: &Arc<Self>, key: &str, file: &Path) -> Result<(), BucketError> {
        let unreadable = |cause| self.unreadable(key, cause);
        let length = tokio::fs::metadata(file).await.map_err(unreadable)?.len();
        if length > PART {
            return put(self, key, file, length).await;
        }
        let _memory = self.memory(length).await;
        let body = tokio::fs::read(file).await.map_err(unreadable)?;
        self.put_bytes(key, body).await
    }

    /// Uploads a short text.
    pub(super) async fn put_bytes(&self, key: &str, body: Vec<u8>) -> Result<(), BucketError> {
        let written = self.request(key, body).send().await;
        written.map(drop).map_err(|error| self.failed(key, BucketRequest::Write, &error))
    }
}

/// A part of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct UploadPart {
    /// The number of the part, counted from 1.
    number: i32,
    start: u64,
    length: u64,
}

/// Uploads a file in parts. If that fails, the parts are removed.
pub(super) async fn put(
    bucket: &Arc<TargetBucket>,
    key: &str,
    file: &Path,
    length: u64,
) -> Result<(), BucketError> {
    let created = bucket
        .client
        .create_multipart_upload()
        .bucket(&bucket.address.bucket)
        .key(key)
        .content_type(content_type(key))
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .set_expected_bucket_owner(bucket.settings.owner.clone())
        .set_server_side_encryption(bucket.encryption())
        .set_ssekms_key_id(bucket.settings.kms_key.clone())
        .send()
        .await
        .map_err(|error| bucket.failed(key, BucketRequest::Write, &error))?;
    let id = created.upload_id().unwrap_or_default();
    let uploaded = stream::iter(parts(length))
        .map(|part| put_part(bucket, key, id, file, part))
        .buffered(AT_ONCE)
        .try_collect()
        .await;
    let completed = match uploaded {
        Ok(parts) => complete(bucket, key, id, parts).await,
        Err(error) => Err(error),
    };
    if completed.is_err() {
        abort(bucket, key, id).await;
    }
    completed
}

/// Divides so many bytes into parts.
fn parts(length: u64) -> impl Iterator<Item = UploadPart> {
    let size = PART.max(length.div_ceil(MOST_PARTS));
    (1..)
        .zip((0..length).step_by(usize::try_from(size).unwrap_or(usize::MAX)))
        .map(move |(number, start)| UploadPart { number, start, length: size.min(length - start) })
}

async fn put_part(
    bucket: &TargetBucket,
    key: &str,
    id: &str,
    file: &Path,
    part: UploadPart,
) -> Result<CompletedPart, BucketError> {
    let _memory = bucket.memory(part.length).await;
    let body = read(file, part).await.map_err(|cause| bucket.unreadable(key, cause))?;
    let uploaded = bucket
        .client
        .upload_part()
        .bucket(&bucket.address.bucket)
        .key(key)
        .upload_id(id)
        .part_number(part.number)
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .set_expected_bucket_owner(bucket.settings.owner.clone())
        .body(ByteStream::from(body))
        .send()
        .await
        .map_err(|error| bucket.failed(key, BucketRequest::Write, &error))?;
    Ok(CompletedPart::builder()
        .part_number(part.number)
        .set_e_tag(uploaded.e_tag)
        .set_checksum_crc32(uploaded.checksum_crc32)
        .build())
}

async fn read(file: &Path, part: UploadPart) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(file).await?;
    file.seek(SeekFrom::Start(part.start)).await?;
    let mut body = vec![0; usize::try_from(part.length).unwrap_or_default()];
    file.read_exact(&mut body).await?;
    Ok(body)
}

async fn complete(
    bucket: &TargetBucket,
    key: &str,
    id: &str,
    parts: Vec<CompletedPart>,
) -> Result<(), BucketError> {
    let upload = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    bucket
        .client
        .complete_multipart_upload()
        .bucket(&bucket.address.bucket)
        .key(key)
        .upload_id(id)
        .multipart_upload(upload)
        .set_expected_bucket_owner(bucket.settings.owner.clone())
        .send()
        .await
        .map(drop)
        .map_err(|error| bucket.failed(key, BucketRequest::Write, &error))
}

/// Aborts a multipart upload, because its stored parts are billed until they are removed.
async fn abort(bucket: &TargetBucket, key: &str, id: &str) {
    let aborted = bucket
        .client
        .abort_multipart_upload()
        .bucket(&bucket.address.bucket)
        .key(key)
        .upload_id(id)
        .set_expected_bucket_owner(bucket.settings.owner.clone())
        .send()
        .await;
    if let Err(error) = aborted {
        let cause = BucketCause::Service(ServiceError::new(&error));
        tracing::warn!(target: "scan::output", key, ?cause, "cannot remove the parts of a failed upload");
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_PARTS, PART, parts};

    #[test]
    fn parts_cover_a_file_without_gap_or_overlap() {
        for length in [PART + 1, 2 * PART, 2 * PART + 17, 20_000 * PART] {
            let mut end = 0;
            for (index, part) in parts(length).enumerate() {
                assert_eq!((part.start, usize::try_from(part.number)), (end, Ok(index + 1)));
                end += part.length;
            }
            assert_eq!(end, length);
            assert!(parts(length).count() as u64 <= MOST_PARTS);
        }
    }

    #[test]
    fn parts_have_sixteen_mebibytes_but_for_the_last() {
        let lengths: Vec<u64> = parts(2 * PART + 17).map(|part| part.length).collect();
        assert_eq!(lengths, [PART, PART, 17]);
    }
}

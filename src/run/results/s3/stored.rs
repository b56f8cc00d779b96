//! Objects of a bucket that are read again: those that a resumed run needs.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::SystemTime;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::ChecksumMode;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::bucket::TargetBucket;
use super::error::{BucketCause, BucketError, BucketRequest};
use super::multipart::PART;
use crate::util::atomic_file;

/// A small object, and its state.
#[derive(Debug)]
pub(super) struct StoredObject {
    pub(super) body: Vec<u8>,
    pub(super) etag: String,
    /// The time of its last write, by the clock of S3.
    pub(super) modified: Option<SystemTime>,
}

/// The names of the objects below a folder that are not empty: as hashes, because there may be millions.
#[derive(Debug, Default)]
pub struct StoredNames(HashSet<u64>);

impl StoredNames {
    /// Returns whether an object with this name exists below the folder.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(&hash(name))
    }

    fn add(&mut self, name: &str) {
        self.0.insert(hash(name));
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

impl TargetBucket {
    /// Reads a small object; `None` if it does not exist.
    pub(super) async fn read(&self, key: &str) -> Result<Option<StoredObject>, BucketError> {
        let read = self
            .client
            .get_object()
            .bucket(&self.address.bucket)
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .set_expected_bucket_owner(self.settings.owner.clone())
            .send()
            .await;
        let object = match read {
            Ok(object) => object,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(self.failed(key, BucketRequest::Read, &error)),
        };
        let body = object.body.collect().await.map_err(|cause| self.broken(key, io::Error::other(cause)))?;
        let modified = object.last_modified.and_then(|time| SystemTime::try_from(time).ok());
        Ok(Some(StoredObject { body: body.to_vec(), etag: object.e_tag.unwrap_or_default(), modified }))
    }

    /// Downloads an object of any size into a file, which is complete or not written at all. Returns `false` if the
    /// object does not exist.
    ///
    /// The parts of a large object are of one version, by its `ETag`.
    pub(super) async fn download(&self, key: &str, file: &Path) -> Result<bool, BucketError> {
        let Some(head) = self.head(key).await? else { return Ok(false) };
        let length = u64::try_from(head.content_length.unwrap_or_default()).unwrap_or_default();
        let unwritable = |cause| self.error(key, BucketRequest::Read, BucketCause::File(cause));
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut target = tempfile::Builder::new()
            .prefix(".")
            .suffix(atomic_file::UNFINISHED)
            .tempfile_in(folder)
            .map_err(unwritable)?;
        let mut start = 0;
        while start < length {
            let end = length.min(start + PART);
            let _memory = self.memory(end - start).await;
            let part = self
                .client
                .get_object()
                .bucket(&self.address.bucket)
                .key(key)
                .range(format!("bytes={start}-{}", end - 1))
                .set_if_match(head.e_tag.clone())
                .set_expected_bucket_owner(self.settings.owner.clone())
                .send()
                .await
                .map_err(|error| self.failed(key, BucketRequest::Read, &error))?;
            let part =
                part.body.collect().await.map_err(|cause| self.broken(key, io::Error::other(cause)))?;
            let part = part.into_bytes();
            if part.len() as u64 != end - start {
                return Err(self.broken(key, io::ErrorKind::UnexpectedEof.into()));
            }
            target.write_all(&part).map_err(unwritable)?;
            start = end;
        }
        target.persist(file).map_err(|error| unwritable(error.error))?;
        Ok(true)
    }

    /// Returns whether an object exists.
    pub(super) async fn exists(&self, key: &str) -> Result<bool, BucketError> {
        Ok(self.head(key).await?.is_some())
    }

    /// Looks up an object; `None` if it does not exist.
    async fn head(&self, key: &str) -> Result<Option<HeadObjectOutput>, BucketError> {
        let head = self
            .client
            .head_object()
            .bucket(&self.address.bucket)
            .key(key)
            .set_expected_bucket_owner(self.settings.owner.clone())
            .send()
            .await;
        match head {
            Ok(head) => Ok(Some(head)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed(key, BucketRequest::Read, &error)),
        }
    }

    /// Returns the names of the objects below a folder that are not empty.
    pub(super) async fn names_below(&self, folder: &str) -> Result<StoredNames, BucketError> {
        let prefix = format!("{folder}/");
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(&self.address.bucket)
            .prefix(&prefix)
            .set_expected_bucket_owner(self.settings.owner.clone())
            .into_paginator()
            .send();
        let mut names = StoredNames::default();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed(&prefix, BucketRequest::List, &error))?;
            for object in page.contents() {
                let name = object.key().and_then(|key| key.strip_prefix(&prefix));
                if let Some(name) = name.filter(|_| object.size().unwrap_or_default() > 0) {
                    names.add(name);
                }
            }
        }
        Ok(names)
    }

    /// Returns the error of a response whose body is incomplete.
    fn broken(&self, key: &str, cause: io::Error) -> BucketError {
        self.error(key, BucketRequest::Read, BucketCause::Body(cause))
    }
}

/// Returns whether the object does not exist. The response of `HeadObject` has no body, and the SDK names it by its
/// status.
fn is_absent<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    matches!(error.code(), Some("NoSuchKey" | "NotFound"))
}

#[cfg(test)]
mod tests {
    use super::StoredNames;

    #[test]
    fn names_below_a_folder_are_found_again() {
        let mut names = StoredNames::default();
        names.add("123456789012/global/iam.json");
        assert!(names.has("123456789012/global/iam.json"));
        assert!(!names.has("123456789012/global/sqs.json"));
    }
}

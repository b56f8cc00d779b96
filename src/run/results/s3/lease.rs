//! The lock of a run in a bucket, from which other processes know whether the run still has a writer.
//!
//! It is the object `scan.lock` in the run's folder. Its writer renews it, and each write is conditional on the state
//! that the writer has left. So exactly one process can take over a lock that was released or has expired, and the
//! earlier writer notices at its next renewal that it has lost the lock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::bucket::{PutCondition, TargetBucket};
use super::error::BucketError;
use super::stored::StoredObject;
use crate::util::uuid::random_uuid;

/// The time between two renewals.
pub(crate) const RENEWAL: Duration = Duration::from_secs(15);

/// The time after which a lock that was not renewed has expired: a writer that misses twelve renewals no longer
/// exists, or cannot reach the bucket.
pub(crate) const EXPIRY: Duration = Duration::from_mins(3);

/// The name of the object.
pub(super) const FILE: &str = "scan.lock";

/// The content of the object.
#[derive(Debug, Default, Serialize, Deserialize)]
struct LockContent {
    /// The ID of the writer; `None` if the lock is released.
    writer: Option<String>,
    /// The number of renewals. It makes every version of the object differ.
    renewals: u64,
}

/// The state of a lock that another process may hold.
#[derive(Debug)]
pub(super) enum LockState {
    /// The lock was released or has expired, or does not exist: its `ETag`, if it exists.
    Free(Option<String>),
    /// A process holds the lock, and renewed it this long ago.
    Held(Duration),
}

impl LockState {
    /// Returns the state of a lock. A run that has no lock yet counts as renewed when its manifest was written.
    pub(super) fn of(lock: Option<StoredObject>, manifest: Option<SystemTime>, now: SystemTime) -> Self {
        let (modified, etag, writer) = match lock {
            None => (manifest, None, true),
            Some(lock) => {
                let content: LockContent = serde_json::from_slice(&lock.body).unwrap_or_default();
                (lock.modified, Some(lock.etag), content.writer.is_some())
            }
        };
        // A time of the future has no age.
        let age = modified.map(|modified| now.duration_since(modified).unwrap_or_default());
        match age {
            Some(age) if writer && age < EXPIRY => Self::Held(age),
            _ => Self::Free(etag),
        }
    }
}

/// A lock that this process holds.
#[derive(Debug)]
pub(super) struct RunLease {
    key: String,
    writer: String,
    /// The `ETag` of the object, and the number of its renewals.
    state: Mutex<(String, u64)>,
    is_lost: AtomicBool,
}

impl RunLease {
    /// Takes the lock: creates it, or replaces the version with this `ETag`. Returns `None` if another process was
    /// faster.
    pub(super) async fn take(
        bucket: &TargetBucket,
        key: String,
        etag: Option<&str>,
    ) -> Result<Option<Self>, BucketError> {
        let lease =
            Self { key, writer: random_uuid(), state: Mutex::default(), is_lost: AtomicBool::new(false) };
        let condition = etag.map_or(PutCondition::Absent, PutCondition::Unchanged);
        let taken = lease.put(bucket, Some(&lease.writer), 0, condition).await?;
        Ok(taken.map(|etag| Self { state: Mutex::new((etag, 0)), ..lease }))
    }

    /// Returns whether the server ignores `If-None-Match`: whether it lets the lock be created although it exists.
    pub(super) async fn is_unprotected(&self, bucket: &TargetBucket) -> Result<bool, BucketError> {
        let mut state = self.state.lock().await;
        let created = self.put(bucket, Some(&self.writer), 0, PutCondition::Absent).await?;
        let is_unprotected = created.is_some();
        if let Some(etag) = created {
            state.0 = etag;
        }
        Ok(is_unprotected)
    }

    /// Returns whether another process has taken over the lock.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    /// Renews the lock. Returns `false` if another process has taken it over.
    pub(super) async fn renew(&self, bucket: &TargetBucket) -> Result<bool, BucketError> {
        self.write(bucket, Some(&self.writer)).await
    }

    /// Releases the lock, if this process still holds it.
    pub(super) async fn release(&self, bucket: &TargetBucket) -> Result<(), BucketError> {
        self.write(bucket, None).await.map(drop)
    }

    async fn write(&self, bucket: &TargetBucket, writer: Option<&str>) -> Result<bool, BucketError> {
        let mut state = self.state.lock().await;
        let renewals = state.1 + 1;
        let written = self.put(bucket, writer, renewals, PutCondition::Unchanged(&state.0)).await?;
        if let Some(etag) = written {
            *state = (etag, renewals);
            return Ok(true);
        }
        // The response to an earlier request may have been lost after S3 had written the object.
        if let Some(stored) = bucket.read(&self.key).await? {
            let content: LockContent = serde_json::from_slice(&stored.body).unwrap_or_default();
            if content.writer.as_deref() == Some(&self.writer) {
                *state = (stored.etag, content.renewals);
                return Ok(true);
            }
        }
        self.is_lost.store(true, Ordering::Relaxed);
        Ok(false)
    }

    async fn put(
        &self,
        bucket: &TargetBucket,
        writer: Option<&str>,
        renewals: u64,
        condition: PutCondition<'_>,
    ) -> Result<Option<String>, BucketError> {
        let content = LockContent { writer: writer.map(str::to_owned), renewals };
        // A text and a number are always valid JSON.
        let body = serde_json::to_vec(&content).unwrap_or_default();
        bucket.put_if(&self.key, body, condition).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{EXPIRY, LockState, StoredObject};

    const WRITTEN: SystemTime = SystemTime::UNIX_EPOCH;

    fn lock(body: &str) -> StoredObject {
        StoredObject { body: body.as_bytes().to_vec(), etag: "\"1\"".to_owned(), modified: Some(WRITTEN) }
    }

    fn is_held(lock: Option<StoredObject>, manifest: Option<SystemTime>, age: Duration) -> bool {
        matches!(LockState::of(lock, manifest, WRITTEN + age), LockState::Held(_))
    }

    #[test]
    fn lock_is_held_until_it_expires() {
        let held = r#"{"writer": "a", "renewals": 3}"#;
        assert!(is_held(Some(lock(held)), None, EXPIRY / 2));
        assert!(!is_held(Some(lock(held)), None, EXPIRY));
        let LockState::Free(etag) = LockState::of(Some(lock(held)), None, WRITTEN + EXPIRY) else {
            panic!("an expired lock is held")
        };
        assert_eq!(etag.as_deref(), Some("\"1\""));
    }

    #[test]
    fn released_lock_is_free_at_once() {
        assert!(!is_held(Some(lock(r#"{"writer": null, "renewals": 3}"#)), None, Duration::ZERO));
    }

    /// A process that is killed between its first two objects leaves a manifest without a lock.
    #[test]
    fn run_without_lock_is_held_since_its_manifest() {
        assert!(is_held(None, Some(WRITTEN), EXPIRY / 2));
        assert!(!is_held(None, Some(WRITTEN), EXPIRY));
    }
}

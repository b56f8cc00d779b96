//! The folder of one run in a bucket.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::address::BucketAddress;
use super::bucket::{PutCondition, TargetBucket};
use super::error::BucketError;
use super::lease::{self, LockState, RunLease};
use super::own_files::OwnFiles;
use super::stored::StoredNames;
use crate::plan::Shard;
use crate::run::RunFolder;
use crate::run::counted_folder::CountedFolder;

/// The maximum number of runs with the same name.
const MOST_RUNS: u32 = 1_000;

/// The names of the manifest and of the list of accounts.
const MANIFEST: &str = "manifest.json";
const ACCOUNTS: &str = "accounts.json";

/// A folder in a bucket that this process writes to.
#[derive(Clone, Debug)]
pub struct BucketFolder {
    bucket: Arc<TargetBucket>,
    address: BucketAddress,
    lease: Arc<RunLease>,
    own_files: Arc<OwnFiles>,
    /// The objects that earlier executions of the run have left.
    stored: Arc<StoredNames>,
}

/// The outcome of a request to claim or take over the folder of a run.
#[derive(Debug)]
pub enum BucketClaim {
    /// The folder belongs to this process.
    Own(BucketFolder),
    /// Another process writes to the folder, and gave a sign this long ago.
    Held(Duration),
    /// The server ignores conditions: two processes would overwrite each other's objects.
    Unprotected(BucketFolder),
}

impl BucketFolder {
    /// Claims a folder by uploading the manifest of a run that starts, which `manifest` writes for the address.
    /// If a name is taken, `-2` is appended.
    ///
    /// # Errors
    ///
    /// Fails if the manifest or the lock cannot be uploaded; no other file could be uploaded then.
    pub async fn claim(
        bucket: Arc<TargetBucket>,
        name: &str,
        mut manifest: impl FnMut(&BucketAddress) -> io::Result<Vec<u8>>,
    ) -> Result<BucketClaim, BucketError> {
        for address in Self::addresses(&bucket, name) {
            let key = address.key(MANIFEST);
            let body = manifest(&address).map_err(|cause| bucket.unreadable(&key, cause))?;
            if bucket.put_if(&key, body, PutCondition::Absent).await?.is_none() {
                continue;
            }
            // No other process takes over a folder that was claimed just now.
            let lease = RunLease::take(&bucket, address.key(lease::FILE), None).await?;
            let Some(lease) = lease else { return Ok(BucketClaim::Held(Duration::ZERO)) };
            return Self::claimed(bucket, address, lease, StoredNames::default()).await;
        }
        let key = bucket.address().key(name);
        Err(bucket.unreadable(&key, io::Error::other("no free name for the run's folder")))
    }

    /// Returns the addresses of the folders that runs with this name may have, in the order in which they are used.
    pub fn addresses(bucket: &TargetBucket, name: &str) -> impl Iterator<Item = BucketAddress> + use<> {
        let first = bucket.address().below(name);
        (1..=MOST_RUNS).map(move |count| if count == 1 { first.clone() } else { first.numbered(count) })
    }

    /// Reads the manifest of the run in a folder; `None` if there is no run.
    pub async fn manifest(
        bucket: &TargetBucket,
        address: &BucketAddress,
    ) -> Result<Option<Vec<u8>>, BucketError> {
        Ok(bucket.read(&address.key(MANIFEST)).await?.map(|manifest| manifest.body))
    }

    /// Takes over the folder of a run whose writer has released it or no longer exists.
    pub async fn take_over(
        bucket: Arc<TargetBucket>,
        address: BucketAddress,
    ) -> Result<BucketClaim, BucketError> {
        let key = address.key(lease::FILE);
        let lock = bucket.read(&key).await?;
        let manifest = match lock {
            Some(_) => None,
            None => bucket.read(&address.key(MANIFEST)).await?.and_then(|manifest| manifest.modified),
        };
        let etag = match LockState::of(lock, manifest, SystemTime::now()) {
            LockState::Held(age) => return Ok(BucketClaim::Held(age)),
            LockState::Free(etag) => etag,
        };
        let Some(lease) = RunLease::take(&bucket, key, etag.as_deref()).await? else {
            return Ok(BucketClaim::Held(Duration::ZERO));
        };
        let stored = bucket.names_below(&address.prefix).await?;
        Self::claimed(bucket, address, lease, stored).await
    }

    /// Returns the folder whose lock was taken, after a check whether the server honors conditions.
    async fn claimed(
        bucket: Arc<TargetBucket>,
        address: BucketAddress,
        lease: RunLease,
        stored: StoredNames,
    ) -> Result<BucketClaim, BucketError> {
        let is_unprotected = lease.is_unprotected(&bucket).await?;
        let (lease, stored) = (Arc::new(lease), Arc::new(stored));
        let folder = Self { bucket, address, lease, own_files: Arc::default(), stored };
        Ok(if is_unprotected { BucketClaim::Unprotected(folder) } else { BucketClaim::Own(folder) })
    }

    /// Returns the address of the folder.
    #[must_use]
    pub fn address(&self) -> &BucketAddress {
        &self.address
    }

    /// Returns the names of the objects that earlier executions of the run have left.
    #[must_use]
    pub fn stored(&self) -> &StoredNames {
        &self.stored
    }

    /// Uploads a file under a name of several components, and removes the local file.
    pub(super) async fn take(&self, name: &str, file: &Path) -> io::Result<()> {
        self.bucket.put(&self.address.key(name), file).await?;
        tokio::fs::remove_file(file).await
    }

    /// Downloads an object below the folder. Returns `false` if it does not exist.
    pub(super) async fn fetch(&self, name: &str, file: &Path) -> Result<bool, BucketError> {
        self.bucket.download(&self.address.key(name), file).await
    }

    /// Downloads the run's own files, which a resumed execution continues.
    pub async fn fetch_own_files(&self, folder: &RunFolder) -> Result<(), BucketError> {
        for file in [folder.accounts(), folder.log(), folder.ledger(), folder.manifest()] {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            self.fetch(&name, &file).await?;
        }
        Ok(())
    }

    /// Returns whether the run in a folder has the list of its accounts, without which it cannot be resumed. It is
    /// uploaded before the first call.
    pub async fn has_accounts(bucket: &TargetBucket, address: &BucketAddress) -> Result<bool, BucketError> {
        bucket.exists(&address.key(ACCOUNTS)).await
    }

    /// Renews the lock, and uploads the run's own files that have changed: a run that is killed continues from there.
    /// Returns `false` if another process has taken over the run.
    pub async fn checkpoint(&self, folder: &RunFolder) -> io::Result<bool> {
        if !self.lease.renew(&self.bucket).await? {
            return Ok(false);
        }
        for file in self.own_files.changed(folder)? {
            self.upload(&file.path).await?;
            self.own_files.uploaded(file);
        }
        Ok(true)
    }

    /// Uploads the run's own files, the ledger and the manifest last: a reader of a finished run's manifest can
    /// rely on everything else. For a shard that has finished, an object beside the folders of the shards names its
    /// folder as the one that counts. Returns `false`, and uploads nothing, if another process has taken over the run.
    pub async fn close(&self, folder: &RunFolder, finished: Option<Shard>) -> io::Result<bool> {
        for file in OwnFiles::all(folder)? {
            // An upload may take longer than a lock is valid.
            if !self.lease.renew(&self.bucket).await? {
                return Ok(false);
            }
            if let Some(shard) = finished.filter(|_| file == folder.manifest()) {
                self.list_shard(shard).await?;
            }
            self.upload(&file).await?;
        }
        Ok(true)
    }

    /// Returns whether another process has taken over the run.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lease.is_lost()
    }

    /// Releases the lock, so that another process can resume the run at once.
    pub async fn release(&self) -> Result<(), BucketError> {
        self.lease.release(&self.bucket).await
    }

    async fn upload(&self, file: &Path) -> Result<(), BucketError> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        self.bucket.put(&self.address.key(&name), file).await
    }

    /// Names this folder as the one that counts for its shard.
    async fn list_shard(&self, shard: Shard) -> io::Result<()> {
        let (run, folder) = self.address.split_last();
        let key = run.key(&CountedFolder::name(shard));
        let body = serde_json::to_vec_pretty(&CountedFolder { folder: folder.to_owned() })?;
        Ok(self.bucket.put_bytes(&key, body).await?)
    }
}

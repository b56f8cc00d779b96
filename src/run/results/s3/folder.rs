//! The folder of one run in a bucket.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::address::BucketAddress;
use super::bucket::TargetBucket;
use super::error::UploadError;
use crate::run::{RunFolder, is_unfinished};

/// The maximum number of runs with the same name.
const MOST_RUNS: u32 = 1_000;

/// A folder in a bucket that belongs to one run.
#[derive(Clone, Debug)]
pub struct BucketFolder {
    bucket: Arc<TargetBucket>,
    address: BucketAddress,
}

impl BucketFolder {
    /// Claims a folder by uploading the manifest of a run that starts, which `manifest` writes for the address.
    /// If a name is taken, `-2` is appended, so that a retried job writes beside the results of its first
    /// attempt.
    ///
    /// # Errors
    ///
    /// Fails if the manifest cannot be uploaded; no other file could be uploaded then.
    pub async fn claim(
        bucket: TargetBucket,
        name: &str,
        mut manifest: impl FnMut(&BucketAddress) -> io::Result<Vec<u8>>,
    ) -> Result<Self, UploadError> {
        let bucket = Arc::new(bucket);
        for count in 1..=MOST_RUNS {
            let name = if count == 1 { name.to_owned() } else { format!("{name}-{count}") };
            let address = bucket.address().below(&name);
            let key = address.key(MANIFEST);
            let body = manifest(&address).map_err(|cause| bucket.unreadable(&key, cause))?;
            if bucket.create(&key, body).await? {
                return Ok(Self { bucket, address });
            }
        }
        let key = bucket.address().key(name);
        Err(bucket.unreadable(&key, io::Error::other("no free name for the run's folder")))
    }

    /// Returns the address of the folder.
    #[must_use]
    pub fn address(&self) -> &BucketAddress {
        &self.address
    }

    /// Uploads a file under a name of several components, and removes the local file.
    pub(super) async fn take(&self, name: &str, file: &Path) -> io::Result<()> {
        self.bucket.put(&self.address.key(name), file).await?;
        tokio::fs::remove_file(file).await
    }

    /// Uploads the run's own files, the ledger and the manifest last: a reader of a finished run's manifest can
    /// rely on everything else.
    pub async fn close(&self, folder: &RunFolder) -> io::Result<()> {
        for file in own_files(folder)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            self.bucket.put(&self.address.key(&name), &file).await?;
        }
        Ok(())
    }
}

const MANIFEST: &str = "manifest.json";

/// Returns the files of the run itself, in the order in which they are to be uploaded.
fn own_files(folder: &RunFolder) -> io::Result<Vec<PathBuf>> {
    let last = [folder.ledger(), folder.manifest()];
    let not_for_others = [folder.lock()];
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.path())? {
        let entry = entry?;
        let path = entry.path();
        let is_for_others = !last.contains(&path) && !not_for_others.contains(&path);
        let is_finished = entry.file_name().to_str().is_some_and(|name| !is_unfinished(name));
        if entry.file_type()?.is_file() && is_for_others && is_finished {
            files.push(path);
        }
    }
    files.sort();
    files.extend(last);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::own_files;
    use crate::run::RunFolder;

    #[test]
    fn ledger_and_manifest_come_last_and_nothing_that_is_only_local() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let names =
            ["accounts.json", "ledger.ndjson", "manifest.json", "scan.lock", "scan.log", ".x.part", ".tmpx"];
        for name in names {
            fs::write(folder.path().join(name), "").expect("writes");
        }
        fs::create_dir(folder.path().join("123456789012")).expect("a folder");
        let files = own_files(&RunFolder::for_run(folder.path())).expect("lists");
        let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
        assert_eq!(names, ["accounts.json", "scan.log", "ledger.ndjson", "manifest.json"]);
    }
}

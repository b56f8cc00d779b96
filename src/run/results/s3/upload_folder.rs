//! Uploads of a local folder with all its files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::bucket::TargetBucket;
use super::error::BucketError;

/// The maximum number of files that are uploaded at once.
const AT_ONCE: usize = 64;

impl TargetBucket {
    /// Uploads all files below a local folder, with their paths from there as names. Those below its entry `last` are
    /// uploaded when all others are in the bucket.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be read or uploaded; some are in the bucket then.
    pub(crate) async fn upload_folder(
        self: &Arc<Self>,
        folder: &Path,
        last: &str,
    ) -> Result<(), BucketError> {
        let files = files(folder).map_err(|cause| self.unreadable(&self.address.key(""), cause))?;
        let last = folder.join(last);
        let (last, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.starts_with(&last));
        for files in [others, last] {
            let uploads = files.iter().map(|file| {
                let name = file.strip_prefix(folder).unwrap_or(file).to_string_lossy();
                let key = self.address.key(&name);
                async move { self.put(&key, file).await }
            });
            stream::iter(uploads).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        }
        Ok(())
    }
}

/// Returns the paths of all files below a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
            list.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

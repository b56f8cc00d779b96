//! What has been read of a run so far, for a progress display in another thread.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts of the files and resources that were read. Some exports read a run twice; the counts are those of the
/// current pass.
#[derive(Debug, Default)]
pub(crate) struct ReadCounts {
    files: AtomicU64,
    all_files: AtomicU64,
    resources: AtomicU64,
    passes: AtomicU64,
}

impl ReadCounts {
    /// Sets the number of files in the run.
    pub(crate) fn expect_files(&self, files: u64) {
        self.all_files.store(files, Relaxed);
    }

    /// Starts to count from zero.
    pub(crate) fn start_pass(&self) {
        self.files.store(0, Relaxed);
        self.resources.store(0, Relaxed);
        self.passes.fetch_add(1, Relaxed);
    }

    /// Counts files.
    pub(crate) fn count_files(&self, files: u64) {
        self.files.fetch_add(files, Relaxed);
    }

    /// Counts a resource.
    pub(crate) fn count_resource(&self) {
        self.resources.fetch_add(1, Relaxed);
    }

    /// Returns the number of files that were read, and the number of all files.
    #[must_use]
    pub(crate) fn files(&self) -> (u64, u64) {
        let all = self.all_files.load(Relaxed);
        (self.files.load(Relaxed).min(all), all)
    }

    /// Returns the number of resources.
    #[must_use]
    pub(crate) fn resources(&self) -> u64 {
        self.resources.load(Relaxed)
    }

    /// Returns the number of passes that have started.
    #[must_use]
    pub(crate) fn passes(&self) -> u64 {
        self.passes.load(Relaxed)
    }
}

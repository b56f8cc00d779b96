//! The limits of all lists that are open at once: their memory and their files.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::aws::http::OpenFiles;

/// The memory of all open lists together, in bytes. Above it, long lists move to files.
pub(super) static MEMORY: ListMemory = ListMemory::new(64 * 1024 * 1024);

/// The permits for files of lists. The operating system limits the open files of the whole process, and so does this
/// semaphore.
static FILES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(OpenFiles::allowed().spools()));

/// Returns a permit for the file of a list; `None` if there are too many.
pub(super) fn file_permit() -> Option<SemaphorePermit<'static>> {
    FILES.try_acquire().ok()
}

/// The memory that several lists share.
#[derive(Debug)]
pub(super) struct ListMemory {
    held: AtomicUsize,
    most: usize,
}

impl ListMemory {
    /// Returns memory for so many bytes.
    pub(super) const fn new(most: usize) -> Self {
        Self { held: AtomicUsize::new(0), most }
    }

    /// Returns whether the lists together hold more than they may.
    pub(super) fn is_full(&self) -> bool {
        self.held.load(Ordering::Relaxed) > self.most
    }
}

/// The bytes of one list in memory, which are free again when it is dropped.
#[derive(Debug)]
pub(super) struct HeldBytes {
    memory: &'static ListMemory,
    bytes: usize,
}

impl HeldBytes {
    /// Returns no bytes of `memory`.
    pub(super) fn none_of(memory: &'static ListMemory) -> Self {
        Self { memory, bytes: 0 }
    }

    /// Returns the number of bytes.
    pub(super) fn count(&self) -> usize {
        self.bytes
    }

    /// Returns the memory that the bytes are in.
    pub(super) fn memory(&self) -> &'static ListMemory {
        self.memory
    }

    /// Adds bytes, above the limit too.
    pub(super) fn add(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.memory.held.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Frees the bytes.
    pub(super) fn free(&mut self) {
        self.memory.held.fetch_sub(self.bytes, Ordering::Relaxed);
        self.bytes = 0;
    }
}

impl Drop for HeldBytes {
    fn drop(&mut self) {
        self.free();
    }
}

#[cfg(test)]
mod tests {
    use super::{HeldBytes, ListMemory};

    #[test]
    fn memory_is_full_until_a_list_is_dropped() {
        static MEMORY: ListMemory = ListMemory::new(10);
        let (mut one, mut other) = (HeldBytes::none_of(&MEMORY), HeldBytes::none_of(&MEMORY));
        one.add(6);
        assert!(!MEMORY.is_full());
        other.add(5);
        assert!(MEMORY.is_full());
        drop(one);
        assert!(!MEMORY.is_full());
        other.add(6);
        other.free();
        other.add(10);
        assert!(!MEMORY.is_full(), "freed bytes do not count twice");
    }
}

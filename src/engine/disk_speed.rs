//! The speed of the disk, which decides on which threads results are written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The time after which writing files delays the calls of other tasks too much: a local disk needs a fraction of it.
const LONGEST_WRITE: Duration = Duration::from_millis(2);

/// The speed of the disk. A short result is written on the thread of its call, without the costs of another thread. On
/// a slow disk, such as a network file system, that would keep requests waiting.
#[derive(Debug, Default)]
pub(super) struct DiskSpeed {
    is_slow: AtomicBool,
}

impl DiskSpeed {
    /// Records how long the files of the last unit took.
    pub(super) fn written_in(&self, time: Duration) {
        self.is_slow.store(time > LONGEST_WRITE, Ordering::Relaxed);
    }

    /// Returns whether the last files took too long.
    pub(super) fn is_slow(&self) -> bool {
        self.is_slow.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::DiskSpeed;

    #[test]
    fn last_files_decide_the_speed() {
        let disk = DiskSpeed::default();
        assert!(!disk.is_slow());
        disk.written_in(Duration::from_millis(20));
        assert!(disk.is_slow());
        disk.written_in(Duration::from_micros(200));
        assert!(!disk.is_slow());
    }
}

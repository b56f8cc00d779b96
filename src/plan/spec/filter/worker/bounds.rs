//! The limits of a worker. They are the kernel's (setrlimit(2)), so they also hold for a filter that never
//! yields, and when the program that started the worker was killed.

use std::time::Duration;

/// The limit for the address space beyond that of a worker at its start, in bytes.
pub(super) const MEMORY: u64 = 1 << 30;
/// The stack, in bytes: a filter with infinite recursion overflows it.
pub(super) const STACK: usize = 256 << 20;
/// The maximum length of a worker's response, in bytes of JSON.
pub(super) const LONGEST_OUTPUT: u64 = 256 << 20;
/// A filter that exceeded a limit so many times is not run again in this process, because it would do so in every
/// account.
pub(super) const MOST_EXCESSES: u32 = 3;
/// The processor time for any value.
const LEAST_TIME: Duration = Duration::from_secs(2);

/// Returns the processor time for a value of so many bytes of JSON: one more second for each MiB.
pub(super) fn time_for(bytes: usize) -> Duration {
    LEAST_TIME + Duration::from_secs((bytes >> 20) as u64)
}

#[cfg(unix)]
mod limits {
    use std::fs;
    use std::time::Duration;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    /// Limits the memory of this process, and disables core dumps.
    pub(in super::super) fn limit_memory() {
        lower(Resource::Core, 0);
        if let Some(size) = address_space() {
            lower(Resource::As, size.saturating_add(super::MEMORY));
        }
    }

    /// Limits the processor time from now on.
    pub(in super::super) fn limit_time(time: Duration) {
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
        let used = u64::try_from(used).unwrap_or_default();
        // The limit has a granularity of one second, and the current second has already started.
        lower(Resource::Cpu, used + 1 + time.as_secs());
    }

    /// Sets the soft limit, which can be raised again. If that fails, the other limits remain.
    fn lower(resource: Resource, limit: u64) {
        let hard = getrlimit(resource).maximum;
        let current = hard.map_or(limit, |hard| hard.min(limit));
        let _ = setrlimit(resource, Rlimit { current: Some(current), maximum: hard });
    }

    /// Returns the size of this process's address space in bytes, which is only known on Linux.
    fn address_space() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
        let kibibytes: u64 = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes * 1024)
    }
}

#[cfg(not(unix))]
mod limits {
    use std::time::Duration;

    pub(in super::super) fn limit_memory() {}

    pub(in super::super) fn limit_time(_: Duration) {}
}

pub(super) use limits::{limit_memory, limit_time};

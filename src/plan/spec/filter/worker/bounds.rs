//! The limits of a worker. They are the kernel's (setrlimit(2)), so they also hold for a filter that never
//! yields, and when the program that started the worker was killed. On Windows, only the length of the output is
//! limited.

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

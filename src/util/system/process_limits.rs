//! The limits of a process: open files, memory and processor time. On Windows, the program sets none.

pub(crate) use system::{
    allowed_open_files, limit_memory, limit_processor_time, raise_open_files, ran_out_of_time,
};

#[cfg(unix)]
mod system {
    use std::fs;
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::ExitStatus;
    use std::time::Duration;

    use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};

    /// Returns how many files the system allows this process to open; `None` if there is no limit.
    pub(crate) fn allowed_open_files() -> Option<usize> {
        getrlimit(Resource::Nofile).current.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// Raises the limit of open files to `target`, or to the maximum for this process if that is less.
    pub(crate) fn raise_open_files(target: usize) -> io::Result<()> {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let target = maximum.unwrap_or(u64::MAX).min(target as u64);
        if current.is_some_and(|current| current < target) {
            setrlimit(Resource::Nofile, Rlimit { current: Some(target), maximum })?;
        }
        Ok(())
    }

    /// Limits the memory of this process to its current address space and `more` bytes, and disables core dumps.
    pub(crate) fn limit_memory(more: u64) {
        lower(Resource::Core, 0);
        if let Some(size) = address_space() {
            lower(Resource::As, size.saturating_add(more));
        }
    }

    /// Limits the processor time of this process from now on.
    pub(crate) fn limit_processor_time(time: Duration) {
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec;
        let used = u64::try_from(used).unwrap_or_default();
        // The limit has a granularity of one second, and the current second has already started.
        lower(Resource::Cpu, used + 1 + time.as_secs());
    }

    /// Returns whether a process was ended by its limit of processor time.
    pub(crate) fn ran_out_of_time(status: ExitStatus) -> bool {
        status.signal() == Some(Signal::XCPU.as_raw())
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

#[cfg(windows)]
mod system {
    use std::io;
    use std::process::ExitStatus;
    use std::time::Duration;

    pub(crate) fn allowed_open_files() -> Option<usize> {
        None
    }

    pub(crate) fn raise_open_files(_: usize) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn limit_memory(_: u64) {}

    pub(crate) fn limit_processor_time(_: Duration) {}

    pub(crate) fn ran_out_of_time(_: ExitStatus) -> bool {
        false
    }
}

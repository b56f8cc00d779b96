//! How many files and connections may be open at once, and how they are shared out.

use std::fmt;

/// What is assumed where the system has no limit, or none that can be asked for.
const PLENTY: usize = 10_240;

/// The open files that the system allows this process; connections count as files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenFiles(usize);

impl OpenFiles {
    /// With fewer, connections and files would wait for each other.
    pub const LEAST: Self = Self(64);

    /// What is allowed now.
    #[must_use]
    pub fn allowed() -> Self {
        Self(system::allowed().unwrap_or(PLENTY).min(PLENTY))
    }

    /// Raises the limit as far as the system lets a process raise its own, and says what is allowed
    /// then. Many systems begin with 1,024 for the sake of programs from long ago.
    pub fn raise() -> Self {
        system::raise(PLENTY);
        Self::allowed()
    }

    /// Of this many.
    #[must_use]
    pub fn of(limit: usize) -> Self {
        Self(limit)
    }

    /// Requests under way at once.
    #[must_use]
    pub fn requests(self) -> usize {
        (self.0 / 5).max(1)
    }

    /// Role sessions that are being opened at once.
    #[must_use]
    pub fn sessions(self) -> usize {
        (self.0 / 16).max(1)
    }

    /// Connections that are kept, those that wait to be used again included.
    #[must_use]
    pub fn connections(self) -> usize {
        (self.0 / 3).max(1)
    }

    /// Lists that have grown too long for the memory.
    #[must_use]
    pub fn spools(self) -> usize {
        (self.0 / 8).max(1)
    }

    /// Files that are being written at once.
    #[must_use]
    pub fn writers(self) -> usize {
        (self.0 / 8).clamp(1, 64)
    }
}

impl fmt::Display for OpenFiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(unix)]
mod system {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    pub(crate) fn allowed() -> Option<usize> {
        getrlimit(Resource::Nofile).current.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
    }

    pub(crate) fn raise(wanted: usize) {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = maximum.unwrap_or(u64::MAX).min(wanted as u64);
        if current.is_some_and(|current| current < wanted)
            && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum })
        {
            tracing::info!(target: "scan::http", %error, "the limit of open files cannot be raised");
        }
    }
}

#[cfg(not(unix))]
mod system {
    pub(crate) fn allowed() -> Option<usize> {
        None
    }

    pub(crate) fn raise(_: usize) {}
}

#[cfg(test)]
mod tests {
    use super::OpenFiles;

    #[test]
    fn all_shares_together_stay_below_the_limit() {
        for limit in [64, 256, 1024, 4096, 10_240] {
            let files = OpenFiles::of(limit);
            // When connections are dropped to make room, those of requests under way live on for a while.
            let connections = files.connections() + files.requests() + files.sessions();
            let together = connections + files.spools() + files.writers();
            assert!(together + 10 <= limit, "{together} of {limit}");
        }
    }
}

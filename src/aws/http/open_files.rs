//! The limit of open files and connections, and its distribution.

use std::fmt;

use crate::util::system::process_limits::{allowed_open_files, raise_open_files};

/// The limit that is assumed where the system has none, or none that can be queried.
const ASSUMED_LIMIT: usize = 10_240;

/// The open files that the system allows this process; connections count as files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenFiles(usize);

impl OpenFiles {
    /// The minimum: with fewer, connections and files would wait for each other.
    pub const LEAST: Self = Self(64);

    /// Returns the current limit.
    #[must_use]
    pub fn allowed() -> Self {
        Self(allowed_open_files().unwrap_or(ASSUMED_LIMIT).min(ASSUMED_LIMIT))
    }

    /// Raises the limit to the maximum that the system allows a process, and returns the new limit. Many systems
    /// start with 1,024 for compatibility with old programs.
    pub fn raise() -> Self {
        if let Err(error) = raise_open_files(ASSUMED_LIMIT) {
            tracing::info!(target: "scan::http", %error, "cannot raise the limit of open files");
        }
        Self::allowed()
    }

    /// Creates a limit with this number.
    #[must_use]
    pub fn of(limit: usize) -> Self {
        Self(limit)
    }

    /// Returns the maximum number of concurrent requests.
    #[must_use]
    pub fn requests(self) -> usize {
        (self.0 / 5).max(1)
    }

    /// Returns the maximum number of role sessions that are opened concurrently.
    #[must_use]
    pub fn sessions(self) -> usize {
        (self.0 / 16).max(1)
    }

    /// Returns the maximum number of connections, including idle ones.
    #[must_use]
    pub fn connections(self) -> usize {
        (self.0 / 3).max(1)
    }

    /// Returns the maximum number of lists that are spooled to files because they are too large for memory.
    #[must_use]
    pub fn spools(self) -> usize {
        (self.0 / 8).max(1)
    }

    /// Returns the maximum number of files that are written concurrently.
    #[must_use]
    pub fn writers(self) -> usize {
        (self.0 / 16).clamp(1, 64)
    }

    /// Returns the maximum number of folders that are kept open for further results.
    #[must_use]
    pub fn folders(self) -> usize {
        (self.0 / 16).max(1)
    }
}

impl fmt::Display for OpenFiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::OpenFiles;

    #[test]
    fn all_shares_together_stay_below_the_limit() {
        for limit in [64, 256, 1024, 4096, 10_240] {
            let files = OpenFiles::of(limit);
            // When connections are dropped to make room, those of requests in progress remain for a while.
            let connections = files.connections() + files.requests() + files.sessions();
            let together = connections + files.spools() + files.writers() + files.folders();
            assert!(together + 10 <= limit, "{together} of {limit}");
        }
    }
}

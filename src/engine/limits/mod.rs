//! How much is under way at once, and how fast it may go.
//!
//! Two limits stand in front of every attempt. The first is the key's: an account, a region and a
//! service (or one operation of it), with AWS's quota for these. The second is the run's, and its
//! permit is held for the attempt alone. Whoever waits for a key holds no permit, so that an account
//! that is throttled takes nothing from the others.

mod gate;
mod keys;
mod pace;
mod quota;

pub(super) use gate::RequestGate;
pub(super) use keys::{AccountKeys, KeyLimit};
pub use quota::{DEFAULT_QUOTA, QUOTAS, QuotaShare, RequestQuota, quota_of};

use crate::aws::http::OpenFiles;

/// The limits of a run: plain values, so that they can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests under way in the whole run.
    pub requests: usize,
    /// Accounts that are worked on at once.
    pub accounts: usize,
    /// Regions of one account that are worked on at once.
    pub regions: usize,
    /// Services of one account and region that are worked on at once.
    pub services: usize,
    /// Calls of one account, region and service that are under way at once.
    pub calls: usize,
}

impl Limits {
    /// These limits, as far as this many open files allow them.
    #[must_use]
    pub fn within(self, files: OpenFiles) -> Self {
        let (requests, accounts) = (files.requests(), files.sessions());
        Self { requests: self.requests.min(requests), accounts: self.accounts.min(accounts), ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests: 256, accounts: 64, regions: 32, services: 32, calls: 8 }
    }
}

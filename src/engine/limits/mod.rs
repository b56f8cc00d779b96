//! Concurrency and rate limits.
//!
//! Every attempt passes two limits. The first is the rate limit of its key: an account, a region and a service (or
//! one operation of it), with AWS's quota for these. The second is the concurrency limit of the run, whose permit
//! is held only for the attempt. A request that waits for its key holds no permit, so a throttled account does not
//! slow down the others.

mod gate;
mod keys;
mod pace;
mod quota;

pub(super) use gate::{RequestGate, WaitingRequest};
pub(super) use keys::{AccountKeys, KeyLimit};
pub(in crate::engine) use quota::listed_quota;
pub use quota::{DEFAULT_QUOTA, QUOTAS, QuotaShare, RequestQuota, quota_of};

use crate::aws::http::OpenFiles;

/// The limits of a run: plain values, so that they can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Concurrent requests of the whole run.
    pub requests: usize,
    /// Accounts that are scanned concurrently.
    pub accounts: usize,
    /// Regions of one account that are scanned concurrently.
    pub regions: usize,
    /// Services of one account and region that are scanned concurrently.
    pub services: usize,
    /// Concurrent calls of one account, region and service.
    pub calls: usize,
}

impl Limits {
    /// Returns these limits, lowered to what the limit of open files allows.
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

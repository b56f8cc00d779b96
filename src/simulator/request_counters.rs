//! Counters of the requests by operation, account and region.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::names::{AccountId, ServiceName};

/// The number of requests of an operation in one account and region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requested {
    /// The account whose credentials signed the requests; for `AssumeRole`, the account of the role.
    pub account: AccountId,
    /// The region in their signatures; empty without one.
    pub region: String,
    /// The service name in boto3.
    pub service: ServiceName,
    /// The operation: `DescribeInstances`.
    pub operation: String,
    /// The number of requests.
    pub count: u64,
}

/// An operation in an account and region, as indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct OperationKey {
    pub(super) account: u32,
    pub(super) region: u16,
    pub(super) operation: u32,
}

/// The counters of a simulator.
#[derive(Debug, Default)]
pub(super) struct RequestCounters {
    counts: Mutex<HashMap<OperationKey, u64>>,
    regions: Mutex<Vec<String>>,
}

impl RequestCounters {
    /// Returns the number that the next request will have.
    pub(super) fn next(&self, key: OperationKey) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&key).copied().unwrap_or_default() + 1
    }

    /// Counts a request and returns its number.
    pub(super) fn count(&self, key: OperationKey) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        *count += 1;
        *count
    }

    /// Returns the index of a region, which is assigned at its first request.
    pub(super) fn region(&self, name: &str) -> u16 {
        let mut regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner);
        let index = regions.iter().position(|region| region == name).unwrap_or_else(|| {
            regions.push(name.to_owned());
            regions.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// Returns all counters with the names of their regions.
    pub(super) fn all(&self) -> Vec<(OperationKey, String, u64)> {
        let regions = self.regions.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let named = counts.iter().map(|(key, count)| {
            (*key, regions.get(usize::from(key.region)).cloned().unwrap_or_default(), *count)
        });
        named.collect()
    }
}

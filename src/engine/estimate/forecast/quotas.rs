//! The use of the accounts' quotas by a forecast.

use std::collections::HashMap;

use super::functions::CallFunctions;
use crate::engine::estimate::time::{QuotaUse, busiest_of, real, seconds_under};
use crate::engine::{RequestQuota, quota_of, region_of};
use crate::model::catalog::Function;
use crate::names::{Region, ServiceName};
use crate::plan::RegionScope;

/// The requests of the accounts under each quota.
pub(super) struct QuotaUses {
    /// For each function of each planned call: its quota in `quotas`.
    functions: Vec<Vec<(Function, usize)>>,
    quotas: Vec<SharedQuota>,
    /// The requests of the current account.
    requests: HashMap<(usize, Region), u64>,
    /// The time that the quotas of each account require.
    seconds: Vec<f64>,
    busiest: Option<QuotaUse>,
}

/// A quota, and the operations that share it.
struct SharedQuota {
    service: ServiceName,
    shared_by: String,
    quota: RequestQuota,
}

impl QuotaUses {
    pub(super) fn new(calls: &[CallFunctions<'_>]) -> Self {
        let mut quotas = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut quota = |function: &Function| {
            let (service, operation) = (&*function.service().name, &*function.operation().name);
            let quota = quota_of(function);
            let shared_by = quota.key(service, operation);
            *known.entry(shared_by.clone()).or_insert_with(|| {
                quotas.push(SharedQuota { service: ServiceName::new(service), shared_by, quota });
                quotas.len() - 1
            })
        };
        let functions = calls
            .iter()
            .map(|call| {
                call.functions.iter().map(|one| (one.function.clone(), quota(one.function))).collect()
            })
            .collect();
        Self { functions, quotas, requests: HashMap::new(), seconds: Vec::new(), busiest: None }
    }

    /// Adds requests of a function in a place of the current account.
    pub(super) fn add(
        &mut self,
        call: usize,
        function: usize,
        place: &RegionScope,
        global_region: &Region,
        requests: u64,
    ) {
        let Some((function, quota)) = self.functions.get(call).and_then(|call| call.get(function)) else {
            return;
        };
        if requests > 0 {
            let region = region_of(function, place, global_region);
            *self.requests.entry((*quota, region)).or_default() += requests;
        }
    }

    /// Ends the current account.
    pub(super) fn end_account(&mut self) {
        let quotas = &self.quotas;
        let uses = self.requests.drain().map(|((quota, region), requests)| {
            let SharedQuota { service, shared_by, quota } = &quotas[quota];
            QuotaUse::new(service.clone(), shared_by.clone(), quota, region, requests)
        });
        let busiest = busiest_of(uses);
        let seconds = busiest.as_ref().map(|busiest| {
            let quota = quotas.iter().find(|quota| quota.shared_by == busiest.shared_by);
            quota.map_or(0.0, |quota| seconds_under(&quota.quota, busiest.requests))
        });
        self.seconds.push(seconds.unwrap_or(0.0));
        self.busiest = busiest_of(self.busiest.take().into_iter().chain(busiest));
    }

    /// Returns the time that the quotas require if so many accounts are scanned concurrently.
    pub(super) fn seconds(&self, at_once: usize) -> f64 {
        let longest = self.seconds.iter().copied().fold(0.0, f64::max);
        let all: f64 = self.seconds.iter().sum();
        longest.max(all / real(at_once.max(1) as u64))
    }

    /// Returns the busiest quota of an account.
    pub(super) fn into_busiest(self) -> Option<QuotaUse> {
        self.busiest
    }
}

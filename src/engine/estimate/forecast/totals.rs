//! The totals of a forecast over all accounts and regions.

use std::collections::BTreeMap;

use super::functions::{CallFunctions, ForecastFunction};
use super::place::CallState;
use super::{ForecastCall, UnknownCall, UnknownCause};
use crate::engine::estimate::price::{Paid, paid_requests};
use crate::names::{FunctionName, ServiceName};

/// The totals of all functions.
pub(super) struct ForecastTotals<'plan> {
    calls: &'plan [CallFunctions<'plan>],
    functions: Vec<Vec<FunctionTotals>>,
    /// The number of calls of the spec that the earlier run did not make.
    pub(super) calls_not_in_run: u64,
}

/// The totals of one function of a planned call.
#[derive(Clone, Default)]
struct FunctionTotals {
    requests: u64,
    unknown: BTreeMap<UnknownCause, u64>,
}

impl<'plan> ForecastTotals<'plan> {
    pub(super) fn new(calls: &'plan [CallFunctions<'plan>]) -> Self {
        let functions = calls.iter().map(|call| vec![FunctionTotals::default(); call.functions.len()]);
        Self { calls, functions: functions.collect(), calls_not_in_run: 0 }
    }

    /// Adds the state of a function in one account and region.
    pub(super) fn add(&mut self, call: usize, function: usize, state: &CallState) {
        let totals = &mut self.functions[call][function];
        match state.requests {
            Some(requests) => totals.requests += requests,
            None => *totals.unknown.entry(state.cause).or_default() += 1,
        }
        let is_entry = self.calls[call].functions[function].link.is_none();
        // A list of buckets is requested in one region for all.
        let is_sent = state.requests != Some(0);
        self.calls_not_in_run += u64::from(is_entry && is_sent && !state.is_in_run);
    }

    fn all(&self) -> impl Iterator<Item = (&ForecastFunction<'plan>, &FunctionTotals)> {
        let functions = self.calls.iter().flat_map(|call| &call.functions);
        functions.zip(self.functions.iter().flatten())
    }

    /// Returns the requests of the calls of the spec, and those of the child calls.
    pub(super) fn requests(&self) -> (u64, u64) {
        let of = |children: bool| {
            let some = self.all().filter(|(function, _)| function.link.is_some() == children);
            some.map(|(_, totals)| totals.requests).sum()
        };
        (of(false), of(true))
    }

    /// Returns the functions that cost money.
    pub(super) fn paid(&self) -> Vec<Paid> {
        let some = self.all().filter(|(_, totals)| totals.requests > 0);
        some.filter_map(|(function, totals)| paid_requests(function.function, totals.requests)).collect()
    }

    /// Returns the functions with requests, most first.
    pub(super) fn calls(&self) -> Vec<ForecastCall> {
        let some = self.all().filter(|(_, totals)| totals.requests > 0);
        let mut calls: Vec<_> = some
            .map(|(ForecastFunction { name, function, link, .. }, totals)| ForecastCall {
                service: ServiceName::new(&*function.service().name),
                function: FunctionName::new(function.name()),
                name: (*name).to_owned(),
                below: link.map(|link| link.above_name.to_owned()),
                requests: totals.requests,
            })
            .collect();
        calls.sort_by_key(|call| std::cmp::Reverse(call.requests));
        calls
    }

    /// Returns the child calls without a number of requests in some places.
    pub(super) fn unknown(&self) -> Vec<UnknownCall> {
        let unknown = self.all().filter_map(|(ForecastFunction { name, function, link, .. }, totals)| {
            let (cause, _) = totals.unknown.iter().max_by_key(|(_, places)| **places)?;
            Some(UnknownCall {
                service: ServiceName::new(&*function.service().name),
                function: FunctionName::new(function.name()),
                name: (*name).to_owned(),
                below: (*link)?.above_name.to_owned(),
                places: totals.unknown.values().sum(),
                cause: *cause,
            })
        });
        let mut unknown: Vec<_> = unknown.collect();
        unknown.sort_by_key(|call| std::cmp::Reverse(call.places));
        unknown
    }
}

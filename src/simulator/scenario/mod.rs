//! Scenarios: JSON documents with the faults of the simulated AWS, where and how often they occur.
//!
//! A scenario is a seed and a list of rules, each with a selection of requests and a fault. Everything random is
//! derived from the seed, the account and region, and the request's number, and not from the order in which
//! requests arrive: the same scenario has the same effect on the same scan.

mod bucket;
mod fault;
mod load;
mod pattern;
mod rule;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use self::bucket::{BucketSize, Buckets};
pub use self::fault::{BreakPoint, Fault, GarbledBody, Policy, QuotaScope, Signer};
pub use self::pattern::Patterns;
pub use self::rule::{FaultRule, RequestMatch};
use self::rule::{counted, site_seed};
use super::fault::{Behaviour, Faults, Site};
use crate::names::AccountId;

/// A scenario and its state. It is cheap to clone; clones share the state.
#[derive(Clone, Debug)]
pub struct Scenario(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The rules, each with its seed.
    rules: Vec<(String, FaultRule)>,
    course: Mutex<Course>,
}

/// The state of a scenario.
#[derive(Debug, Default)]
struct Course {
    buckets: Buckets,
    /// The number of requests of accounts that will be closed, by rule.
    answered: HashMap<(usize, AccountId), u64>,
    /// The number of requests that met each rule.
    met: HashMap<usize, u64>,
}

impl Scenario {
    fn new(seed: u64, rules: Vec<FaultRule>) -> Self {
        let rules = rules.into_iter().enumerate().map(|(index, rule)| (format!("{seed} {index}"), rule));
        Self(Arc::new(Inner { rules: rules.collect(), course: Mutex::default() }))
    }

    /// Returns the rules in their order.
    pub fn rules(&self) -> impl Iterator<Item = &FaultRule> {
        self.0.rules.iter().map(|(_, rule)| rule)
    }

    /// Returns the rules that match a request in their order, independent of earlier requests.
    pub fn rules_for(&self, site: &Site<'_>) -> impl Iterator<Item = &FaultRule> {
        self.chosen(site).map(|(_, rule)| rule)
    }

    /// Returns the number of requests that met each rule so far, in the order of the rules.
    #[must_use]
    pub fn met(&self) -> Vec<u64> {
        let course = self.0.course.lock().unwrap_or_else(PoisonError::into_inner);
        (0..self.0.rules.len()).map(|index| course.met.get(&index).copied().unwrap_or_default()).collect()
    }

    fn chosen(&self, site: &Site<'_>) -> impl Iterator<Item = (usize, &FaultRule)> {
        let rules = self.0.rules.iter().enumerate();
        rules.filter(|(_, (seed, rule))| rule.holds(seed, site)).map(|(index, (_, rule))| (index, rule))
    }
}

impl Course {
    /// Returns whether a request that matches the rule meets its fault now.
    fn meets(&mut self, index: usize, fault: &Fault, site: &Site<'_>) -> bool {
        let meets = match fault {
            Fault::Throttle { rate, burst, per } => {
                let allowance = BucketSize { burst: f64::from(*burst), rate: *rate, per: *per };
                !self.buckets.take(index, site, allowance, Instant::now())
            }
            Fault::Vanish { after } => {
                let answered = self.answered.entry((index, site.account.clone())).or_default();
                *answered += 1;
                *answered > *after
            }
            _ => true,
        };
        if meets {
            *self.met.entry(index).or_default() += 1;
        }
        meets
    }
}

impl Faults for Scenario {
    /// Adds up delays; of all other faults, the first one applies, and faults before the service precede those in
    /// it.
    fn behaviour(&self, site: &Site<'_>) -> Option<Behaviour> {
        if let Some(fault) = self.detour(site) {
            return Some(Behaviour::Meet(fault));
        }
        let mut behaviours = Vec::new();
        let mut course = self.0.course.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, rule) in self.chosen(site) {
            if !course.meets(index, &rule.fault, site) {
                continue;
            }
            if let Fault::Delay { milliseconds, jitter } = &rule.fault {
                let lot = counted(site_seed(&self.0.rules[index].0, site), site.count);
                let more = lot.below(usize::try_from(*jitter).unwrap_or_default().saturating_add(1));
                let delay = milliseconds.saturating_add(more as u64);
                behaviours.push(Behaviour::Delay(Duration::from_millis(delay)));
                continue;
            }
            behaviours.push(Behaviour::Meet(rule.fault.clone()));
            break;
        }
        (!behaviours.is_empty()).then_some(Behaviour::Several(behaviours))
    }

    fn has_detours(&self) -> bool {
        self.rules().any(|rule| rule.fault.is_on_the_way())
    }

    fn detour(&self, site: &Site<'_>) -> Option<Fault> {
        let (index, rule) = self.chosen(site).find(|(_, rule)| rule.fault.is_on_the_way())?;
        let mut course = self.0.course.lock().unwrap_or_else(PoisonError::into_inner);
        course.meets(index, &rule.fault, site).then(|| rule.fault.clone())
    }
}

#[cfg(test)]
mod tests;

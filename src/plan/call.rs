//! A function of the spec, as it will be called.

use super::place::Place;
use crate::catalog::{Reach, reach};
use crate::names::ServiceName;
use crate::spec::Entry;

/// A spec entry, and where it is asked.
#[derive(Clone, Debug)]
pub struct PlannedCall {
    /// The entry.
    pub entry: Entry,
    /// What the answer is about.
    pub reach: Reach,
}

/// A spec entry that is not called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedCall {
    /// The service, as the spec names it.
    pub service: String,
    /// The function, as the spec names it.
    pub function: String,
    /// Why it is not called.
    pub reason: String,
}

impl PlannedCall {
    /// Plans an entry.
    #[must_use]
    pub fn new(entry: Entry) -> Self {
        Self { reach: reach(&entry.function), entry }
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> ServiceName {
        ServiceName::new(&*self.entry.function.service().name)
    }

    /// Whether the call is asked region by region.
    #[must_use]
    pub fn is_regional(&self) -> bool {
        self.reach != Reach::Global
    }

    /// Whether the call is asked in `place`. An entry's own `regions` restrict the run's; they say
    /// nothing about what has no region.
    #[must_use]
    pub fn is_asked_in(&self, place: &Place) -> bool {
        match place {
            Place::Global => !self.is_regional(),
            Place::Region(region) => {
                let wanted = self.entry.regions.as_ref();
                self.is_regional() && wanted.is_none_or(|regions| regions.contains(region))
            }
        }
    }
}

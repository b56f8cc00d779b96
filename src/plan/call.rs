//! A function of the spec, as it will be called.

use super::place::Place;
use crate::catalog::{Function, Reach, reach};
use crate::names::ServiceName;
use crate::spec::{Child, Entry};

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

    /// Everything that is asked for the entry, with the keys of the results: the entry's own
    /// function, then its children's.
    pub fn functions(&self) -> impl Iterator<Item = (&str, &Function)> {
        fn below<'spec>(each: &'spec [Child], into: &mut Vec<(&'spec str, &'spec Function)>) {
            for child in each {
                into.push((&child.name, &child.function));
                below(&child.each, into);
            }
        }
        let mut functions = vec![(&*self.entry.name, &self.entry.function)];
        below(&self.entry.each, &mut functions);
        functions.into_iter()
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

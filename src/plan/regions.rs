//! The regions of an account that are scanned.

use super::call::PlannedCall;
use crate::names::Region;

/// The user's choice of regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// The given regions.
    Given(Vec<Region>),
    /// The regions that the account has enabled, except some.
    Enabled {
        /// The regions to exclude.
        except: Vec<Region>,
    },
}

impl RegionChoice {
    /// Combines the choices of the command line and the spec: the given regions without those that either
    /// excludes.
    #[must_use]
    pub fn new(given: Option<Vec<Region>>, mut except: Vec<Region>, spec_except: &[Region]) -> Self {
        except.extend(spec_except.iter().cloned());
        match given {
            Some(mut regions) => {
                regions.retain(|region| !except.contains(region));
                Self::Given(regions)
            }
            None => Self::Enabled { except },
        }
    }

    /// Returns whether no account can have a region for a call, according to its entry and this choice.
    #[must_use]
    pub fn rules_out(&self, call: &PlannedCall) -> bool {
        let Some(wanted) = &call.entry.regions else { return false };
        match self {
            Self::Given(regions) => wanted.iter().all(|region| !regions.contains(region)),
            Self::Enabled { except } => wanted.iter().all(|region| except.contains(region)),
        }
    }

    /// Returns the regions to report for a call that has no region in an account.
    pub(super) fn missed_by(&self, call: &PlannedCall) -> Vec<Region> {
        match (self, &call.entry.regions) {
            (_, Some(wanted)) => wanted.clone(),
            (Self::Enabled { except }, None) => except.clone(),
            (Self::Given(_), None) => Vec::new(),
        }
    }

    /// Returns the regions to scan in an account that has `enabled` enabled.
    #[must_use]
    pub fn choose(&self, enabled: &[Region]) -> Vec<Region> {
        match self {
            Self::Given(regions) => regions.clone(),
            Self::Enabled { except } => {
                enabled.iter().filter(|region| !except.contains(region)).cloned().collect()
            }
        }
    }
}

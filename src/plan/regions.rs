//! Which regions of an account are asked.

use super::call::PlannedCall;
use crate::names::Region;

/// The user's choice of regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// These.
    Given(Vec<Region>),
    /// Those that the account has enabled, except some.
    Enabled {
        /// What to leave out.
        except: Vec<Region>,
    },
}

impl RegionChoice {
    /// The choice that the command line and the spec make together: the regions that are given
    /// less those that either leaves out.
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

    /// Whether no account can have a region for a call, as far as its entry and this choice say.
    #[must_use]
    pub fn rules_out(&self, call: &PlannedCall) -> bool {
        let Some(wanted) = &call.entry.regions else { return false };
        match self {
            Self::Given(regions) => wanted.iter().all(|region| !regions.contains(region)),
            Self::Enabled { except } => wanted.iter().all(|region| except.contains(region)),
        }
    }

    /// The regions that a call has not in an account where it has none.
    pub(super) fn missed_by(&self, call: &PlannedCall) -> Vec<Region> {
        match (self, &call.entry.regions) {
            (_, Some(wanted)) => wanted.clone(),
            (Self::Enabled { except }, None) => except.clone(),
            (Self::Given(_), None) => Vec::new(),
        }
    }

    /// The regions to ask in an account that has `enabled` enabled.
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

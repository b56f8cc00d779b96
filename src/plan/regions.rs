//! Which regions of an account are asked.

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

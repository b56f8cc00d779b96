//! The place in which a call is made and under which its result is filed.

use std::fmt;

use crate::names::Region;

/// A region, or the one endpoint that serves the whole partition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RegionScope {
    /// One region.
    Region(Region),
    /// The single endpoint, called once per account.
    Global,
}

impl RegionScope {
    /// Returns the name in the result tree and in the ledger.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Region(region) => region.as_str(),
            Self::Global => "global",
        }
    }
}

impl fmt::Display for RegionScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

//! The organization that the simulated accounts belong to.

/// An organization: its ids and its tree of organizational units.
#[derive(Clone, Debug)]
pub struct SimulatedOrganization {
    /// `o-…`
    pub id: String,
    /// `r-…`
    pub root_id: String,
    /// The organizational units; parents stand before their children.
    pub units: Vec<SimulatedUnit>,
}

/// An organizational unit.
#[derive(Clone, Debug)]
pub struct SimulatedUnit {
    /// `ou-…`
    pub id: String,
    /// The name that people gave it.
    pub name: String,
    /// The unit it belongs to, as an index; `None` directly below the root.
    pub parent: Option<usize>,
}

impl SimulatedOrganization {
    /// The id of a unit, or of the root.
    #[must_use]
    pub fn parent_id(&self, unit: Option<usize>) -> &str {
        unit.and_then(|unit| self.units.get(unit)).map_or(&self.root_id, |unit| &unit.id)
    }

    /// The place of a unit in the tree, as Organizations writes paths: `o-…/r-…/ou-…/`.
    #[must_use]
    pub fn path(&self, unit: Option<usize>) -> String {
        let mut ids = Vec::new();
        let mut next = unit;
        while let Some(unit) = next.and_then(|unit| self.units.get(unit)) {
            ids.push(unit.id.as_str());
            next = unit.parent;
        }
        let units: String = ids.iter().rev().flat_map(|id| [*id, "/"]).collect();
        format!("{}/{}/{units}", self.id, self.root_id)
    }
}

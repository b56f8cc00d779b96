//! The organization that the simulated accounts belong to.

/// An organization: its ids and its tree of organizational units.
#[derive(Clone, Debug)]
pub struct SimulatedOrganization {
    /// The organization's id: `o-…`.
    pub id: String,
    /// The id of the root: `r-…`.
    pub root_id: String,
    /// The organizational units; parents precede their children.
    pub units: Vec<SimulatedUnit>,
}

/// An organizational unit.
#[derive(Clone, Debug)]
pub struct SimulatedUnit {
    /// The unit's id: `ou-…`.
    pub id: String,
    /// The unit's name.
    pub name: String,
    /// The parent unit, as an index; `None` directly below the root.
    pub parent: Option<usize>,
}

impl SimulatedOrganization {
    /// Returns the id of a unit, or of the root.
    #[must_use]
    pub fn parent_id(&self, unit: Option<usize>) -> &str {
        unit.and_then(|unit| self.units.get(unit)).map_or(&self.root_id, |unit| &unit.id)
    }

    /// Returns the path of a unit in the format of Organizations: `o-…/r-…/ou-…/`.
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

//! Which members an answer can have at all.

use std::collections::HashSet;

use aws_auto_inventory::model::catalog::{Service, ShapeId, ShapeKind};

/// A member of a structure, by its place.
pub(super) type MemberId = (ShapeId, usize);

/// The graph of a service's shapes.
pub(super) struct Reach<'model> {
    service: &'model Service,
}

impl<'model> Reach<'model> {
    pub(super) fn new(service: &'model Service) -> Self {
        Self { service }
    }

    /// The members of all structures that `shape` leads to, as far as they can be in a body.
    pub(super) fn members(&self, shape: ShapeId) -> HashSet<MemberId> {
        self.shapes(shape).into_iter().flat_map(|shape| self.named(shape)).collect()
    }

    /// The shapes on the way from `shape` to the members that `wanted` names.
    pub(super) fn shapes_with(&self, shape: ShapeId, wanted: impl Fn(MemberId) -> bool) -> HashSet<ShapeId> {
        let all = self.shapes(shape);
        let has_wanted = |shape: &ShapeId| self.named(*shape).into_iter().any(&wanted);
        let mut found: HashSet<ShapeId> = all.iter().copied().filter(has_wanted).collect();
        // A shape that leads to one of them is on the way, too.
        loop {
            let before = found.len();
            for &shape in all.iter().rev() {
                if self.targets(shape).iter().any(|target| found.contains(target)) {
                    found.insert(shape);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// The members of a structure that have a name in a body.
    fn named(&self, shape: ShapeId) -> Vec<MemberId> {
        let Some(structure) = self.service.structure(shape) else {
            return Vec::new();
        };
        let indices = structure.by_wire_name.iter().map(|&index| usize::from(index));
        indices
            .filter(|&index| !structure.members[index].wire_name().is_empty())
            .map(|index| (shape, index))
            .collect()
    }

    /// `shape` and all that it leads to, in the order in which they are met.
    fn shapes(&self, shape: ShapeId) -> Vec<ShapeId> {
        let mut seen = HashSet::from([shape]);
        let mut shapes = vec![shape];
        let mut next = 0;
        while let Some(&shape) = shapes.get(next) {
            shapes.extend(self.targets(shape).into_iter().filter(|&target| seen.insert(target)));
            next += 1;
        }
        shapes
    }

    fn targets(&self, shape: ShapeId) -> Vec<ShapeId> {
        match self.service.kind(shape) {
            ShapeKind::Structure(structure) => {
                let named = self.named(shape).into_iter();
                named.map(|(_, index)| structure.members[index].reference.shape).collect()
            }
            ShapeKind::List(list) => vec![list.member.shape],
            ShapeKind::Map(map) => vec![map.value.shape],
            _ => Vec::new(),
        }
    }
}

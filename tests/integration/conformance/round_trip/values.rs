//! Random values of a service's shapes, and the account of which members have been among them.

use std::collections::HashSet;

use aws_auto_inventory::model::catalog::{
    ListShape, Protocol, Service, ShapeId, ShapeKind, ShapeReference, Structure, TimestampFormat,
};
use serde_json::{Map, Value};

use super::random::{Alphabet, Random};
use super::reach::{MemberId, Reach};

/// How much of what it could hold a value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Every member, until [`ROOM`] is used up; members that no value has had yet, in any case.
    Full,
    /// Some members, lists and maps often empty.
    Sparse,
    /// As little as the shape allows.
    Least,
}

/// About how many values a full one consists of; shared fairly among members.
const ROOM: usize = 100;

/// How deep values nest unless members that are new force it; recursive shapes never end by themselves.
const DEEPEST: usize = 12;

/// A source of values of one service.
pub(super) struct Values<'model> {
    pub(super) random: Random,
    service: &'model Service,
    alphabet: Alphabet,
    /// The members that have been in a value: shape and index.
    covered: HashSet<MemberId>,
    /// How deep the least value of each shape nests.
    least: Vec<u32>,
    /// The shapes that lead to members that no value has had yet.
    incomplete: HashSet<ShapeId>,
    /// How many values the present one may still be enlarged by for the sake of `incomplete`.
    detours: usize,
}

impl<'model> Values<'model> {
    pub(super) fn new(service: &'model Service, random: Random) -> Self {
        let json = !matches!(service.protocol, Protocol::RestXml | Protocol::Query | Protocol::Ec2);
        Self {
            random,
            service,
            alphabet: if json { Alphabet::Json } else { Alphabet::Xml },
            covered: HashSet::new(),
            least: least_depths(service),
            incomplete: HashSet::new(),
            detours: 0,
        }
    }

    /// Whether a value has had the member.
    pub(super) fn has_covered(&self, member: &MemberId) -> bool {
        self.covered.contains(member)
    }

    /// Looks for members that no value has had yet among those that `shape` leads to; the next full
    /// values will seek them out. True when there are any.
    pub(super) fn seek_new(&mut self, shape: ShapeId) -> bool {
        let graph = Reach::new(self.service);
        self.incomplete = graph.shapes_with(shape, |member| !self.covered.contains(&member));
        self.detours = 2_000;
        !self.incomplete.is_empty()
    }

    /// Notes that a value has the member.
    pub(super) fn cover(&mut self, shape: ShapeId, index: usize) {
        self.covered.insert((shape, index));
    }

    /// The value of a member of an answer, or of the whole body.
    pub(super) fn top_level(&mut self, reference: &ShapeReference, fill: Fill) -> Option<Value> {
        self.value(reference, fill, ROOM, 1)
    }

    /// `None` where XML has no form for "empty": a flattened list.
    fn value(&mut self, reference: &ShapeReference, fill: Fill, room: usize, depth: usize) -> Option<Value> {
        let bare = reference.flattened && self.alphabet == Alphabet::Xml;
        Some(match self.service.kind(reference.shape) {
            ShapeKind::Structure(structure) => {
                Value::Object(self.structure(reference.shape, structure, fill, room, depth))
            }
            ShapeKind::List(list) => {
                let items = self.items(list, fill, room, depth, bare);
                if bare && items.is_empty() {
                    return None;
                }
                Value::Array(items)
            }
            ShapeKind::Map(map) => {
                let sparse = map.sparse && self.alphabet == Alphabet::Json;
                let mut entries = Map::new();
                for fill in self.fills(map.value.shape, fill, room, depth, bare) {
                    let key = self.random.text(self.alphabet);
                    let value = match self.random.below(4) {
                        0 if sparse => Some(Value::Null),
                        _ => self.value(&map.value, fill, room / 2, depth + 1),
                    };
                    entries.extend(value.map(|value| (key, value)));
                }
                if bare && entries.is_empty() {
                    return None;
                }
                Value::Object(entries)
            }
            kind => {
                let default = match self.alphabet {
                    Alphabet::Json => TimestampFormat::UnixTimestamp,
                    Alphabet::Xml | Alphabet::Header => TimestampFormat::Iso8601,
                };
                self.scalar(kind, self.alphabet, reference.timestamp_format.unwrap_or(default))
            }
        })
    }

    pub(super) fn scalar(&mut self, kind: &ShapeKind, alphabet: Alphabet, format: TimestampFormat) -> Value {
        match kind {
            ShapeKind::Integer { .. } => self.random.integer(),
            ShapeKind::Long { .. } => self.random.long(),
            ShapeKind::Float | ShapeKind::Double => self.random.double(),
            ShapeKind::Boolean => self.random.boolean(),
            ShapeKind::Blob => self.random.blob(),
            ShapeKind::Timestamp => self.random.moment(format),
            ShapeKind::Document => self.random.document(),
            ShapeKind::String | ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map(_) => {
                Value::from(self.random.text(alphabet))
            }
        }
    }

    fn items(&mut self, list: &ListShape, fill: Fill, room: usize, depth: usize, bare: bool) -> Vec<Value> {
        let sparse = list.sparse && self.alphabet == Alphabet::Json;
        let mut items = Vec::new();
        for fill in self.fills(list.member.shape, fill, room, depth, bare) {
            items.extend(self.value(&list.member, fill, room / 2, depth + 1));
            if sparse && self.random.below(3) == 0 {
                items.push(Value::Null);
            }
        }
        items
    }

    /// How many elements a list or map gets, and how full each is.
    fn fills(&mut self, shape: ShapeId, fill: Fill, room: usize, depth: usize, bare: bool) -> Vec<Fill> {
        let is_new = fill == Fill::Full && self.is_new(shape, depth);
        let mut fills = match fill {
            Fill::Full if is_new => {
                // One for each member of a union that no value has had.
                let members = self.union(shape).map_or(1, |union| union.members.len());
                vec![Fill::Full; members.clamp(1, 64)]
            }
            Fill::Full if room > 0 && depth < DEEPEST => vec![Fill::Full, Fill::Sparse],
            Fill::Sparse if room > 0 && depth < DEEPEST => vec![Fill::Sparse; self.random.below(3)],
            Fill::Full | Fill::Sparse | Fill::Least => Vec::new(),
        };
        if bare && fills.is_empty() {
            fills.push(Fill::Least);
        }
        fills
    }

    fn structure(
        &mut self,
        shape: ShapeId,
        structure: &Structure,
        fill: Fill,
        room: usize,
        depth: usize,
    ) -> Map<String, Value> {
        let mut members = Map::new();
        let indices: Vec<usize> = structure.by_wire_name.iter().map(|&index| usize::from(index)).collect();
        let attributes = (0..structure.members.len())
            .filter(|&index| structure.members[index].reference.xml_attribute && !indices.contains(&index));
        let mut indices: Vec<usize> = indices
            .iter()
            .copied()
            .chain(attributes)
            .filter(|&index| !structure.members[index].wire_name().is_empty())
            .collect();
        indices.sort_unstable();
        if structure.union {
            indices = self.choose(shape, structure, &indices, fill, depth).into_iter().collect();
        }
        let nested = indices
            .iter()
            .filter(|&&index| self.is_composite(structure.members[index].reference.shape))
            .count();
        for index in indices {
            let member = &structure.members[index];
            let target = member.reference.shape;
            let room = if self.is_composite(target) { room / nested.max(1) } else { room };
            let forced = fill == Fill::Full
                && (!self.covered.contains(&(shape, index)) || self.leads_to_new(target, depth));
            let present = match fill {
                _ if structure.union || forced => true,
                Fill::Full => depth < DEEPEST && (room > 0 || !self.is_composite(target)),
                Fill::Sparse => depth < DEEPEST && self.random.below(5) < 2,
                Fill::Least => false,
            };
            if !present {
                continue;
            }
            if forced {
                self.covered.insert((shape, index));
                self.detours = self.detours.saturating_sub(1);
            }
            if let Some(value) = self.value(&member.reference, fill, room, depth + 1) {
                self.covered.insert((shape, index));
                members.insert(member.name.to_string(), value);
            }
        }
        members
    }

    /// The one member of a union: a new one, one that leads to new ones, or any.
    fn choose(
        &mut self,
        shape: ShapeId,
        union: &Structure,
        indices: &[usize],
        fill: Fill,
        depth: usize,
    ) -> Option<usize> {
        let target = |index: usize| union.members[index].reference.shape;
        if fill == Fill::Full {
            if let Some(&index) = indices.iter().find(|&&index| !self.covered.contains(&(shape, index))) {
                return Some(index);
            }
            // Any of them, since the first one may be the way back to where this came from.
            let leading: Vec<usize> =
                indices.iter().copied().filter(|&index| self.leads_to_new(target(index), depth)).collect();
            if !leading.is_empty() {
                return Some(leading[self.random.below(leading.len())]);
            }
        }
        if fill != Fill::Least && depth < DEEPEST {
            return (!indices.is_empty()).then(|| indices[self.random.below(indices.len())]);
        }
        indices.iter().copied().min_by_key(|&index| self.least[target(index).0 as usize])
    }

    /// Whether a value of the shape would show a member that no value has had.
    fn is_new(&self, shape: ShapeId, depth: usize) -> bool {
        match self.service.kind(shape) {
            ShapeKind::Structure(structure) => {
                let uncovered = structure
                    .by_wire_name
                    .iter()
                    .any(|&index| !self.covered.contains(&(shape, usize::from(index))));
                uncovered || self.leads_to_new(shape, depth)
            }
            ShapeKind::List(list) => self.is_new(list.member.shape, depth),
            ShapeKind::Map(map) => self.is_new(map.value.shape, depth),
            _ => false,
        }
    }

    /// Whether it is worth visiting a shape for the sake of what comes after it.
    fn leads_to_new(&self, shape: ShapeId, depth: usize) -> bool {
        depth < DEEPEST * 2 && self.detours > 0 && self.incomplete.contains(&shape)
    }

    fn union(&self, shape: ShapeId) -> Option<&'model Structure> {
        self.service.structure(shape).filter(|structure| structure.union)
    }

    fn is_composite(&self, shape: ShapeId) -> bool {
        matches!(self.service.kind(shape), ShapeKind::Structure(_) | ShapeKind::List(_) | ShapeKind::Map(_))
    }
}

/// How deep the least value of each shape nests: unions have to have a member.
fn least_depths(service: &Service) -> Vec<u32> {
    let mut depths = vec![u32::MAX; service.shapes.len()];
    loop {
        let mut changed = false;
        for (index, shape) in service.shapes.iter().enumerate() {
            let depth = match &shape.kind {
                ShapeKind::Structure(structure) if structure.union => {
                    let targets = structure.members.iter().map(|member| member.reference.shape);
                    targets.map(|target| depths[target.0 as usize]).min().unwrap_or(0).saturating_add(1)
                }
                _ => 0,
            };
            changed |= depths[index] != depth;
            depths[index] = depth;
        }
        if !changed {
            return depths;
        }
    }
}

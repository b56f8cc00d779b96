//! What has to be known to transcribe the items of a list, prepared once for each operation.
//!
//! A plan has the tags to compare and the texts to write as bytes, so that nothing is looked up or formatted while a
//! page is read.

use std::collections::HashMap;

use serde_json::Value;

use crate::model::catalog::{
    Location, Member, Operation, Protocol, Service, ShapeId, ShapeKind, ShapeReference, Structure,
};

/// The plan of one list.
#[derive(Debug)]
pub(super) struct ListPlan {
    /// The member that it is the plan of.
    member: Box<str>,
    /// The name of the list's element or key in a response.
    pub(super) wire_name: Box<str>,
    /// How an item is transcribed.
    pub(super) item: ValuePlan,
    structures: Vec<StructurePlan>,
    collections: Vec<CollectionPlan>,
    /// The shapes whose values are decoded before they are written.
    decoded: Vec<ShapeReference>,
    /// The member that is expected at each place of each structure: the order of the model.
    followers: Vec<u16>,
}

/// How a value is transcribed.
#[derive(Clone, Copy, Debug)]
pub(super) enum ValuePlan {
    /// A string.
    Text(ShapeId),
    /// An integer.
    Integer(ShapeId),
    /// A number with a fraction.
    Float(ShapeId),
    /// A boolean.
    Boolean(ShapeId),
    /// A timestamp.
    Timestamp(ShapeId),
    /// Bytes.
    Blob(ShapeId),
    /// A list, by its index.
    List(usize),
    /// A map, by its index. Only JSON has them, since the entries of XML have several forms.
    Map(usize),
    /// A structure, by its index.
    Structure(usize),
    /// A value that is decoded and then written, by its index.
    Decoded(usize),
}

/// The plan of a list or map.
#[derive(Debug)]
struct CollectionPlan {
    shape: ShapeId,
    /// How an item or value is transcribed.
    item: ValuePlan,
}

/// The plan of a structure.
#[derive(Debug)]
pub(super) struct StructurePlan {
    pub(super) members: Vec<MemberPlan>,
    pub(super) is_union: bool,
    pub(super) shape: ShapeId,
    /// The index of its first follower.
    followers: usize,
}

/// The plan of a member.
#[derive(Debug)]
pub(super) struct MemberPlan {
    /// The name as it is in a response: in XML with the `>` of its tags, in JSON with its quotes and colon. Empty if
    /// the member is not in the body.
    pub(super) tag: Box<[u8]>,
    /// The name in a file: in quotes, with a colon and a blank.
    pub(super) key: Box<[u8]>,
    pub(super) value: ValuePlan,
}

impl ListPlan {
    /// Makes the plan of the list `name`, a member by botocore's name; `None` if the response has no such list.
    pub(super) fn new(service: &Service, operation: &Operation, name: &str) -> Option<Self> {
        let (_, member) = service.output(operation)?.member(name)?;
        let ShapeKind::List(list) = service.kind(member.reference.shape) else { return None };
        let mut plan = Self {
            member: name.into(),
            wire_name: member.wire_name().into(),
            item: ValuePlan::Text(list.member.shape),
            structures: Vec::new(),
            collections: Vec::new(),
            decoded: Vec::new(),
            followers: Vec::new(),
        };
        let is_json = matches!(service.protocol, Protocol::Json { .. } | Protocol::RestJson);
        plan.item = Planner { service, is_json, known: HashMap::new() }.value(&list.member, &mut plan);
        Some(plan)
    }

    /// Returns whether it is the plan of the list `name`.
    pub(super) fn is_of(&self, name: &str) -> bool {
        *self.member == *name
    }

    pub(super) fn structure(&self, index: usize) -> &StructurePlan {
        &self.structures[index]
    }

    /// Returns the plan of the items of a list, or of the values of a map.
    pub(super) fn item_of(&self, index: usize) -> ValuePlan {
        self.collections[index].item
    }

    /// Returns the shape of a value.
    pub(super) fn shape_of(&self, value: ValuePlan) -> ShapeId {
        match value {
            ValuePlan::Text(shape)
            | ValuePlan::Integer(shape)
            | ValuePlan::Float(shape)
            | ValuePlan::Boolean(shape)
            | ValuePlan::Timestamp(shape)
            | ValuePlan::Blob(shape) => shape,
            ValuePlan::List(index) | ValuePlan::Map(index) => self.collections[index].shape,
            ValuePlan::Structure(index) => self.structures[index].shape,
            ValuePlan::Decoded(index) => self.decoded[index].shape,
        }
    }

    pub(super) fn decoded(&self, index: usize) -> &ShapeReference {
        &self.decoded[index]
    }

    /// Returns what is expected before the first item is read.
    pub(super) fn expectations(&self) -> Expectations {
        Expectations(self.followers.clone())
    }
}

/// The member that is expected at each place of each structure of a list. The items of a list have their members in
/// the same order, which is often not that of the model: the member that followed another one in the last item is
/// expected in the next.
pub(super) struct Expectations(Vec<u16>);

impl Expectations {
    /// Returns the index of the member that is expected at a place: after the member whose index is one less, or
    /// first.
    pub(super) fn at(&self, structure: &StructurePlan, place: usize) -> usize {
        usize::from(self.0[structure.followers + place])
    }

    /// Records the member that was at a place.
    pub(super) fn found(&mut self, structure: &StructurePlan, place: usize, index: usize) {
        // Followers are only made for structures whose indices fit.
        self.0[structure.followers + place] = u16::try_from(index).unwrap_or_default();
    }
}

impl StructurePlan {
    /// Returns the index of the member with this name in a response.
    pub(super) fn index_of(&self, service: &Service, name: &str) -> Option<usize> {
        service.structure(self.shape)?.index_by_wire_name(name)
    }
}

/// Makes a plan, with the shapes that already have one.
struct Planner<'model> {
    service: &'model Service,
    is_json: bool,
    known: HashMap<ShapeId, ValuePlan>,
}

impl<'model> Planner<'model> {
    fn value(&mut self, reference: &'model ShapeReference, plan: &mut ListPlan) -> ValuePlan {
        let shape = reference.shape;
        match self.service.kind(shape) {
            ShapeKind::String => ValuePlan::Text(shape),
            ShapeKind::Integer { .. } | ShapeKind::Long { .. } => ValuePlan::Integer(shape),
            ShapeKind::Float | ShapeKind::Double => ValuePlan::Float(shape),
            ShapeKind::Boolean => ValuePlan::Boolean(shape),
            ShapeKind::Timestamp => ValuePlan::Timestamp(shape),
            ShapeKind::Blob => ValuePlan::Blob(shape),
            ShapeKind::List(list) if self.is_json || !reference.flattened => {
                self.collection(shape, &list.member, ValuePlan::List, plan)
            }
            ShapeKind::Map(map) if self.is_json => self.collection(shape, &map.value, ValuePlan::Map, plan),
            ShapeKind::Structure(structure) if self.can_be_transcribed(structure) => {
                self.structure(shape, structure, plan)
            }
            ShapeKind::List(_) | ShapeKind::Map(_) | ShapeKind::Structure(_) | ShapeKind::Document => {
                plan.decoded.push(reference.clone());
                ValuePlan::Decoded(plan.decoded.len() - 1)
            }
        }
    }

    fn collection(
        &mut self,
        shape: ShapeId,
        item: &'model ShapeReference,
        plan_of: impl FnOnce(usize) -> ValuePlan,
        plan: &mut ListPlan,
    ) -> ValuePlan {
        if let Some(known) = self.known.get(&shape) {
            return *known;
        }
        let index = plan.collections.len();
        let own_plan = plan_of(index);
        // Before its items are planned, which may contain the collection itself.
        self.known.insert(shape, own_plan);
        plan.collections.push(CollectionPlan { shape, item: ValuePlan::Text(item.shape) });
        plan.collections[index].item = self.value(item, plan);
        own_plan
    }

    fn structure(&mut self, shape: ShapeId, structure: &'model Structure, plan: &mut ListPlan) -> ValuePlan {
        if let Some(known) = self.known.get(&shape) {
            return *known;
        }
        let index = plan.structures.len();
        let own_plan = ValuePlan::Structure(index);
        self.known.insert(shape, own_plan);
        let followers = plan.followers.len();
        plan.followers.extend((0..).take(structure.members.len() + 1));
        let is_union = structure.union;
        plan.structures.push(StructurePlan { members: Vec::new(), is_union, shape, followers });
        let members = structure.members.iter().map(|member| self.member(member, plan)).collect::<Vec<_>>();
        plan.structures[index].members = members;
        own_plan
    }

    /// Returns whether a structure can be transcribed directly. In JSON every member is contiguous.
    fn can_be_transcribed(&self, structure: &Structure) -> bool {
        is_plain(self.service, structure) || self.is_json && has_indices(structure)
    }

    fn member(&mut self, member: &'model Member, plan: &mut ListPlan) -> MemberPlan {
        let is_in_body = member.location == Location::Body;
        let tag = match member.wire_name() {
            "" => String::new(),
            _ if !is_in_body => String::new(),
            name if self.is_json => format!("{}:", Value::from(name)),
            name => format!("{name}>"),
        };
        let key = format!("{}: ", Value::from(&*member.name));
        let value = self.value(&member.reference, plan);
        MemberPlan { tag: tag.into_bytes().into(), key: key.into_bytes().into(), value }
    }
}

/// Returns whether each member of a structure is contiguous in a response, so that the structure can be transcribed
/// directly.
pub(super) fn is_plain(service: &Service, structure: &Structure) -> bool {
    let is_contiguous = |member: &Member| {
        let is_flattened = match service.kind(member.reference.shape) {
            ShapeKind::List(_) | ShapeKind::Map(_) => member.reference.flattened,
            _ => false,
        };
        !is_flattened && !member.reference.xml_attribute
    };
    !structure.union && has_indices(structure) && structure.members.iter().all(is_contiguous)
}

/// Returns whether the indices of all members have the type that followers have.
fn has_indices(structure: &Structure) -> bool {
    structure.members.len() < usize::from(u16::MAX)
}

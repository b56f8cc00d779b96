//! Masks of the values that the models mark as sensitive, made from the shapes of a response.

use std::collections::HashMap;

use super::curated::{self, MemberVerdict, pair_of};
use super::mask::{Mask, MaskNode, MaskTreatment, is_called_as_id};
use super::names::{self, NameMeaning};
use super::secret_names::plain;
use crate::model::catalog::{Function, Member, Service, ShapeId, ShapeKind};

/// Returns the mask of the values that the model marks as sensitive and that the reviewed table lists; `None` if
/// the function's responses have neither.
pub(super) fn of_model(function: &Function) -> Option<Mask> {
    let service = function.service();
    let output = function.operation().output.as_ref()?;
    let mut builder = Builder { service, ids: HashMap::new(), nodes: Vec::new(), sounding: Vec::new() };
    let root = builder.shape(output.shape, false);
    let Builder { nodes, sounding, .. } = builder;
    Mask::of_nodes(nodes, root, sounding)
}

/// Visits each shape of a response once; a recursive shape refers to its own node.
struct Builder<'model> {
    service: &'model Service,
    /// The node of a shape, and separately of the same shape where a review keeps values that the model marks in
    /// it.
    ids: HashMap<(ShapeId, bool), usize>,
    nodes: Vec<MaskNode>,
    sounding: Vec<Box<str>>,
}

impl Builder<'_> {
    /// Visits a shape; if it is kept, values that the model marks as sensitive directly in it are kept, too.
    fn shape(&mut self, id: ShapeId, is_kept: bool) -> MaskTreatment {
        if let Some(node) = self.ids.get(&(id, is_kept)) {
            return MaskTreatment::Inside(*node);
        }
        let service = self.service;
        let index = self.nodes.len();
        let mut node = MaskNode::default();
        match service.kind(id) {
            ShapeKind::Structure(structure) => {
                self.reserve(id, is_kept, index);
                node.members = structure
                    .members
                    .iter()
                    .map(|member| (member.name.clone(), self.member(member)))
                    .collect();
                node.pair = pair_of(service, structure);
            }
            ShapeKind::List(list) => {
                self.reserve(id, is_kept, index);
                node.inner = self.value(list.member.shape, is_kept);
            }
            // In a map of free texts, only the names of its entries distinguish them.
            ShapeKind::Map(map) if is_text(service, map.value.shape, is_kept) => {
                return MaskTreatment::Entries;
            }
            ShapeKind::Map(map) => {
                self.reserve(id, is_kept, index);
                node.is_map = true;
                node.inner = self.value(map.value.shape, is_kept);
            }
            ShapeKind::Document => return MaskTreatment::Document,
            _ => return MaskTreatment::Keep,
        }
        self.nodes[index] = node;
        MaskTreatment::Inside(index)
    }

    fn reserve(&mut self, id: ShapeId, is_kept: bool, index: usize) {
        self.ids.insert((id, is_kept), index);
        self.nodes.push(MaskNode::default());
    }

    /// Visits an item or an entry.
    fn value(&mut self, id: ShapeId, is_kept: bool) -> MaskTreatment {
        let is_sensitive = self.service.shapes[id].sensitive;
        if is_sensitive && !is_kept { MaskTreatment::Redact } else { self.shape(id, is_kept) }
    }

    fn member(&mut self, member: &Member) -> MaskTreatment {
        let shape = member.reference.shape;
        match curated::verdict(self.service, member) {
            MemberVerdict::Goes(treatment) => treatment,
            MemberVerdict::Kept => self.shape(shape, true),
            MemberVerdict::Unmarked if is_decoded(self.service, member) => MaskTreatment::Document,
            MemberVerdict::Unmarked
                if curated::is_marked(self.service, shape) && distinguishes(self.service, member) =>
            {
                MaskTreatment::Pseudonym
            }
            MemberVerdict::Unmarked => {
                let treatment = self.value(shape, false);
                let meaning = names::meaning(&member.name);
                if treatment != MaskTreatment::Redact
                    && meaning.is_some_and(|meaning| meaning != NameMeaning::Key)
                {
                    self.sounding.push(member.name.clone());
                }
                treatment
            }
        }
    }
}

/// Returns whether a member contains identifying texts, and no secret.
fn distinguishes(service: &Service, member: &Member) -> bool {
    let name = plain(&member.name);
    is_called_as_id(&name)
        && is_text(service, member.reference.shape, true)
        && !names::is_secret(&member.name)
}

/// Returns whether the client parses the text of this member into a document, as boto3 does.
fn is_decoded(service: &Service, member: &Member) -> bool {
    let is_text = matches!(service.kind(member.reference.shape), ShapeKind::String);
    is_text && (member.reference.json_value || *member.name == *"TemplateBody")
}

/// Returns whether values of a shape are texts, or lists of texts, that the model does not mark.
fn is_text(service: &Service, id: ShapeId, is_kept: bool) -> bool {
    let shape = &service.shapes[id];
    (is_kept || !shape.sensitive)
        && match &shape.kind {
            ShapeKind::String => true,
            ShapeKind::List(list) => is_text(service, list.member.shape, is_kept),
            _ => false,
        }
}

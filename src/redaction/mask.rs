//! Masks: the shortest ways from the top of an answer to the values that have to go.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::REDACTED;
use super::answer_path::Step;
use super::document::{self, Outcome, redact_entry, redact_environment, redact_variables};
use super::looks::plain;
use super::names::{self, Meaning};
use super::pairs::{Holds, Pair};
use super::pseudonym::Pseudonyms;
use super::reviewed::{self, Verdict};
use super::values::is_date;
use crate::catalog::{Function, Member, Service, ShapeId, ShapeKind, Structure};

/// What becomes of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It stays.
    #[default]
    Keep,
    /// Every scalar in it is replaced, and the names of entries stay.
    Redact,
    /// It tells things apart: something else that does so stands for it.
    Pseudonym,
    /// Of its entries, those are redacted whose names are those of secrets.
    Entries,
    /// The values of an environment are redacted: entries, pairs, `NAME=value`.
    Variables,
    /// The values of `NAME=value` are redacted in it.
    Assignments,
    /// No model knows its entries: their own names say which are redacted.
    Document,
    /// Some of what is in it is treated; the node says what.
    Inside(usize),
}

/// What is treated in an object or a list.
#[derive(Clone, Debug, Default)]
struct Node {
    /// In the members or entries with these names.
    members: Vec<(Box<str>, Treatment)>,
    /// In every item, or in every entry.
    inner: Treatment,
    /// The names of entries are no names of members: they say what their values are.
    is_map: bool,
    /// One of its members names what another one holds.
    pair: Option<Pair>,
}

/// The ways to the values of one function's answers that have to go.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    nodes: Vec<Node>,
    root: Treatment,
    /// Whether a node leads to values that go whatever they are called.
    certain: Vec<bool>,
    /// Members that only sound like secrets, in the model's writing.
    sounding: Vec<Box<str>>,
}

/// The mask of what the model marks as sensitive and what the reviewed table names; `None` when
/// there is nothing of either in the function's answers.
pub(super) fn of_model(function: &Function) -> Option<Mask> {
    let service = function.service();
    let output = function.operation().output.as_ref()?;
    let mut builder = Builder { service, ids: HashMap::new(), nodes: Vec::new(), sounding: Vec::new() };
    let root = builder.shape(output.shape, false);
    let Builder { nodes, sounding, .. } = builder;
    Mask { nodes, root, certain: Vec::new(), sounding }.pruned()
}

impl Mask {
    /// The mask of a single way.
    pub(super) fn of_steps(steps: &[Step], treatment: Treatment) -> Self {
        let mut nodes = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let next = if index + 1 < steps.len() { Treatment::Inside(index + 1) } else { treatment };
            nodes.push(match step {
                Step::Member(name) => Node { members: vec![(name.as_str().into(), next)], ..Node::default() },
                Step::Each => Node { inner: next, ..Node::default() },
            });
        }
        let root = if steps.is_empty() { treatment } else { Treatment::Inside(0) };
        let certain = vec![true; nodes.len()];
        Self { nodes, root, certain, sounding: Vec::new() }
    }

    /// Redacts an answer, and tells how many values that were.
    pub(super) fn apply(&self, members: &mut Map<String, Value>, pseudonyms: Pseudonyms<'_>) -> u64 {
        match self.root {
            Treatment::Inside(node) => self.in_object(&self.nodes[node], members, pseudonyms),
            treatment => members.values_mut().map(|value| self.treat(treatment, value, pseudonyms)).sum(),
        }
    }

    /// Whether something in this member of the answer is treated whatever the member itself has for text.
    pub(super) fn leads_into(&self, member: &str) -> bool {
        match self.root {
            Treatment::Inside(node) => {
                let node = &self.nodes[node];
                let mut members = node.members.iter().filter(|(name, _)| **name == *member);
                // What stands beside the list says what is in it.
                let is_of_pair =
                    node.pair.as_ref().is_some_and(|pair| pair.values.iter().any(|name| **name == *member));
                is_of_pair
                    || self.is_certain(node.inner)
                    || members.any(|(_, treatment)| self.is_certain(*treatment))
            }
            treatment => self.is_certain(treatment),
        }
    }

    /// Whether there are maps in the answer whose entries may have any name.
    pub(super) fn has_maps(&self) -> bool {
        self.nodes.iter().any(|node| {
            node.is_map
                || [Treatment::Entries, Treatment::Document].iter().any(|treatment| {
                    node.inner == *treatment || node.members.iter().any(|(_, other)| other == treatment)
                })
        })
    }

    /// The members that only sound like secrets.
    pub(super) fn sounding(&self) -> &[Box<str>] {
        &self.sounding
    }

    fn is_certain(&self, treatment: Treatment) -> bool {
        match treatment {
            Treatment::Keep | Treatment::Entries | Treatment::Document => false,
            Treatment::Redact | Treatment::Pseudonym | Treatment::Variables | Treatment::Assignments => true,
            Treatment::Inside(node) => self.certain[node],
        }
    }

    fn treat(&self, treatment: Treatment, value: &mut Value, pseudonyms: Pseudonyms<'_>) -> u64 {
        match treatment {
            Treatment::Keep => 0,
            Treatment::Redact => redact(value, pseudonyms),
            Treatment::Pseudonym => pseudonyms.replace(value),
            Treatment::Entries => entries(value),
            Treatment::Variables => redact_variables(value),
            Treatment::Assignments => redact_environment(value),
            Treatment::Document => document(value),
            Treatment::Inside(node) => self.inside(&self.nodes[node], value, pseudonyms),
        }
    }

    fn inside(&self, node: &Node, value: &mut Value, pseudonyms: Pseudonyms<'_>) -> u64 {
        match value {
            Value::Object(members) => self.in_object(node, members, pseudonyms),
            Value::Array(items) => {
                items.iter_mut().map(|item| self.treat(node.inner, item, pseudonyms)).sum()
            }
            // One thing where the model says list is kept as it came, and is no less sensitive.
            scalar if node.inner == Treatment::Redact => redact(scalar, pseudonyms),
            _ => 0,
        }
    }

    fn in_object(&self, node: &Node, members: &mut Map<String, Value>, pseudonyms: Pseudonyms<'_>) -> u64 {
        let mut count = node.pair.as_ref().map_or(0, |pair| pair.redact(members));
        if node.is_map {
            count += members.iter_mut().map(|(name, value)| entry(name, value)).sum::<u64>();
        }
        for (name, treatment) in &node.members {
            if let Some(value) = members.get_mut(&**name) {
                count += self.treat(*treatment, value, pseudonyms);
            }
        }
        if node.inner != Treatment::Keep {
            count += members.values_mut().map(|value| self.treat(node.inner, value, pseudonyms)).sum::<u64>();
        }
        count
    }

    /// The mask without the ways that lead to nothing.
    fn pruned(mut self) -> Option<Self> {
        let matters =
            self.reached(|node| node.is_map || node.pair.is_some(), |treatment| treatment != Treatment::Keep);
        self.certain = self.reached(|_| false, |treatment| self.is_certain(treatment));
        for node in &mut self.nodes {
            node.members.retain(|(_, treatment)| leads(*treatment, &matters));
            if !leads(node.inner, &matters) {
                node.inner = Treatment::Keep;
            }
        }
        leads(self.root, &matters).then_some(self)
    }

    /// Which nodes lead to a node or a treatment that counts.
    fn reached(&self, node_counts: impl Fn(&Node) -> bool, counts: impl Fn(Treatment) -> bool) -> Vec<bool> {
        let mut reached: Vec<bool> = self.nodes.iter().map(node_counts).collect();
        // Recursive shapes make circles, so that one pass is not always enough.
        loop {
            let mut changed = false;
            for (index, node) in self.nodes.iter().enumerate() {
                let ways = node.members.iter().map(|(_, treatment)| *treatment).chain([node.inner]);
                let leads = |treatment| match treatment {
                    Treatment::Inside(node) => reached[node],
                    treatment => counts(treatment),
                };
                if !reached[index] && ways.into_iter().any(leads) {
                    reached[index] = true;
                    changed = true;
                }
            }
            if !changed {
                return reached;
            }
        }
    }
}

fn leads(treatment: Treatment, reached: &[bool]) -> bool {
    match treatment {
        Treatment::Inside(node) => reached[node],
        treatment => treatment != Treatment::Keep,
    }
}

/// Looks at each shape of an answer once; a recursive shape meets its own node.
struct Builder<'model> {
    service: &'model Service,
    /// The node of a shape, and of the same where a review keeps what the model marks in it.
    ids: HashMap<(ShapeId, bool), usize>,
    nodes: Vec<Node>,
    sounding: Vec<Box<str>>,
}

impl Builder<'_> {
    /// A shape; of one that is kept, what the model marks as sensitive in it directly is kept, too.
    fn shape(&mut self, id: ShapeId, is_kept: bool) -> Treatment {
        if let Some(node) = self.ids.get(&(id, is_kept)) {
            return Treatment::Inside(*node);
        }
        let service = self.service;
        let index = self.nodes.len();
        let mut node = Node::default();
        match service.kind(id) {
            ShapeKind::Structure(structure) => {
                self.begin(id, is_kept, index);
                node.members = structure
                    .members
                    .iter()
                    .map(|member| (member.name.clone(), self.member(member)))
                    .collect();
                node.pair = pair_of(service, structure);
            }
            ShapeKind::List(list) => {
                self.begin(id, is_kept, index);
                node.inner = self.value(list.member.shape, is_kept);
            }
            // What a map of free texts holds, only the names of its entries say.
            ShapeKind::Map(map) if is_text(service, map.value.shape, is_kept) => return Treatment::Entries,
            ShapeKind::Map(map) => {
                self.begin(id, is_kept, index);
                node.is_map = true;
                node.inner = self.value(map.value.shape, is_kept);
            }
            ShapeKind::Document => return Treatment::Document,
            _ => return Treatment::Keep,
        }
        self.nodes[index] = node;
        Treatment::Inside(index)
    }

    fn begin(&mut self, id: ShapeId, is_kept: bool, index: usize) {
        self.ids.insert((id, is_kept), index);
        self.nodes.push(Node::default());
    }

    /// An item or an entry.
    fn value(&mut self, id: ShapeId, is_kept: bool) -> Treatment {
        let is_sensitive = self.service.shapes[id.0 as usize].sensitive;
        if is_sensitive && !is_kept { Treatment::Redact } else { self.shape(id, is_kept) }
    }

    fn member(&mut self, member: &Member) -> Treatment {
        let shape = member.reference.shape;
        match reviewed::verdict(self.service, member) {
            Verdict::Goes(treatment) => treatment,
            Verdict::Kept => self.shape(shape, true),
            Verdict::Unmarked if is_decoded(self.service, member) => Treatment::Document,
            Verdict::Unmarked
                if reviewed::is_marked(self.service, shape) && tells_apart(self.service, member) =>
            {
                Treatment::Pseudonym
            }
            Verdict::Unmarked => {
                let treatment = self.value(shape, false);
                let says = names::meaning(&member.name);
                if treatment != Treatment::Redact && says.is_some_and(|meaning| meaning != Meaning::Key) {
                    self.sounding.push(member.name.clone());
                }
                treatment
            }
        }
    }
}

/// Whether a member has the texts by which things are told apart, and no secret.
fn tells_apart(service: &Service, member: &Member) -> bool {
    let name = plain(&member.name);
    is_called_as_id(&name)
        && is_text(service, member.reference.shape, true)
        && !names::is_secret(&member.name)
}

/// Whether a plain name is one of ids and names.
fn is_called_as_id(name: &str) -> bool {
    ["id", "ids", "identifier", "name", "names", "arn"].iter().any(|ending| name.ends_with(ending))
}

/// Whether the client makes a document of the text that the model has here, as boto3 does.
fn is_decoded(service: &Service, member: &Member) -> bool {
    let is_text = matches!(service.kind(member.reference.shape), ShapeKind::String);
    is_text && (member.reference.json_value || *member.name == *"TemplateBody")
}

/// The pair that a structure is, unless a review says that it is none.
pub(super) fn pair_of(service: &Service, structure: &Structure) -> Option<Pair> {
    let holds = |shape| match service.kind(shape) {
        ShapeKind::String => Holds::Text,
        ShapeKind::Boolean => Holds::Flag,
        ShapeKind::Integer { .. }
        | ShapeKind::Long { .. }
        | ShapeKind::Float
        | ShapeKind::Double
        | ShapeKind::Timestamp => Holds::Number,
        _ => Holds::More,
    };
    let members =
        structure.members.iter().filter(|member| !reviewed::is_no_value(&service.name, &member.name));
    Pair::of(members.map(|member| (&*member.name, holds(member.reference.shape))))
}

/// Whether values of a shape are texts, or lists of texts, that the model does not mark.
fn is_text(service: &Service, id: ShapeId, is_kept: bool) -> bool {
    let shape = &service.shapes[id.0 as usize];
    (is_kept || !shape.sensitive)
        && match &shape.kind {
            ShapeKind::String => true,
            ShapeKind::List(list) => is_text(service, list.member.shape, is_kept),
            _ => false,
        }
}

/// Replaces every scalar in a value. The names of a map's entries and of name-value pairs stay: which variables
/// there are is inventory. Of objects, what tells them apart stays distinguishable, and tags, ARNs and times
/// stay.
fn redact(value: &mut Value, pseudonyms: Pseudonyms<'_>) -> u64 {
    match value {
        Value::Null => 0,
        Value::Array(items) => items.iter_mut().map(|item| redact(item, pseudonyms)).sum(),
        Value::Object(members) => {
            let pair = Pair::of_object(members);
            let is_name = |name: &str| {
                pair.as_ref().is_some_and(|pair| pair.names.iter().any(|its| **its == *name))
                    || ABOUT_PAIRS.contains(&name)
            };
            let others = members.iter_mut().filter(|(name, _)| !is_name(name));
            others.map(|(name, value)| redact_member(name, value, pseudonyms)).sum()
        }
        Value::String(text) if text.starts_with("[redacted") => 0,
        scalar => {
            *scalar = Value::from(REDACTED);
            1
        }
    }
}

/// Redacts a member of an object that goes as a whole.
fn redact_member(name: &str, value: &mut Value, pseudonyms: Pseudonyms<'_>) -> u64 {
    let plain = plain(name);
    match value {
        Value::String(text) if plain.ends_with("arn") && text.starts_with("arn:") => 0,
        Value::String(text) if ["at", "time"].iter().any(|end| plain.ends_with(end)) && is_date(text) => 0,
        Value::String(_) if is_called_as_id(&plain) && !names::is_secret(name) => pseudonyms.replace(value),
        Value::Object(_) | Value::Array(_) if plain.ends_with("tags") => document(value),
        value => redact(value, pseudonyms),
    }
}

/// What else says of such a pair where it belongs, and nothing of its value.
const ABOUT_PAIRS: [&str; 4] = ["Namespace", "ResourceName", "Type", "type"];

/// Redacts the entries of a map whose names are those of secrets.
fn entries(value: &mut Value) -> u64 {
    match value {
        Value::Object(members) => members.iter_mut().map(|(name, value)| entry(name, value)).sum(),
        Value::Array(items) => items.iter_mut().map(entries).sum(),
        _ => 0,
    }
}

fn entry(name: &str, value: &mut Value) -> u64 {
    names::meaning(name).map_or(0, |meaning| redact_entry(meaning, value))
}

/// Redacts a document by the names of its entries; what is in its texts is looked for with all others.
fn document(value: &mut Value) -> u64 {
    let mut outcome = Outcome::default();
    document::clean(value, None, &mut outcome);
    outcome.kinds.iter().map(|(_, count)| count).sum()
}

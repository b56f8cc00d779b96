//! Masks: the shortest ways from the top of an answer to the values that have to go.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::REDACTED;
use super::answer_path::Step;
use super::looks::looks_like_a_secret;
use super::reviewed;
use crate::catalog::{Function, Member, Service, ShapeId, ShapeKind};

/// What becomes of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It stays.
    #[default]
    Keep,
    /// Every scalar in it is replaced, and the names of entries stay.
    Redact,
    /// Of its entries, those are redacted whose names look like secrets.
    Entries,
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
}

/// The ways to the values of one function's answers that have to go.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    nodes: Vec<Node>,
    root: Treatment,
}

/// The mask of what the model marks as sensitive and what the reviewed table names; `None` when
/// there is nothing of either in the function's answers.
pub(super) fn of_model(function: &Function) -> Option<Mask> {
    let service = function.service();
    let output = function.operation().output.as_ref()?;
    let mut builder = Builder { service, ids: HashMap::new(), nodes: Vec::new() };
    let root = builder.shape(output.shape);
    Mask { nodes: builder.nodes, root }.pruned()
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
        Self { nodes, root }
    }

    /// Redacts an answer, and tells how many values that were.
    pub(super) fn apply(&self, members: &mut Map<String, Value>) -> u64 {
        match self.root {
            Treatment::Inside(node) => self.in_object(&self.nodes[node], members),
            Treatment::Keep => 0,
            Treatment::Redact => members.values_mut().map(redact).sum(),
            Treatment::Entries => members.iter_mut().map(|(name, value)| entry(name, value)).sum(),
        }
    }

    /// Whether something in this member of the answer is treated.
    pub(super) fn leads_into(&self, member: &str) -> bool {
        match self.root {
            Treatment::Keep => false,
            Treatment::Redact | Treatment::Entries => true,
            Treatment::Inside(node) => {
                let node = &self.nodes[node];
                node.inner != Treatment::Keep || node.members.iter().any(|(name, _)| **name == *member)
            }
        }
    }

    fn treat(&self, treatment: Treatment, value: &mut Value) -> u64 {
        match treatment {
            Treatment::Keep => 0,
            Treatment::Redact => redact(value),
            Treatment::Entries => entries(value),
            Treatment::Inside(node) => self.inside(&self.nodes[node], value),
        }
    }

    fn inside(&self, node: &Node, value: &mut Value) -> u64 {
        match value {
            Value::Object(members) => self.in_object(node, members),
            Value::Array(items) => items.iter_mut().map(|item| self.treat(node.inner, item)).sum(),
            // One thing where the model says list is kept as it came, and is no less sensitive.
            scalar if node.inner == Treatment::Redact => redact(scalar),
            _ => 0,
        }
    }

    fn in_object(&self, node: &Node, members: &mut Map<String, Value>) -> u64 {
        let mut count = 0;
        for (name, treatment) in &node.members {
            if let Some(value) = members.get_mut(&**name) {
                count += self.treat(*treatment, value);
            }
        }
        if node.inner != Treatment::Keep {
            count += members.values_mut().map(|value| self.treat(node.inner, value)).sum::<u64>();
        }
        count
    }

    /// The mask without the ways that lead to nothing.
    fn pruned(mut self) -> Option<Self> {
        let mut leads = vec![false; self.nodes.len()];
        let matters = |treatment: Treatment, leads: &[bool]| match treatment {
            Treatment::Keep => false,
            Treatment::Redact | Treatment::Entries => true,
            Treatment::Inside(node) => leads[node],
        };
        // Recursive shapes make circles, so that one pass is not always enough.
        loop {
            let mut changed = false;
            for index in 0..self.nodes.len() {
                let node = &self.nodes[index];
                let mut treatments = node.members.iter().map(|(_, treatment)| *treatment);
                let found = matters(node.inner, &leads) || treatments.any(|way| matters(way, &leads));
                if found && !leads[index] {
                    leads[index] = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        for node in &mut self.nodes {
            node.members.retain(|(_, treatment)| matters(*treatment, &leads));
            if !matters(node.inner, &leads) {
                node.inner = Treatment::Keep;
            }
        }
        matters(self.root, &leads).then_some(self)
    }
}

/// Looks at each shape of an answer once; a recursive shape meets its own node.
struct Builder<'model> {
    service: &'model Service,
    ids: HashMap<ShapeId, usize>,
    nodes: Vec<Node>,
}

impl Builder<'_> {
    fn shape(&mut self, id: ShapeId) -> Treatment {
        if let Some(node) = self.ids.get(&id) {
            return Treatment::Inside(*node);
        }
        let service = self.service;
        let index = self.nodes.len();
        let mut node = Node::default();
        match service.kind(id) {
            ShapeKind::Structure(structure) => {
                self.begin(id, index);
                node.members = structure
                    .members
                    .iter()
                    .map(|member| (member.name.clone(), self.member(member)))
                    .collect();
            }
            ShapeKind::List(list) => {
                self.begin(id, index);
                node.inner = self.value(list.member.shape);
            }
            // What a map of free texts holds, only the names of its entries say.
            ShapeKind::Map(map) if is_text(service, map.value.shape) => return Treatment::Entries,
            ShapeKind::Map(map) => {
                self.begin(id, index);
                node.inner = self.value(map.value.shape);
            }
            _ => return Treatment::Keep,
        }
        self.nodes[index] = node;
        Treatment::Inside(index)
    }

    fn begin(&mut self, id: ShapeId, index: usize) {
        self.ids.insert(id, index);
        self.nodes.push(Node::default());
    }

    /// An item or an entry.
    fn value(&mut self, id: ShapeId) -> Treatment {
        if self.service.shapes[id.0 as usize].sensitive { Treatment::Redact } else { self.shape(id) }
    }

    fn member(&mut self, member: &Member) -> Treatment {
        match reviewed::verdict(self.service, member) {
            Some(treatment) => treatment,
            None => self.value(member.reference.shape),
        }
    }
}

/// Whether values of a shape are texts, or lists of texts, that the model does not mark.
fn is_text(service: &Service, id: ShapeId) -> bool {
    let shape = &service.shapes[id.0 as usize];
    !shape.sensitive
        && match &shape.kind {
            ShapeKind::String => true,
            ShapeKind::List(list) => is_text(service, list.member.shape),
            _ => false,
        }
}

/// What a list of names and values calls the two, as environments of containers and tags do.
const NAMES: [&str; 6] = ["Name", "name", "Key", "key", "OptionName", "ParameterKey"];
const VALUES: [&str; 2] = ["Value", "value"];
/// What else says of such a pair where it belongs, and nothing of its value.
const ABOUT_PAIRS: [&str; 4] = ["Namespace", "ResourceName", "Type", "type"];

/// Replaces every scalar in a value. The names of a map's entries and of name-value pairs stay:
/// which variables there are is inventory.
fn redact(value: &mut Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Array(items) => items.iter_mut().map(redact).sum(),
        Value::Object(members) => {
            let is_pair = name_of(members).is_some();
            let goes = |name: &str| !(is_pair && (NAMES.contains(&name) || ABOUT_PAIRS.contains(&name)));
            members.iter_mut().filter(|(name, _)| goes(name)).map(|(_, value)| redact(value)).sum()
        }
        Value::String(text) if text == REDACTED => 0,
        scalar => {
            *scalar = Value::from(REDACTED);
            1
        }
    }
}

/// The name in a name-value pair.
fn name_of(members: &Map<String, Value>) -> Option<&str> {
    VALUES.iter().find(|name| members.contains_key(**name))?;
    NAMES.iter().find_map(|name| members.get(*name)?.as_str())
}

/// Redacts the entries of a map, or of a list of pairs, whose names look like secrets.
fn entries(value: &mut Value) -> u64 {
    match value {
        Value::Object(members) => members.iter_mut().map(|(name, value)| entry(name, value)).sum(),
        Value::Array(items) => items.iter_mut().map(pair).sum(),
        _ => 0,
    }
}

fn entry(name: &str, value: &mut Value) -> u64 {
    if looks_like_a_secret(name) { redact(value) } else { 0 }
}

/// Elastic Beanstalk keeps the variables of an environment among all its other options, in a
/// namespace of their own (docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html).
fn pair(item: &mut Value) -> u64 {
    let Value::Object(members) = item else { return 0 };
    let is_variable = members
        .get("Namespace")
        .and_then(Value::as_str)
        .is_some_and(|namespace| namespace == "aws:elasticbeanstalk:application:environment");
    if is_variable || name_of(members).is_some_and(looks_like_a_secret) { redact(item) } else { 0 }
}

//! Masks: the shortest ways from the top of an answer to the values that have to go.

use serde_json::{Map, Value};

use super::pseudonym::Pseudonyms;
use super::secret_names::plain;
use super::steps::ValueStep;
use super::text::document::pairs::Pair;
use super::text::document::{self, FoundSecrets, redact_entry, redact_environment, redact_variables};
use super::values::is_date;
use super::{REDACTED, names};

/// What becomes of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum MaskTreatment {
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
pub(super) struct MaskNode {
    /// In the members or entries with these names.
    pub(super) members: Vec<(Box<str>, MaskTreatment)>,
    /// In every item, or in every entry.
    pub(super) inner: MaskTreatment,
    /// The names of entries are no names of members: they say what their values are.
    pub(super) is_map: bool,
    /// One of its members names what another one holds.
    pub(super) pair: Option<Pair>,
}

/// The ways to the values of one function's answers that have to go.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    nodes: Vec<MaskNode>,
    root: MaskTreatment,
    /// Whether a node leads to values that go whatever they are called.
    certain: Vec<bool>,
    /// Members that only sound like secrets, in the model's writing.
    sounding: Vec<Box<str>>,
}

impl Mask {
    /// The mask of a single way.
    pub(super) fn of_steps(steps: &[ValueStep], treatment: MaskTreatment) -> Self {
        let mut nodes = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let next = if index + 1 < steps.len() { MaskTreatment::Inside(index + 1) } else { treatment };
            nodes.push(match step {
                ValueStep::Member(name) => {
                    MaskNode { members: vec![(name.as_str().into(), next)], ..MaskNode::default() }
                }
                ValueStep::Each => MaskNode { inner: next, ..MaskNode::default() },
            });
        }
        let root = if steps.is_empty() { treatment } else { MaskTreatment::Inside(0) };
        let certain = vec![true; nodes.len()];
        Self { nodes, root, certain, sounding: Vec::new() }
    }

    /// Redacts an answer, and tells how many values that were.
    pub(super) fn apply(&self, members: &mut Map<String, Value>, pseudonyms: Pseudonyms<'_>) -> u64 {
        match self.root {
            MaskTreatment::Inside(node) => self.in_object(&self.nodes[node], members, pseudonyms),
            treatment => members.values_mut().map(|value| self.treat(treatment, value, pseudonyms)).sum(),
        }
    }

    /// Whether something in this member of the answer is treated whatever the member itself has for text.
    pub(super) fn leads_into(&self, member: &str) -> bool {
        match self.root {
            MaskTreatment::Inside(node) => {
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
                || [MaskTreatment::Entries, MaskTreatment::Document].iter().any(|treatment| {
                    node.inner == *treatment || node.members.iter().any(|(_, other)| other == treatment)
                })
        })
    }

    /// The members that only sound like secrets.
    pub(super) fn sounding(&self) -> &[Box<str>] {
        &self.sounding
    }

    fn is_certain(&self, treatment: MaskTreatment) -> bool {
        match treatment {
            MaskTreatment::Keep | MaskTreatment::Entries | MaskTreatment::Document => false,
            MaskTreatment::Redact
            | MaskTreatment::Pseudonym
            | MaskTreatment::Variables
            | MaskTreatment::Assignments => true,
            MaskTreatment::Inside(node) => self.certain[node],
        }
    }

    fn treat(&self, treatment: MaskTreatment, value: &mut Value, pseudonyms: Pseudonyms<'_>) -> u64 {
        match treatment {
            MaskTreatment::Keep => 0,
            MaskTreatment::Redact => redact(value, pseudonyms),
            MaskTreatment::Pseudonym => pseudonyms.replace(value),
            MaskTreatment::Entries => entries(value),
            MaskTreatment::Variables => redact_variables(value),
            MaskTreatment::Assignments => redact_environment(value),
            MaskTreatment::Document => document(value),
            MaskTreatment::Inside(node) => self.inside(&self.nodes[node], value, pseudonyms),
        }
    }

    fn inside(&self, node: &MaskNode, value: &mut Value, pseudonyms: Pseudonyms<'_>) -> u64 {
        match value {
            Value::Object(members) => self.in_object(node, members, pseudonyms),
            Value::Array(items) => {
                items.iter_mut().map(|item| self.treat(node.inner, item, pseudonyms)).sum()
            }
            // One thing where the model says list is kept as it came, and is no less sensitive.
            scalar if node.inner == MaskTreatment::Redact => redact(scalar, pseudonyms),
            _ => 0,
        }
    }

    fn in_object(
        &self,
        node: &MaskNode,
        members: &mut Map<String, Value>,
        pseudonyms: Pseudonyms<'_>,
    ) -> u64 {
        let mut count = node.pair.as_ref().map_or(0, |pair| pair.redact(members));
        if node.is_map {
            count += members.iter_mut().map(|(name, value)| entry(name, value)).sum::<u64>();
        }
        for (name, treatment) in &node.members {
            if let Some(value) = members.get_mut(&**name) {
                count += self.treat(*treatment, value, pseudonyms);
            }
        }
        if node.inner != MaskTreatment::Keep {
            count += members.values_mut().map(|value| self.treat(node.inner, value, pseudonyms)).sum::<u64>();
        }
        count
    }

    /// The mask that leads through these nodes from the root, without the ways that lead to nothing; `None` if all do.
    /// `sounding` are members that only sound like secrets.
    pub(super) fn of_nodes(
        nodes: Vec<MaskNode>,
        root: MaskTreatment,
        sounding: Vec<Box<str>>,
    ) -> Option<Self> {
        Self { nodes, root, certain: Vec::new(), sounding }.pruned()
    }

    fn pruned(mut self) -> Option<Self> {
        let matters = self
            .reached(|node| node.is_map || node.pair.is_some(), |treatment| treatment != MaskTreatment::Keep);
        self.certain = self.reached(|_| false, |treatment| self.is_certain(treatment));
        for node in &mut self.nodes {
            node.members.retain(|(_, treatment)| leads(*treatment, &matters));
            if !leads(node.inner, &matters) {
                node.inner = MaskTreatment::Keep;
            }
        }
        leads(self.root, &matters).then_some(self)
    }

    /// Which nodes lead to a node or a treatment that counts.
    fn reached(
        &self,
        node_counts: impl Fn(&MaskNode) -> bool,
        counts: impl Fn(MaskTreatment) -> bool,
    ) -> Vec<bool> {
        let mut reached: Vec<bool> = self.nodes.iter().map(node_counts).collect();
        // Recursive shapes make circles, so that one pass is not always enough.
        loop {
            let mut changed = false;
            for (index, node) in self.nodes.iter().enumerate() {
                let ways = node.members.iter().map(|(_, treatment)| *treatment).chain([node.inner]);
                let leads = |treatment| match treatment {
                    MaskTreatment::Inside(node) => reached[node],
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

fn leads(treatment: MaskTreatment, reached: &[bool]) -> bool {
    match treatment {
        MaskTreatment::Inside(node) => reached[node],
        treatment => treatment != MaskTreatment::Keep,
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

/// Whether a plain name is one of ids and names.
pub(super) fn is_called_as_id(name: &str) -> bool {
    ["id", "ids", "identifier", "name", "names", "arn"].iter().any(|ending| name.ends_with(ending))
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
    let mut outcome = FoundSecrets::default();
    document::clean(value, None, &mut outcome);
    outcome.kinds.iter().map(|(_, count)| count).sum()
}

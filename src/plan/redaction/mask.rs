//! Masks: the shortest paths from the top of a response to the values that are redacted.

use serde_json::{Map, Value};

use super::pseudonym::Pseudonyms;
use super::secret_names::plain;
use super::steps::ValueStep;
use super::text::document::pairs::Pair;
use super::text::document::{self, FoundSecrets, redact_entry, redact_environment, redact_variables};
use super::values::is_date;
use super::{REDACTED, names};

/// The treatment of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum MaskTreatment {
    /// The value is kept.
    #[default]
    Keep,
    /// Every scalar in it is replaced, and the names of entries are kept.
    Redact,
    /// The value is replaced with a pseudonym, because it identifies a resource.
    Pseudonym,
    /// Its entries with the names of secrets are redacted.
    Entries,
    /// The values of an environment are redacted: entries, pairs, `NAME=value`.
    Variables,
    /// The values of `NAME=value` are redacted in it.
    Assignments,
    /// No model defines its entries: their own names decide which are redacted.
    Document,
    /// Parts of it are treated; the node lists them.
    Inside(usize),
}

/// The treatments in an object or a list.
#[derive(Clone, Debug, Default)]
pub(super) struct MaskNode {
    /// The treatments of members or entries with these names.
    pub(super) members: Vec<(Box<str>, MaskTreatment)>,
    /// The treatment of every item or entry.
    pub(super) inner: MaskTreatment,
    /// Whether the names of entries are data and not members of the model, so that they describe their values.
    pub(super) is_map: bool,
    /// The pair of members of which one names the content of the other.
    pub(super) pair: Option<Pair>,
}

/// The paths to the values of one function's responses that are redacted.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    nodes: Vec<MaskNode>,
    root: MaskTreatment,
    /// Whether a node leads to values that are redacted whatever their names.
    certain: Vec<bool>,
    /// Members that only sound like secrets, in the model's spelling.
    sounding: Vec<Box<str>>,
}

impl Mask {
    /// Returns the mask of a single path.
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

    /// Redacts a response, and returns the number of redacted values.
    pub(super) fn apply(&self, members: &mut Map<String, Value>, pseudonyms: Pseudonyms<'_>) -> u64 {
        match self.root {
            MaskTreatment::Inside(node) => self.in_object(&self.nodes[node], members, pseudonyms),
            treatment => members.values_mut().map(|value| self.treat(treatment, value, pseudonyms)).sum(),
        }
    }

    /// Returns whether some value in this member of the response is treated independently of the member's text.
    pub(super) fn leads_into(&self, member: &str) -> bool {
        match self.root {
            MaskTreatment::Inside(node) => {
                let node = &self.nodes[node];
                let mut members = node.members.iter().filter(|(name, _)| **name == *member);
                // A member beside the list determines its content.
                let is_of_pair =
                    node.pair.as_ref().is_some_and(|pair| pair.values.iter().any(|name| **name == *member));
                is_of_pair
                    || self.is_certain(node.inner)
                    || members.any(|(_, treatment)| self.is_certain(*treatment))
            }
            treatment => self.is_certain(treatment),
        }
    }

    /// Returns whether the response has maps whose entries may have any name.
    pub(super) fn has_maps(&self) -> bool {
        self.nodes.iter().any(|node| {
            node.is_map
                || [MaskTreatment::Entries, MaskTreatment::Document].iter().any(|treatment| {
                    node.inner == *treatment || node.members.iter().any(|(_, other)| other == treatment)
                })
        })
    }

    /// Returns the members that only sound like secrets.
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
            // A single value where the model has a list is kept in its form, but is no less sensitive.
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

    /// Returns the mask that leads through these nodes from the root, without paths that lead to nothing; `None`
    /// if all do. `sounding` are members that only sound like secrets.
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

    /// Returns which nodes lead to a node or a treatment that counts.
    fn reached(
        &self,
        node_counts: impl Fn(&MaskNode) -> bool,
        counts: impl Fn(MaskTreatment) -> bool,
    ) -> Vec<bool> {
        let mut reached: Vec<bool> = self.nodes.iter().map(node_counts).collect();
        // Recursive shapes form cycles, so that one pass is not always enough.
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

/// Replaces every scalar in a value. The names of a map's entries and of name-value pairs are kept, because the
/// list of variables is inventory. In objects, identifying values stay distinguishable, and tags, ARNs and times
/// are kept.
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

/// Redacts a member of an object that is redacted as a whole.
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

/// Returns whether a plain name is the name of an id or a name.
pub(super) fn is_called_as_id(name: &str) -> bool {
    ["id", "ids", "identifier", "name", "names", "arn"].iter().any(|ending| name.ends_with(ending))
}

/// Other members of such a pair, which describe its place but not its value.
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

/// Redacts a document by the names of its entries; its texts are searched like all others.
fn document(value: &mut Value) -> u64 {
    let mut outcome = FoundSecrets::default();
    document::clean(value, None, &mut outcome);
    outcome.kinds.iter().map(|(_, count)| count).sum()
}

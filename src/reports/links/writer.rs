//! Collects links: each once, with numbers in place of texts that repeat.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use serde_json::Value;

use super::graph::{FoundLinks, LinkEnd, LinkKind, OutsideNode, ResourceLink};
use super::index::NodeId;
use crate::reports::resources::LinkCounts;

/// A link that was found, before its texts have numbers.
#[derive(Debug)]
pub(super) struct FoundLink<'text> {
    pub(super) to: LinkEnd,
    pub(super) kind: LinkKind,
    pub(super) path: &'text str,
    pub(super) statement: Option<&'text Value>,
}

/// Gives numbers to texts.
#[derive(Debug, Default)]
pub(super) struct LinkWriter {
    found: FoundLinks,
    paths: HashMap<String, u32>,
    statements: HashMap<String, u32>,
    outside: HashMap<OutsideNode, u32>,
    /// What the resource in hand uses, with the paths.
    seen: HashSet<(LinkEnd, u32)>,
    used: HashSet<NodeId>,
}

impl LinkWriter {
    pub(super) fn new(resources: usize) -> Self {
        let found = FoundLinks { counts: vec![LinkCounts::default(); resources], ..FoundLinks::default() };
        Self { found, ..Self::default() }
    }

    /// Starts with the links of the next resource.
    pub(super) fn start(&mut self) {
        self.seen.clear();
        self.used.clear();
    }

    /// Returns the node of something that is no resource of the run.
    pub(super) fn outside(&mut self, node: OutsideNode) -> LinkEnd {
        LinkEnd::Outside(number(&mut self.outside, &mut self.found.outside, node))
    }

    /// Adds a link, unless the same is there.
    pub(super) fn add(&mut self, from: NodeId, link: &FoundLink<'_>) {
        let path = match self.paths.get(link.path) {
            Some(path) => *path,
            None => number(&mut self.paths, &mut self.found.paths, link.path.to_owned()),
        };
        if !self.seen.insert((link.to, path)) {
            return;
        }
        let statement = link.statement.map_or(0, |statement| {
            number(&mut self.statements, &mut self.found.statements, statement.to_string()) + 1
        });
        if let LinkEnd::Resource(to) = link.to
            && self.used.insert(to)
        {
            self.found.counts[from as usize].uses += 1;
            self.found.counts[to as usize].used_by += 1;
        }
        self.found.links.push(ResourceLink { from, to: link.to, kind: link.kind, path, statement });
    }

    pub(super) fn finish(self) -> FoundLinks {
        self.found
    }
}

/// Returns the number of a value, which is added if it is new.
fn number<T: Clone + Eq + Hash>(numbers: &mut HashMap<T, u32>, values: &mut Vec<T>, value: T) -> u32 {
    if let Some(number) = numbers.get(&value) {
        return *number;
    }
    let number = u32::try_from(values.len()).unwrap_or(u32::MAX);
    values.push(value.clone());
    numbers.insert(value, number);
    number
}

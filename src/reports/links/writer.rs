//! Collects links: each once, with numbers in place of texts that repeat.

use std::collections::HashSet;

use serde_json::Value;

use super::graph::{FoundLinks, LinkEnd, LinkKind, OutsideNode, ResourceLink};
use super::index::NodeId;
use crate::reports::resources::LinkCounts;
use crate::util::text_numbers::number_of;

/// A link that was found, before its texts have numbers.
#[derive(Debug)]
pub(super) struct FoundLink<'text> {
    pub(super) to: LinkEnd,
    pub(super) kind: LinkKind,
    pub(super) path: &'text str,
    pub(super) statement: Option<&'text Value>,
}

/// The links that were found so far, and those of the resource in hand.
#[derive(Debug, Default)]
pub(super) struct LinkWriter {
    found: FoundLinks,
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
        let (position, _) = self.found.outside.insert_full(node);
        LinkEnd::Outside(u32::try_from(position).unwrap_or(u32::MAX))
    }

    /// Adds a link, unless the same is there.
    pub(super) fn add(&mut self, from: NodeId, link: &FoundLink<'_>) {
        let path = number_of(&mut self.found.paths, link.path);
        if !self.seen.insert((link.to, path)) {
            return;
        }
        let statements = &mut self.found.statements;
        let statement =
            link.statement.map_or(0, |statement| number_of(statements, &statement.to_string()) + 1);
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

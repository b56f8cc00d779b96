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

/// The links of one account that were found so far, and those of the resource in hand.
#[derive(Debug, Default)]
pub(super) struct LinkWriter {
    found: FoundLinks,
    /// What the resource in hand uses, with the paths.
    seen: HashSet<(LinkEnd, u32)>,
}

impl LinkWriter {
    /// Starts with the links of the next resource.
    pub(super) fn start(&mut self) {
        self.seen.clear();
    }

    /// Returns the node of something that is no resource of the run.
    pub(super) fn outside(&mut self, node: OutsideNode) -> LinkEnd {
        self.found.outside(node)
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
        self.found.links.push(ResourceLink { from, to: link.to, kind: link.kind, path, statement });
    }

    pub(super) fn finish(self) -> FoundLinks {
        self.found
    }
}

impl FoundLinks {
    /// Starts without links, for a number of resources.
    pub(super) fn new(resources: usize) -> Self {
        Self { counts: vec![LinkCounts::default(); resources], ..Self::default() }
    }

    fn outside(&mut self, node: OutsideNode) -> LinkEnd {
        let (position, _) = self.outside.insert_full(node);
        LinkEnd::Outside(u32::try_from(position).unwrap_or(u32::MAX))
    }

    /// Adds the links of the next account, whose numbers become those of all accounts, and counts them.
    pub(super) fn append(&mut self, account: Self) {
        let Self { outside, links, paths, statements, counts: _ } = account;
        let outside: Vec<LinkEnd> = outside.into_iter().map(|node| self.outside(node)).collect();
        let paths: Vec<u32> = paths.iter().map(|path| number_of(&mut self.paths, path)).collect();
        let statements: Vec<u32> =
            statements.iter().map(|statement| number_of(&mut self.statements, statement) + 1).collect();
        let mut used: HashSet<NodeId> = HashSet::new();
        let mut last = None;
        for mut link in links {
            link.path = paths[link.path as usize];
            link.statement =
                (link.statement as usize).checked_sub(1).map_or(0, |position| statements[position]);
            if last.replace(link.from) != Some(link.from) {
                used.clear();
            }
            match link.to {
                LinkEnd::Outside(position) => link.to = outside[position as usize],
                LinkEnd::Resource(to) => {
                    if used.insert(to) {
                        self.counts[link.from as usize].uses += 1;
                        self.counts[to as usize].used_by += 1;
                    }
                }
            }
            self.links.push(link);
        }
    }
}

//! The parts of a graph that a user selects.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::forms::same_host;
use super::graph::{LinkEnd, LinkGraph, OutsideState, ResourceLink};
use crate::run::ResultsError;

/// Which links are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkSelection {
    /// All.
    All,
    /// Those to foreign accounts.
    Foreign,
    /// Those to what does not exist.
    Dangling,
    /// Those around nodes, up to a number of steps.
    Around(Vec<LinkEnd>, usize),
}

impl LinkGraph {
    /// Returns the wanted links, in the order of the resources that refer.
    pub(crate) fn select(&self, selection: &LinkSelection) -> Vec<&ResourceLink> {
        let of_state = |state: OutsideState| {
            let is_of_state =
                |link: &&ResourceLink| self.outside_node(link.to).is_some_and(|node| node.state == state);
            self.links().iter().filter(is_of_state).collect()
        };
        match selection {
            LinkSelection::All => self.links().iter().collect(),
            LinkSelection::Foreign => of_state(OutsideState::Foreign),
            LinkSelection::Dangling => of_state(OutsideState::Dangling),
            LinkSelection::Around(ends, depth) => self.around(ends, *depth),
        }
    }

    fn around(&self, ends: &[LinkEnd], depth: usize) -> Vec<&ResourceLink> {
        let mut links: Vec<&ResourceLink> = Vec::new();
        for direction in [LinkDirection::Uses, LinkDirection::UsedBy] {
            let mut reached: HashSet<LinkEnd> = ends.iter().copied().collect();
            let mut last: Vec<LinkEnd> = ends.to_vec();
            for _ in 0..depth {
                let mut next = Vec::new();
                for link in last.iter().flat_map(|end| self.of_direction(*end, direction)) {
                    links.push(link);
                    let other = direction.other_end(link);
                    if reached.insert(other) {
                        next.push(other);
                    }
                }
                last = next;
            }
        }
        links.sort_by_key(|link| (link.from, link.to, link.path));
        links.dedup();
        links
    }

    /// Returns the nodes at the other ends of a node's links in one direction, each with its links.
    pub(in crate::reports) fn neighbours(
        &self,
        end: LinkEnd,
        direction: LinkDirection,
    ) -> IndexMap<LinkEnd, Vec<&ResourceLink>> {
        let mut neighbours: IndexMap<LinkEnd, Vec<&ResourceLink>> = IndexMap::new();
        for link in self.of_direction(end, direction) {
            neighbours.entry(direction.other_end(link)).or_default().push(link);
        }
        neighbours
    }

    /// Returns the links of a node in one direction.
    pub(super) fn of_direction(&self, end: LinkEnd, direction: LinkDirection) -> Vec<&ResourceLink> {
        match direction {
            LinkDirection::Uses => self.uses(end).iter().collect(),
            LinkDirection::UsedBy => self.used_by(end).collect(),
        }
    }

    /// Returns the nodes that an ID, ARN, name, host, IP address or account leads to.
    ///
    /// # Errors
    ///
    /// Fails if the temporary file with the identifiers cannot be read.
    pub(crate) fn find(&self, text: &str) -> Result<Vec<LinkEnd>, ResultsError> {
        let host = same_host(text);
        let mut found: Vec<LinkEnd> = Vec::new();
        for node in 0..self.resources() {
            let end = LinkEnd::Resource(node);
            let described = self.describe(end)?;
            let texts = [&described.id, &described.arn, &described.name];
            if texts.into_iter().flatten().any(|known| known == text) {
                found.push(end);
            }
        }
        let addressed = self.addresses.iter().filter(|(known, _)| *known == host || *known == text);
        found.extend(addressed.map(|(_, node)| LinkEnd::Resource(*node)));
        let is_named = |(_, node): &(u32, &super::OutsideNode)| {
            node.text == text || node.text == host || node.account.as_deref() == Some(text)
        };
        let outside = (0..).zip(self.outside()).filter(is_named);
        found.extend(outside.map(|(index, _)| LinkEnd::Outside(index)));
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

/// Which way links are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::reports) enum LinkDirection {
    /// To what a resource uses.
    Uses,
    /// To what uses a resource.
    UsedBy,
}

impl LinkDirection {
    /// Returns the end of a link that this direction leads to.
    pub(super) fn other_end(self, link: &ResourceLink) -> LinkEnd {
        match self {
            Self::Uses => link.to,
            Self::UsedBy => LinkEnd::Resource(link.from),
        }
    }
}

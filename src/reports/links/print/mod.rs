//! Writes links: as text for a terminal, as JSON, and for programs that draw graphs.

mod foreign;
mod graphml;
mod graphviz;
mod json;
mod summary;
mod tree;

use std::io::{self, Write};

use super::graph::{LinkEnd, LinkGraph, NodeDescription};
use super::selection::LinkSelection;
use crate::run::ResultsError;

/// The format of links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkFormat {
    /// Text for a terminal.
    Text,
    /// A list of JSON objects, one in each line.
    Json,
    /// `GraphML`, for programs such as yEd, Gephi and Cytoscape (graphml.graphdrawing.org).
    GraphMl,
    /// The language of Graphviz (graphviz.org/doc/info/lang.html).
    Graphviz,
}

/// An error while links are written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LinkPrintError {
    /// The run cannot be read.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// The output cannot be written.
    #[error("cannot write the links: {0}")]
    Unwritable(#[from] io::Error),
}

impl LinkGraph {
    /// Writes the wanted links. Text has at most `limit` links of each resource.
    ///
    /// # Errors
    ///
    /// Fails if a temporary file cannot be read, or the output cannot be written.
    pub(crate) fn print(
        &self,
        selection: &LinkSelection,
        format: LinkFormat,
        limit: usize,
        out: &mut dyn Write,
    ) -> Result<(), LinkPrintError> {
        match (format, selection) {
            (LinkFormat::Text, LinkSelection::All) => summary::print(self, limit, out),
            (LinkFormat::Text, LinkSelection::Foreign) => foreign::print(self, out),
            (LinkFormat::Text, LinkSelection::Dangling) => foreign::print_dangling(self, out),
            (LinkFormat::Text, LinkSelection::Around(ends, depth)) => {
                tree::print(self, ends, *depth, limit, out)
            }
            (LinkFormat::Json, _) => json::print(self, &self.select(selection), out),
            (LinkFormat::GraphMl, _) => graphml::print(self, &self.select(selection), out),
            (LinkFormat::Graphviz, _) => graphviz::print(self, &self.select(selection), out),
        }
    }

    /// Returns a node in words: kind, identifier and name, and its account and region unless they are those of another.
    fn words(&self, end: LinkEnd, near: Option<&NodeDescription>) -> Result<String, ResultsError> {
        let node = self.describe(end)?;
        let mut words = node.kind.clone();
        if node.service != node.kind && !node.service.is_empty() {
            words = format!("{} {words}", node.service);
        }
        let id = node.id.as_deref().or(node.arn.as_deref()).unwrap_or_default();
        words = if id == "*" { words } else { format!("{words} {id}") };
        if let Some(name) = node.name.as_deref().filter(|name| *name != id && !name.is_empty()) {
            words = format!("{words} \"{name}\"");
        }
        let is_near =
            |of: fn(&NodeDescription) -> &Option<String>| near.is_some_and(|near| of(near) == of(&node));
        let mut place: Vec<&str> = Vec::new();
        let account = node.account.as_deref().filter(|account| *account != id);
        place.extend(account.filter(|_| !is_near(|node| &node.account)));
        place.extend(node.region.as_deref().filter(|_| !is_near(|node| &node.region)));
        Ok(if place.is_empty() { words } else { format!("{words} ({})", place.join(", ")) })
    }
}

//! Searches the links of a run: reads its resources twice, for their identifiers and for their references.

use super::accounts::OwnAccounts;
use super::completeness::SeenKinds;
use super::graph::LinkGraph;
use super::index::NodeId;
use super::known::KnownResources;
use super::references::each_reference;
use super::resolve::{LinkResolver, Referring};
use super::source::each_source;
use super::writer::LinkWriter;
use crate::reports::resources::Resources;
use crate::run::ResultsError;

impl LinkGraph {
    /// Searches the links of a run, and adds their numbers to its resources.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub(crate) fn of(resources: &Resources) -> Result<Self, ResultsError> {
        let graph = Self::read(resources)?;
        resources.set_link_counts(graph.counts());
        Ok(graph)
    }

    /// Searches the links of a run.
    ///
    /// # Errors
    ///
    /// Fails if the run cannot be read, or a temporary file cannot be written.
    pub(crate) fn read(resources: &Resources) -> Result<Self, ResultsError> {
        let mut known = KnownResources::new(resources);
        each_source(resources, &mut |source| known.add(&source))?;
        let seen = SeenKinds::read(resources, &mut known.graph.kinds)?;
        let accounts = OwnAccounts::of(resources.results());
        let mut writer = LinkWriter::new(known.graph.nodes.len());
        let mut resolver = LinkResolver::new(known, seen, accounts);
        let mut node: NodeId = 0;
        each_source(resources, &mut |source| {
            writer.start();
            let referring = Referring::new(node, &source, &mut resolver);
            each_reference(&source, &mut |reference| resolver.resolve(&referring, reference, &mut writer));
            node += 1;
            Ok(())
        })?;
        Ok(resolver.into_graph().finish(writer.finish()))
    }
}

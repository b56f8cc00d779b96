//! Searches the links of a run: reads its resources twice, for their identifiers and for their references. Accounts are
//! searched on several threads.

use super::accounts::OwnAccounts;
use super::completeness::SeenKinds;
use super::graph::{FoundLinks, LinkGraph};
use super::index::NodeId;
use super::known::KnownResources;
use super::references::each_reference;
use super::resolve::{LinkResolver, Referring};
use super::source::{LinkSource, SendPart, each_part, each_source};
use super::writer::LinkWriter;
use crate::aws::organization::Account;
use crate::reports::resources::{AccountReader, Resources};
use crate::run::ResultsError;
use crate::util::text_numbers::known_number;

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
        let (added, seen) = std::thread::scope(|scope| {
            let seen = scope.spawn(|| SeenKinds::read(resources));
            let added = each_source(resources, &mut |source| known.add(&source));
            (added, seen.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        added?;
        let seen = seen?;
        let accounts = OwnAccounts::of(resources.results());
        let mut found = FoundLinks::new(known.graph.nodes.len());
        let searcher = || {
            let mut resolver = LinkResolver::new(&known, &seen, &accounts);
            move |reader: &AccountReader<'_>, account: &Account, send: &mut SendPart<'_, FoundLinks>| {
                send(resolver.links_of(reader, account)?)
            }
        };
        each_part(resources, &searcher, &mut |links| {
            found.append(links);
            Ok(())
        })?;
        Ok(known.graph.finish(found))
    }

    /// Returns the position of the first resource of an account.
    fn first_of(&self, account: &Account) -> NodeId {
        let account = known_number(&self.accounts, account.id.as_str());
        let first = self.nodes.partition_point(|node| node.account < account);
        NodeId::try_from(first).unwrap_or(NodeId::MAX)
    }
}

impl LinkResolver<'_> {
    /// Searches the links of an account.
    fn links_of(
        &mut self,
        reader: &AccountReader<'_>,
        account: &Account,
    ) -> Result<FoundLinks, ResultsError> {
        let mut writer = LinkWriter::default();
        let mut nodes = self.known.graph.first_of(account)..;
        reader.each::<ResultsError>(account, &|_| true, &mut |resource| {
            let Some(node) = nodes.next() else { return Ok(()) };
            let source = LinkSource::take(resource);
            let referring = Referring::new(node, &source, self.known);
            writer.start();
            each_reference(&source, &mut |reference| self.resolve(&referring, reference, &mut writer));
            Ok(())
        })?;
        Ok(writer.finish())
    }
}

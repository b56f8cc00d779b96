//! Finds what a URL, a host or an IP address leads to.

use super::forms::same_host;
use super::graph::{LinkEnd, LinkKind, OutsideNode};
use super::index::{NodeId, ResourceIdentifier};
use super::kinds::KindId;
use super::known::{address_identifier, is_public};
use super::locations::ResourceLocation;
use super::own_hosts::{address_rank, named_in_host};
use super::references::ResourceReference;
use super::resolve::{Found, LinkResolver, Referring};
use super::shares::group;
use super::writer::LinkWriter;

impl LinkResolver<'_> {
    pub(super) fn url(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        host: &str,
        writer: &mut LinkWriter,
    ) -> Option<(LinkEnd, LinkKind)> {
        let repository = reference.text.rsplit_once(['@', ':']).map_or(reference.text, |(name, _)| name);
        for text in [reference.text, repository] {
            if let Found::Any(found) = self.choose(from, ResourceIdentifier::Unique(text), &[]) {
                return found.map(|end| (end, LinkKind::DnsName));
            }
        }
        if let Some(everyone) = group(reference.text) {
            return Some((writer.outside(everyone), LinkKind::Share));
        }
        if let Some(rest) = reference.text.strip_prefix("s3://") {
            let bucket = rest.split('/').next().unwrap_or_default();
            return self.bucket(bucket).map(|end| (end, LinkKind::Name));
        }
        self.host(from, reference, host, writer)
    }

    /// Returns the bucket with a name, in any account.
    pub(super) fn bucket(&self, name: &str) -> Option<LinkEnd> {
        let kind = self.known.graph.kinds.find("s3", "bucket")?;
        let mut owners = self.known.index.owners(ResourceIdentifier::GlobalName { kind, name });
        owners.next().map(LinkEnd::Resource)
    }

    pub(super) fn host(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        host: &str,
        writer: &mut LinkWriter,
    ) -> Option<(LinkEnd, LinkKind)> {
        let host = same_host(host.split([':', '/']).next().unwrap_or_default());
        let kind = LinkKind::DnsName;
        if let Found::Any(found) = self.choose(from, ResourceIdentifier::Host(&host), &[]) {
            return found.map(|end| (end, kind));
        }
        let (name, kinds) = named_in_host(&host).unzip();
        for (service, called) in kinds.into_iter().flatten() {
            let Some(id) = self.known.graph.kinds.find(service, called) else { continue };
            let name = name.unwrap_or_default();
            let found =
                if *called == "bucket" { self.bucket(name) } else { self.named_in_account(from, id, name) };
            if found.is_some_and(|found| found != LinkEnd::Resource(from.node)) {
                return found.map(|end| (end, kind));
            }
        }
        if let Some(found) = self.name(from, reference) {
            return Some((found, LinkKind::Name));
        }
        let (kinds, location) = ResourceLocation::of_host(&host, &self.known.graph.regions)?;
        let ids: Vec<KindId> =
            kinds.iter().filter_map(|(service, kind)| self.known.graph.kinds.find(service, kind)).collect();
        let is_complete =
            ids.iter().all(|id| self.seen.is_complete_everywhere(*id, location.region.as_deref()));
        let is_complete = ids.len() == kinds.len() && is_complete;
        Some((writer.outside(OutsideNode::missing(is_complete, &host)), kind))
    }

    pub(super) fn address(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        writer: &mut LinkWriter,
    ) -> Option<LinkEnd> {
        let address = reference.text.parse().ok()?;
        let Referring { resource, account, region, .. } = from;
        let identifier = address_identifier(address, reference.text, *account, *region);
        let owners: Vec<NodeId> = self.known.index.owners(identifier).collect();
        let rank = |node: &NodeId| {
            let kind = self.known.graph.kinds.kind(self.known.graph.nodes[*node as usize].kind);
            address_rank(&kind.service, &kind.kind)
        };
        if owners.contains(&from.node) {
            return None;
        }
        let best = owners.iter().filter_map(rank).min();
        let mut best = owners.iter().filter(|node| rank(node) == best);
        if let Some(owner) = best.next() {
            return best.next().is_none().then_some(LinkEnd::Resource(*owner));
        }
        // Of all references, only DNS records claim that an address is in use.
        if (resource.service.as_str(), resource.kind.as_str()) != ("route53", "resource_record_set")
            || !is_public(address)
        {
            return None;
        }
        let interface = self.known.graph.kinds.find("ec2", "network_interface")?;
        let is_complete = self.seen.is_complete_everywhere(interface, None);
        Some(writer.outside(OutsideNode::missing(is_complete, reference.text)))
    }
}

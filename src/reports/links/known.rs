//! The resources of a run with their identifiers.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::PoisonError;

use super::arn_types::ArnTypes;
use super::forms::{TextForm, prefix};
use super::graph::{LinkGraph, LinkNode};
use super::index::{IdentifierIndex, NodeId, ResourceIdentifier};
use super::kinds::{KindId, LinkedKinds, NamedKinds};
use super::own_hosts::{is_own_address, own_host};
use super::references::each_own_text;
use super::source::LinkSource;
use crate::reports::members::squashed;
use crate::reports::resources::Resources;
use crate::run::ResultsError;
use crate::util::text_numbers::number_of;

/// The resources of a run, by their identifiers.
#[derive(Debug)]
pub(super) struct KnownResources {
    pub(super) graph: LinkGraph,
    pub(super) index: IdentifierIndex,
    /// The kind of IDs with a prefix; `None` if several kinds have it.
    pub(super) prefixes: HashMap<String, Option<KindId>>,
    pub(super) arn_types: ArnTypes,
    named: NamedKinds,
}

impl KnownResources {
    pub(super) fn new(resources: &Resources) -> Self {
        let kinds = LinkedKinds::of(resources.calls());
        let arn_types = ArnTypes::of(&kinds);
        Self {
            graph: LinkGraph::of_kinds(kinds),
            index: IdentifierIndex::default(),
            prefixes: HashMap::new(),
            arn_types,
            named: NamedKinds::default(),
        }
    }

    /// Adds a resource with its identifiers.
    pub(super) fn add(&mut self, resource: &LinkSource) -> Result<(), ResultsError> {
        let (id, arn, name) = (resource.id.as_deref(), resource.arn.as_deref(), resource.name.as_deref());
        let texts =
            self.graph.texts.get_mut().unwrap_or_else(PoisonError::into_inner).put(&(id, arn, name))?;
        let node = self.graph.resources();
        let kind = self.graph.kinds.id(&resource.service, &resource.kind);
        let account = number_of(&mut self.graph.accounts, &resource.account);
        let region = number_of(&mut self.graph.regions, &resource.region);
        let is_owned = resource.owner_account.as_deref().is_none_or(|owner| owner == resource.account);
        self.graph.nodes.push(LinkNode { account, region, kind, is_owned, texts });
        if let Some(arn) = arn {
            self.index.add(ResourceIdentifier::Unique(arn), node);
            self.arn_types.learn(arn, kind);
        }
        if let Some(id) = id.filter(|_| id != arn) {
            match TextForm::of(id) {
                TextForm::Arn(_) | TextForm::Url(_) => self.index.add(ResourceIdentifier::Unique(id), node),
                // A name that looks like an ID is a name: a log stream has the ID of its instance.
                TextForm::Id if Some(id) != name => {
                    self.index.add(ResourceIdentifier::Unique(id), node);
                    if let Some(prefix) = prefix(id) {
                        let known = self.prefixes.entry(prefix.to_owned()).or_insert(Some(kind));
                        *known = known.filter(|known| *known == kind);
                    }
                }
                _ => {}
            }
        }
        for name in [id, name].into_iter().flatten() {
            self.index.add(ResourceIdentifier::Name { kind, account, region, name }, node);
        }
        if let (("s3", "bucket"), Some(name)) =
            ((resource.service.as_str(), resource.kind.as_str()), name.or(id))
        {
            self.index.add(ResourceIdentifier::GlobalName { kind, name }, node);
        }
        self.add_addresses(resource, node, account, region);
        Ok(())
    }

    /// Adds the hosts, URLs and IP addresses by which a resource is reached.
    fn add_addresses(&mut self, resource: &LinkSource, node: NodeId, account: u32, region: u32) {
        let (service, kind) = (resource.service.as_str(), resource.kind.as_str());
        let Self { graph: LinkGraph { addresses, kinds, .. }, index, named, .. } = self;
        let own_kind = kinds.id(service, kind);
        each_own_text(&resource.raw, &mut |text| match TextForm::of(text.text) {
            TextForm::Address(address) if is_own_address(service, kind, text.path) => {
                index.add(address_identifier(address, text.text, account, region), node);
                addresses.push((text.text.to_owned(), node));
            }
            TextForm::Host => {
                if let Some(host) = own_host(service, kind, text, text.text) {
                    index.add(ResourceIdentifier::Host(&host), node);
                    addresses.push((host, node));
                }
            }
            TextForm::Url(host) => {
                if let Some(host) = own_host(service, kind, text, host) {
                    index.add(ResourceIdentifier::Host(&host), node);
                    addresses.push((host, node));
                }
                if text.path == text.member && is_registry_address(text.member, text.text) {
                    index.add(ResourceIdentifier::Unique(text.text), node);
                }
            }
            // An ID beside the one that identifies it, in a member that names its own kind: the `RoleId` of a role.
            TextForm::Id
                if text.path == text.member
                    && Some(text.text) != resource.id.as_deref()
                    && *named.find(kinds, service, text.member) == [own_kind] =>
            {
                index.add(ResourceIdentifier::Unique(text.text), node);
            }
            _ => {}
        });
    }
}

/// Returns whether a text is the address of a repository of images, `<account>.dkr.ecr.<region>.amazonaws.com/<name>`.
fn is_registry_address(member: &str, text: &str) -> bool {
    squashed(member) == "repositoryuri" && text.contains('/')
}

/// Returns the identifier that an IP address is: addresses of private networks are used in many of them.
pub(super) fn address_identifier(
    address: IpAddr,
    text: &str,
    account: u32,
    region: u32,
) -> ResourceIdentifier<'_> {
    if is_public(address) {
        ResourceIdentifier::PublicAddress(text)
    } else {
        ResourceIdentifier::PrivateAddress { account, region, address: text }
    }
}

/// Returns whether an IP address can be reached from the internet: no address of RFC 1918, RFC 6598, RFC 3927, RFC 4193
/// or of the machine itself.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || is_shared)
        }
        IpAddr::V6(address) => {
            !(address.is_loopback() || address.is_unicast_link_local() || address.is_unique_local())
        }
    }
}

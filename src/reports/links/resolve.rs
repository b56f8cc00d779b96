//! Finds what a reference leads to.
//!
//! A false link is worse than a missing one: an ID, ARN, host or address that several resources have leads nowhere
//! unless the member names the kind, and a name always needs such a member.

use std::sync::Arc;

use super::accounts::{AccountOwner, OwnAccounts};
use super::arn_types::{is_pattern, whole};
use super::completeness::{GLOBAL, SeenKinds};
use super::forms::{TextForm, has_separators, prefix};
use super::graph::{LinkEnd, LinkKind, OutsideNode, OutsideState};
use super::index::{NodeId, ResourceIdentifier};
use super::kinds::{KindId, NamedKinds};
use super::known::KnownResources;
use super::locations::ResourceLocation;
use super::references::{PARENT, ResourceReference};
use super::shares::{account_kind, everyone, is_share};
use super::source::LinkSource;
use super::writer::{FoundLink, LinkWriter};
use crate::arn::Arn;
use crate::util::text_numbers::known_number;

/// The resource whose references are in hand.
#[derive(Debug)]
pub(super) struct Referring<'run> {
    pub(super) node: NodeId,
    pub(super) resource: &'run LinkSource,
    pub(super) account: u32,
    pub(super) region: u32,
    global: u32,
}

impl<'run> Referring<'run> {
    /// A resource of which `known` has the account and region; `node` is its position.
    pub(super) fn new(node: NodeId, resource: &'run LinkSource, known: &KnownResources) -> Self {
        let account = known_number(&known.graph.accounts, &resource.account);
        let regions = &known.graph.regions;
        let (region, global) = (known_number(regions, &resource.region), known_number(regions, GLOBAL));
        Self { node, resource, account, region, global }
    }
}

/// Finds what references lead to. Several threads can have one each.
#[derive(Clone, Debug)]
pub(super) struct LinkResolver<'run> {
    pub(super) known: &'run KnownResources,
    pub(super) seen: &'run SeenKinds,
    pub(super) accounts: &'run OwnAccounts,
    named: NamedKinds,
}

impl<'run> LinkResolver<'run> {
    pub(super) fn new(
        known: &'run KnownResources,
        seen: &'run SeenKinds,
        accounts: &'run OwnAccounts,
    ) -> Self {
        Self { known, seen, accounts, named: NamedKinds::default() }
    }

    /// Adds the link that a reference is, if it is one.
    pub(super) fn resolve(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        writer: &mut LinkWriter,
    ) {
        if reference.grant.is_some() {
            return self.resolve_grant(from, reference, writer);
        }
        let form = TextForm::of(reference.text);
        let found = match form {
            TextForm::Arn(arn) => self.arn(from, reference, arn, writer).map(|to| match to {
                LinkEnd::Outside(_) if is_share(from.resource, reference) => (to, LinkKind::Share),
                to => (to, LinkKind::Arn),
            }),
            TextForm::Id => self.id(from, reference, writer).map(|to| (to, LinkKind::Id)),
            TextForm::Host => self.host(from, reference, reference.text, writer),
            TextForm::Url(host) => self.url(from, reference, host, writer),
            TextForm::Address(_) => self.address(from, reference, writer).map(|to| (to, LinkKind::IpAddress)),
            TextForm::Account => self.account(from, reference, writer),
            TextForm::Document => None,
            TextForm::Plain => {
                let named = self.name(from, reference).map(|to| (to, LinkKind::Name));
                named.or_else(|| everyone(reference).map(|node| (writer.outside(node), LinkKind::Share)))
            }
        };
        if let Some((to, kind)) = found {
            let path = reference.path;
            writer.add(from.node, &FoundLink { to, kind, path, statement: None });
        }
    }

    /// Returns what an ARN leads to.
    pub(super) fn arn(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        arn: Arn<'_>,
        writer: &mut LinkWriter,
    ) -> Option<LinkEnd> {
        let text = reference.text;
        let named = self.named.find(&self.known.graph.kinds, &from.resource.service, reference.member);
        if let Found::Any(found) = self.choose(from, ResourceIdentifier::Unique(text), &named) {
            return found;
        }
        let whole = whole(&arn);
        if let Some(whole) = whole.as_deref().filter(|whole| !is_pattern(whole)) {
            let kind: Vec<KindId> =
                Arn::parse(whole).and_then(|arn| self.known.arn_types.kind(&arn)).into_iter().collect();
            if let Found::Any(found) = self.choose(from, ResourceIdentifier::Unique(whole), &kind) {
                return found;
            }
        }
        if is_pattern(whole.as_deref().unwrap_or(text)) {
            return None;
        }
        let last = arn.resource.rsplit(['/', ':']).next().unwrap_or_default();
        if TextForm::of(last) == TextForm::Id
            && let Found::Any(found) = self.choose(from, ResourceIdentifier::Unique(last), &[])
        {
            return found;
        }
        if let Some(end) = self.outside_account(arn.account, text, writer) {
            return Some(end);
        }
        let text = whole.as_deref().unwrap_or(text);
        let kind = self.known.arn_types.kind_of_whole(&Arn::parse(text)?)?;
        Some(self.missing(kind, &ResourceLocation::of_arn(&arn), text, writer))
    }

    /// Returns the node of something in an account that is not of the run; `None` if the account is one of the run.
    pub(super) fn outside_account(
        &self,
        account: &str,
        text: &str,
        writer: &mut LinkWriter,
    ) -> Option<LinkEnd> {
        if !matches!(TextForm::of(account), TextForm::Account) {
            return None;
        }
        let label = match self.accounts.owner(account) {
            AccountOwner::Ours => return None,
            AccountOwner::Aws => Some("Elastic Load Balancing"),
            AccountOwner::Foreign => None,
        };
        let account = Some(account.to_owned());
        Some(writer.outside(OutsideNode { account, label, ..OutsideNode::new(OutsideState::Foreign, text) }))
    }

    fn id(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        writer: &mut LinkWriter,
    ) -> Option<LinkEnd> {
        let named = self.named(from, reference);
        if let Found::Any(found) = self.choose(from, ResourceIdentifier::Unique(reference.text), &named) {
            return found;
        }
        if let Some(found) = self.name(from, reference) {
            return Some(found);
        }
        let learned =
            prefix(reference.text).and_then(|prefix| self.known.prefixes.get(prefix).copied().flatten());
        let kind = match (learned, named.as_ref()) {
            (Some(kind), _) => kind,
            // IDs of capital letters are also those of AWS's own resources, such as the zones of load balancers.
            (None, [kind]) if reference.path != PARENT && has_separators(reference.text) => *kind,
            _ => return None,
        };
        let location = ResourceLocation::of_id(from.resource, reference);
        if let Some(end) = self.outside_account(&location.account, reference.text, writer) {
            return Some(end);
        }
        Some(self.missing(kind, &location, reference.text, writer))
    }

    /// Returns the node of a resource that the run does not have.
    fn missing(
        &self,
        kind: KindId,
        location: &ResourceLocation,
        text: &str,
        writer: &mut LinkWriter,
    ) -> LinkEnd {
        let is_complete = if location.account.is_empty() {
            self.seen.is_complete_everywhere(kind, location.region.as_deref())
        } else {
            let region = location.region.as_deref().unwrap_or(GLOBAL);
            self.seen.is_complete(kind, &location.account, region)
        };
        let account = Some(location.account.clone()).filter(|account| !account.is_empty());
        writer.outside(OutsideNode { account, ..OutsideNode::missing(is_complete, text) })
    }

    fn account(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
        writer: &mut LinkWriter,
    ) -> Option<(LinkEnd, LinkKind)> {
        let kind = account_kind(from.resource, reference)?;
        if let Some(end) = self.outside_account(reference.text, reference.text, writer) {
            return Some((end, kind));
        }
        // An own account is of interest if it gets access; an owner is in the column of the owner.
        let is_other = kind == LinkKind::Share && reference.text != from.resource.account;
        is_other.then(|| (writer.outside(own_account(reference.text)), kind))
    }

    /// Returns the resource that a name leads to.
    pub(super) fn name(
        &mut self,
        from: &Referring<'_>,
        reference: &ResourceReference<'_>,
    ) -> Option<LinkEnd> {
        let kinds = self.named(from, reference);
        let mut found = kinds.iter().filter_map(|kind| {
            let kind_of = self.known.graph.kinds.kind(*kind);
            if (kind_of.service.as_str(), kind_of.kind.as_str()) == ("s3", "bucket") {
                return self.bucket(reference.text);
            }
            self.named_in_account(from, *kind, reference.text)
        });
        let first = found.next()?;
        (found.next().is_none() && first != LinkEnd::Resource(from.node)).then_some(first)
    }

    /// Returns the only resource of a kind with a name in the same account, in the same region or in none.
    pub(super) fn named_in_account(&self, from: &Referring<'_>, kind: KindId, name: &str) -> Option<LinkEnd> {
        let of_region = |region| {
            let identifier = ResourceIdentifier::Name { kind, account: from.account, region, name };
            let mut owners = self.known.index.owners(identifier);
            let first = owners.next()?;
            Some(owners.next().is_none().then_some(LinkEnd::Resource(first)))
        };
        of_region(from.region).or_else(|| of_region(from.global)).flatten()
    }

    /// Returns the kinds that a reference can lead to, by its member or by the type beside it.
    fn named(&mut self, from: &Referring<'_>, reference: &ResourceReference<'_>) -> Arc<[KindId]> {
        let kinds = &self.known.graph.kinds;
        if reference.path == PARENT {
            return from
                .resource
                .parent_kind
                .as_deref()
                .map_or_else(Vec::new, |kind| kinds.called(kind))
                .into();
        }
        let types = ["ResourceType", "resourceType", "Type", "type"];
        let beside = reference.siblings.and_then(|siblings| {
            types.iter().find_map(|member| kinds.of_type(siblings.get(*member)?.as_str()?))
        });
        match beside {
            Some(kind) => [kind].into(),
            None => self.named.find(kinds, &from.resource.service, reference.member),
        }
    }

    /// Returns the resource with an identifier that is unique without a type.
    pub(super) fn choose(
        &self,
        from: &Referring<'_>,
        identifier: ResourceIdentifier<'_>,
        named: &[KindId],
    ) -> Found {
        let graph = &self.known.graph;
        let all: Vec<NodeId> = self.known.index.owners(identifier).collect();
        let node = |id: &NodeId| graph.nodes[*id as usize];
        let mut owners: Vec<NodeId> =
            all.iter().copied().filter(|id| named.contains(&node(id).kind)).collect();
        if owners.is_empty() {
            owners = all;
        }
        if owners.is_empty() {
            return Found::Nothing;
        }
        if owners.contains(&from.node) {
            return Found::Any(None);
        }
        // The ID of an instance is also that of its status, and the kind with the shorter name is the resource.
        let length = |id: &NodeId| graph.kinds.kind(node(id).kind).kind.len();
        let shortest = owners.iter().map(length).min();
        owners.retain(|id| Some(length(id)) == shortest);
        let kind = node(&owners[0]).kind;
        if owners.iter().any(|id| node(id).kind != kind) {
            return Found::Any(None);
        }
        // A shared resource is returned in several accounts, and belongs to one.
        let is_near = |id: &&NodeId| node(id).account == from.account;
        let mut own = owners.iter().filter(|id| node(id).is_owned).peekable();
        let first = own.peek().copied();
        let best = own.find(is_near).or(first).or_else(|| owners.iter().find(is_near)).or(owners.first());
        Found::Any(best.copied().map(LinkEnd::Resource))
    }
}

/// What has an identifier.
pub(super) enum Found {
    /// Nothing of the run.
    Nothing,
    /// A resource; or none, if it is the referring resource itself or there are several.
    Any(Option<LinkEnd>),
}

/// Returns the node of an account of the run.
pub(super) fn own_account(account: &str) -> OutsideNode {
    OutsideNode { account: Some(account.to_owned()), ..OutsideNode::new(OutsideState::Account, account) }
}

//! The links of a run: which resource refers to which other, to foreign accounts, and to what does not exist.

use std::sync::{Mutex, OnceLock, PoisonError};

use indexmap::IndexSet;

use super::index::NodeId;
use super::kinds::{KindId, LinkedKinds};
use crate::reports::resources::{LinkCounts, ScratchValues, StoredValue};
use crate::run::ResultsError;

/// How a text names what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LinkKind {
    /// By its ARN.
    Arn,
    /// By its ID.
    Id,
    /// By its name, in a member that names its kind.
    Name,
    /// By the host by which it is reached.
    DnsName,
    /// By its IP address.
    IpAddress,
    /// A policy allows it something.
    Principal,
    /// It is shared with an account.
    Share,
    /// The ID of an account, such as that of an owner.
    Account,
}

impl LinkKind {
    /// Returns the word in tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Arn => "arn",
            Self::Id => "id",
            Self::Name => "name",
            Self::DnsName => "dns_name",
            Self::IpAddress => "ip_address",
            Self::Principal => "principal",
            Self::Share => "share",
            Self::Account => "account",
        }
    }

    /// Returns whether the link gives access to what refers.
    pub(crate) fn lets_in(self) -> bool {
        matches!(self, Self::Principal | Self::Share)
    }
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum LinkEnd {
    /// A resource of the run, by its position among them.
    Resource(NodeId),
    /// Something else, by its position among those.
    Outside(u32),
}

/// What something is that a link leads to and that is no resource of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum OutsideState {
    /// An account of the run.
    Account,
    /// An account that is not of the run, something in it, or everyone.
    Foreign,
    /// A resource that does not exist: its kind was listed completely where it would be.
    Dangling,
    /// A resource that the run does not have; it may exist.
    Unknown,
}

impl OutsideState {
    /// Returns the word in tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Foreign => "foreign",
            Self::Dangling => "dangling",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that a link leads to and that is no resource of the run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OutsideNode {
    pub(crate) state: OutsideState,
    /// The text of the reference: an account ID, an ARN, an ID, a host; `*` is everyone.
    pub(crate) text: String,
    /// The account, if it is known.
    pub(crate) account: Option<String>,
    /// What it is, in words, if that is known: a service of AWS, everyone.
    pub(crate) label: Option<&'static str>,
}

impl OutsideNode {
    /// Returns a node of which nothing else is known.
    pub(super) fn new(state: OutsideState, text: &str) -> Self {
        Self { state, text: text.to_owned(), account: None, label: None }
    }

    /// Returns what is outside of the organization, in words.
    pub(super) fn foreign(text: &str, label: &'static str) -> Self {
        Self { label: Some(label), ..Self::new(OutsideState::Foreign, text) }
    }

    /// Returns something that does not exist if its kind was listed completely, and is unknown otherwise.
    pub(super) fn missing(is_complete: bool, text: &str) -> Self {
        Self::new(if is_complete { OutsideState::Dangling } else { OutsideState::Unknown }, text)
    }
}

/// A link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResourceLink {
    pub(crate) from: NodeId,
    pub(crate) to: LinkEnd,
    pub(crate) kind: LinkKind,
    pub(super) path: u32,
    /// The position of the statement plus one; 0 for none.
    pub(super) statement: u32,
}

/// A resource that has links.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinkNode {
    pub(super) account: u32,
    pub(super) region: u32,
    pub(super) kind: KindId,
    /// Whether the account owns it that returned it.
    pub(super) is_owned: bool,
    /// Its ID, ARN and name, in this order.
    pub(super) texts: StoredValue,
}

/// What is shown of a resource, or of something else that a link leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NodeDescription {
    pub(crate) service: String,
    pub(crate) kind: String,
    pub(crate) id: Option<String>,
    pub(crate) arn: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
}

impl NodeDescription {
    /// Returns the ARN, the ID or the name.
    pub(crate) fn identifier(&self) -> &str {
        let texts = [&self.arn, &self.id, &self.name];
        texts.into_iter().find_map(Option::as_deref).unwrap_or_default()
    }
}

/// The links of a run.
#[derive(Debug, Default)]
pub(crate) struct LinkGraph {
    pub(super) kinds: LinkedKinds,
    pub(super) accounts: IndexSet<String>,
    pub(super) regions: IndexSet<String>,
    pub(super) nodes: Vec<LinkNode>,
    pub(super) texts: Mutex<ScratchValues>,
    /// The hosts and IP addresses by which resources are reached.
    pub(super) addresses: Vec<(String, NodeId)>,
    found: FoundLinks,
    /// The positions of links, in the order of what they lead to.
    incoming: OnceLock<Vec<u32>>,
}

impl LinkGraph {
    /// Returns a graph without resources.
    pub(super) fn of_kinds(kinds: LinkedKinds) -> Self {
        Self { kinds, ..Self::default() }
    }

    /// Takes what was found.
    pub(super) fn finish(self, found: FoundLinks) -> Self {
        Self { found, ..self }
    }

    /// Returns all links, in the order of the resources that refer.
    pub(crate) fn links(&self) -> &[ResourceLink] {
        &self.found.links
    }

    /// Returns how many resources each resource uses, and how many use it.
    pub(in crate::reports) fn counts(&self) -> &[LinkCounts] {
        &self.found.counts
    }

    /// Returns the path of a link's member, `NetworkInterfaces[].Groups[].GroupId`.
    pub(crate) fn path(&self, link: &ResourceLink) -> &str {
        self.found.paths.get_index(link.path as usize).map_or("", String::as_str)
    }

    /// Returns the statement of the policy that gives access, as JSON.
    pub(crate) fn statement(&self, link: &ResourceLink) -> Option<&str> {
        self.found.statements.get_index((link.statement as usize).checked_sub(1)?).map(String::as_str)
    }

    /// Returns all nodes that are no resources of the run.
    pub(crate) fn outside(&self) -> impl Iterator<Item = &OutsideNode> {
        self.found.outside.iter()
    }

    /// Returns what a link leads to, if that is no resource of the run.
    pub(crate) fn outside_node(&self, end: LinkEnd) -> Option<&OutsideNode> {
        match end {
            LinkEnd::Resource(_) => None,
            LinkEnd::Outside(index) => self.found.outside.get_index(index as usize),
        }
    }

    /// Returns the number of resources.
    pub(crate) fn resources(&self) -> NodeId {
        NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX)
    }

    /// Returns the links of a resource to others.
    pub(crate) fn uses(&self, end: LinkEnd) -> &[ResourceLink] {
        let LinkEnd::Resource(node) = end else { return &[] };
        let start = self.found.links.partition_point(|link| link.from < node);
        let end = self.found.links.partition_point(|link| link.from <= node);
        &self.found.links[start..end]
    }

    /// Returns the links that lead to a node.
    pub(crate) fn used_by(&self, end: LinkEnd) -> impl Iterator<Item = &ResourceLink> {
        let incoming = self.incoming.get_or_init(|| {
            let mut positions: Vec<u32> =
                (0..u32::try_from(self.found.links.len()).unwrap_or(u32::MAX)).collect();
            positions.sort_by_key(|position| self.found.links[*position as usize].to);
            positions
        });
        let to = |position: &u32| self.found.links[*position as usize].to;
        let start = incoming.partition_point(|position| to(position) < end);
        let end = incoming.partition_point(|position| to(position) <= end);
        incoming[start..end].iter().map(|position| &self.found.links[*position as usize])
    }

    /// Returns whether a link leads to another account; false if the account is not known.
    pub(crate) fn is_cross_account(&self, link: &ResourceLink) -> bool {
        let Some(from) = self.nodes.get(link.from as usize) else { return false };
        match link.to {
            LinkEnd::Resource(to) => self.nodes.get(to as usize).is_some_and(|to| to.account != from.account),
            end @ LinkEnd::Outside(_) => self.outside_node(end).is_some_and(|node| {
                let account = self.accounts.get_index(from.account as usize);
                node.state == OutsideState::Foreign
                    || node.account.as_ref().is_some_and(|of| Some(of) != account)
            }),
        }
    }

    /// Describes a node.
    ///
    /// # Errors
    ///
    /// Fails if the temporary file with the identifiers cannot be read.
    pub(crate) fn describe(&self, end: LinkEnd) -> Result<NodeDescription, ResultsError> {
        let node = match end {
            LinkEnd::Resource(node) => self.nodes.get(node as usize),
            LinkEnd::Outside(_) => None,
        };
        let Some(node) = node else {
            let Some(outside) = self.outside_node(end) else { return Ok(NodeDescription::default()) };
            return Ok(NodeDescription {
                kind: outside.label.unwrap_or(outside.state.as_str()).to_owned(),
                id: Some(outside.text.clone()),
                account: outside.account.clone(),
                ..NodeDescription::default()
            });
        };
        let (id, arn, name) = self.texts.lock().unwrap_or_else(PoisonError::into_inner).read(node.texts)?;
        let kind = self.kinds.kind(node.kind);
        Ok(NodeDescription {
            service: kind.service.clone(),
            kind: kind.kind.clone(),
            id,
            arn,
            name,
            account: self.accounts.get_index(node.account as usize).cloned(),
            region: self.regions.get_index(node.region as usize).cloned(),
        })
    }
}

/// The links that were found so far.
#[derive(Debug, Default)]
pub(super) struct FoundLinks {
    pub(super) outside: IndexSet<OutsideNode>,
    pub(super) links: Vec<ResourceLink>,
    pub(super) paths: IndexSet<String>,
    pub(super) statements: IndexSet<String>,
    pub(super) counts: Vec<LinkCounts>,
}

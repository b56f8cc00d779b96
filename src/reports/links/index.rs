//! The identifiers of all resources of a run, as hashes.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::kinds::KindId;

/// The position of a resource among those of the run.
pub(super) type NodeId = u32;

/// An identifier of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ResourceIdentifier<'text> {
    /// An ARN, an ID with a random part, or a URL: unique without a type.
    Unique(&'text str),
    /// The host by which it is reached.
    Host(&'text str),
    /// A public IP address.
    PublicAddress(&'text str),
    /// An IP address in a network of an account's region.
    PrivateAddress { account: u32, region: u32, address: &'text str },
    /// The name, which is unique among those of its kind in the region of an account.
    Name { kind: KindId, account: u32, region: u32, name: &'text str },
    /// The name of a resource of which there is one in all accounts.
    GlobalName { kind: KindId, name: &'text str },
}

/// Where an identifier is in the list of owners; identifiers with several owners form a chain.
#[derive(Clone, Copy, Debug)]
struct IdentifierOwner {
    node: NodeId,
    next: u32,
}

/// The most resources with the same identifier that are compared: rows of a resource that is shared with many accounts.
const MOST: usize = 64;

/// The end of a chain.
const END: u32 = u32::MAX;

/// The resources by identifier. It has hashes of 64 bits in place of texts: among millions of identifiers, the chance
/// that two share one is one in a million.
#[derive(Debug, Default)]
pub(super) struct IdentifierIndex {
    first: HashMap<u64, u32>,
    owners: Vec<IdentifierOwner>,
    hasher: RandomState,
}

impl IdentifierIndex {
    /// Adds an identifier of a resource.
    pub(super) fn add(&mut self, identifier: ResourceIdentifier<'_>, node: NodeId) {
        let position = u32::try_from(self.owners.len()).unwrap_or(END);
        let hash = self.hasher.hash_one(identifier);
        let next = self.first.insert(hash, position).unwrap_or(END);
        // One resource can have the same identifier twice, as its ID and its name.
        if next != END && self.owners[next as usize].node == node {
            self.first.insert(hash, next);
            return;
        }
        self.owners.push(IdentifierOwner { node, next });
    }

    /// Returns the resources with an identifier, the first [`MOST`] of them.
    pub(super) fn owners(&self, identifier: ResourceIdentifier<'_>) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = self.first.get(&self.hasher.hash_one(identifier)).copied().unwrap_or(END);
        let owners = std::iter::from_fn(move || {
            let owner = self.owners.get(at as usize)?;
            at = owner.next;
            Some(owner.node)
        });
        owners.take(MOST)
    }
}

#[cfg(test)]
mod tests {
    use super::{IdentifierIndex, ResourceIdentifier};

    #[test]
    fn several_resources_can_have_an_identifier() {
        let mut index = IdentifierIndex::default();
        index.add(ResourceIdentifier::Unique("a"), 1);
        index.add(ResourceIdentifier::Unique("a"), 2);
        index.add(ResourceIdentifier::Unique("a"), 2);
        index.add(ResourceIdentifier::Host("a"), 3);
        let mut owners: Vec<_> = index.owners(ResourceIdentifier::Unique("a")).collect();
        owners.sort_unstable();
        assert_eq!(owners, [1, 2]);
        assert_eq!(index.owners(ResourceIdentifier::Host("a")).collect::<Vec<_>>(), [3]);
        assert_eq!(index.owners(ResourceIdentifier::PublicAddress("a")).count(), 0);
    }

    #[test]
    fn names_are_found_within_their_kind_and_place() {
        let mut index = IdentifierIndex::default();
        index.add(ResourceIdentifier::Name { kind: 1, account: 2, region: 3, name: "x" }, 9);
        let found = |kind, account, region| {
            index.owners(ResourceIdentifier::Name { kind, account, region, name: "x" }).next()
        };
        assert_eq!(found(1, 2, 3), Some(9));
        assert_eq!((found(0, 2, 3), found(1, 0, 3), found(1, 2, 0)), (None, None, None));
    }
}

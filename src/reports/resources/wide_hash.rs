//! Hashes in place of texts, so that sets of many ARNs stay small.

use std::hash::{BuildHasher, Hash, RandomState};

/// A hash of 128 bits, which no two keys share in practice.
pub(in crate::reports) type WideHash = (u64, u64);

/// Makes hashes of 128 bits. Those of two hashers cannot be compared.
#[derive(Debug, Default)]
pub(in crate::reports) struct WideHasher {
    seeds: (RandomState, RandomState),
}

impl WideHasher {
    pub(in crate::reports) fn hash(&self, key: impl Hash) -> WideHash {
        (self.seeds.0.hash_one(&key), self.seeds.1.hash_one(&key))
    }
}

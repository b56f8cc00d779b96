//! Options that belong together, each group beside the code that gives them their meaning.

pub(super) mod bucket;
pub(super) mod shard;

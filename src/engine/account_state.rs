//! What the calls of one account share besides its context: answers that several of them need.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;

use super::bucket_listing::BucketListing;
use super::call_outcome::{CallOutcome, SpreadItems};
use super::context::AccountContext;
use crate::aws::client::CallError;
use crate::names::Region;

/// An account and what its calls share.
pub(super) struct AccountState {
    pub(super) context: AccountContext,
    /// Lists of buckets, asked once and filed by region; the key is the call's index in the plan.
    pub(super) buckets: HashMap<usize, OnceCell<Result<BucketListing, CallError>>>,
    /// Global calls for whose items others are made region by region, by their index in the plan.
    pub(super) sources: HashMap<usize, OnceCell<ParentSource>>,
    pub(super) bucket_regions: BucketRegions,
}

/// The global call that regional children are made for, once it was made.
pub(super) struct ParentSource {
    /// The items of each of its regional children; `None` when the run is being stopped.
    pub(super) items: Option<Vec<SpreadItems>>,
    /// What the call itself came to, for its own unit.
    pub(super) outcome: Mutex<Option<CallOutcome>>,
    /// Requests that no line tells of, because the call's line is that of an earlier execution.
    pub(super) attempts: AtomicU32,
}

/// The regions of buckets that were looked up in an account, by name; `None` for those that nobody tells.
pub(super) type BucketRegions = tokio::sync::Mutex<HashMap<String, Arc<OnceCell<Option<Region>>>>>;

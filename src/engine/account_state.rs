//! The state that the calls of one account share: responses that several of them need.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;

use super::bucket_listing::BucketListing;
use super::call_outcome::{CallOutcome, SpreadItems};
use super::context::AccountContext;
use crate::aws::client::CallError;
use crate::names::Region;
use crate::plan::RegionScope;
use crate::run::KeptItems;

/// An account and the shared state of its calls.
pub(super) struct AccountState {
    pub(super) context: AccountContext,
    /// The bucket lists, fetched once and grouped by region; the key is the call's index in the plan.
    pub(super) buckets: HashMap<usize, OnceCell<Result<BucketListing, CallError>>>,
    /// Global calls with regional child calls, by their index in the plan.
    pub(super) sources: HashMap<usize, OnceCell<ParentSource>>,
    pub(super) bucket_regions: BucketRegions,
}

impl AccountState {
    /// Returns where the results of the items of a call are kept until its result is written.
    pub(super) fn kept_items(&self, place: &RegionScope, index: usize) -> KeptItems {
        let AccountContext { shared, account, .. } = &self.context;
        let engine = &shared.engine;
        let is_recorded = engine.recorded.is_settled(&account.id, place.as_str(), index);
        // A call that is recorded is only made for its regional child calls.
        if !engine.plan.calls[index].keeps_items() || is_recorded {
            return KeptItems::nowhere();
        }
        let kept = engine.sink.kept_items(account, place, index, engine.recorded.is_resumed());
        kept.unwrap_or_else(|error| {
            // The run ends with this error.
            let _ = shared.cannot_store(&error);
            KeptItems::nowhere()
        })
    }
}

/// The outcome of a global call with regional child calls.
pub(super) struct ParentSource {
    /// The items of each of its regional child calls; `None` if the run is being stopped.
    pub(super) items: Option<Vec<SpreadItems>>,
    /// The outcome of the call itself, for its own unit.
    pub(super) outcome: Mutex<Option<CallOutcome>>,
    /// Requests that are not in the ledger yet, because the call's line is from an earlier execution.
    pub(super) attempts: AtomicU32,
}

/// The regions of buckets that were looked up in an account, by bucket name; `None` if the look-up failed.
pub(super) type BucketRegions = tokio::sync::Mutex<HashMap<String, Arc<OnceCell<Option<Region>>>>>;

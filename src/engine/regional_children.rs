//! Regional child calls of global calls: made in every region for the items that the global call lists once.
//!
//! The global call is made once per account, by the first unit that needs it: its own unit or that of a region. A
//! resumed run repeats it if regions are missing; its ledger line and result then stay unchanged.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::account_state::{AccountState, ParentSource};
use super::call_outcome::CallOutcome;
use super::call_scan::CallScan;
use super::child_scan;
use crate::plan::{RegionScope, Spread};

/// Returns the outcome of a global call with regional child calls.
pub(super) async fn run_source(account: &AccountState, index: usize) -> CallOutcome {
    let Some(source) = source(account, index).await else { return CallOutcome::default() };
    let outcome = source.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.unwrap_or_default()
}

/// Runs a regional child call in one region.
pub(super) async fn run(
    account: &AccountState,
    place: &RegionScope,
    index: usize,
    spread: &Spread,
) -> CallOutcome {
    let call = &account.context.shared.engine.plan.calls[index];
    let Some(source) = source(account, spread.source).await else { return CallOutcome::default() };
    let Some(items) = source.items.as_ref().and_then(|items| items.get(spread.number)) else {
        return CallOutcome::default();
    };
    let kept = account.kept_items(place, index);
    let mut outcome = child_scan::run_for_items(account, place, call, &spread.child, items, &kept).await;
    if let Some(record) = outcome.records.first_mut() {
        record.attempts += source.attempts.swap(0, Ordering::Relaxed);
    }
    outcome.unless_credentials_are_lost(&account.context).await
}

async fn source(account: &AccountState, index: usize) -> Option<&ParentSource> {
    let source = account.sources.get(&index)?;
    Some(source.get_or_init(|| Box::pin(make(account, index))).await)
}

async fn make(account: &AccountState, index: usize) -> ParentSource {
    let mut outcome = CallScan::run_call(account, &RegionScope::Global, index, None).await;
    let items = (!outcome.records.is_empty()).then(|| std::mem::take(&mut outcome.spread));
    let recorded = &account.context.shared.engine.recorded;
    let is_recorded = recorded.is_settled(&account.context.account.id, RegionScope::Global.as_str(), index);
    let attempts = outcome.records.iter().map(|record| record.attempts).sum();
    ParentSource {
        items,
        outcome: Mutex::new((!is_recorded).then_some(outcome)),
        attempts: AtomicU32::new(if is_recorded { attempts } else { 0 }),
    }
}

//! Regional children of global calls: called in every region for the items that the global call finds once.
//!
//! The call that finds the items is made once in an account, whichever needs it first: its own unit, or that of a region.
//! A resumed run makes it again where regions are missing; its own line and result then stay as they are.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::account_scan::AccountScan;
use super::call_scan::{CallScan, Outcome};
use super::child_scan::{self, SpreadItems};
use crate::plan::{Place, PlannedCall, Spread};

/// The global call that regional children are made for, once it was made.
pub(super) struct Source {
    /// The items of each of its regional children; `None` when the run is being stopped.
    items: Option<Vec<SpreadItems>>,
    /// What the call itself came to, for its own unit.
    outcome: Mutex<Option<Outcome>>,
    /// Requests that no line tells of, because the call's line is that of an earlier execution.
    attempts: AtomicU32,
}

/// What a global call with regional children comes to.
pub(super) async fn run_source(account: &AccountScan, index: usize) -> Outcome {
    let Some(source) = source(account, index).await else { return Outcome::default() };
    let outcome = source.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.unwrap_or_default()
}

/// Asks a regional child in one region.
pub(super) async fn run(
    account: &AccountScan,
    place: &Place,
    call: &PlannedCall,
    spread: &Spread,
) -> Outcome {
    let Some(source) = source(account, spread.source).await else { return Outcome::default() };
    let Some(items) = source.items.as_ref().and_then(|items| items.get(spread.number)) else {
        return Outcome::default();
    };
    let mut outcome = child_scan::run_for_items(account, place, call, &spread.child, items).await;
    if let Some(record) = outcome.records.first_mut() {
        record.attempts += source.attempts.swap(0, Ordering::Relaxed);
    }
    outcome.unless_credentials_are_lost(account).await
}

async fn source(account: &AccountScan, index: usize) -> Option<&Source> {
    let source = account.sources.get(&index)?;
    Some(source.get_or_init(|| Box::pin(make(account, index))).await)
}

async fn make(account: &AccountScan, index: usize) -> Source {
    let mut outcome = CallScan::ask(account, &Place::Global, index).await;
    let items = (!outcome.records.is_empty()).then(|| std::mem::take(&mut outcome.spread));
    let recorded = &account.shared.engine.recorded;
    let is_told = recorded.is_settled(&account.account.id, Place::Global.as_str(), index);
    let attempts = outcome.records.iter().map(|record| record.attempts).sum();
    Source {
        items,
        outcome: Mutex::new((!is_told).then_some(outcome)),
        attempts: AtomicU32::new(if is_told { attempts } else { 0 }),
    }
}

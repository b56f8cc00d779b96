//! One call of the plan in one place: whether it is called, and what answers it.

use super::account_state::AccountState;
use super::call_outcome::{CallOutcome, skipped_records};
use super::call_scan::CallScan;
use super::regional_children;
use crate::plan::spec::workers_are_stopped;
use crate::plan::{PlannedCall, RegionScope};

/// Asks the call with this index in the plan, and what it is asked for each of its items.
/// Nothing comes back when the run is being stopped: a resumed run will ask.
pub(super) async fn run(account: &AccountState, place: &RegionScope, index: usize) -> CallOutcome {
    if account.context.shared.stop.is_requested() {
        return CallOutcome::default();
    }
    let call = &account.context.shared.engine.plan.calls[index];
    if !call.is_called_in(&account.context.account.id) {
        return not_called(account, place, call);
    }
    let outcome = match &call.spread {
        Some(spread) => regional_children::run(account, place, call, spread).await,
        None if account.sources.contains_key(&index) => regional_children::run_source(account, index).await,
        None => CallScan::run_call(account, place, index).await,
    };
    // What failed because its filter was stopped has not failed.
    if workers_are_stopped() { CallOutcome::default() } else { outcome }
}

/// What a call comes to in an account that it is not called in.
fn not_called(account: &AccountState, place: &RegionScope, call: &PlannedCall) -> CallOutcome {
    let records = skipped_records(account.context.account.id.clone(), place.as_str(), call).collect();
    CallOutcome { records, ..CallOutcome::default() }
}

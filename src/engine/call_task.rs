//! Runs one call of the plan in one region, or records why it is not called there.

use super::account_state::AccountState;
use super::call_outcome::{CallOutcome, skipped_records};
use super::call_scan::CallScan;
use super::regional_children;
use super::unit_files::UnitFiles;
use crate::plan::spec::workers_are_stopped;
use crate::plan::{PlannedCall, RegionScope};

/// Runs the call with this index in the plan, its child calls included. Returns an empty outcome if the run is being
/// stopped: a resumed run will make the call.
pub(super) async fn run(
    account: &AccountState,
    place: &RegionScope,
    index: usize,
    files: &UnitFiles,
) -> CallOutcome {
    if account.context.shared.stop.is_requested() {
        return CallOutcome::default();
    }
    let call = &account.context.shared.engine.plan.calls[index];
    if !call.is_called_in(&account.context.account.id) {
        return not_called(account, place, call);
    }
    // Boxed, since thousands of usual calls wait at once, and each has room for the largest of these futures.
    let outcome = match &call.spread {
        Some(spread) => Box::pin(regional_children::run(account, place, index, spread)).await,
        None if account.sources.contains_key(&index) => {
            Box::pin(regional_children::run_source(account, index)).await
        }
        None => CallScan::run_call(account, place, index, files.list_place(index)).await,
    };
    // A call whose filter was stopped with the run has not failed.
    if workers_are_stopped() { CallOutcome::default() } else { outcome }
}

/// Returns the outcome of a call in an account in which it is not made.
fn not_called(account: &AccountState, place: &RegionScope, call: &PlannedCall) -> CallOutcome {
    let records = skipped_records(account.context.account.id.clone(), place.as_str(), call).collect();
    CallOutcome { records, ..CallOutcome::default() }
}

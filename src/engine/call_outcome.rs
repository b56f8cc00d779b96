//! The outcome of a call: its results and its ledger records.

use std::time::Instant;

use serde_json::Value;

use super::child_items::ParentItem;
use super::context::AccountContext;
use super::hint::add_hint;
use crate::aws::client::CallError;
use crate::model::catalog::Function;
use crate::names::{AccountId, ServiceName};
use crate::plan::{PlannedCall, RegionScope};
use crate::run::{CallRecord, CallResult};

/// A result, with the service of its file and its key in the file.
pub(super) struct NamedResult {
    pub(super) service: ServiceName,
    pub(super) name: String,
    pub(super) result: CallResult,
}

/// The outcome of a call of the plan and its child calls.
#[derive(Default)]
pub(super) struct CallOutcome {
    pub(super) results: Vec<NamedResult>,
    pub(super) records: Vec<CallRecord>,
    /// The items of its regional child calls, if it is a global call.
    pub(super) spread: Vec<SpreadItems>,
}

/// The items of a regional child call of a global call, or the reason why there are none.
pub(super) type SpreadItems = Result<Vec<SpreadItem>, String>;

/// An item, or an item whose own child items could not be found, with the error.
pub(super) type SpreadItem = Result<ParentItem, (Value, CallError)>;

impl CallOutcome {
    /// Discards the outcome if credentials have expired and cannot be renewed: a resumed run repeats the call.
    pub(super) async fn unless_credentials_are_lost(self, account: &AccountContext) -> Self {
        // Boxed, since this is rare, and all waiting calls have room for it.
        let is_lost = self.records.iter().any(CallRecord::is_expired)
            && !Box::pin(account.shared.base_credentials_valid(&account.account.id)).await;
        if is_lost { Self::default() } else { self }
    }
}

/// Returns the records of a call that is not made in an account.
pub(super) fn skipped_records<'plan>(
    account: AccountId,
    place: &'plan str,
    call: &'plan PlannedCall,
) -> impl Iterator<Item = CallRecord> + 'plan {
    call.functions().enumerate().map(move |(index, (name, function))| {
        let service = &function.service().name;
        let message = call.why_not(&account, index).map(str::to_owned);
        CallRecord { message, ..CallRecord::new(&account, place, service, function.name(), name) }
    })
}

/// Creates the record of a call that is about to be sent.
pub(super) fn new_record(
    account: &AccountContext,
    place: &RegionScope,
    function: &Function,
    name: &str,
) -> CallRecord {
    CallRecord::new(&account.account.id, place.as_str(), &function.service().name, function.name(), name)
}

/// Adds duration and hint to a record, and logs the end of the call.
pub(super) fn finish_record(
    record: &mut CallRecord,
    started: Instant,
    function: &Function,
    account: &AccountContext,
) {
    record.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    add_hint(record, function, account.access().as_ref());
    tracing::debug!(
        target: "scan::calls", account = %record.account, region = %record.region, service = %record.service,
        function = %record.function, status = %record.status, items = record.items,
        code = record.code.as_deref(), "call ended"
    );
}

pub(super) fn why_truncated(paginate: bool) -> String {
    let why = if paginate { "`max_items` is reached" } else { "`paginate` is false in the spec" };
    format!("{why}: more items exist")
}

//! Calls without a region in an account: the regions in the spec are not enabled there, or all enabled regions are
//! excluded. They are recorded as skipped, so that every entry of the spec has a ledger line.

use super::call_outcome::skipped_records;
use super::context::Engine;
use crate::names::Region;
use crate::plan::{PlannedAccount, RegionChoice};
use crate::run::CallRecord;

/// Returns the records of these calls that are not in the ledger yet.
pub(super) fn records(engine: &Engine, account: &PlannedAccount, regions: &[Region]) -> Vec<CallRecord> {
    let plan = &engine.plan;
    let mut records = Vec::new();
    for (index, missed) in plan.without_region(account, regions) {
        let call = &plan.calls[index];
        for region in missed {
            if engine.recorded.is_settled(&account.id, region.as_str(), index) {
                continue;
            }
            let reason = match plan.regions_of(account) {
                RegionChoice::Enabled { except, .. } if except.contains(&region) => {
                    format!("{region} is excluded from the scan")
                }
                _ => format!("{region} is not scanned in this account"),
            };
            records.extend(skipped_records(account.id.clone(), region.as_str(), call).map(|record| {
                let message = record.message.unwrap_or_else(|| reason.clone());
                CallRecord { message: Some(message), ..record }
            }));
        }
    }
    records
}

//! Calls for which an account has no region: the regions that the spec names are not enabled there, or all that are
//! enabled are left out. They are told as skipped, so that no entry of the spec is without a line.

use super::call_outcome::skipped_records;
use super::context::Engine;
use crate::names::Region;
use crate::plan::{PlannedAccount, RegionChoice};
use crate::run::CallRecord;

/// The lines that an account with these regions still lacks.
pub(super) fn records(engine: &Engine, account: &PlannedAccount, regions: &[Region]) -> Vec<CallRecord> {
    let plan = &engine.plan;
    let mut records = Vec::new();
    for (index, missed) in plan.without_region(regions) {
        let call = &plan.calls[index];
        for region in missed {
            if engine.recorded.is_settled(&account.id, region.as_str(), index) {
                continue;
            }
            let reason = match &plan.regions {
                RegionChoice::Enabled { except } if except.contains(&region) => {
                    format!("{region} is left out of the scan")
                }
                _ => format!("{region} is not among the regions that are scanned in this account"),
            };
            records.extend(skipped_records(account.id.clone(), region.as_str(), call).map(|record| {
                let message = record.message.unwrap_or_else(|| reason.clone());
                CallRecord { message: Some(message), ..record }
            }));
        }
    }
    records
}

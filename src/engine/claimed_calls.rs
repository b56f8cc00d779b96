//! The calls of an account that have been reported, so that each call has exactly one ledger line.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::names::Region;
use crate::run::CallRecord;

/// The calls of an account that have been reported in this execution.
#[derive(Debug, Default)]
pub(super) struct ClaimedCalls {
    /// The region, service and name of each call.
    calls: Mutex<HashSet<(String, String, String)>>,
    /// The account's regions; set when the start of the account has been reported.
    pub(super) regions: OnceLock<Vec<Region>>,
}

impl ClaimedCalls {
    /// Returns the records whose calls have not been reported yet, and marks these calls as reported.
    pub(super) fn claim(&self, records: Vec<CallRecord>) -> Vec<CallRecord> {
        let mut claimed = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |record: &CallRecord| {
            (record.region.clone(), record.service.as_str().to_owned(), record.name.clone())
        };
        let new: HashSet<_> = records.iter().map(key).filter(|call| !claimed.contains(call)).collect();
        let records = records.into_iter().filter(|record| new.contains(&key(record))).collect();
        claimed.extend(new);
        records
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ClaimedCalls;
    use crate::names::AccountId;
    use crate::run::CallRecord;

    #[test]
    fn a_call_is_told_once_with_all_its_items() {
        let claimed = ClaimedCalls::default();
        let record = |region: &str, item: Option<&str>| CallRecord {
            item: item.map(|item| json!(item)),
            ..CallRecord::new(&AccountId::new("111111111111"), region, "sqs", "list_queues", "list_queues")
        };
        let first = vec![record("eu-west-1", None), record("eu-west-1", Some("a"))];
        assert_eq!(claimed.claim(first.clone()).len(), 2);
        assert!(claimed.claim(first).is_empty());
        assert_eq!(claimed.claim(vec![record("eu-west-1", None), record("eu-west-2", None)]).len(), 1);
    }
}

//! Which calls of an account have their line, so that each gets one and no more, whatever happens.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::names::Region;
use crate::run::CallRecord;

/// What has been told of an account in this execution.
#[derive(Debug, Default)]
pub(super) struct ClaimedCalls {
    /// Region, service and name of the calls.
    calls: Mutex<HashSet<(String, String, String)>>,
    /// The account's regions; set when its calls have been announced.
    pub(super) regions: OnceLock<Vec<Region>>,
}

impl ClaimedCalls {
    /// Those of the records that may be told now: their calls have no line yet, and from now on count as told.
    pub(super) fn claim(&self, records: Vec<CallRecord>) -> Vec<CallRecord> {
        let mut told = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |record: &CallRecord| {
            (record.region.clone(), record.service.as_str().to_owned(), record.name.clone())
        };
        let new: HashSet<_> = records.iter().map(key).filter(|call| !told.contains(call)).collect();
        let records = records.into_iter().filter(|record| new.contains(&key(record))).collect();
        told.extend(new);
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
        let told = ClaimedCalls::default();
        let record = |region: &str, item: Option<&str>| CallRecord {
            item: item.map(|item| json!(item)),
            ..CallRecord::new(&AccountId::new("111111111111"), region, "sqs", "list_queues", "list_queues")
        };
        let first = vec![record("eu-west-1", None), record("eu-west-1", Some("a"))];
        assert_eq!(told.claim(first.clone()).len(), 2);
        assert!(told.claim(first).is_empty());
        assert_eq!(told.claim(vec![record("eu-west-1", None), record("eu-west-2", None)]).len(), 1);
    }
}

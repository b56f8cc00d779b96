//! The outcomes of calls for tags, from the ledger: a missing response means either that there are no tags, or that
//! they are not known.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::call::ReportedCall;
use super::call::in_order;
use super::indexes::IndexCall;
use super::wide_hash::{WideHash, WideHasher};
use crate::aws::organization::Account;
use crate::run::{CallRecord, Results, ResultsError, Status};

/// What the ledger of a run has about its calls for tags.
#[derive(Debug, Default)]
pub(super) struct TagOutcomes {
    hasher: WideHasher,
    /// Calls below others, by account, place and call: AWS reported for some of their items that they have no tags.
    with_untagged: HashSet<WideHash>,
    /// Items whose response is missing or incomplete for another reason.
    unknown: HashSet<WideHash>,
    /// Indexes of tags that are not complete.
    incomplete: HashSet<WideHash>,
}

impl TagOutcomes {
    /// Reads the ledger once, if there are calls for tags among the wanted ones.
    pub(super) fn read(
        results: &Results,
        calls: &[ReportedCall],
        is_wanted: &dyn Fn(usize) -> bool,
    ) -> Result<Self, ResultsError> {
        let of_tags: HashMap<(&str, &str), usize> = calls
            .iter()
            .enumerate()
            .filter(|(index, call)| is_wanted(*index) && call.returns_tags())
            .map(|(index, call)| ((call.service(), call.name()), index))
            .collect();
        let mut outcomes = Self::default();
        if of_tags.is_empty() {
            return Ok(outcomes);
        }
        results.each_record(&mut |record| {
            if let Some(index) = of_tags.get(&(record.service.as_str(), record.name.as_str())) {
                outcomes.note(*index, calls[*index].index, record);
            }
        })?;
        Ok(outcomes)
    }

    fn note(&mut self, call: usize, index: Option<IndexCall>, record: &CallRecord) {
        let (account, place) = (record.account.as_str(), record.region.as_str());
        if let Some(item) = &record.item {
            self.unknown.insert(self.of_item(account, place, call, item));
            return;
        }
        let of_call = self.of_call(account, place, call);
        if index.is_none() {
            if record.items_not_configured > 0 {
                self.with_untagged.insert(of_call);
            }
        } else if matches!(record.status, Status::Ok | Status::Empty) {
            // A later line of a resumed run replaces an earlier one.
            self.incomplete.remove(&of_call);
        } else {
            self.incomplete.insert(of_call);
        }
    }

    /// Returns whether an item without a response has no tags, according to AWS.
    pub(super) fn is_untagged(&self, account: &Account, place: &str, call: usize, item: &Value) -> bool {
        let account = account.id.as_str();
        self.with_untagged.contains(&self.of_call(account, place, call))
            && !self.unknown.contains(&self.of_item(account, place, call, item))
    }

    /// Returns whether the ledger has nothing that makes an index incomplete.
    pub(super) fn is_complete(&self, account: &Account, place: &str, call: usize) -> bool {
        !self.incomplete.contains(&self.of_call(account.id.as_str(), place, call))
    }

    fn of_call(&self, account: &str, place: &str, call: usize) -> WideHash {
        self.hasher.hash((account, place, call))
    }

    fn of_item(&self, account: &str, place: &str, call: usize, item: &Value) -> WideHash {
        self.hasher.hash((account, place, call, in_order(item).to_string()))
    }
}

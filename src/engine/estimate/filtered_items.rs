//! The numbers of items that only the results of an earlier run have: the filter of a child call takes some elements
//! of a list, or lists in its elements, such as the instances of reservations.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::earlier_run::{EarlierRun, KnownCall};
use super::links::child_links;
use crate::names::AccountId;
use crate::plan::spec::{Child, OutputOrigin};
use crate::plan::{Plan, PlannedCall};
use crate::run::{PlaceResults, Results, ResultsError};

/// The numbers of items that the filters of a plan find in the results of an earlier run.
#[derive(Debug, Default)]
pub struct FilteredItems {
    accounts: HashMap<AccountId, HashMap<String, PlaceItems>>,
}

/// The numbers of items in one account and region, by call of the earlier run and filter.
pub(super) type PlaceItems = HashMap<(usize, String), u64>;

/// A list in the results, and the filters that take items from it.
struct FilteredList<'run> {
    known: KnownCall<'run>,
    list: &'run str,
    service: &'run str,
    /// The filters; equal ones once.
    children: Vec<&'run Child>,
}

impl FilteredItems {
    /// Counts the items that the child calls of a plan have in the results of a run, if its ledger has no number.
    ///
    /// # Errors
    ///
    /// Returns an error if a result cannot be read.
    pub fn count(run: &EarlierRun, results: &Results, plan: &Plan) -> Result<Self, ResultsError> {
        let lists: Vec<FilteredList<'_>> =
            plan.calls.iter().filter_map(|call| filtered_list(run, call)).collect();
        let mut counted = Self::default();
        for account in results.accounts() {
            let of_account = counted.accounts.entry(account.id.clone()).or_default();
            for (place, known) in run.places(&account.id) {
                let mut files = results.place(account, place);
                let has_items = |list: &&FilteredList<'_>| {
                    known.get(&list.known.id).is_some_and(|counts| counts.is_complete() && counts.items > 0)
                };
                for list in lists.iter().filter(has_items) {
                    list.count(&mut files, of_account.entry(place.to_owned()).or_default())?;
                }
            }
        }
        Ok(counted)
    }

    /// Returns the numbers of items in an account and region.
    pub(super) fn place(&self, account: &AccountId, place: &str) -> Option<&PlaceItems> {
        self.accounts.get(account)?.get(place)
    }
}

/// Returns the list of a call, if its results have to be read.
fn filtered_list<'run>(run: &'run EarlierRun, call: &'run PlannedCall) -> Option<FilteredList<'run>> {
    if call.is_for_items() {
        return None;
    }
    let known = run.entry(&call.entry)?;
    let list = known.list?;
    let mut children: Vec<&Child> = Vec::new();
    for link in child_links(call).into_iter().filter(|link| link.parent == Some(0)) {
        let child = link.child;
        let needs_results =
            child.output_origin() == OutputOrigin::Other && child.list_of_items() == Some(list);
        if needs_results && children.iter().all(|known| known.over() != child.over()) {
            children.push(child);
        }
    }
    let service = &*call.entry.function.service().name;
    (!children.is_empty()).then_some(FilteredList { known, list, service, children })
}

impl FilteredList<'_> {
    /// Adds the numbers of items in a result.
    fn count(&self, files: &mut PlaceResults, items: &mut PlaceItems) -> Result<(), ResultsError> {
        files.read(self.service, self.known.name, |path, reader| {
            let result: Value = serde_json::from_reader(reader)
                .map_err(|cause| ResultsError::Damaged(path.to_owned(), cause.to_string()))?;
            let answer = if self.known.is_whole {
                result
            } else {
                Value::Object(Map::from_iter([(self.list.to_owned(), result)]))
            };
            for child in &self.children {
                // A filter that fails on a result has no number of items.
                if let Ok(found) = child.items(&answer, &Value::Null) {
                    items.insert((self.known.id, child.over().to_owned()), found.len() as u64);
                }
            }
            Ok(())
        })
    }
}

//! The calls that earlier executions of a run have recorded: a resumed run only sends the missing ones.
//!
//! A call with child calls is settled as a whole: the children's items come from its response, so it is sent
//! again if the record of a child is missing. Children that are called region by region are settled in each
//! region, if the global call that finds their items is settled.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::catalog::CallScope;
use crate::names::{AccountId, Region, ServiceName};
use crate::plan::{Plan, RegionScope, ServiceBatch};
use crate::run::ledger::record::CallRecord;
use crate::run::ledger::status::Status;

/// The ledger has a line for the function.
const SEEN: u8 = 1;
/// The line, or one about an item, reports a gap that a retry may fill.
const GAP: u8 = 2;
/// The line reports a result.
const RESULT: u8 = 4;

/// The state of a plan's calls according to the ledger: a byte for each function that is called in a place.
#[derive(Debug, Default)]
pub struct RecordedCalls {
    /// The functions of all calls and their children, by service and name of the result.
    functions: HashMap<ServiceName, HashMap<String, usize>>,
    /// The functions of each call; the first one is the call's own function.
    calls: Vec<Range<usize>>,
    /// The global call that finds the items for a call, by the index of the call.
    sources: Vec<Option<usize>>,
    lists_buckets: Vec<bool>,
    places: HashMap<AccountId, HashMap<String, Box<[u8]>>>,
    /// The region that the list of buckets for earlier lines was read in, by account and call.
    bucket_listings: HashMap<(AccountId, usize), Region>,
    /// Accounts of the plan that are no longer accessible, with the reason.
    inaccessible: HashMap<AccountId, String>,
    resumed: bool,
    retry_gaps: bool,
}

/// A result that a line of the ledger reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedResult<'plan> {
    /// The call's index in the plan.
    pub call: usize,
    /// The service, which names the result file.
    pub service: &'plan str,
    /// The key in the result file.
    pub name: &'plan str,
}

impl RecordedCalls {
    /// Returns the empty state for a plan. With `retry_gaps`, failed calls count as not recorded.
    #[must_use]
    pub fn new(plan: &Plan, retry_gaps: bool) -> Self {
        let mut recorded = Self { resumed: true, retry_gaps, ..Self::default() };
        let mut count = 0;
        for call in &plan.calls {
            let first = count;
            for (name, function) in call.functions() {
                let service = ServiceName::new(&*function.service().name);
                recorded.functions.entry(service).or_default().insert(name.to_owned(), count);
                count += 1;
            }
            recorded.calls.push(first..count);
            recorded.lists_buckets.push(call.reach == CallScope::Buckets);
            recorded.sources.push(call.spread.as_ref().map(|spread| spread.source));
        }
        recorded
    }

    /// Records a line of the ledger.
    pub fn note(&mut self, record: &CallRecord) {
        let Some(function) = self.function(record) else { return };
        let count = self.calls.last().map_or(0, |functions| functions.end);
        let places = self.places.entry(record.account.clone()).or_default();
        if !places.contains_key(&record.region) {
            places.insert(record.region.clone(), vec![0; count].into_boxed_slice());
        }
        let Some(marks) = places.get_mut(&record.region) else { return };
        if record.item.is_none() {
            marks[function] |= SEEN;
            if matches!(record.status, Status::Ok | Status::Empty | Status::Truncated) {
                marks[function] |= RESULT;
            }
        }
        if record.is_gap() {
            marks[function] |= GAP;
        }
        let call = self.call_of(function);
        if self.lists_buckets[call]
            && record.item.is_none()
            && record.pages > 0
            && let Ok(region) = Region::parse(&record.region)
        {
            self.bucket_listings.insert((record.account.clone(), call), region);
        }
    }

    /// Discards the records of a call whose result is missing or damaged.
    pub fn forget(&mut self, account: &AccountId, place: &str, call: usize) {
        let marks = self.places.get_mut(account).and_then(|places| places.get_mut(place));
        if let (Some(marks), Some(functions)) = (marks, self.calls.get(call)) {
            marks[functions.clone()].fill(0);
        }
    }

    /// Records that an account of the plan is no longer accessible.
    pub fn account_no_longer_exists(&mut self, account: AccountId, why: String) {
        self.inaccessible.insert(account, why);
    }

    /// Returns whether a line of the ledger is kept. Lines about calls that are not in the plan are kept.
    #[must_use]
    pub fn keeps(&self, record: &CallRecord) -> bool {
        self.function(record)
            .is_none_or(|function| self.is_settled(&record.account, &record.region, self.call_of(function)))
    }

    /// Iterates over the accounts and places in the ledger.
    pub fn places(&self) -> impl Iterator<Item = (&AccountId, &str)> {
        self.places
            .iter()
            .flat_map(|(account, places)| places.keys().map(move |place| (account, place.as_str())))
    }

    /// Returns the results of the settled calls in a place, according to the ledger.
    #[must_use]
    pub fn promised<'plan>(
        &self,
        plan: &'plan Plan,
        account: &AccountId,
        place: &str,
    ) -> Vec<ExpectedResult<'plan>> {
        let marks = self.places.get(account).and_then(|places| places.get(place));
        let Some(marks) = marks else { return Vec::new() };
        let mut promised = Vec::new();
        for (call, functions) in self.calls.iter().enumerate() {
            if !self.is_settled(account, place, call) {
                continue;
            }
            for ((name, function), mark) in plan.calls[call].functions().zip(&marks[functions.clone()]) {
                if mark & RESULT != 0 {
                    promised.push(ExpectedResult { call, service: &function.service().name, name });
                }
            }
        }
        promised
    }

    /// Returns whether the run has earlier executions that have to be considered.
    pub(crate) fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Returns whether a call is settled and is not sent again.
    #[must_use]
    pub fn is_settled(&self, account: &AccountId, place: &str, call: usize) -> bool {
        let marks = self.places.get(account).and_then(|places| places.get(place));
        let is_settled = match (marks, self.calls.get(call)) {
            (Some(marks), Some(functions)) => self.is_settled_by(marks, functions),
            _ => false,
        };
        let source = self.sources.get(call).copied().flatten();
        is_settled
            && source.is_none_or(|source| self.is_settled(account, RegionScope::Global.as_str(), source))
    }

    /// Returns the calls of a unit that are still to be sent.
    pub(crate) fn pending(&self, account: &AccountId, unit: &ServiceBatch) -> Vec<usize> {
        let place = unit.place.as_str();
        let calls = unit.calls.iter().copied();
        calls.filter(|call| !self.is_settled(account, place, *call)).collect()
    }

    /// Returns why an account is no longer accessible; `None` if it is accessible.
    pub(crate) fn missing_reason(&self, account: &AccountId) -> Option<&str> {
        self.inaccessible.get(account).map(String::as_str)
    }

    /// Returns the region in which the account's buckets were listed for the regions that are already recorded.
    pub(crate) fn listed_in(&self, account: &AccountId, call: usize) -> Option<&Region> {
        let region = self.bucket_listings.get(&(account.clone(), call))?;
        self.is_settled(account, region.as_str(), call).then_some(region)
    }

    fn is_settled_by(&self, marks: &[u8], functions: &Range<usize>) -> bool {
        let marks = &marks[functions.clone()];
        let gap = if self.retry_gaps { GAP } else { 0 };
        marks.iter().all(|mark| mark & SEEN != 0 && mark & gap == 0)
    }

    fn function(&self, record: &CallRecord) -> Option<usize> {
        if record.is_about_the_run() {
            return None;
        }
        self.functions.get(&record.service)?.get(&record.name).copied()
    }

    fn call_of(&self, function: usize) -> usize {
        self.calls.partition_point(|functions| functions.end <= function)
    }
}

#[cfg(test)]
mod tests {
    use super::{ExpectedResult, RecordedCalls};
    use crate::model::catalog::Catalog;
    use crate::names::{AccountId, Partition, Region};
    use crate::plan::spec::ScanSpec;
    use crate::plan::{Plan, PlannedCall, RegionChoice};
    use crate::run::{CallRecord, Status};

    const PLACE: &str = "eu-west-1";

    /// Returns a plan of queues, tables with their descriptions, and buckets.
    fn plan() -> Plan {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let spec = r#"[{"service": "sqs", "function": "list_queues"},
            {"service": "dynamodb", "function": "list_tables",
             "each": [{"over": ".TableNames[]", "function": "describe_table",
                       "parameters": {"TableName": "{.}"}}]},
            {"service": "s3", "function": "list_buckets"}]"#;
        let spec = ScanSpec::parse(spec, "test", &catalog).expect("a spec");
        Plan {
            accounts: Vec::new(),
            calls: PlannedCall::all(spec.entries),
            skipped: Vec::new(),
            regions: RegionChoice::Enabled { matching: Vec::new(), except: Vec::new() },
            global_region: Region::new("us-east-1"),
            partition: Partition::new("aws"),
            started: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn account() -> AccountId {
        AccountId::new("123456789012")
    }

    fn line(service: &str, name: &str, status: Status) -> CallRecord {
        let mut record = CallRecord::new(&account(), PLACE, service, name, name);
        record.status = status;
        record
    }

    fn settled(retry_gaps: bool, lines: &[CallRecord]) -> Vec<usize> {
        let mut recorded = RecordedCalls::new(&plan(), retry_gaps);
        for line in lines {
            recorded.note(line);
        }
        (0..3).filter(|call| recorded.is_settled(&account(), PLACE, *call)).collect()
    }

    #[test]
    fn a_call_with_a_line_is_not_asked_again() {
        assert_eq!(settled(false, &[line("sqs", "list_queues", Status::Ok)]), [0]);
        assert_eq!(settled(false, &[line("sqs", "list_queues", Status::Denied)]), [0]);
        assert_eq!(settled(false, &[line("sqs", "another", Status::Ok)]), [0; 0]);
    }

    #[test]
    fn a_call_is_asked_again_when_one_of_its_children_has_no_line() {
        let parent = line("dynamodb", "list_tables", Status::Ok);
        assert_eq!(settled(false, std::slice::from_ref(&parent)), [0; 0]);
        assert_eq!(settled(false, &[parent, line("dynamodb", "describe_table", Status::Empty)]), [1]);
    }

    #[test]
    fn failed_calls_are_retried_on_request() {
        let denied = line("sqs", "list_queues", Status::Denied);
        let mut cut_off = line("sqs", "list_queues", Status::Truncated);
        cut_off.truncated_by = Some(Status::Unreachable);
        let by_the_spec = line("sqs", "list_queues", Status::Truncated);
        assert_eq!(settled(true, &[denied]), [0; 0]);
        assert_eq!(settled(true, &[cut_off]), [0; 0]);
        assert_eq!(settled(true, &[by_the_spec]), [0]);
    }

    #[test]
    fn an_item_that_failed_brings_its_parent_back() {
        let parent = line("dynamodb", "list_tables", Status::Ok);
        let child = line("dynamodb", "describe_table", Status::Truncated);
        let mut item = line("dynamodb", "describe_table", Status::Throttled);
        item.item = Some("orders".into());
        let lines = [parent, child, item];
        assert_eq!(settled(false, &lines), [1]);
        assert_eq!(settled(true, &lines), [0; 0]);
    }

    #[test]
    fn a_line_that_will_be_superseded_is_not_kept() {
        let mut recorded = RecordedCalls::new(&plan(), true);
        let lines = [line("sqs", "list_queues", Status::Failed), line("s3", "list_buckets", Status::Ok)];
        for line in &lines {
            recorded.note(line);
        }
        assert!(!recorded.keeps(&lines[0]));
        assert!(recorded.keeps(&lines[1]));
        let skipped = CallRecord::of_the_run("sqs", "list_queues", "excluded from inventories".to_owned());
        assert!(recorded.keeps(&skipped), "a line about an unknown call is kept");
    }

    #[test]
    fn results_are_promised_by_lines_that_have_one() {
        let plan = plan();
        let mut recorded = RecordedCalls::new(&plan, false);
        recorded.note(&line("sqs", "list_queues", Status::Empty));
        recorded.note(&line("s3", "list_buckets", Status::Denied));
        let promised = ExpectedResult { call: 0, service: "sqs", name: "list_queues" };
        assert_eq!(recorded.promised(&plan, &account(), PLACE), [promised]);
        recorded.forget(&account(), PLACE, 0);
        assert_eq!(recorded.promised(&plan, &account(), PLACE), []);
        assert!(!recorded.is_settled(&account(), PLACE, 0));
    }

    #[test]
    fn the_region_that_listed_the_buckets_is_remembered() {
        let mut recorded = RecordedCalls::new(&plan(), false);
        let mut listed = line("s3", "list_buckets", Status::Ok);
        listed.pages = 1;
        recorded.note(&listed);
        assert_eq!(recorded.listed_in(&account(), 2), Some(&Region::new(PLACE)));
        assert_eq!(recorded.listed_in(&AccountId::new("999999999999"), 2), None);
    }
}

//! One call: its pages, its result, its record.

use std::time::Instant;

use serde_json::{Map, Value};

use super::account_scan::AccountScan;
use super::bucket_listing::BucketListing;
use super::call_result::CallResult;
use super::collector::{Collected, Collector, Wanted, count, count_items};
use super::hint::hint;
use super::record::CallRecord;
use super::status::Status;
use crate::catalog::{Reach, home};
use crate::client::CallError;
use crate::names::Region;
use crate::plan::{Place, PlannedCall};
use crate::spec::Selection;

/// The scan of one call in one place.
pub(super) struct CallScan<'scan> {
    account: &'scan AccountScan,
    call: &'scan PlannedCall,
    place: &'scan Place,
    record: CallRecord,
}

impl<'scan> CallScan<'scan> {
    /// Asks the call with this index in the plan. `None` when the run is being stopped: the call
    /// has not been asked, and a resumed run will.
    pub(super) async fn run(
        account: &'scan AccountScan,
        place: &'scan Place,
        index: usize,
    ) -> Option<(CallRecord, Option<CallResult>)> {
        if account.shared.stop.is_requested() {
            return None;
        }
        let call = &account.shared.engine.plan.calls[index];
        let function = &call.entry.function;
        let record = CallRecord::new(
            &account.account.id,
            place.as_str(),
            &function.service().name,
            function.name(),
            &call.entry.name,
        );
        let mut scan = Self { account, call, place, record };
        let began = Instant::now();
        let result = match (call.reach, place) {
            (Reach::Buckets, Place::Region(region)) => scan.buckets(index, region).await,
            _ => scan.pages().await,
        };
        scan.record.milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        scan.record.hint = hint(scan.record.status, scan.record.by, &scan.action());
        let CallScan { record, .. } = scan;
        tracing::debug!(
            account = %record.account, region = %record.region, service = %record.service,
            function = %record.function, status = %record.status, items = record.items,
            code = record.code.as_deref(), "call ended"
        );
        Some((record, result))
    }

    /// Reads page after page.
    async fn pages(&mut self) -> Option<CallResult> {
        let engine = &self.account.shared.engine;
        let entry = &self.call.entry;
        let region = match self.place {
            Place::Region(region) => region.clone(),
            Place::Global => home(&entry.function).unwrap_or_else(|| engine.plan.global_region.clone()),
        };
        let sink = &engine.sink;
        let mut collector = Collector::new(
            &entry.function,
            wanted(&entry.selection),
            entry.max_items,
            sink.scratch(),
            sink.depth(),
        );
        let mut pages = self.account.client.pages(&entry.function, &region, entry.parameters.clone());
        let mut failure = None;
        let mut more = false;
        loop {
            match self.account.next_page(&mut pages).await {
                Ok(Some(answer)) => {
                    self.record.pages += 1;
                    self.record.attempts += answer.attempts;
                    if let Err(error) = collector.page(answer.members) {
                        return self.unwritable(&error);
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
            more = !pages.is_finished();
            if !more || !entry.paginate || collector.is_full() {
                break;
            }
        }
        self.record.items = collector.items();
        if let Some(error) = failure {
            self.record.fail(&error);
            if self.record.pages == 0 {
                return None;
            }
            // What came before the failure is true, and the status says that it is not all.
            self.record.status = Status::Truncated;
        } else if collector.is_cut() || more {
            self.record.status = Status::Truncated;
            self.record.message = Some(self.why_truncated());
        } else {
            self.record.status = if collector.items() > 0 { Status::Ok } else { Status::Empty };
        }
        match collector.finish() {
            Collected::Result(result) => Some(result),
            Collected::Answer(answer) => self.select(answer),
        }
    }

    /// Takes this region's buckets from the account's one list.
    async fn buckets(&mut self, index: usize, region: &Region) -> Option<CallResult> {
        let account = self.account;
        let mut asked_here = false;
        let cell = account.buckets.get(&index)?;
        let listing = cell
            .get_or_init(|| {
                asked_here = true;
                BucketListing::ask(account, self.call, region)
            })
            .await;
        match listing {
            Ok(listing) => {
                if asked_here {
                    self.record.pages = listing.pages;
                    self.record.attempts = listing.attempts;
                    self.record.left_out = listing.left_out(&account.regions);
                }
                let (answer, items) = listing.answer(region);
                self.record.items = items;
                self.record.status = match (listing.truncated, items) {
                    (true, _) => Status::Truncated,
                    (false, 0) => Status::Empty,
                    (false, _) => Status::Ok,
                };
                if listing.truncated {
                    self.record.message = Some(self.why_truncated());
                }
                self.select(answer)
            }
            Err(error) => {
                let attempts = if asked_here { error.attempts } else { 0 };
                self.record.fail(&CallError { attempts, ..error.clone() });
                None
            }
        }
    }

    /// Applies the spec's selection to a complete answer.
    fn select(&mut self, answer: Map<String, Value>) -> Option<CallResult> {
        let selection = &self.call.entry.selection;
        let whole_items = count_items(&answer);
        match selection.select(answer) {
            Ok(value) => {
                self.record.items = match selection {
                    Selection::Whole if self.record.items == 0 => whole_items,
                    Selection::Whole => self.record.items,
                    _ => count(&value),
                };
                if matches!(self.record.status, Status::Ok | Status::Empty) {
                    self.record.status = if self.record.items > 0 { Status::Ok } else { Status::Empty };
                }
                Some(CallResult::Value(value))
            }
            Err(error) => {
                self.record.status = Status::Failed;
                self.record.message = Some(error.to_string());
                None
            }
        }
    }

    /// A result that does not fit on the disk while it is collected.
    fn unwritable(&mut self, error: &std::io::Error) -> Option<CallResult> {
        self.record.status = Status::Failed;
        self.record.message = Some(format!("the result could not be stored: {error}"));
        None
    }

    fn why_truncated(&self) -> String {
        if self.call.entry.paginate {
            "the spec's max_items is reached and more exists".to_owned()
        } else {
            "the spec asks for the first page only and more exists".to_owned()
        }
    }

    /// The IAM action of the call, as far as its name tells.
    fn action(&self) -> String {
        let function = &self.call.entry.function;
        format!("{}:{}", function.service().signing_name, function.operation().name)
    }
}

fn wanted(selection: &Selection) -> Wanted<'_> {
    match selection {
        Selection::Whole => Wanted::Whole,
        Selection::Key(key) => Wanted::Key(key),
        Selection::Filter(_) => Wanted::Filtered,
    }
}

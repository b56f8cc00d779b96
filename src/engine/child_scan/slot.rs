//! The result and the ledger lines of one child call, over all its items.

use std::time::Instant;

use serde_json::{Value, json};

use super::ChildScan;
use super::found::{ItemError, ItemResult};
use super::missing_list::why_no_items;
use crate::aws::client::CallError;
use crate::engine::call_outcome::{CallOutcome, NamedResult, finish_record, new_record, why_truncated};
use crate::engine::classify::record_classified;
use crate::names::ServiceName;
use crate::plan::spec::Child;
use crate::run::{CallRecord, CallResult, ListSpool, Status};
use crate::util::plural::plural;

/// The outcome of one child call over all its items.
pub(super) struct ChildSlot<'spec> {
    scan: ChildScan<'spec>,
    child: &'spec Child,
    spool: ListSpool,
    record: CallRecord,
    /// The ledger lines of items that need one.
    lines: Vec<CallRecord>,
    /// The ledger lines of items that belong to no scanned region.
    elsewhere: Vec<CallRecord>,
    called: u64,
    /// The number of lists that are missing, in which there would have been items.
    missing_lists: u64,
    /// The status of the first of them.
    why_missing: Option<Status>,
}

/// The number of items from which it is no coincidence that none of them exists any more: the parameters of the
/// child call must refer to something else.
const TOO_MANY_TO_VANISH: u64 = 5;

impl<'spec> ChildSlot<'spec> {
    pub(super) fn new(scan: ChildScan<'spec>, child: &'spec Child) -> Self {
        let sink = &scan.account.context.shared.engine.sink;
        Self {
            scan,
            child,
            spool: ListSpool::new(sink.scratch(), sink.layout().depth()),
            record: new_record(&scan.account.context, scan.place, &child.function, &child.name),
            lines: Vec::new(),
            elsewhere: Vec::new(),
            called: 0,
            missing_lists: 0,
            why_missing: None,
        }
    }

    pub(super) fn not_sent(mut self, why: &str) -> CallRecord {
        self.record.status = Status::Skipped;
        self.record.message = Some(why.to_owned());
        self.record
    }

    pub(super) fn take(&mut self, found: ItemResult) {
        if let Some(message) = found.elsewhere {
            let record = CallRecord { item: Some(found.item), message: Some(message), ..self.record.clone() };
            self.elsewhere.push(record);
            return;
        }
        self.called += 1;
        self.record.pages += found.pages;
        self.record.attempts += found.attempts;
        self.record.redacted += found.cleaned.redacted;
        self.record.secrets += found.cleaned.secrets;
        let outcome = found.outcome.and_then(|result| {
            let line = json!({"item": &found.item, "result": result});
            self.spool
                .push(&line)
                .map_err(|error| self.scan.plain(self.scan.account.context.shared.cannot_store(&error)))
        });
        match outcome {
            Ok(()) if found.cut_off.is_some() => {
                let failure = found.cut_off.map(|error| self.scan.plain(error));
                self.note_item(found.item, failure);
                if let Some(record) = self.lines.last_mut() {
                    record.cut_off();
                }
            }
            Ok(()) if found.more => self.note_item(found.item, None),
            Ok(()) => {}
            Err(failure) if failure.meaning.status == Status::Empty => self.record.items_not_configured += 1,
            Err(failure) => {
                self.record.vanished += u64::from(failure.meaning.status == Status::Vanished);
                self.note_item(found.item, Some(failure));
            }
        }
    }

    /// Notes that a list is missing, in which there would have been items.
    pub(super) fn without_list(&mut self, status: Status) {
        self.missing_lists += 1;
        self.why_missing.get_or_insert(status);
    }

    /// Adds the outcomes of the same child call for the items of another response.
    pub(super) fn merge(&mut self, other: Self) {
        self.called += other.called;
        self.missing_lists += other.missing_lists;
        self.why_missing = self.why_missing.or(other.why_missing);
        self.record.pages += other.record.pages;
        self.record.attempts += other.record.attempts;
        self.record.redacted += other.record.redacted;
        self.record.secrets += other.record.secrets;
        self.record.items_not_configured += other.record.items_not_configured;
        self.record.vanished += other.record.vanished;
        self.lines.extend(other.lines);
        self.elsewhere.extend(other.elsewhere);
        if let Err(error) = self.spool.join(other.spool) {
            // The run ends with this error.
            let _ = self.scan.account.context.shared.cannot_store(&error);
        }
    }

    /// Adds a ledger line for one item.
    fn note_item(&mut self, item: Value, failure: Option<ItemError>) {
        let mut record = CallRecord { item: Some(item), ..self.record.clone() };
        (record.pages, record.attempts, record.items_not_configured, record.vanished) = (0, 0, 0, 0);
        (record.redacted, record.secrets) = (0, 0);
        if let Some(failure) = failure {
            let ItemError { error, meaning } = failure;
            record_classified(&mut record, &CallError { attempts: 0, ..*error }, meaning);
        } else {
            record.status = Status::Truncated;
            record.message = Some(why_truncated(self.child.paginate));
        }
        self.lines.push(record);
    }

    pub(super) fn finish(mut self, started: Instant, outcome: &mut CallOutcome) {
        if let (0, true, Some(status)) = (self.called, self.elsewhere.is_empty(), self.why_missing) {
            outcome.records.push(self.not_sent(why_no_items(status)));
            return;
        }
        self.record.items = self.spool.len();
        self.doubt_that_all_vanished();
        let count =
            |is: &dyn Fn(&CallRecord) -> bool| self.lines.iter().filter(|line| is(line)).count() as u64;
        let failed = count(&|line| line.is_gap() && line.status != Status::Truncated);
        let cut_off = count(&|line| line.truncated_by.is_some());
        let lacking =
            count(&|line| !line.is_gap() && !matches!(line.status, Status::Truncated | Status::Vanished));
        let first_gap = self.lines.iter().find(|line| line.is_gap());
        self.record.status = match (self.record.items, failed) {
            (0, 0) if lacking == self.called => self.lines.first().map_or(Status::Empty, |line| line.status),
            (0, 0) => Status::Empty,
            (_, 0) if cut_off == 0 => Status::Ok,
            (0, _) => first_gap.map_or(Status::Failed, |line| line.status),
            _ => Status::Truncated,
        };
        // The meaning of an unresolved host name for all items applies to their call.
        if self.record.status.is_failure() {
            self.record.missing_host = first_gap.and_then(|line| line.missing_host);
        }
        self.record.failed_items = failed + cut_off;
        self.record.message = self.message(failed, cut_off, lacking);
        if lacking == self.called {
            self.record.code = self.lines.first().and_then(|line| line.code.clone());
        }
        finish_record(&mut self.record, started, &self.child.function, &self.scan.account.context);
        let service = ServiceName::new(&*self.child.function.service().name);
        let result = CallResult::List(self.spool);
        outcome.results.push(NamedResult { service, name: self.child.name.clone(), result });
        outcome.records.push(self.record);
        outcome.records.extend(self.elsewhere);
        for mut line in self.lines {
            finish_record(&mut line, started, &self.child.function, &self.scan.account.context);
            outcome.records.push(line);
        }
    }

    /// Returns a message about the items without a complete result.
    fn message(&self, failed: u64, cut_off: u64, lacking: u64) -> Option<String> {
        let parts: Vec<String> = [
            (failed, "failed"),
            (cut_off, "truncated"),
            (self.record.vanished, "deleted after they were listed"),
            (lacking, "without the feature enabled or available"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, outcome)| format!("{count} of {} {outcome}", plural(self.called, "item")))
        .collect();
        let of_items =
            (!parts.is_empty()).then(|| format!("{}; see the ledger lines of these items", parts.join(", ")));
        let of_lists = self.why_missing.map(|status| {
            let lists = plural(self.missing_lists, "list");
            format!("not called for the items of {lists}: {}", why_no_items(status))
        });
        let texts: Vec<String> = of_items.into_iter().chain(of_lists).collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    }

    /// Turns `vanished` into `failed` if none of many items exists: single items are deleted during a run, not all
    /// of them.
    fn doubt_that_all_vanished(&mut self) {
        if self.record.vanished < TOO_MANY_TO_VANISH || self.record.vanished < self.called {
            return;
        }
        self.record.vanished = 0;
        for line in &mut self.lines {
            line.status = Status::Failed;
        }
    }
}

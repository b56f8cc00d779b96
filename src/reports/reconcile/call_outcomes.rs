//! The outcome of the calls of a run that list a type of resource, in an account and region: from its ledger.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::witnessed::GLOBAL;
use crate::plan::spec::{ScanSpec, SpecEntry};
use crate::reports::resources::{ReportedCall, Resources};
use crate::run::{CallRecord, ResultsError, Status};
use crate::util::plural::plural;
use crate::util::text_numbers::number_of;

/// What the ledger has about the calls that list a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListOutcome {
    /// At least one call was complete.
    Complete,
    /// A call was denied, failed or is incomplete: the status and the reason.
    Incomplete(Status, String),
    /// No call was sent there, for this reason.
    NotCalled(String),
}

/// The line of a call.
#[derive(Clone, Debug)]
struct CallLine {
    status: Status,
    /// The reason, for lines that are not complete.
    reason: Option<Box<str>>,
}

/// The lines of a run's ledger, and the calls that they are about.
#[derive(Debug)]
pub(super) struct CallOutcomes {
    /// Whether the response of each call is not limited by parameters or a filter.
    is_whole: Vec<bool>,
    below: Vec<Option<usize>>,
    by_type: HashMap<String, Vec<usize>>,
    services: Vec<String>,
    /// The lines by account, region or `global`, and call.
    lines: HashMap<(u32, u32, u32), CallLine>,
    /// Accounts without a session: none of their calls was sent.
    without_session: HashMap<u32, CallLine>,
    /// The accounts, regions and `global`; their positions are the numbers of the lines.
    names: IndexSet<String>,
    /// The names of the accounts that were scanned.
    accounts: Vec<String>,
}

impl CallOutcomes {
    /// Reads the ledger of a run. `usual` returns whether parameters of a function only exclude resources of others.
    pub(super) fn read(
        resources: &Resources,
        spec: &ScanSpec,
        usual: &dyn Fn(&SpecEntry) -> bool,
    ) -> Result<Self, ResultsError> {
        let calls = resources.calls();
        // The calls without a parent are the entries of the spec, in their order.
        let mut entries = spec.entries.iter();
        let is_whole = calls.iter().map(|call| match call.below() {
            Some(_) => call.has_all_items(),
            None => entries.next().is_some_and(|entry| call.has_all_items() && usual(entry)),
        });
        let is_whole = is_whole.collect();
        let mut by_type: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, call) in
            calls.iter().enumerate().filter(|(_, call)| !call.is_detail() && !call.is_index())
        {
            for type_name in call.type_names() {
                by_type.entry(type_name).or_default().push(index);
            }
        }
        let accounts = resources.results().accounts().iter().filter(|account| account.is_scanned());
        let mut outcomes = Self {
            is_whole,
            below: calls.iter().map(ReportedCall::below).collect(),
            by_type,
            services: calls.iter().map(|call| call.service().to_owned()).collect(),
            lines: HashMap::new(),
            without_session: HashMap::new(),
            names: IndexSet::new(),
            accounts: accounts.map(|account| account.id.to_string()).collect(),
        };
        let numbers: HashMap<(&str, &str), u32> =
            (0..).zip(calls).map(|(number, call)| ((call.service(), call.name()), number)).collect();
        resources.results().each_record(&mut |record| {
            if record.is_call() {
                let call = numbers.get(&(record.service.as_str(), record.name.as_str())).copied();
                outcomes.add(record, call);
            }
        })?;
        Ok(outcomes)
    }

    fn add(&mut self, record: &CallRecord, call: Option<u32>) {
        let account = number_of(&mut self.names, record.account.as_str());
        let line = CallLine { status: record.status, reason: reason(record).map(Into::into) };
        if record.is_without_session() {
            self.without_session.entry(account).or_insert_with(|| line.clone());
        }
        if let Some(call) = call {
            let place = number_of(&mut self.names, &record.region);
            self.lines.insert((account, place, call), line);
        }
    }

    /// Returns why the run may have no resource of these services in an account.
    pub(super) fn why_nothing(&self, account: &str, services: &[String]) -> String {
        if !self.is_scanned(account) {
            return format!("account {account} was not scanned");
        }
        let number = self.number(account);
        if number.is_some_and(|number| self.without_session.contains_key(&number)) {
            return format!("no role could be assumed in account {account}");
        }
        let is_of =
            |call: u32| self.services.get(call as usize).is_some_and(|service| services.contains(service));
        let mut lines =
            self.lines.iter().filter(|((of, _, call), _)| Some(*of) == number && is_of(*call)).peekable();
        if lines.peek().is_none() {
            return format!("no call of the run is to {}", services.join(" or "));
        }
        match lines.find(|(_, line)| line.reason.is_some()) {
            Some((_, line)) => format!("a call was {}", line.status),
            None => "its calls found nothing".to_owned(),
        }
    }

    /// Returns the number of an account or region that the ledger has.
    fn number(&self, name: &str) -> Option<u32> {
        self.names.get_index_of(name).and_then(|position| u32::try_from(position).ok())
    }

    fn is_scanned(&self, account: &str) -> bool {
        self.accounts.iter().any(|scanned| scanned == account)
    }

    /// Returns whether a call of the run lists resources of a type.
    pub(super) fn lists_type(&self, type_name: &str) -> bool {
        self.by_type.contains_key(type_name)
    }

    /// Returns the outcome of the calls that list a type of resource in an account and region.
    pub(super) fn of(&self, type_name: &str, account: &str, region: &str) -> ListOutcome {
        if !self.is_scanned(account) {
            return ListOutcome::NotCalled(format!("account {account} was not scanned"));
        }
        let Some(calls) = self.by_type.get(type_name) else {
            return ListOutcome::NotCalled(format!("no call of the spec lists {type_name}"));
        };
        let Some(account) = self.number(account) else {
            return ListOutcome::NotCalled("the ledger has no line about the account".to_owned());
        };
        let mut incomplete = None;
        let mut limited = false;
        for place in [region, GLOBAL].into_iter().filter_map(|place| self.number(place)) {
            for call in calls {
                let Some(line) = self.line(account, place, *call) else { continue };
                match &line.reason {
                    Some(reason) => {
                        incomplete = incomplete.or_else(|| Some((line.status, reason.to_string())));
                    }
                    None if self.is_whole_chain(*call) => return ListOutcome::Complete,
                    None => limited = true,
                }
            }
        }
        if let Some((status, reason)) = incomplete {
            return ListOutcome::Incomplete(status, reason);
        }
        if let Some(line) = self.without_session.get(&account) {
            let reason = line.reason.as_deref().unwrap_or_default().to_owned();
            return ListOutcome::Incomplete(line.status, reason);
        }
        ListOutcome::NotCalled(if limited {
            format!("the spec lists {type_name} with parameters or a filter that may exclude it")
        } else {
            format!("{type_name} was not listed in {region}")
        })
    }

    /// Returns the line of a call, or that of a call above it that is not complete.
    fn line(&self, account: u32, place: u32, call: usize) -> Option<&CallLine> {
        let number = u32::try_from(call).ok()?;
        let own = self.lines.get(&(account, place, number))?;
        let above =
            self.below.get(call).copied().flatten().and_then(|above| self.line(account, place, above));
        Some(above.filter(|above| own.reason.is_none() && above.reason.is_some()).unwrap_or(own))
    }

    fn is_whole_chain(&self, call: usize) -> bool {
        self.is_whole.get(call).copied().unwrap_or_default()
            && self.below.get(call).copied().flatten().is_none_or(|above| self.is_whole_chain(above))
    }
}

/// Returns why the result of a call is not complete; `None` if it is.
fn reason(record: &CallRecord) -> Option<String> {
    let is_complete = matches!(record.status, Status::Ok | Status::Empty) && !record.is_gap();
    if is_complete {
        return None;
    }
    let function = format!("{} {}", record.service.as_str(), record.function.as_str());
    let detail = record.message.as_deref().or(record.code.as_deref());
    Some(match detail {
        Some(detail) => format!("{function}: {detail}"),
        None if record.failed_items > 0 => {
            format!("{function}: {} failed", plural(record.failed_items, "item"))
        }
        None => format!("{function}: {}", record.status),
    })
}

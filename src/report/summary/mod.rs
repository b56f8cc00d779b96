//! The summary at the end of a run: what was found, what is missing and why, where everything is.

mod markdown;
mod text;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::absences::AbsenceWarning;
use super::tally::{Cause, Failures, Subject, Tally};
use crate::engine::{CallRecord, DeniedBy, Status};
use crate::names::AccountId;
use crate::output::account_folder;
use crate::plan::Plan;

/// How many services, accounts and causes people are shown. Programs get all of them.
const SHOWN: usize = 10;

/// How a run ended that began to scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every call succeeded, or had nothing to find.
    Complete,
    /// Some calls were denied or failed.
    Incomplete,
    /// A signal stopped it.
    Interrupted,
    /// Its credentials hold no longer.
    CredentialsLost,
}

/// What a run came to.
#[derive(Debug, Serialize)]
pub struct Summary<'run> {
    /// How it ended.
    pub ending: Ending,
    /// The exit code that says so.
    pub exit_code: u8,
    /// Where its results are: a folder, or a place in a bucket.
    pub folder: String,
    /// How long it took.
    pub seconds: f64,
    /// Items found.
    pub items: u64,
    /// Calls that were to be made.
    pub calls: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that AWS throttled; they were tried again.
    pub throttled: u64,
    /// Calls per status.
    pub statuses: BTreeMap<Status, u64>,
    /// Items per service, most first.
    pub services: Vec<Count>,
    /// Items per account, most first.
    pub accounts: Vec<Count>,
    /// Buckets in regions that were not scanned.
    pub buckets_left_out: u64,
    /// Values that were redacted because of where they stand.
    pub redacted: u64,
    /// Places in free text that look like a secret.
    pub secrets: u64,
    /// The first call in whose answer something looks like a secret.
    pub first_secret: Option<&'run CallRecord>,
    /// What was mostly concluded to be absent from host names that do not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<AbsenceWarning>,
    /// Calls that were denied or failed.
    pub incomplete: u64,
    /// What they have in common, most calls first.
    pub failures: Vec<Failed<'run>>,
}

/// The items of a service or an account.
#[derive(Debug, Serialize)]
pub struct Count {
    /// Its name; of an account, the name of its folder.
    pub name: String,
    /// How many items were found.
    pub items: u64,
}

/// Calls that were denied or failed for the same cause.
#[derive(Debug, Serialize)]
pub struct Failed<'run> {
    /// What became of them.
    pub status: Status,
    /// What refused them.
    pub by: Option<DeniedBy>,
    /// The service's error code.
    pub code: Option<&'run str>,
    /// The account that could not be entered, if that is the cause.
    pub account: Option<&'run str>,
    /// The service whose calls failed otherwise.
    pub service: Option<&'run str>,
    /// How many calls.
    pub calls: u64,
    /// One of them: its line in the ledger.
    pub example: &'run CallRecord,
}

impl<'run> Summary<'run> {
    /// What a run came to. `folder` is where its results are.
    #[must_use]
    pub fn new(
        tally: &'run Tally,
        plan: &Plan,
        ending: Ending,
        exit_code: u8,
        took: Duration,
        folder: &Path,
    ) -> Self {
        let account = |id: &AccountId| account_folder(id, plan.account_name(id));
        let mut failures: Vec<_> = tally.failures.iter().map(failed).collect();
        failures.sort_by_key(|failed| std::cmp::Reverse(failed.calls));
        Self {
            ending,
            exit_code,
            folder: folder.display().to_string(),
            seconds: took.as_secs_f64(),
            items: tally.items,
            calls: tally.calls() - tally.of(Status::Skipped),
            requests: tally.requests,
            throttled: tally.throttled,
            statuses: tally.statuses.clone(),
            services: counts(tally.services.iter().map(|(name, items)| (name.to_string(), *items))),
            accounts: counts(tally.accounts.iter().map(|(id, items)| (account(id), *items))),
            buckets_left_out: tally.buckets_left_out,
            redacted: tally.redacted,
            secrets: tally.secrets,
            first_secret: tally.first_secret.as_deref(),
            absent: tally.absences.warning(),
            incomplete: tally.incomplete(),
            failures,
        }
    }

    /// For people who read it in a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        text::text(self)
    }

    /// For people who read it on a page.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// One line about a run that is not complete.
    #[must_use]
    pub fn line(&self) -> String {
        let gaps = match self.incomplete {
            0 => String::new(),
            1 => "; 1 call was denied or failed".to_owned(),
            calls => format!("; {calls} calls were denied or failed"),
        };
        format!("{}{gaps}; see {}/ledger.ndjson", self.meaning(), self.folder)
    }

    /// What the exit code means.
    fn meaning(&self) -> String {
        let code = self.exit_code;
        match self.ending {
            Ending::Complete => format!("Exit code {code}: complete"),
            Ending::Incomplete => format!("Exit code {code}: finished, but not complete"),
            Ending::Interrupted => format!("Exit code {code}: stopped by a signal"),
            Ending::CredentialsLost => format!("Exit code {code}: stopped for want of credentials"),
        }
    }

    /// How many calls had which status.
    fn statuses(&self) -> Vec<String> {
        let count = |status| Some(format!("{} {status}", self.statuses.get(&status)?));
        Status::ALL.iter().copied().filter_map(count).collect()
    }
}

fn failed<'run>((cause, failures): (&'run Cause, &'run Failures)) -> Failed<'run> {
    let (account, service) = match &cause.subject {
        Subject::Account(account) => (Some(account.as_str()), None),
        Subject::Service(service) => (None, Some(service.as_str())),
    };
    Failed {
        status: cause.status,
        by: cause.by,
        code: cause.code.as_deref(),
        account,
        service,
        calls: failures.count,
        example: &failures.example,
    }
}

fn counts(counts: impl Iterator<Item = (String, u64)>) -> Vec<Count> {
    let mut counts: Vec<_> = counts.map(|(name, items)| Count { name, items }).collect();
    counts.sort_by(|left, right| right.items.cmp(&left.items).then_with(|| left.name.cmp(&right.name)));
    counts
}

/// The first of them, and how many items the rest have together with their number.
fn top(counts: &[Count]) -> (&[Count], Option<(u64, usize)>) {
    let (shown, rest) = counts.split_at(counts.len().min(SHOWN));
    let items = rest.iter().map(|count| count.items).sum();
    (shown, (!rest.is_empty()).then_some((items, rest.len())))
}

#[cfg(test)]
mod tests;

//! The summary at the end of a run: items found, gaps and their causes, and where the results are.

mod markdown;
mod text;
mod unfinished;
mod wrap;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

pub use unfinished::Unfinished;

use super::absences::AbsenceWarning;
use super::accepted::AcceptedFailures;
use super::causes::CauseGroup;
use super::tally::RunTally;
use crate::error::FailureKind;
use crate::names::AccountId;
use crate::plan::Plan;
use crate::run::{CallRecord, Status, account_folder};
use crate::util::plural::plural;

/// How many services, accounts and causes the text and Markdown forms show. JSON has all of them.
const SHOWN: usize = 10;

/// How a run ended that had started to scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunOutcome {
    /// Every call succeeded or did not apply.
    Complete,
    /// Some calls were denied or failed.
    Incomplete,
    /// A signal stopped the run.
    Interrupted,
    /// The base credentials of the run expired.
    CredentialsLost,
}

impl RunOutcome {
    /// Returns the exit code that the command line ends with.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        let kind = match self {
            Self::Complete => return 0,
            Self::Incomplete => FailureKind::Incomplete,
            Self::Interrupted => FailureKind::Interrupted,
            Self::CredentialsLost => FailureKind::Credentials,
        };
        kind.code()
    }
}

/// The summary of a run.
#[derive(Debug, Serialize)]
pub struct SummaryFacts<'run> {
    /// How the run ended.
    pub ending: RunOutcome,
    /// The exit code of the process.
    pub exit_code: u8,
    /// Where the results are: a directory, or a prefix in a bucket.
    pub folder: String,
    /// How long the run took.
    pub seconds: f64,
    /// Items in the responses. Reports and exports count resources, so their numbers differ.
    pub items: u64,
    /// Calls that have ended, with whatever status.
    pub calls: u64,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests that AWS throttled; they were retried.
    pub throttled: u64,
    /// Calls per status.
    pub statuses: BTreeMap<Status, u64>,
    /// Functions of the spec that were not called in any account.
    pub skipped: usize,
    /// Items per service, most first.
    pub services: Vec<ItemCount>,
    /// Items per account, most first.
    pub accounts: Vec<ItemCount>,
    /// Buckets in regions that were not scanned.
    #[serde(rename = "buckets_left_out")]
    pub buckets_in_unscanned_regions: u64,
    /// Values that were redacted because of their path.
    pub redacted: u64,
    /// Places in free text that look like a secret.
    pub secrets: u64,
    /// The first call whose response contains a value that looks like a secret.
    pub first_secret: Option<&'run CallRecord>,
    /// Services and regions where most calls are `not_available` because of missing host names.
    #[serde(rename = "absent", skip_serializing_if = "Option::is_none")]
    pub absence_warning: Option<AbsenceWarning>,
    /// Calls that were denied or failed, or that have items that were, without accepted ones.
    pub incomplete: u64,
    /// Items of child calls that were denied or failed, without accepted ones.
    pub failed_items: u64,
    /// The accepted gaps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedFailures>,
    /// The causes, those with the most calls first.
    pub failures: Vec<FailureGroup>,
    /// The calls without a result, if the run was stopped.
    pub unfinished: Option<Unfinished>,
}

/// The items of a service or an account.
#[derive(Debug, Serialize)]
pub struct ItemCount {
    /// The name of the service, or the name of the account's directory.
    pub name: String,
    /// How many items were found.
    pub items: u64,
}

/// A cause of failures, with its title.
#[derive(Debug, Serialize)]
pub struct FailureGroup {
    /// One sentence with the cause and how many calls it affects where.
    pub title: String,
    /// The calls that have this cause.
    #[serde(flatten)]
    pub group: CauseGroup,
}

impl<'run> SummaryFacts<'run> {
    /// Creates the summary of a run. `folder` is where its results are.
    #[must_use]
    pub fn new(
        tally: &'run RunTally,
        plan: &Plan,
        ending: RunOutcome,
        took: Duration,
        folder: &Path,
    ) -> Self {
        let account = |id: &AccountId| account_folder(id, plan.account_name(id));
        let groups = tally.causes.groups().into_iter();
        let was_stopped = matches!(ending, RunOutcome::Interrupted | RunOutcome::CredentialsLost);
        Self {
            ending,
            exit_code: ending.exit_code(),
            folder: folder.display().to_string(),
            seconds: took.as_secs_f64(),
            items: tally.items,
            calls: tally.calls(),
            requests: tally.requests,
            throttled: tally.throttled,
            statuses: tally.statuses.clone(),
            skipped: plan.skipped.len(),
            services: counts(tally.services.iter().map(|(name, items)| (name.to_string(), *items))),
            accounts: counts(tally.accounts.iter().map(|(id, items)| (account(id), *items))),
            buckets_in_unscanned_regions: tally.buckets_in_unscanned_regions,
            redacted: tally.redacted,
            secrets: tally.secrets,
            first_secret: tally.first_secret.as_deref(),
            absence_warning: tally.absences.warning(),
            incomplete: tally.incomplete(),
            failed_items: tally.failed_items(),
            accepted: tally.accepted(),
            failures: groups.map(|group| FailureGroup { title: group.title(), group }).collect(),
            unfinished: was_stopped.then(|| Unfinished::of(&tally.started, plan)),
        }
    }

    /// Returns the summary as text for a terminal; with a width, long lines are wrapped between words.
    #[must_use]
    pub fn text(&self, width: Option<usize>) -> String {
        let text = text::text(self);
        width.map_or_else(|| text.clone(), |width| wrap::wrap(&text, width))
    }

    /// Returns the summary as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// Returns one line about a run that is not complete.
    #[must_use]
    pub fn line(&self) -> String {
        let not_sent = self
            .unfinished
            .as_ref()
            .map_or_else(String::new, |calls| format!("; {} not sent", calls.count()));
        let gaps = match self.incomplete {
            0 => String::new(),
            1 => "; 1 call was denied or failed".to_owned(),
            calls => format!("; {} were denied or failed", plural(calls, "call")),
        };
        format!("{}{not_sent}{gaps}; see {}/ledger.ndjson", self.meaning(), self.folder)
    }

    /// Returns the exit code and its meaning.
    fn meaning(&self) -> String {
        let code = self.exit_code;
        match self.ending {
            RunOutcome::Complete if self.accepted.is_empty() => format!("Exit code {code}: complete"),
            RunOutcome::Complete => format!("Exit code {code}: complete, except for accepted gaps"),
            RunOutcome::Incomplete => format!("Exit code {code}: finished, but not complete"),
            RunOutcome::Interrupted => format!("Exit code {code}: stopped by a signal"),
            RunOutcome::CredentialsLost => {
                format!("Exit code {code}: stopped because the base credentials expired")
            }
        }
    }

    /// Returns where to find all causes, if not all are shown.
    fn further_causes(&self) -> Option<String> {
        let more = self.failures.len().checked_sub(SHOWN).filter(|more| *more > 0)?;
        let place = if self.is_in_a_bucket() {
            format!("{}/ledger.ndjson", self.folder)
        } else {
            format!("scan query {} \"select * from gaps\"", self.folder)
        };
        Some(format!("and {}: {place}", plural(more, "more cause")))
    }

    fn is_in_a_bucket(&self) -> bool {
        self.folder.starts_with("s3://")
    }

    /// Returns the number of accepted calls.
    fn accepted_calls(&self) -> u64 {
        self.accepted.iter().map(|failures| failures.calls).sum()
    }

    /// Returns the number of calls per status, or a note that no calls were sent.
    fn statuses(&self) -> Option<String> {
        let count = |status| Some(format!("{} {status}", self.statuses.get(&status)?));
        let counts: Vec<String> = Status::ALL.iter().copied().filter_map(count).collect();
        if !counts.is_empty() {
            return Some(counts.join(", "));
        }
        let is_done = self.unfinished.is_none() && self.skipped > 0;
        is_done.then(|| {
            let are = if self.skipped == 1 { "is" } else { "are" };
            format!("no calls were sent: {} of the spec {are} skipped", plural(self.skipped, "entry"))
        })
    }
}

fn counts(counts: impl Iterator<Item = (String, u64)>) -> Vec<ItemCount> {
    let mut counts: Vec<_> = counts.map(|(name, items)| ItemCount { name, items }).collect();
    counts.sort_by(|left, right| right.items.cmp(&left.items).then_with(|| left.name.cmp(&right.name)));
    counts
}

/// Returns the first counts, and the sum of the items and the number of the others.
fn top(counts: &[ItemCount]) -> (&[ItemCount], Option<(u64, usize)>) {
    let (shown, others) = counts.split_at(counts.len().min(SHOWN));
    let items = others.iter().map(|count| count.items).sum();
    (shown, (!others.is_empty()).then_some((items, others.len())))
}

#[cfg(test)]
mod tests;

//! The result of a run, and its summary.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::StopReason;
use crate::error::Failure;
use crate::plan::Plan;
use crate::reports::summary::{RunOutcome, RunTally, SummaryFacts};
use crate::run::RunFolder;

/// The result of a run that finished or was stopped. The files are in its folder, or in a bucket.
#[derive(Debug)]
pub struct FinishedRun {
    pub(crate) plan: Arc<Plan>,
    pub(crate) tally: RunTally,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) folder: RunFolder,
    /// The address of the run's folder in a bucket, if results were uploaded.
    pub(crate) bucket: Option<String>,
    pub(crate) duration: Duration,
}

impl FinishedRun {
    /// Returns the run's folder on this machine, or its address in a bucket.
    #[must_use]
    pub fn location(&self) -> &Path {
        self.bucket.as_deref().map_or(self.folder.path(), Path::new)
    }

    /// Returns the counts of calls, items, requests and redactions.
    #[must_use]
    pub fn tally(&self) -> &RunTally {
        &self.tally
    }

    /// Returns how the run ended.
    #[must_use]
    pub fn outcome(&self) -> RunOutcome {
        match &self.stopped {
            Some(StopReason::Signal | StopReason::Failed(_)) => RunOutcome::Interrupted,
            Some(StopReason::Credentials(_)) => RunOutcome::CredentialsLost,
            None if self.tally.is_complete() => RunOutcome::Complete,
            None => RunOutcome::Incomplete,
        }
    }

    /// Returns the failure that stopped the run, if the base credentials expired.
    #[must_use]
    pub fn credentials_failure(&self) -> Option<&Failure> {
        match &self.stopped {
            Some(StopReason::Credentials(failure)) => Some(failure),
            _ => None,
        }
    }

    /// Returns the summary, which can be rendered as text, Markdown or JSON.
    #[must_use]
    pub fn summary(&self) -> SummaryFacts<'_> {
        SummaryFacts::new(&self.tally, &self.plan, self.outcome(), self.duration, self.location())
    }
}

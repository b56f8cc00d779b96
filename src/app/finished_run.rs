//! A run that has ended, and its summary.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::StopReason;
use crate::error::{Failure, FailureKind};
use crate::plan::Plan;
use crate::reports::summary::{Ending, RunTally, SummaryFacts};
use crate::run::RunFolder;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunOutcome {
    /// Every call succeeded, or there was nothing to find.
    Complete,
    /// Some calls were denied or failed; the ledger lists them.
    Incomplete,
    /// A signal stopped it.
    Interrupted,
    /// The base credentials expired and could not be renewed.
    CredentialsLost,
}

impl RunOutcome {
    /// The exit code that the command line ends with.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Complete => 0,
            Self::Incomplete => FailureKind::Incomplete.code(),
            Self::Interrupted => FailureKind::Interrupted.code(),
            Self::CredentialsLost => FailureKind::Credentials.code(),
        }
    }
}

/// A run that has ended: its results are in its folder, or in a bucket.
#[derive(Debug)]
pub struct FinishedRun {
    pub(crate) plan: Arc<Plan>,
    pub(crate) tally: RunTally,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) folder: RunFolder,
    /// The address of its folder in a bucket, if results were uploaded.
    pub(crate) bucket: Option<String>,
    pub(crate) duration: Duration,
}

impl FinishedRun {
    /// The run's folder on this machine, or its address in a bucket.
    #[must_use]
    pub fn location(&self) -> &Path {
        self.bucket.as_deref().map_or(self.folder.path(), Path::new)
    }

    /// Counts of calls, items, requests and redactions.
    #[must_use]
    pub fn tally(&self) -> &RunTally {
        &self.tally
    }

    /// How the run ended.
    #[must_use]
    pub fn outcome(&self) -> RunOutcome {
        match &self.stopped {
            Some(StopReason::Signal) => RunOutcome::Interrupted,
            Some(StopReason::Credentials(_)) => RunOutcome::CredentialsLost,
            None if self.tally.is_complete() => RunOutcome::Complete,
            None => RunOutcome::Incomplete,
        }
    }

    /// The failure that stopped the run, where the base credentials expired.
    #[must_use]
    pub fn credentials_failure(&self) -> Option<&Failure> {
        match &self.stopped {
            Some(StopReason::Credentials(failure)) => Some(failure),
            _ => None,
        }
    }

    /// The summary, to be rendered as text, Markdown or JSON.
    #[must_use]
    pub fn summary(&self) -> SummaryFacts<'_> {
        let outcome = self.outcome();
        let ending = match outcome {
            RunOutcome::Complete => Ending::Complete,
            RunOutcome::Incomplete => Ending::Incomplete,
            RunOutcome::Interrupted => Ending::Interrupted,
            RunOutcome::CredentialsLost => Ending::CredentialsLost,
        };
        SummaryFacts::new(
            &self.tally,
            &self.plan,
            ending,
            outcome.exit_code(),
            self.duration,
            self.location(),
        )
    }
}

//! The summary of a run: what it found, what is missing and why.

mod absences;
mod accepted;
mod causes;
mod proposed;
mod render;
mod tally;

pub use absences::{AbsenceWarning, Absences};
pub use accepted::AcceptedFailures;
pub use causes::{CauseGroup, CauseSubject, Causes};
pub(crate) use proposed::ProposedGap;
pub use render::{FailureGroup, ItemCount, RunOutcome, SummaryFacts, Unfinished};
pub use tally::{AccountCoverage, RunTally, UnfinishedWork};

//! The summary of a run: what it found, what is missing and why.

mod absences;
mod causes;
mod render;
mod tally;

pub use absences::{AbsenceWarning, Absences};
pub use causes::{CauseGroup, CauseSubject, Causes};
pub use render::{FailureGroup, ItemCount, RunOutcome, SummaryFacts, Unfinished};
pub use tally::{AccountCoverage, RunTally, UnfinishedWork};

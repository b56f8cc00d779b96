//! The summary of a run: what it found, what is missing and why.

mod absences;
mod causes;
mod render;
mod tally;

pub use absences::{AbsenceWarning, Absences};
pub use causes::{CauseGroup, CauseSubject, Causes};
pub use render::{Ending, FailureGroup, ItemCount, SummaryFacts, Unfinished};
pub use tally::{AccountCoverage, RunTally, UnfinishedWork};

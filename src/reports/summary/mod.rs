//! The summary of a run: what it found, what is missing and why.

mod absences;
mod causes;
mod render;
mod tally;

pub use absences::{AbsenceWarning, Absences};
pub use causes::{Causes, Group, Subject};
pub use render::{Count, Ending, Failure, Summary, Unfinished};
pub use tally::{Begun, Coverage, Tally};

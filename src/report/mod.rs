//! What a finished run has to say to people.

mod summary;
mod tally;

pub use summary::summary;
pub use tally::{Cause, Failures, Subject, Tally};

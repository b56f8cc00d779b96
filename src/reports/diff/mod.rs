//! Two runs compared: which resources came, went and changed in between.
//!
//! ```text
//! spec, spec ─► calls that both asked ─┐
//! ledger, ledger ─► what each knows ───┼─► resources of a place, matched ─► changes ─► report
//! results, results ─► resources ───────┘
//! ```
//!
//! What one of the runs could not see is *unknown*, and never taken for gone or new. Runs are compared
//! place by place, and changes wait in an unnamed file, so that memory does not grow with the runs.

mod calls;
mod change;
mod choice;
mod compare;
mod coverage;
mod error;
mod gap;
mod ignore;
mod matching;
mod noise;
mod report;
mod runs;
mod spool;
mod summary;
mod values;

pub use change::{Change, ChangeKind, FieldChange, SeenIn};
pub use choice::Choice;
pub use compare::{Difference, compare};
pub use error::DiffError;
pub use gap::{Gap, GapReason};
pub use ignore::{Ignore, PatternError};
pub use noise::DEFAULT_IGNORE;
pub use report::{DiffFormat, write};
pub use summary::{ChangeCounts, DiffSummary, RunSummary, Totals, Unknown};

#[cfg(test)]
mod tests;

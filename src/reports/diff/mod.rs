//! `scan diff`: compares two runs and reports added, removed, changed and unknown resources.
//!
//! ```text
//! spec, spec ─► calls in both specs ───┐
//! ledger, ledger ─► coverage of each ──┼─► resources of a place, matched ─► changes ─► report
//! results, results ─► resources ───────┘
//! ```
//!
//! A resource that one of the runs could not see is *unknown*, and never reported as removed or added. Runs
//! are compared place by place (account and region), and changes are buffered in an unnamed file, so that
//! memory use does not grow with the runs.

mod calls;
mod change;
mod change_event;
mod choice;
mod compare;
mod coverage;
mod details;
mod error;
mod facts;
mod former_users;
mod gap;
mod ignore;
mod matching;
mod noise;
mod report;
mod rule_text;
mod runs;
mod seen_resource;
mod spool;
mod summary;
mod type_choice;
mod values;
mod who;

pub use change::{Change, ChangeKind, DetailChange, FieldChange, SeenIn};
pub use change_event::{ChangeEvent, UnknownWho};
pub use choice::Choice;
pub use compare::{Difference, compare};
pub use error::DiffError;
pub use gap::{Gap, GapReason};
pub use ignore::{Ignore, PatternError};
pub use noise::DEFAULT_IGNORE;
pub(crate) use report::DiffNotice;
pub use report::{DiffFormat, write};
pub use summary::{ChangeCounts, DiffSummary, RunSummary, Totals, Unknown};
pub use type_choice::TypeChoice;
pub(crate) use who::{ChangeLookups, FoundEvents};

#[cfg(feature = "sqlite")]
pub(in crate::reports) use coverage::{RunCoverage, listing};
#[cfg(feature = "sqlite")]
pub(in crate::reports) use matching::{ResourceMatch, matches};
#[cfg(feature = "sqlite")]
pub(in crate::reports) use report::value_text;
#[cfg(feature = "sqlite")]
pub(in crate::reports) use runs::redaction_of;
#[cfg(feature = "sqlite")]
pub(in crate::reports) use seen_resource::{ResourceLabel, SeenResource};

#[cfg(test)]
mod tests;

//! `scan reconcile`: compares a run with witnesses, which know resources independently of the services that list them.
//!
//! ```text
//! resources of the run ─► own resources (hashes) ──┐
//! ledger of the run ────► outcomes of its calls ───┼─► a class for each resource of a witness ─► differences, counts
//! run of the witnesses ─► witnessed resources ─────┘
//! ```
//!
//! A resource that both know is only counted. Resources are read one at a time; in memory are hashes, and the counts of
//! types.

mod answers;
mod bill;
mod call_outcomes;
mod compare;
mod difference;
mod own_resources;
mod possible_entries;
mod stored;
mod text;
mod type_counts;
mod type_names;
mod witnessed;

pub(crate) use compare::{ComparedRuns, ReconcileError, compare};
pub(crate) use difference::{DifferenceClass, WitnessDifference};
pub(crate) use stored::{ReconcileSummary, read_differences, read_summary};
pub(crate) use text::summary_text;
pub(crate) use type_counts::TypeCounts;

//! The history of many runs: when each resource was seen first and last, when it changed and how, when it was removed,
//! and in which runs that could not be known.
//!
//! ```text
//! run ─► coverage, resources (as in diff) ─┐
//!                                          ├─► matched, place by place ─► spans, changes, gaps (SQLite)
//! history ─► resources as last seen ───────┘                              │
//!                                            overview, life of a resource ◄─┘
//! ```
//!
//! A run is compared with what all earlier runs have seen last. The rule is that of `scan diff`: a resource that a run
//! could not see is unknown, and never removed. Only what changes is stored, so the runs themselves can be deleted.

mod add;
mod calls;
mod error;
mod facts;
mod find;
mod known;
mod life;
mod overview;
mod page;
mod place;
mod place_key;
mod row;
mod schema;
mod span;
mod store;
mod text;
mod trends;

pub(crate) use add::AdditionCounts;
pub(crate) use error::{HistoryError, RunRejection};
pub(crate) use overview::{HistoryOverview, HistoryRun, TypeHistory};
pub(crate) use store::History;

#[cfg(test)]
mod tests;

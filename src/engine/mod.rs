//! The engine: runs a plan and reports the progress as a stream of events.
//!
//! ```text
//! accounts ─► session ─► regions ─► units ─► calls ─► pages ─► sink
//!     └───────────┴──────────┴─────────┴────────┴─► events ─► ledger, progress, summary
//! ```
//!
//! The engine prints nothing and writes no files: results go to a [`ResultSink`](crate::run::ResultSink), everything
//! else is an [`Event`]. A failed call is an event; only a failure that ends the run is an error.

mod account_scan;
mod account_state;
mod breaker;
mod bucket_listing;
mod call_outcome;
mod call_scan;
mod call_task;
mod calls_without_region;
pub mod check;
mod child_items;
mod child_scan;
mod claimed_calls;
mod classify;
mod context;
#[cfg(test)]
mod defect_tests;
mod disk_speed;
pub mod enabled_regions;
pub mod estimate;
mod event;
#[cfg(test)]
mod fake;
mod hint;
mod inaccessible_account;
mod item_region;
mod limiter;
mod limits;
mod missing_names;
mod page_merge;
mod page_reader;
mod regional_children;
mod result_collector;
mod runner;
mod stop;
mod unit_files;

pub use breaker::EXEMPT;
pub use classify::{Classification, MissingThing, RegionState, classify, not_found_means, record_failure};
pub use context::{Engine, EngineError};
pub use event::Event;
pub use hint::add_hint;
pub use limits::{DEFAULT_QUOTA, Limits, QUOTAS, QuotaShare, RequestQuota, quota_of};
pub use missing_names::{may_be_absent, resolve};
pub use page_reader::region_of;
pub use result_collector::{Collected, Collector, WantedMember};
pub use runner::GRACE;
pub use stop::{StopReason, StopSignal};

#[cfg(test)]
mod child_tests;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod scope_tests;
#[cfg(test)]
mod tests;

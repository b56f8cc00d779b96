//! The engine: carries out a plan and tells what happens as a stream of events.
//!
//! ```text
//! accounts ─► session ─► regions ─► units ─► calls ─► pages ─► sink
//!     └───────────┴──────────┴─────────┴────────┴─► events ─► ledger, progress, summary
//! ```
//!
//! It speaks to nobody and writes no file: results go to a [`ResultSink`], everything else is an
//! [`Event`]. A call that fails is an event; only what ends the run is an error.

mod account_scan;
mod breaker;
mod bucket_listing;
mod call_result;
mod call_scan;
mod child_scan;
mod classify;
mod collector;
mod event;
#[cfg(test)]
mod fake;
mod gather;
mod hint;
mod limits;
mod merge;
mod parent;
mod record;
mod recorded;
mod refusal;
mod run;
mod sink;
mod spool;
mod status;
mod stop;
mod traffic;
mod unit_files;

pub use crate::client::RetryPolicy;
pub use breaker::EXEMPT;
pub use call_result::CallResult;
pub use classify::{Classification, RegionState, Subject, classify, not_found_means};
pub use collector::{Collected, Collector, Wanted};
pub use event::Event;
pub use gather::region_of;
pub use hint::{denied_action, hint};
pub use limits::{DEFAULT_QUOTA, Limits, QUOTAS, Quota, Share, quota_of};
pub use record::CallRecord;
pub use recorded::{Promised, Recorded};
pub use run::{Engine, EngineError};
pub use sink::{FileMember, ResultSink};
pub use spool::Spool;
pub use status::{DeniedBy, Status};
pub use stop::{Stop, StopReason};

#[cfg(test)]
mod tests;

//! The verbs as functions, for the command line, tests and other programs.

pub(crate) mod accepted_gaps;
mod account_details;
mod attempts;
pub(crate) mod aws_target;
mod builder;
pub(crate) mod catalog;
pub(crate) mod check;
mod derived_run;
mod engine;
mod execution;
pub(crate) mod finished_run;
mod found_events;
mod identity;
pub(crate) mod job;
#[cfg(feature = "parquet")]
pub(crate) mod lake_upload;
mod listing;
mod manifest;
#[cfg(feature = "mcp")]
pub(crate) mod mcp;
pub(crate) mod notify;
pub(crate) mod observer;
mod overlap;
pub(crate) mod plan;
pub(crate) mod read_run;
pub(crate) mod reconcile;
mod recorder;
pub(crate) mod resume;
mod same_caller;
pub(crate) mod scan;
pub(crate) mod settings;
mod signed_in;
#[cfg(feature = "demo")]
pub(crate) mod simulated;
#[cfg(test)]
mod start_tests;
mod storage_errors;
mod surroundings;
mod taken_over;
mod upload;
#[cfg(test)]
mod upload_tests;
pub(crate) mod who;

pub use crate::reports::summary::RunOutcome;
pub use builder::{Scan, ScanBuilder};
pub use finished_run::FinishedRun;
pub use observer::{Observer, Silent};
pub use read_run::open_run;

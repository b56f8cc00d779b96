//! Read-only inventory of whole AWS Organizations.
//!
//! ```text
//! argv, .env ─► cli ─► plan::spec ───────┐
//!                                        ├─► plan ─► engine ─► aws::client ─► AWS
//! aws::credentials ─► aws::organization ─┤             │ events
//!               engine::enabled_regions ─┘             ├─► run: results, ledger, manifest
//! model::catalog ◄── plan, aws::client                 ├─► cli::progress
//!                                                      └─► reports::summary
//! run::reader ─► reports::resources ─► html, diff, export ─► query
//! ```
//!
//! A [spec](plan::spec) lists calls of the [catalog](model::catalog). With the accounts of an
//! [organization](aws::organization) and their [regions](engine::enabled_regions) it becomes a [`plan`]: plain data,
//! which [policies](plan::policy) and the [check](engine::check) read as well. The [`engine`] carries the plan out
//! with [credentials](aws::credentials) for each account, reports events, and writes results to a [`run`] on disk.
//! Finished runs are read by [`reports`]. The [`simulator`] answers in place of AWS.

// The simulated resources are large JSON literals.
#![recursion_limit = "256"]

pub mod arn;
pub mod aws;
pub mod aws_error;
pub mod cli;
pub mod engine;
pub mod error;
pub mod model;
pub mod names;
pub mod plan;
pub mod reports;
pub mod run;
pub mod simulator;
mod util;

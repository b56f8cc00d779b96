//! Read-only inventory of whole AWS Organizations.
//!
//! ```text
//! argv, .env ─► cli ─► spec ─────────────┐
//!                                        ├─► plan ─► engine ─► client ─► AWS
//! identity ─► organization ─► accounts ──┤             │ events
//!                             regions ───┘             ├─► output: tree, ledger, manifest
//! catalog ◄── spec, plan, client, policy               ├─► progress
//!                                                      └─► report: summary
//! output of finished runs ─► resources ─► page, diff, export ─► query
//! ```
//!
//! A [`spec`] names calls of the [`catalog`]. The accounts of an [`organization`] and their [`regions`] make
//! a [`plan`] of it, plain data that [`policy`] and [`preflight`] read too. The [`engine`] carries it out
//! with an [`identity`] for each account, tells of it in events, and hands results to [`output`], without
//! what [`redaction`] hides. The [`simulator`] is an organization to try all of this with.

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

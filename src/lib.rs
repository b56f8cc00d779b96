//! Read-only inventory of whole AWS Organizations.
//!
//! [`app::Scan`] runs a scan: it discovers the accounts of an organization, opens a role session in each, calls what a
//! spec lists in every account and region, and writes the responses into a folder. [`app::open_run`] reads that folder.
//!
//! ```
//! use aws_auto_inventory::app::{RunOutcome, Scan, open_run};
//! use aws_auto_inventory::simulator::{Simulator, World};
//!
//! # fn main() -> Result<(), aws_auto_inventory::error::Failure> {
//! # let folder = std::env::temp_dir().join(format!("scan-doctest-{}", std::process::id()));
//! # let runtime = tokio::runtime::Runtime::new().map_err(|cause| {
//! #     aws_auto_inventory::error::Failure::internal("no runtime").with_source(cause)
//! # })?;
//! # runtime.block_on(async {
//! // A simulated organization answers here; without this line AWS does.
//! let simulator = Simulator::start(World::demo()).await?;
//! let scan = Scan::builder("s3").organization().output(&folder).simulated(&simulator)?;
//!
//! let finished = scan.build()?.run().await?;
//! assert_eq!(finished.outcome(), RunOutcome::Incomplete); // One account denies a call on purpose.
//!
//! let resources = open_run(finished.location(), None)?;
//! assert_eq!(resources.results().accounts().len(), 15);
//! # std::fs::remove_dir_all(&folder).ok();
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! The stable surface is [`app`], [`error`], and what these return of [`run`] and [`reports`]. Everything else is
//! internal: public for the tests, benchmarks and the command line, and free to change in any release.
//!
//! # How a scan flows
//!
//! ```text
//! argv, .env ─► cli ─► app ─► plan::spec ┐
//!                                        ├─► plan ─► engine ─► aws::client ─► AWS
//! aws::credentials ─► aws::organization ─┤             │ events
//!               engine::enabled_regions ─┘             ├─► run: results, ledger, manifest
//! model::catalog ◄── plan, aws::client                 ├─► app::Observer: cli::progress
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

pub mod app;
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
#[cfg(feature = "demo")]
pub mod simulator;
mod util;

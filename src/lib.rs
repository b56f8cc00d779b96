//! Read-only inventory of whole AWS Organizations.

// The simulated resources are large JSON literals.
#![recursion_limit = "256"]

pub mod catalog;
pub mod cli;
pub mod client;
pub mod engine;
pub mod failure;
pub mod identity;
mod json;
pub mod names;
mod nearest;
pub mod organization;
pub mod output;
pub mod plan;
pub mod preflight;
pub mod progress;
pub mod regions;
pub mod report;
pub mod simulator;
pub mod spec;

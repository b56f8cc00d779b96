//! Read-only inventory of whole AWS Organizations.

// The simulated resources are large JSON literals.
#![recursion_limit = "256"]

pub mod catalog;
pub mod cli;
pub mod client;
pub mod engine;
pub mod export;
pub mod failure;
pub mod identity;
mod json;
pub mod names;
mod nearest;
pub mod organization;
pub mod output;
pub mod plan;
pub mod policy;
pub mod preflight;
mod printable;
pub mod progress;
pub mod redaction;
pub mod regions;
pub mod report;
mod reserved;
pub mod simulator;
pub mod spec;

//! Scan specs.

mod error;
mod filter;
mod nearest;
mod region;

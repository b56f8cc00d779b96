//! Readers of finished runs: summary, HTML report, diff, export and query.

pub mod diff;
pub mod export;
pub mod html;
pub mod query;
pub mod resources;
pub mod summary;

//! `scan query`: runs SQL on a run's resources as a database, or a jq filter on each resource.
//!
//! ```text
//! run ─► database (export) ─┬─► SQL ──► rows ───┐
//! .sqlite file ─────────────┘                   ├─► table, csv, json, ndjson
//! run or file ─► resources ───► jq ──► values ──┘
//! ```
//!
//! A query changes nothing: an SQLite authorizer allows only reads.

mod database;
mod error;
mod explain;
mod jq;
#[cfg(feature = "mcp")]
mod limited;
mod print;
mod rows;
mod several;
#[cfg(feature = "mcp")]
mod watch;

pub use database::Database;
pub use error::QueryError;
pub use jq::each_output;
#[cfg(feature = "mcp")]
pub(crate) use limited::{LimitedRows, QueryLimits};
pub use print::{Printer, QueryFormat};
#[cfg(feature = "mcp")]
pub(crate) use several::quoted;

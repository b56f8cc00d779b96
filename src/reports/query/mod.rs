//! Questions to a run: SQL on its resources as a database, or a jq filter on each of them.
//!
//! ```text
//! run ─► database (export) ─┬─► SQL ──► rows ───┐
//! .sqlite file ─────────────┘                   ├─► table, csv, json, ndjson
//! run or file ─► resources ───► jq ──► values ──┘
//! ```
//!
//! A question changes nothing: what SQLite is about to do is asked of a guard that knows nothing but reading.

mod database;
mod error;
mod explain;
mod jq;
mod print;
mod rows;

pub use database::Database;
pub use error::QueryError;
pub use jq::each_output;
pub use print::{Printer, QueryFormat};

//! Readers of finished runs: summary, HTML report, diff, export, query and comparison with witnesses.

pub mod diff;
pub mod export;
#[cfg(feature = "sqlite")]
pub(crate) mod history;
pub mod html;
pub(crate) mod links;
mod members;
#[cfg(feature = "sqlite")]
pub mod query;
pub(crate) mod reconcile;
pub mod resources;
mod static_page;
pub mod summary;

use std::path::Path;

/// Returns the place of an output, for messages; there is no path for standard output.
fn destination(path: Option<&Path>) -> String {
    path.map_or_else(|| "to standard output".to_owned(), |path| path.display().to_string())
}

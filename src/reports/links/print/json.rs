//! Links as lines of JSON.

use std::io::Write;

use super::LinkPrintError;
use crate::reports::links::graph::{LinkGraph, ResourceLink};

/// Prints one JSON object for each link.
pub(super) fn print(
    graph: &LinkGraph,
    links: &[&ResourceLink],
    out: &mut dyn Write,
) -> Result<(), LinkPrintError> {
    for link in links {
        serde_json::to_writer(&mut *out, &graph.row(link)?).map_err(std::io::Error::from)?;
        writeln!(out)?;
    }
    Ok(())
}

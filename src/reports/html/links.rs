//! Writes the links of each resource into the page, beside the rows of its table.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::PageError;
use super::chunk::Chunk;
use super::tables::RowPlace;
use crate::reports::links::{LinkDirection, LinkEnd, LinkGraph};
use crate::run::ResultsError;

/// The size in bytes of one chunk: the page unpacks one for a resource.
const SIZE: usize = 128 * 1024;
/// The most bytes buffered in all, however many kinds there are.
const WAITING: usize = 16 * 1024 * 1024;
/// The most other resources of one direction in the page.
const MOST: usize = 100;
/// The most paths to one of them.
const PATHS: usize = 5;

/// The links of each table, in the order of its rows.
pub(super) type LinkChunks = HashMap<u32, Chunk>;

/// Writes the links of all resources of a run; `places` are those of the resources in the page. The chunks are those
/// of the runs before it.
pub(super) fn write(
    graph: &LinkGraph,
    places: &[RowPlace],
    chunks: &mut LinkChunks,
    writer: &mut dyn Write,
    unwritable: &dyn Fn(io::Error) -> PageError,
) -> Result<(), PageError> {
    let mut waiting = 0;
    for (node, place) in (0..).zip(places) {
        let (uses, used_by) = (
            links(graph, places, node, LinkDirection::Uses)?,
            links(graph, places, node, LinkDirection::UsedBy)?,
        );
        let chunk = chunks.entry(place.table).or_default();
        waiting += chunk.push(&json!([uses.0, uses.1, used_by.0, used_by.1])).map_err(unwritable)?;
        if chunk.len() >= SIZE {
            waiting -= chunk.len();
            chunk.write(writer, "links", place.table as usize).map_err(unwritable)?;
        }
        if waiting > WAITING {
            write_all(chunks, writer).map_err(unwritable)?;
            waiting = 0;
        }
    }
    write_all(chunks, writer).map_err(unwritable)
}

fn write_all(chunks: &mut LinkChunks, writer: &mut dyn Write) -> io::Result<()> {
    let mut tables: Vec<u32> = chunks.keys().copied().collect();
    tables.sort_unstable();
    tables.iter().try_for_each(|table| match chunks.get_mut(table) {
        Some(chunk) => chunk.write(writer, "links", *table as usize),
        None => Ok(()),
    })
}

/// Returns the first nodes at the other ends of a resource's links, and how many there are. A node is its label, the
/// paths, the number of its table and its row (or what it is, if it is no resource), and its account if that is another.
fn links(
    graph: &LinkGraph,
    places: &[RowPlace],
    node: u32,
    direction: LinkDirection,
) -> Result<(Vec<Value>, usize), ResultsError> {
    let neighbours = graph.neighbours(LinkEnd::Resource(node), direction);
    let total = neighbours.len();
    let written = neighbours.into_iter().take(MOST).map(|(other, links)| {
        let described = graph.describe(other)?;
        let paths: Vec<&str> = links.iter().take(PATHS).map(|link| graph.path(link)).collect();
        let label = match described.id.as_deref() {
            Some("*") => &described.kind,
            id => described.name.as_deref().or(id).unwrap_or(described.identifier()),
        };
        let account = described
            .account
            .as_ref()
            .filter(|_| links.first().is_some_and(|link| graph.is_cross_account(link)));
        Ok(match (graph.outside_node(other), other) {
            (None, LinkEnd::Resource(node)) => {
                let place = places.get(node as usize);
                json!([label, paths, place.map(|place| place.table), place.map(|place| place.row), account])
            }
            (outside, _) => {
                json!([label, paths, outside.map(|node| node.state.as_str()), null, account])
            }
        })
    });
    Ok((written.collect::<Result<_, ResultsError>>()?, total))
}

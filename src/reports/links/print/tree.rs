//! A resource with what it uses and what uses it, as a tree.

use std::collections::HashSet;
use std::io::Write;

use super::LinkPrintError;
use crate::reports::links::graph::{LinkEnd, LinkGraph};
use crate::reports::links::selection::LinkDirection;
use crate::util::terminal_text::printable_line;

/// The most paths that are shown of links to the same resource.
const PATHS: usize = 3;

/// Another resource, with the paths of the links to it.
struct Neighbour<'graph> {
    end: LinkEnd,
    paths: Vec<&'graph str>,
}

/// Prints trees.
struct TreePrinter<'print> {
    graph: &'print LinkGraph,
    direction: LinkDirection,
    depth: usize,
    limit: usize,
    /// The nodes whose links are shown already.
    shown: HashSet<LinkEnd>,
    out: &'print mut dyn Write,
}

/// Prints nodes with the links around them.
pub(super) fn print(
    graph: &LinkGraph,
    ends: &[LinkEnd],
    depth: usize,
    limit: usize,
    out: &mut dyn Write,
) -> Result<(), LinkPrintError> {
    for (number, end) in ends.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", printable_line(&graph.words(*end, None)?))?;
        for (direction, title) in [(LinkDirection::Uses, "uses"), (LinkDirection::UsedBy, "used by")] {
            let count = neighbours(graph, *end, direction).len();
            if count == 0 {
                writeln!(out, "  {title}: nothing in this run")?;
                continue;
            }
            writeln!(out, "  {title} {count}:")?;
            let shown = HashSet::from([*end]);
            let mut printer = TreePrinter { graph, direction, depth, limit, shown, out };
            printer.print(*end, 1, "  ")?;
        }
    }
    Ok(())
}

impl TreePrinter<'_> {
    fn print(&mut self, end: LinkEnd, level: usize, indent: &str) -> Result<(), LinkPrintError> {
        let near = self.graph.describe(end)?;
        let neighbours = neighbours(self.graph, end, self.direction);
        let hidden = neighbours.len().saturating_sub(self.limit);
        for (number, neighbour) in neighbours.iter().take(self.limit).enumerate() {
            let is_last = number + 1 == neighbours.len();
            let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let words = self.graph.words(neighbour.end, Some(&near))?;
            let is_new = self.shown.insert(neighbour.end);
            let more = neighbour.paths.len().saturating_sub(PATHS);
            let mut paths = neighbour.paths[..neighbour.paths.len().min(PATHS)].join(", ");
            if more > 0 {
                paths = format!("{paths} and {more} more");
            }
            let goes_on = level < self.depth && !is_new;
            let note = if goes_on { " (shown above)" } else { "" };
            writeln!(self.out, "{indent}{branch}{}{note}", printable_line(&format!("{words} · {paths}")))?;
            if level < self.depth && is_new {
                self.print(neighbour.end, level + 1, &format!("{indent}{below}"))?;
            }
        }
        if hidden > 0 {
            writeln!(self.out, "{indent}└─ and {hidden} more")?;
        }
        Ok(())
    }
}

/// Returns the nodes at the other ends of a node's links, each once.
fn neighbours(graph: &LinkGraph, end: LinkEnd, direction: LinkDirection) -> Vec<Neighbour<'_>> {
    let mut neighbours: Vec<Neighbour<'_>> = Vec::new();
    let mut positions = std::collections::HashMap::new();
    for link in graph.of_direction(end, direction) {
        let other = direction.other_end(link);
        let position = *positions.entry(other).or_insert_with(|| {
            neighbours.push(Neighbour { end: other, paths: Vec::new() });
            neighbours.len() - 1
        });
        neighbours[position].paths.push(graph.path(link));
    }
    neighbours
}

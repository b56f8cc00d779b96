//! A resource with what it uses and what uses it, as a tree.

use std::collections::HashSet;
use std::io::Write;

use super::LinkPrintError;
use crate::reports::links::graph::{LinkEnd, LinkGraph};
use crate::reports::links::selection::LinkDirection;
use crate::util::terminal_text::printable_line;

/// The most paths that are shown of links to the same resource.
const PATHS: usize = 3;

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
            let count = graph.neighbours(*end, direction).len();
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
        let neighbours = self.graph.neighbours(end, self.direction);
        let hidden = neighbours.len().saturating_sub(self.limit);
        for (number, (other, links)) in neighbours.iter().take(self.limit).enumerate() {
            let is_last = number + 1 == neighbours.len();
            let (branch, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let words = self.graph.words(*other, Some(&near))?;
            let is_new = self.shown.insert(*other);
            let more = links.len().saturating_sub(PATHS);
            let first: Vec<&str> = links.iter().take(PATHS).map(|link| self.graph.path(link)).collect();
            let mut paths = first.join(", ");
            if more > 0 {
                paths = format!("{paths} and {more} more");
            }
            let goes_on = level < self.depth && !is_new;
            let note = if goes_on { " (shown above)" } else { "" };
            writeln!(self.out, "{indent}{branch}{}{note}", printable_line(&format!("{words} · {paths}")))?;
            if level < self.depth && is_new {
                self.print(*other, level + 1, &format!("{indent}{below}"))?;
            }
        }
        if hidden > 0 {
            writeln!(self.out, "{indent}└─ and {hidden} more")?;
        }
        Ok(())
    }
}

//! Links in the language of Graphviz.

use std::collections::BTreeSet;
use std::io::Write;

use super::LinkPrintError;
use super::graphml::number;
use crate::reports::links::graph::{LinkEnd, LinkGraph, ResourceLink};

/// Prints the links and their ends.
pub(super) fn print(
    graph: &LinkGraph,
    links: &[&ResourceLink],
    out: &mut dyn Write,
) -> Result<(), LinkPrintError> {
    writeln!(out, "digraph links {{\n  rankdir=LR;\n  node [shape=box];")?;
    let ends: BTreeSet<LinkEnd> =
        links.iter().flat_map(|link| [LinkEnd::Resource(link.from), link.to]).collect();
    for end in ends {
        let node = graph.describe(end)?;
        let id = node.id.as_deref().or(node.arn.as_deref()).unwrap_or_default();
        let name = node.name.as_deref().filter(|name| *name != id);
        let account = node.account.as_deref().filter(|account| *account != id);
        let parts = [Some(node.kind.as_str()), Some(id), name, account];
        let label: Vec<String> = parts.into_iter().flatten().map(escaped).collect();
        let style = if matches!(end, LinkEnd::Outside(_)) { " style=dashed" } else { "" };
        writeln!(out, "  {} [label=\"{}\"{style}];", number(end), label.join("\\n"))?;
    }
    for link in links {
        let (from, to) = (number(LinkEnd::Resource(link.from)), number(link.to));
        writeln!(out, "  {from} -> {to} [label=\"{}\"];", escaped(graph.path(link)))?;
    }
    writeln!(out, "}}")?;
    Ok(())
}

/// Returns a text for a quoted string, in which backslashes start escapes.
fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

//! The links out of the organization, and those that lead to nothing.

use std::collections::BTreeMap;
use std::io::Write;

use super::LinkPrintError;
use crate::reports::links::graph::{LinkEnd, LinkGraph, LinkKind, OutsideNode, OutsideState, ResourceLink};
use crate::reports::links::selection::LinkSelection;
use crate::util::plural::plural;
use crate::util::terminal_text::printable_line;

/// Prints who outside gets access, by account, each with the resource, the path and the statement of the policy.
pub(super) fn print(graph: &LinkGraph, out: &mut dyn Write) -> Result<(), LinkPrintError> {
    let links = graph.select(&LinkSelection::Foreign);
    let (access, mentions): (Vec<&ResourceLink>, Vec<&ResourceLink>) =
        links.into_iter().partition(|link| link.kind.lets_in());
    if access.is_empty() {
        writeln!(out, "No resource of this run gives access to a foreign account or to everyone.")?;
    }
    for (group, links) in grouped(graph, &access) {
        writeln!(out, "{}", printable_line(&group))?;
        for link in links {
            let words = graph.words(LinkEnd::Resource(link.from), None)?;
            let path = graph.path(link);
            writeln!(out, "  {}", printable_line(&format!("{words} · {path}")))?;
            let node = graph.outside_node(link.to).map(|node| node.text.as_str());
            if let Some(text) = node.filter(|text| text.starts_with("arn:")) {
                writeln!(out, "    {}", printable_line(text))?;
            }
            if let Some(statement) = graph.statement(link) {
                writeln!(out, "    {}", printable_line(statement))?;
            }
        }
    }
    if !mentions.is_empty() {
        writeln!(out, "\nNamed without access:")?;
    }
    for (group, links) in grouped(graph, &mentions) {
        let links = plural(links.len() as u64, "link");
        writeln!(out, "  {}: {links}", printable_line(&group))?;
    }
    Ok(())
}

/// Returns links by whom they lead to.
fn grouped<'graph>(
    graph: &LinkGraph,
    links: &[&'graph ResourceLink],
) -> BTreeMap<String, Vec<&'graph ResourceLink>> {
    let mut groups: BTreeMap<String, Vec<&ResourceLink>> = BTreeMap::new();
    for link in links {
        let group = graph.outside_node(link.to).map_or_else(String::new, group);
        groups.entry(group).or_default().push(link);
    }
    groups
}

/// Returns whom a node belongs to: the account, everyone, or the text itself.
fn group(node: &OutsideNode) -> String {
    let whom = node.account.as_deref().unwrap_or(&node.text);
    match node.label {
        Some(label) if whom == "*" => label.to_owned(),
        Some(label) => format!("{whom} ({label})"),
        None => whom.to_owned(),
    }
}

/// Prints the references to what does not exist.
pub(super) fn print_dangling(graph: &LinkGraph, out: &mut dyn Write) -> Result<(), LinkPrintError> {
    let links = graph.select(&LinkSelection::Dangling);
    if links.is_empty() {
        writeln!(out, "No reference of this run leads to a resource that does not exist.")?;
    }
    print_lines(graph, &links, "", out)?;
    // Other references to what a run does not have are mostly to images and snapshots of others.
    let is_unknown = |link: &&ResourceLink| {
        let state = graph.outside_node(link.to).map(|node| node.state);
        state == Some(OutsideState::Unknown) && matches!(link.kind, LinkKind::DnsName | LinkKind::IpAddress)
    };
    let unknown: Vec<&ResourceLink> = graph.links().iter().filter(is_unknown).collect();
    if !unknown.is_empty() {
        writeln!(
            out,
            "\nMay not exist: not all accounts were scanned completely for what has these addresses"
        )?;
    }
    print_lines(graph, &unknown, "  ", out)
}

fn print_lines(
    graph: &LinkGraph,
    links: &[&ResourceLink],
    indent: &str,
    out: &mut dyn Write,
) -> Result<(), LinkPrintError> {
    for link in links {
        let (from, to) = (graph.words(LinkEnd::Resource(link.from), None)?, graph.describe(link.to)?);
        let text = to.id.unwrap_or_default();
        writeln!(out, "{indent}{}", printable_line(&format!("{text} · {from} · {}", graph.path(link))))?;
    }
    Ok(())
}

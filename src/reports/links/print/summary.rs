//! The links of a run in numbers.

use std::io::Write;

use super::LinkPrintError;
use crate::reports::links::graph::{LinkEnd, LinkGraph, OutsideState, ResourceLink};
use crate::util::plural::plural;
use crate::util::terminal_text::printable_line;

/// Prints the numbers of links, and the resources that are used most.
pub(super) fn print(graph: &LinkGraph, limit: usize, out: &mut dyn Write) -> Result<(), LinkPrintError> {
    let links = graph.links();
    let across = links.iter().filter(|link| graph.is_cross_account(link)).count();
    let count = |count: usize, noun| plural(count as u64, noun);
    writeln!(
        out,
        "{} of {}, {across} of them across accounts",
        count(links.len(), "link"),
        count(graph.resources() as usize, "resource"),
    )?;
    let of_state = |state: OutsideState| {
        links.iter().filter(move |link| graph.outside_node(link.to).is_some_and(|node| node.state == state))
    };
    let foreign = of_state(OutsideState::Foreign);
    let (access, mentions): (Vec<&ResourceLink>, Vec<&ResourceLink>) =
        foreign.partition(|link| link.kind.lets_in());
    let rows = [
        (access.len(), "give access to foreign accounts or everyone (see --foreign)"),
        (mentions.len(), "name foreign accounts otherwise"),
        (of_state(OutsideState::Dangling).count(), "lead to what does not exist (see --dangling)"),
        (of_state(OutsideState::Unknown).count(), "lead to what this run does not have"),
    ];
    for (count, what) in rows {
        writeln!(out, "  {count:>7} {what}")?;
    }
    let mut most: Vec<(u32, u32)> = (0..)
        .zip(graph.counts())
        .map(|(node, counts)| (counts.used_by, node))
        .filter(|(used, _)| *used > 0)
        .collect();
    most.sort_unstable_by_key(|(used, node)| (std::cmp::Reverse(*used), *node));
    if !most.is_empty() {
        writeln!(out, "\nUsed by most:")?;
    }
    for (used, node) in most.into_iter().take(limit.min(10)) {
        let words = graph.words(LinkEnd::Resource(node), None)?;
        writeln!(out, "  {used:>7} {}", printable_line(&words))?;
    }
    Ok(())
}

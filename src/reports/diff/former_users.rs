//! What used the resources that were removed.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::DiffError;
use super::change::{Change, ChangeKind};
use super::spool::ChangeSpool;
use crate::reports::links::{LinkDirection, LinkEnd, LinkGraph};
use crate::reports::resources::Resources;
use crate::util::plural::plural;

/// The fact about a removed resource.
const USED_BY: &str = "used_by";
/// The most users that are named.
const NAMED: usize = 5;

/// A resource, as both the comparison and the links name it: account, region, service, kind, ID, and ARN.
type RemovedKey = [Option<String>; 6];

/// Adds to each removed resource what used it in the old run and was not removed itself.
pub(super) fn add(changes: ChangeSpool, old: &Resources) -> Result<ChangeSpool, DiffError> {
    let mut changes = changes;
    let mut removed = HashSet::new();
    changes.each(|change| {
        removed.extend((change.change == ChangeKind::Removed).then(|| key_of(&change)));
        Ok(())
    })?;
    if removed.is_empty() {
        return Ok(changes);
    }
    let graph = LinkGraph::read(old)?;
    let mut nodes: HashMap<RemovedKey, LinkEnd> = HashMap::new();
    for end in (0..graph.resources()).map(LinkEnd::Resource) {
        let node = graph.describe(end)?;
        let key = [node.account, node.region, Some(node.service), Some(node.kind), node.id, node.arn];
        if removed.contains(&key) {
            nodes.insert(key, end);
        }
    }
    let gone: HashSet<LinkEnd> = nodes.values().copied().collect();
    let mut completed = ChangeSpool::new()?;
    changes.each(|mut change| {
        if change.change == ChangeKind::Removed
            && let Some(end) = nodes.get(&key_of(&change))
            && let Some(users) = users(&graph, *end, &gone)?
        {
            change.facts.insert(USED_BY.to_owned(), users);
        }
        completed.push(&change)
    })?;
    Ok(completed)
}

fn key_of(change: &Change) -> RemovedKey {
    let text = |text: &String| Some(text.clone());
    let Change { account, region, service, kind, id, arn, .. } = change;
    [text(account), text(region), text(service), text(kind), id.clone(), arn.clone()]
}

/// Returns the resources that used a resource, without those that were removed; `None` if there are none.
fn users(graph: &LinkGraph, end: LinkEnd, gone: &HashSet<LinkEnd>) -> Result<Option<Value>, DiffError> {
    let mut users: Vec<LinkEnd> = graph.neighbours(end, LinkDirection::UsedBy).into_keys().collect();
    users.retain(|user| !gone.contains(user));
    let more = users.len().saturating_sub(NAMED);
    let named = users.iter().take(NAMED).map(|user| {
        let user = graph.describe(*user)?;
        let name = user.name.as_deref().filter(|name| Some(*name) != user.id.as_deref());
        let name = name.map_or_else(String::new, |name| format!(" ({name})"));
        Ok(format!("{} {}{name}", user.kind, user.id.as_deref().unwrap_or(user.identifier())))
    });
    let mut named = named.collect::<Result<Vec<String>, DiffError>>()?;
    if more > 0 {
        named.push(format!("and {}", plural(more as u64, "more resource")));
    }
    // The commas of a line of facts separate facts.
    Ok((!named.is_empty()).then(|| named.into()))
}

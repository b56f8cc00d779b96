//! The lists of a plan whose items have child calls, with the number of calls that each item causes.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

use super::links::child_links;
use crate::names::{FunctionName, ServiceName};
use crate::plan::Plan;

/// A list whose items have child calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChildList {
    /// The service of the call that returns the list.
    pub service: ServiceName,
    /// The call, as named in the result file.
    pub name: String,
    /// The function of the call.
    pub function: FunctionName,
    /// The path of the list in the response; empty if the response itself is the item.
    pub items: String,
    /// The number of functions that are called for its items, without those below them.
    pub child_functions: u64,
    /// The number of calls for each item; a call for up to ten items is a tenth of a call.
    pub calls_per_item: f64,
}

/// Returns the lists with child calls, those with most calls per item first.
pub(super) fn child_lists(plan: &Plan) -> Vec<ChildList> {
    let mut lists: Vec<ChildList> = Vec::new();
    for call in &plan.calls {
        // Regional child calls of the same list belong to several planned calls, which follow each other.
        let first = if call.is_for_items() { 0 } else { lists.len() };
        for link in child_links(call) {
            let service = ServiceName::new(&*link.above.service().name);
            let items = path_of_items(link.child.over());
            let place = lists[first..].iter().position(|list| {
                list.name == link.above_name && list.service == service && list.items == items
            });
            let place = place.map_or(lists.len(), |place| first + place);
            if place == lists.len() {
                lists.push(ChildList {
                    service,
                    name: link.above_name.to_owned(),
                    function: FunctionName::new(link.above.name()),
                    items,
                    child_functions: 0,
                    calls_per_item: 0.0,
                });
            }
            let list = &mut lists[place];
            list.child_functions += 1;
            list.calls_per_item += link.child.batch.as_ref().map_or(1.0, |batch| 1.0 / as_real(batch.size));
        }
    }
    for list in &mut lists {
        list.calls_per_item = (list.calls_per_item * 10_000.0).round() / 10_000.0;
    }
    lists.sort_by(|one, other| other.calls_per_item.total_cmp(&one.calls_per_item));
    lists
}

#[expect(clippy::cast_precision_loss, reason = "a batch has at most a few thousand items")]
fn as_real(size: usize) -> f64 {
    size as f64
}

/// Matches the places in which a filter gives an element a name, before it follows a list in that element.
static NAMED_ELEMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\s*\|\s*\. as \$\w+\s*\|\s*").ok());

/// Returns the path of the last list that a filter follows: `Reservations.Instances` of
/// `.Reservations[].Instances[].InstanceId`.
fn path_of_items(over: &str) -> String {
    let over = match &*NAMED_ELEMENT {
        Some(named) => named.replace_all(over, ""),
        None => over.into(),
    };
    let is_step = |letter: char| letter.is_alphanumeric() || "._[]?".contains(letter);
    let end = over.find(|letter| !is_step(letter)).unwrap_or(over.len());
    let path = over[..end].rfind("[]").map_or("", |end| &over[..end]);
    path.replace(['?', '[', ']'], "").trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::path_of_items;

    #[test]
    fn path_of_items_ends_with_the_last_list() {
        for (over, path) in [
            (".Reservations[]?.Instances[]?.InstanceId", "Reservations.Instances"),
            (".Reservations[]? | . as $e1 | .Instances[]? | {id: .Id}", "Reservations.Instances"),
            (".Tables[].Name", "Tables"),
            (".Keys[] | select(.Parts[])", "Keys"),
            (".UserPool.Arn", ""),
            ("{id: .id}", ""),
        ] {
            assert_eq!(path_of_items(over), path, "{over}");
        }
    }
}

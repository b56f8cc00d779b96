//! The functions of a planned call, each with the function whose items it is called for.

use crate::model::catalog::CallScope;
use crate::model::catalog::Function;
use crate::plan::spec::Child;
use crate::plan::{PlannedCall, RegionScope, is_spread};

/// A child call, and the call above it.
#[derive(Clone, Copy)]
pub(super) struct ChildLink<'plan> {
    /// The child call.
    pub(super) child: &'plan Child,
    /// The index of its function among the functions of the planned call.
    pub(super) index: usize,
    /// The index of the function above it; `None` for a regional child call, which hangs below another planned call.
    pub(super) parent: Option<usize>,
    /// The function above it.
    pub(super) above: &'plan Function,
    /// The key of that function's result.
    pub(super) above_name: &'plan str,
}

/// Returns the child calls of a planned call, in the order of [`PlannedCall::functions`].
pub(super) fn child_links(call: &PlannedCall) -> Vec<ChildLink<'_>> {
    let mut links = Vec::new();
    if let Some(spread) = &call.spread {
        // The spec has the call whose items this one is made for.
        let above = above_of(&call.entry.each, &spread.child, (&call.entry.function, &call.entry.name));
        let (above, above_name) = above.unwrap_or((&call.entry.function, &call.entry.name));
        links.push(ChildLink { child: &spread.child, index: 0, parent: None, above, above_name });
        add(&spread.child.each, None, 0, (&spread.child.function, &spread.child.name), &mut links);
    } else {
        let place = (call.reach == CallScope::Global).then_some(RegionScope::Global);
        let above = (&call.entry.function, &*call.entry.name);
        add(&call.entry.each, place.as_ref(), 0, above, &mut links);
    }
    links
}

fn add<'plan>(
    each: &'plan [Child],
    place: Option<&RegionScope>,
    parent: usize,
    (above, above_name): (&'plan Function, &'plan str),
    links: &mut Vec<ChildLink<'plan>>,
) {
    for child in each {
        if place.is_some_and(|place| is_spread(place, child)) {
            continue;
        }
        // The first function of a call is its own.
        let index = links.last().map_or(0, |link| link.index) + 1;
        links.push(ChildLink { child, index, parent: Some(parent), above, above_name });
        add(&child.each, place, index, (&child.function, &child.name), links);
    }
}

/// Returns the function above a child call, with the key of its result. Keys are unique in a service.
fn above_of<'plan>(
    each: &'plan [Child],
    wanted: &Child,
    above: (&'plan Function, &'plan str),
) -> Option<(&'plan Function, &'plan str)> {
    each.iter().find_map(|child| {
        let is_wanted =
            child.name == wanted.name && child.function.service().name == wanted.function.service().name;
        if is_wanted { Some(above) } else { above_of(&child.each, wanted, (&child.function, &child.name)) }
    })
}

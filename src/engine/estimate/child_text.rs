//! The child calls of a plan as human-readable text.

use std::fmt::{Result, Write};

use super::text_parts::{SHOWN, write_list};
use super::{ChildCall, ChildList, Estimate};
use crate::util::plural::{counted, plural};

/// Writes the lists with their numbers of calls per item, and the functions if they are few.
pub(super) fn write_children(text: &mut String, estimate: &Estimate) -> Result {
    let (lists, functions) = (&estimate.child_lists, &estimate.child_calls);
    let title = format!(
        "Child calls: {} for the items of {}",
        plural(functions.len(), "function"),
        plural(lists.len(), "list")
    );
    // A list is named by its path if the same response has another one with child calls.
    let is_alone = |list: &ChildList| {
        let of_call = |other: &&ChildList| other.name == list.name && other.service == list.service;
        lists.iter().filter(of_call).count() == 1
    };
    write_list(text, &title, lists, |list| {
        let path = if is_alone(list) || list.items.is_empty() {
            String::new()
        } else {
            format!(" ({})", list.items)
        };
        format!("{} {}{path}: {} per item", list.service, list.name, calls(list.calls_per_item))
    })?;
    if functions.len() > SHOWN {
        return Ok(());
    }
    write_list(text, "Functions of the child calls", functions, |child| {
        let ChildCall { service, function, below, requests_per_second: rate, .. } = child;
        let items = match child.batch {
            Some(size) => format!("for up to {} of {below}", plural(size, "item")),
            None => format!("for each item of {below}"),
        };
        format!("{service} {function}, {items}: at most {rate}/s per account and region")
    })
}

/// Formats a number of calls that can be a fraction: `1 call`, `2.1 calls`.
fn calls(count: f64) -> String {
    let mut written = String::new();
    // Writing into a String cannot fail.
    let _ = write!(written, "{count:.4}");
    let written = written.trim_end_matches('0').trim_end_matches('.');
    counted(if written == "1" { 1_u64 } else { 2 }, written, "call")
}

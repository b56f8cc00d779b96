//! Lists of what a call for several resources did not return: those that failed or do not exist.

use crate::reports::members::squashed;

/// The starts of the names of such lists, in lower case.
const STARTS: &[&str] =
    &["error", "failed", "failure", "invalid", "missing", "notfound", "skipped", "unprocessed"];
/// The ends of their names.
const ENDS: &[&str] = &["errordetails", "errors", "failed", "failures", "notfound"];

/// Returns the lists of an answer without those of failures: `failures` beside `clusters`. The answer of a function
/// for failures is a list of them.
pub(super) fn without(paths: Vec<Vec<String>>, function: &str) -> Vec<Vec<String>> {
    if paths.len() < 2 && !function.starts_with("batch_") {
        return paths;
    }
    paths.into_iter().filter(|path| !path.last().is_some_and(|name| has_failures(name))).collect()
}

/// Returns whether a member with this name has failures.
fn has_failures(member: &str) -> bool {
    let name = squashed(member);
    STARTS.iter().any(|start| name.starts_with(start)) || ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests;

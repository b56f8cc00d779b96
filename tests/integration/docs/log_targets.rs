//! The targets of log events: explicit, so that they stay the same when code moves, and documented.

use std::collections::BTreeSet;
use std::fs;

use super::{read, root};
use crate::sandbox::rust_files;

const MACROS: [&str; 5] =
    ["tracing::error!(", "tracing::warn!(", "tracing::info!(", "tracing::debug!(", "tracing::trace!("];

#[test]
fn formats_lists_the_targets_of_all_log_events() {
    let mut used = BTreeSet::new();
    for file in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        for (place, call) in MACROS.iter().flat_map(|call| text.match_indices(call)) {
            let arguments = text[place + call.len()..].trim_start();
            let target = arguments.strip_prefix("target: \"").and_then(|rest| rest.split('"').next());
            used.insert(
                target.unwrap_or_else(|| panic!("{}: {call} has no target", file.display())).to_owned(),
            );
        }
    }
    let page = read("docs/formats.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `scan::")?.split('`').next());
    let listed: BTreeSet<String> = rows.map(|name| format!("scan::{name}")).collect();
    assert_eq!(used, listed);
}

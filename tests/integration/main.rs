//! All integration tests, in one binary: linking costs more than most of them take.
//!
//! Each module is one subject, and drives the real program or the library as its users do. `tests/run`
//! prepares what they need and names it in the environment.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conformance;
mod docs;
mod faults;
mod sandbox;
mod verbs;

use std::fs;
use std::path::Path;

/// A file that no `mod` line names would never be compiled, and pass for ever.
#[test]
fn every_file_in_this_folder_is_a_module_of_main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration");
    for list in ["main.rs", "conformance/mod.rs", "docs/mod.rs", "faults/mod.rs", "verbs/mod.rs"] {
        let list = folder.join(list);
        let text = fs::read_to_string(&list).unwrap();
        let modules: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';'))
            .collect();
        for entry in fs::read_dir(list.parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let is_module = path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
            assert!(
                !is_module || ["main", "mod", "snapshots"].contains(&name) || modules.contains(&name),
                "{} lacks the line `mod {name};`",
                list.display()
            );
        }
    }
}

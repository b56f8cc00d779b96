//! The promises about security are shown by tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{read, root};
use crate::sandbox::rust_files;

/// The names of all tests below a folder, those of properties included.
fn tests(folder: &Path, into: &mut BTreeSet<String>) {
    for path in rust_files(folder) {
        let text = fs::read_to_string(&path).expect("readable source");
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.trim_start_matches("async ").strip_prefix("fn ").filter(|_| is_test) {
                into.insert(name.split('(').next().unwrap_or_default().to_owned());
            }
            is_test = line.starts_with("#[test]")
                || line.starts_with("#[tokio::test")
                || is_test && line.starts_with("#[");
        }
    }
}

#[test]
fn every_promise_about_security_names_a_test_that_there_is() {
    let page = read("docs/security.md");
    let (_, rest) = page.split_once("\n## Guarantees\n").expect("the heading");
    let (guarantees, _) = rest.split_once("\n## ").expect("the heading after it");
    let mut known = BTreeSet::new();
    tests(&root().join("src"), &mut known);
    tests(&root().join("tests/integration"), &mut known);
    let mut count = 0;
    for guarantee in guarantees.split("\n- ").skip(1) {
        let (_, tests) = guarantee.split_once("*Tests:*").unwrap_or((guarantee, ""));
        let tests = tests.split("\n\n").next().unwrap_or_default();
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test is named for: {guarantee}");
        for name in names {
            assert!(known.contains(name), "docs/security.md names the test {name}, which there is not");
        }
        count += 1;
    }
    assert!(count > 20, "only {count} guarantees");
}

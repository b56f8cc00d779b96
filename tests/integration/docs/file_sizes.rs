//! A file of the code has one concept, and so not more lines than a reader keeps in mind.

use std::fs;

use crate::sandbox::{root, rust_files};

/// The most lines of a file. A longer one has several concepts, or a table that belongs into a separate file.
const MOST: usize = 400;

#[test]
fn no_source_file_is_too_long() {
    let source = root().join("src");
    let files: Vec<_> = rust_files(&source).collect();
    assert!(files.len() > 500, "only {} files were found", files.len());
    let too_long: Vec<String> = files
        .iter()
        .filter_map(|file| {
            let lines = fs::read_to_string(file).expect("readable source").lines().count();
            (lines > MOST).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(too_long.is_empty(), "these files have more than {MOST} lines:\n{}", too_long.join("\n"));
}

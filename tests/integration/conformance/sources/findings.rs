//! The effects of a newer botocore: sources that are nearly as good as the chosen one, those that are too weak, and all
//! that differ from those of the tables.

use std::fmt::Write as _;

use aws_auto_inventory::model::catalog::build;

use super::{SOURCES, notation};
use crate::sandbox::botocore_source;

/// The choices that were confirmed, as `SourceFinding` writes them.
const CONFIRMED: &str = include_str!("findings.txt");

#[test]
fn uncertain_sources_are_confirmed() {
    let findings = build::source_findings(&botocore_source().join("botocore/data")).expect("the models");
    let found: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let confirmed: Vec<&str> = CONFIRMED.lines().filter(|line| !line.starts_with('#')).collect();
    let new: Vec<&String> = found.iter().filter(|line| !confirmed.contains(&line.as_str())).collect();
    let old: Vec<&&str> = confirmed.iter().filter(|line| !found.iter().any(|found| found == *line)).collect();
    assert!(new.is_empty() && old.is_empty(), "to confirm: {new:#?}\nno longer found: {old:#?}");
}

/// The table of all sources: a change of rules, rows or models shows what it changes.
#[test]
fn sources_are_those_of_the_table() {
    let mut table = String::new();
    for (service, operation) in SOURCES.all() {
        for source in &operation.sources {
            let _ = writeln!(table, "{service} {}: {}", operation.function, notation::line(source));
        }
        if let Some(reason) = &operation.missing {
            let _ = writeln!(table, "{service} {}: no source: {reason}", operation.function);
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("sources", table));
}

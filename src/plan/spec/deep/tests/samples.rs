//! The samples with child calls in `scan/sample/each`: what the derivation gives, with the corrections of a table.
//!
//! `UPDATE_SAMPLES=1` writes them.

use std::collections::HashSet;

use serde_json::Value;

use super::{CATALOG, service};
use crate::plan::spec::BUILT_IN;
use crate::plan::spec::deep::{DeepScan, deep_calls_for};

/// The variable that updates the samples.
const UPDATE: &str = "UPDATE_SAMPLES";

/// The table; `samples.txt` describes its columns.
const TABLE: &str = include_str!("samples.txt");

/// A row of the table.
struct SampleRow {
    /// The service, which is the name of the sample.
    name: &'static str,
    /// The functions that need no other call.
    lists: Vec<&'static str>,
    depth: Option<usize>,
    /// The functions that are not called.
    without: Vec<&'static str>,
}

fn rows() -> Vec<SampleRow> {
    TABLE.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

fn row(line: &'static str) -> SampleRow {
    let [name, lists, depth, without, reason] = line.split(" | ").collect::<Vec<_>>()[..] else {
        panic!("{line}")
    };
    let without: Vec<&str> = without.split(' ').filter(|function| *function != "-").collect();
    assert_eq!(without.is_empty(), reason == "-", "a correction has a reason: {line}");
    SampleRow { name, lists: lists.split(' ').collect(), depth: depth.parse().ok(), without }
}

/// Returns the sample of a row.
fn sample(row: &SampleRow) -> Vec<Value> {
    let scan = DeepScan { history: false, depth: row.depth };
    let mut calls = deep_calls_for(&CATALOG, &[service(row.name)], scan).expect("a catalog in order");
    calls.retain(|call| row.lists.iter().any(|list| call["function"] == **list));
    let mut omitted = HashSet::new();
    remove(&mut calls, &row.without, &mut omitted);
    assert_eq!(calls.len(), row.lists.len(), "{}: each list is a call", row.name);
    assert_eq!(omitted, row.without.iter().copied().collect(), "{}: corrections of what is called", row.name);
    calls
}

/// Removes the calls of these functions at any depth, and notes those that it found.
fn remove(calls: &mut Vec<Value>, without: &[&'static str], omitted: &mut HashSet<&'static str>) {
    calls.retain(|call| {
        let found = without.iter().find(|function| call["function"] == ***function);
        omitted.extend(found);
        found.is_none()
    });
    for call in calls {
        let Some(each) = call.get_mut("each").and_then(Value::as_array_mut) else { continue };
        remove(each, without, omitted);
        let is_empty = each.is_empty();
        if let Some(call) = call.as_object_mut().filter(|_| is_empty) {
            call.remove("each");
        }
    }
}

#[test]
fn samples_are_what_the_derivation_gives() {
    for row in rows() {
        let text = serde_json::to_string_pretty(&sample(&row)).expect("JSON") + "\n";
        let path = format!("{}/scan/sample/each/{}.json", env!("CARGO_MANIFEST_DIR"), row.name);
        if std::env::var_os(UPDATE).is_some() {
            std::fs::write(&path, &text).expect("writes");
        }
        let stored = std::fs::read_to_string(&path).expect("a sample");
        assert!(stored == text, "run the test with UPDATE_SAMPLES=1: {} differs", row.name);
    }
}

#[test]
fn every_sample_with_child_calls_has_a_row() {
    let carried = BUILT_IN.iter().filter_map(|spec| spec.name.strip_prefix("sample/each/"));
    assert_eq!(rows().iter().map(|row| row.name).collect::<Vec<_>>(), carried.collect::<Vec<_>>());
}

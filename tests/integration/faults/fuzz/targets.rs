//! The targets of `tests/fuzz`, on their seeds and on mutations of these: a short run in each CI.
//!
//! `tests/slow fuzz` runs the same functions for longer, guided by coverage.

use std::fs;

use proptest::test_runner::TestRunner;

use super::mutation::{edit, edits};
use super::{config, soon};
use crate::sandbox::{files_below, root};

#[path = "../../../fuzz/targets"]
mod code {
    pub(super) mod catalog;
    pub(in super::super) mod decoders;
    pub(super) mod endpoint_rules;
    pub(super) mod runs;
    pub(super) mod specs;
}

pub(super) use code::decoders::SERVICES;

/// Reads one input.
type Target = fn(&[u8]);

/// The targets by name.
const TARGETS: [(&str, Target); 5] = [
    ("catalog", code::catalog::run),
    ("decoders", code::decoders::run),
    ("endpoint_rules", code::endpoint_rules::run),
    ("runs", code::runs::run),
    ("specs", code::specs::run),
];

/// Valid inputs: those that `tests/slow` starts from, and for specs all samples.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let files = match target {
        "catalog" => vec![root().join("src/model/catalog/botocore.catalog")],
        "specs" => files_below(&root().join("scan/sample")),
        other => files_below(&root().join("tests/fuzz/seeds").join(other)),
    };
    files.iter().map(|file| fs::read(file).expect("a seed")).collect()
}

/// Runs the target of this name on all its seeds and on mutations of them.
fn fuzz(name: &str) {
    let (_, run) = TARGETS.into_iter().find(|(target, _)| *target == name).expect("a target");
    let seeds = seeds(name);
    assert!(!seeds.is_empty(), "{name} has no seed");
    for seed in &seeds {
        soon(|| run(seed));
    }
    let inputs = (proptest::sample::select(seeds), edits());
    TestRunner::new(config())
        .run(&inputs, |(mut input, edits)| {
            edit(&mut input, &edits);
            soon(|| run(&input));
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
}

#[test]
fn catalog_target_survives_mutated_seeds() {
    fuzz("catalog");
}

#[test]
fn decoders_target_survives_mutated_seeds() {
    fuzz("decoders");
}

#[test]
fn endpoint_rules_target_survives_mutated_seeds() {
    fuzz("endpoint_rules");
}

#[test]
fn runs_target_survives_mutated_seeds() {
    fuzz("runs");
}

#[test]
fn specs_target_survives_mutated_seeds() {
    fuzz("specs");
}

#[test]
fn each_target_of_cargo_fuzz_has_a_short_run() {
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).expect("a manifest");
    let listed: Vec<&str> = manifest
        .split("[[bin]]")
        .skip(1)
        .filter_map(|target| target.split("name = \"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(listed, TARGETS.map(|(name, _)| name));
}

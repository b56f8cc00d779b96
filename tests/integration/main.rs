//! All integration tests, in one binary: linking costs more than most of them take.
//!
//! Each module is one subject, and drives the real program or the library as its users do. `tests/run`
//! prepares what they need and names it in the environment.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod allocations;
mod ancestor;
mod catalog;
mod causes;
mod chaos;
mod check;
mod circles;
mod conformance;
mod crash;
mod credentials;
mod deploy;
mod diff;
mod docs;
mod endpoint_rules;
mod env_file;
mod everything;
mod exit_codes;
mod export;
mod filter_bounds;
mod foreign_runs;
mod fuzz;
mod generated;
mod handlers;
mod jq;
mod layers;
mod least_privilege;
mod missing_names;

mod odd_answers;
mod open_files;
mod organization_scan;
mod overlap;
mod page_survey;
mod permissions;
mod plan;
mod planted;
mod plurals;
mod profiles;
mod protocols;
mod public_api;
mod query;

mod reads;
mod redaction;
mod report;
mod resume;
mod round_trip;
mod routing;
mod samples;
mod sandbox;
mod scenarios;
mod scopes;
mod session_policy;
mod shards;
mod surface;
mod tables;
mod telling;
mod templates;
mod type_names;
mod uploads;
mod usage;
mod wording;

/// A file that no `mod` line names would be compiled by nobody, and pass for ever.
#[test]
fn every_file_in_this_folder_is_a_module_of_main() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration");
    let modules: Vec<&str> = include_str!("main.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_module = path.is_dir() || path.extension().is_some_and(|extension| extension == "rs");
        assert!(
            !is_module || ["main", "snapshots"].contains(&name) || modules.contains(&name),
            "tests/integration/main.rs lacks the line `mod {name};`"
        );
    }
}

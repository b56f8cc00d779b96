//! The results of the suites of other projects and of comparisons with other programs: a line each in the log, and
//! a row each in `docs/conformance.md`, which must have the same.

mod ancestor;
mod catalog;
mod classes;
mod deep;
mod endpoint_rules;
mod handlers;
mod identities;
mod jq;
mod links;
mod page_survey;
mod permissions;
mod protocols;
mod proxies;
mod reads;
mod resource_types;
pub(crate) mod round_trip;
mod routing;
mod samples;
mod scopes;
mod shared_config;
mod sources;
pub(crate) mod tables;
mod witnesses;

use std::collections::BTreeMap;
use std::io::Write as _;

/// How many failures are shown.
const SHOWN: usize = 40;

/// The outcome of one suite.
pub(crate) struct Suite {
    name: String,
    passed: usize,
    excluded: BTreeMap<&'static str, usize>,
    failures: Vec<String>,
}

impl Suite {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), passed: 0, excluded: BTreeMap::new(), failures: Vec::new() }
    }

    /// Counts a case; the title is only made when it failed.
    pub(crate) fn count(&mut self, outcome: Result<(), String>, title: impl FnOnce() -> String) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(problem) => self.failures.push(format!("{}, {}: {problem}", self.name, title())),
        }
    }

    /// Counts a case that is not run, and why.
    pub(crate) fn exclude(&mut self, reason: &'static str) {
        *self.excluded.entry(reason).or_default() += 1;
    }

    pub(crate) fn failed(&self) -> usize {
        self.failures.len()
    }

    /// Adds what another thread has counted.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failures.extend(other.failures);
        for (reason, count) in other.excluded {
            *self.excluded.entry(reason).or_default() += count;
        }
    }

    /// Prints the result, past the test harness, which hides the output of passing tests.
    /// Fails the test when a case failed, or when the page of conformance has something else.
    #[track_caller]
    pub(crate) fn finish(mut self) {
        let excluded: usize = self.excluded.values().sum();
        let failed = self.failures.len();
        let reasons: Vec<String> =
            self.excluded.iter().map(|(reason, count)| format!("; {count} excluded: {reason}")).collect();
        let line = format!(
            "conformance: {}: {} passed, {excluded} excluded, {failed} failed{}\n",
            self.name,
            self.passed,
            reasons.concat()
        );
        std::io::stdout().write_all(line.as_bytes()).expect("standard output");
        self.failures.sort();
        self.failures.truncate(SHOWN);
        assert!(failed == 0, "{failed} cases failed, among them\n\n{}", self.failures.join("\n\n"));
        let row = format!("| `{}` | {} | {excluded} |", self.name, self.passed);
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/conformance.md");
        let page = std::fs::read_to_string(page).expect("the page of conformance");
        let is_told = page.lines().any(|line| line.starts_with(&row));
        assert!(is_told, "docs/conformance.md should have a row that begins with\n{row}");
    }
}

//! What calls and pages cost in instructions of the processor, counted by Valgrind: the same on every machine, where
//! seconds are not. The build of the tests is not optimized, so that the figures are higher than the program's, but
//! they grow with every step that is added to the way of a call. Only what is inlined can have a higher figure here and
//! take less time in the program.

use std::process::Command;

use super::in_memory::{InMemory, topics};

/// The instructions of a small call, from its parameters to the list in its file. A twentieth more or less needs no
/// review.
const CALL: u64 = 430_000;

/// The instructions of a page of fifty instances, from its request to its part of the list.
const PAGE: u64 = 37_800_000;

const CALLS: &str = "SCAN_TEST_CALLS";
const PAGES: &str = "SCAN_TEST_PAGES";

/// The work that is counted, in a separate process.
#[test]
#[ignore = "it is run by the test below, with Valgrind"]
fn calls_of_environment() {
    let number = |name: &str| std::env::var(name).expect("set below").parse::<u64>().expect("a number");
    let response = topics(2, None);
    let aws = InMemory::answering(move |_| response.clone());
    (0..number(CALLS)).for_each(|_| aws.collect());
    InMemory::with_instances(number(PAGES)).collect();
}

#[test]
fn calls_and_pages_need_no_more_instructions_than_they_did() {
    // What the process and the first calls need is in all three.
    let [few, many, long] = [(20, 2), (120, 2), (20, 12)].map(|(calls, pages)| instructions(calls, pages));
    let found = [("call", (many - few) / 100, CALL), ("page", (long - few) / 10, PAGE)];
    for (what, found, expected) in found {
        assert!(
            found <= expected + expected / 20,
            "one {what} needs {found} instructions: what was added, and is it worth that?"
        );
        assert!(
            found >= expected - expected / 20,
            "one {what} needs only {found} instructions: lower the figure in this test"
        );
    }
}

/// The instructions of a process that makes so many small calls, and one with so many pages.
fn instructions(calls: u64, pages: u64) -> u64 {
    let valgrind = std::env::var("SCAN_TEST_VALGRIND");
    let valgrind = valgrind.expect("SCAN_TEST_VALGRIND names a Valgrind; `tests/run` finds it");
    let counted = Command::new(valgrind)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "docs::instructions::calls_of_environment", "--ignored", "--test-threads=1"])
        .envs([(CALLS, calls), (PAGES, pages)].map(|(name, number)| (name, number.to_string())))
        .output()
        .expect("Valgrind runs");
    let report = String::from_utf8_lossy(&counted.stderr);
    let count = report.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.filter(|_| counted.status.success()).unwrap_or_else(|| panic!("{report}"))
}

//! Whatever comes from outside, nothing panics, and nothing takes for ever: decoders, endpoint rules and
//! scan specs under arbitrary and mutated input. (Catalog files are tested where they are read.)
//!
//! `PROPTEST_CASES=100000 cargo test --test integration fuzz` looks longer. What it finds becomes a test
//! here, under "found".

mod decoders;
mod endpoints;
mod mutation;
mod specs;
mod targets;

use std::time::{Duration, Instant};

use proptest::test_runner::Config;

/// No input of a few kilobytes is worth more, even on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

/// How many cases are tried, unless `PROPTEST_CASES` is set.
fn config() -> Config {
    Config { failure_persistence: None, ..Config::default() }
}

/// Runs `work`, which must end soon.
fn soon<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    assert!(took < LONGEST, "it took {took:?}");
    result
}

//! What it takes to read a page into its file's text, beside a search for three bytes in it: any reader has to look at
//! each byte.

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};

use super::sample::Sample;

/// Reads and searches in turn, so that what else the machine does meets both alike.
const ROUNDS: usize = 201;

/// Prints the bytes of two pages and the medians of both, in nanoseconds.
pub(super) fn run() {
    let instances = Sample::page("ec2", "describe_instances", 50).indented();
    let functions = Sample::page("lambda", "list_functions", 200);
    println!(
        "{}",
        json!({
            "EC2's page of instances": medians(&instances, "Reservations", *b"<>&"),
            "Lambda's page of functions": medians(&functions, "Functions", *b"\"\\,"),
        })
    );
}

fn medians(sample: &Sample, member: &str, [one, two, three]: [u8; 3]) -> Value {
    let body = &sample.message.body;
    let (mut text, mut search) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        text.push(nanoseconds(|| sample.text(member)));
        search.push(nanoseconds(|| memchr::memchr3_iter(one, two, three, body).map(black_box).count()));
    }
    json!({"bytes": body.len(), "text_ns": median(&mut text), "search_ns": median(&mut search)})
}

fn nanoseconds<T>(work: impl FnOnce() -> T) -> u64 {
    let started = Instant::now();
    black_box(work());
    u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn median(times: &mut [u64]) -> Option<u64> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

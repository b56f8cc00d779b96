//! What the parts of a call cost: `cargo bench --bench pieces`.
//!
//! The pages are those of the simulated organization, so that they are the same everywhere.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

mod catalog;
mod decode;
mod encode;
mod endpoint;
mod plan;
mod redact;
mod sample;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    pieces,
    decode::small_answer,
    decode::large_answer,
    decode::pages,
    encode::requests,
    endpoint::resolution,
    plan::units,
    redact::answers,
    redact::texts,
    catalog::loading
);
criterion_main!(pieces);

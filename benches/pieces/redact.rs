//! From an answer to one without secrets.

use std::fmt::Write as _;
use std::hint::black_box;

use aws_auto_inventory::model::protocol::decode_response;
use aws_auto_inventory::plan::redaction::{Redaction, without_secrets};
use criterion::{Criterion, Throughput};
use serde_json::{Map, Value};

use crate::sample::Sample;

const ACCOUNT: &str = "123456789012";

/// A page of fifty reservations of EC2, which holds no secret: as the text that most lists are, and as values.
pub(crate) fn answers(criterion: &mut Criterion) {
    let sample = Sample::page("ec2", "describe_instances", 50);
    let rules = Redaction::default().rules(&sample.function);
    let members = members(&sample);
    let mut text = String::new();
    for item in members["Reservations"].as_array().unwrap() {
        write!(text, ",\n{item}").unwrap();
    }
    let mut group = criterion.benchmark_group("redact/answer");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("text", |bencher| {
        bencher.iter(|| rules.clean_list("Reservations", black_box(text.as_bytes()), ACCOUNT));
    });
    group.bench_function("values", |bencher| {
        bencher.iter_batched_ref(
            || members.clone(),
            |members| rules.clean(members, ACCOUNT),
            criterion::BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// Texts in which every line is examined: a script, and a line of many names.
pub(crate) fn texts(criterion: &mut Criterion) {
    let script =
        "set -e\nexport DB_PASSWORD='hunter2'\ncurl -u me:hunter2 https://example.com/a?token=hunter2\n";
    for (name, text) in [("script", script.repeat(400)), ("line", "token ".repeat(4_000))] {
        let mut group = criterion.benchmark_group("redact/text");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| without_secrets(black_box(&text))));
        group.finish();
    }
}

fn members(sample: &Sample) -> Map<String, Value> {
    let Sample { function, message } = sample;
    let headers = message.headers.as_slice();
    decode_response(function.service(), function.operation(), 200, headers, &message.body).unwrap()
}

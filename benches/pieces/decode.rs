//! From the bytes of an answer to what its file gets.

use std::hint::black_box;

use aws_auto_inventory::model::protocol::decode_response;
use criterion::{BenchmarkId, Criterion, Throughput};

use crate::sample::Sample;

/// A list of two topics: most calls of a scan answer with as little.
pub(crate) fn small_answer(criterion: &mut Criterion) {
    let sample = Sample::page("sns", "list_topics", 2);
    criterion.bench_function("decode/small/text", |bencher| bencher.iter(|| sample.text("Topics")));
    criterion.bench_function("decode/small/values", |bencher| bencher.iter(|| values(black_box(&sample))));
}

/// A page of fifty reservations of EC2, and one of two hundred functions of Lambda.
pub(crate) fn large_answer(criterion: &mut Criterion) {
    let xml = Sample::page("ec2", "describe_instances", 50);
    large(criterion, "decode/large", &xml, "Reservations", *b"<>&");
    large(criterion, "decode/large-indented", &xml.indented(), "Reservations", *b"<>&");
    let json = Sample::page("lambda", "list_functions", 200);
    large(criterion, "decode/large-json", &json, "Functions", *b"\"\\,");
}

/// Reads a page as text and as values, and its bytes once, stopping at each of `stops`: any reader has to do that.
fn large(criterion: &mut Criterion, name: &str, sample: &Sample, member: &str, stops: [u8; 3]) {
    let mut group = criterion.benchmark_group(name);
    let body = &sample.message.body;
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("text", |bencher| bencher.iter(|| sample.text(member)));
    group.bench_function("values", |bencher| bencher.iter(|| values(black_box(sample))));
    let [one, two, three] = stops;
    group.bench_function("memchr3", |bencher| {
        bencher.iter(|| memchr::memchr3_iter(one, two, three, black_box(body)).map(black_box).count());
    });
    group.finish();
}

/// The cost of an item must not grow with the page.
pub(crate) fn pages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode/items");
    for items in [10, 100, 1000] {
        let sample = Sample::page("ec2", "describe_instances", items);
        group.throughput(Throughput::Elements(items as u64));
        group.bench_with_input(BenchmarkId::from_parameter(items), &sample, |bencher, sample| {
            bencher.iter(|| sample.text("Reservations"));
        });
    }
    group.finish();
}

/// Through a tree of values, as filters and child calls need them.
fn values(sample: &Sample) -> Vec<u8> {
    let Sample { function, message } = sample;
    let headers = message.headers.as_slice();
    let members =
        decode_response(function.service(), function.operation(), 200, headers, &message.body).unwrap();
    serde_json::to_vec_pretty(&members).unwrap()
}

//! Tables of several runs in a bucket: the objects are the files that a folder gets.

use std::path::PathBuf;

use super::{OWNER, buckets, organization, scan, world};
use crate::sandbox::{Finished, Loopback, Reply, Sandbox, Simulated, files_of};

/// A finished run in `output/weekly`.
fn scanned(aws: &Simulated) -> Sandbox {
    let sandbox = organization(aws);
    scan(&sandbox, "output", &["--run-name", "weekly"]).expect_exit(0);
    sandbox
}

#[track_caller]
fn add(sandbox: &Sandbox, into: &str, more: &[&str]) -> Finished {
    sandbox.run([&["export", "output/weekly", "--format", "parquet", "--into", into], more].concat())
}

/// Downloads the objects below a prefix.
fn download(sandbox: &Sandbox, prefix: &str) -> PathBuf {
    let folder = sandbox.path("downloaded");
    let path = folder.to_str().expect("a name in UTF-8");
    buckets().moto.ask("buckets.py", &["download", "tables", prefix, path]);
    folder
}

#[test]
fn bucket_gets_the_files_that_a_folder_gets() {
    let aws = Simulated::new(world(2));
    let sandbox = scanned(&aws);
    add(&sandbox, "lake", &[]).expect_exit(0);
    let more = ["--s3-sse-kms-key-id", &buckets().key, "--s3-expected-bucket-owner", OWNER];
    add(&sandbox, "s3://tables/lake", &more).expect_exit(0).stdout_contains("of weekly: s3://tables/lake");
    let (local, mut uploaded) = (files_of(&sandbox.path("lake")), files_of(&download(&sandbox, "lake")));
    let claim = uploaded.remove("_added/run=weekly/part-0.parquet");
    assert_eq!(claim.as_deref(), Some(&[][..]));
    assert!(!local.is_empty() && local == uploaded, "{:?}\n{:?}", local.keys(), uploaded.keys());
    let name = "lake/run/run=weekly/part-0.parquet";
    assert_eq!(buckets().moto.ask("buckets.py", &["key", "tables", name]), *buckets().key);
}

/// The response to the second write of the claim.
fn exists() -> Reply {
    let error = "<Error><Code>PreconditionFailed</Code><Message>It exists</Message></Error>";
    Reply::new(412).header("content-type", "application/xml").body(error)
}

#[test]
fn bucket_without_conditional_writes_needs_an_option() {
    let aws = Simulated::new(world(1));
    let bucket = Loopback::answering([Reply::new(200)]);
    let sandbox = scanned(&aws).env("AWS_ENDPOINT_URL_S3", format!("http://{}", bucket.address()));
    let refused = add(&sandbox, "s3://tables/careless", &[]);
    refused.expect_exit(2).stderr_contains("ignores If-None-Match").stderr_contains("--s3-single-writer");
    add(&sandbox, "s3://tables/careless", &["--s3-single-writer"]).expect_exit(0);
}

#[test]
fn run_is_claimed_first_and_completed_last() {
    let aws = Simulated::new(world(1));
    let bucket = Loopback::answering([Reply::new(200), Reply::new(200), exists(), Reply::new(200)]);
    let sandbox = scanned(&aws).env("AWS_ENDPOINT_URL_S3", format!("http://{}", bucket.address()));
    add(&sandbox, "s3://tables/order", &[]).expect_exit(0);
    let received = bucket.received();
    let written: Vec<_> = received.iter().filter(|request| request.method == "PUT").collect();
    let [first, others @ .., last] = &written[..] else { panic!("too few objects: {received:?}") };
    assert!(first.target.contains("/order/_added/run%3Dweekly/part-0.parquet"), "{}", first.target);
    assert_eq!(first.header("if-none-match"), Some("*"));
    assert!(last.target.contains("/order/run/run%3Dweekly/part-0.parquet"), "{}", last.target);
    assert!(others.len() > 5 && others.iter().all(|request| !request.target.contains("/order/run/")));
}

#[test]
fn run_is_added_to_a_bucket_once() {
    let aws = Simulated::new(world(1));
    let sandbox = scanned(&aws);
    add(&sandbox, "s3://tables/once", &[]).expect_exit(0);
    let again = add(&sandbox, "s3://tables/once", &[]);
    again.expect_exit(2).stderr_contains("weekly is already in s3://tables/once").stderr_is_one_paragraph();
    again.stderr_contains("aws s3 rm s3://tables/once --recursive --exclude '*' --include '*/run=weekly/*'");
    add(&sandbox, "s3://tables/once", &["--run-name", "second"]).expect_exit(0);
}

#[test]
fn missing_bucket_is_reported_before_the_export() {
    let aws = Simulated::new(world(1));
    let sandbox = scanned(&aws);
    let missing = add(&sandbox, "s3://no-such-inventory/lake", &[]);
    missing.expect_exit(2).stderr_contains("bucket `no-such-inventory` does not exist");
    missing.stderr_contains("correct its name in s3://no-such-inventory/lake");
}

/// Without all its files, a run has no row in the table `run`, and the hint has the command that removes the others.
#[test]
fn failed_upload_of_a_lake_has_the_command_to_remove_it() {
    let aws = Simulated::new(world(1));
    let denied = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    let bucket = Loopback::answering([
        Reply::new(200),
        Reply::new(200),
        exists(),
        Reply::new(403).header("content-type", "application/xml").body(denied),
    ]);
    let sandbox = scanned(&aws).env("AWS_ENDPOINT_URL_S3", format!("http://{}", bucket.address()));
    let failed = add(&sandbox, "s3://tables/denied", &[]);
    failed.expect_exit(1).stderr_contains("AccessDenied").stderr_is_one_paragraph();
    failed.stderr_contains("--include '*/run=weekly/*'");
    let requests = format!("{:?}", bucket.received());
    assert!(
        requests.contains("denied/_added/run%3Dweekly") && !requests.contains("denied/run/run"),
        "{requests}"
    );
}

//! Results in a bucket: the same as in a folder, object by object, and what is reported when they cannot be
//! put there. S3 is moto; what is scanned is moto or the simulated organization.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::faults::crash::world;
use crate::sandbox::{Bell, Finished, Loopback, Moto, Reply, Sandbox, Simulated};
use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;

mod lake;

/// Who moto takes unknown keys for.
const OWNER: &str = "123456789012";

/// A server with buckets, and the ARN of its KMS key.
pub(super) struct Buckets {
    pub(super) moto: Moto,
    key: String,
}

/// Shared: each test writes into its own folders.
pub(super) fn buckets() -> &'static Buckets {
    static BUCKETS: OnceLock<Buckets> = OnceLock::new();
    BUCKETS.get_or_init(|| {
        let moto = Moto::empty();
        let key = moto.ask("buckets.py", &["make"])["key"].as_str().expect("an ARN").to_owned();
        Buckets { moto, key }
    })
}

/// What a bucket holds below a folder, by the names from there.
#[track_caller]
pub(super) fn objects(bucket: &str, folder: &str) -> BTreeMap<String, Value> {
    let Value::Object(objects) = buckets().moto.ask("buckets.py", &["objects", bucket, folder]) else {
        panic!("no object")
    };
    // The lock is no part of the results.
    let below = |key: &str| {
        let name = key.strip_prefix(folder)?.strip_prefix('/')?;
        (name != "scan.lock").then(|| name.to_owned())
    };
    objects.into_iter().filter_map(|(key, object)| Some((below(&key)?, object))).collect()
}

/// Calls that need no bucket.
pub(super) fn spec() -> Value {
    json!([
        {"service": "ec2", "function": "describe_instances"},
        {"service": "sqs", "function": "list_queues", "result_key": "QueueUrls"},
        {"service": "iam", "function": "list_users", "result_key": "Users"},
    ])
}

/// An organization to scan, whose buckets are moto's.
pub(super) fn organization(aws: &Simulated) -> Sandbox {
    aws.sandbox().env("AWS_ENDPOINT_URL_S3", &buckets().moto.endpoint).spec(&spec())
}

#[track_caller]
pub(super) fn scan(sandbox: &Sandbox, output: &str, more: &[&str]) -> Finished {
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1,eu-central-1", "-o", output];
    sandbox.run([&arguments, more].concat())
}

/// Every file below a folder, by its name from there.
pub(super) fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder");
            waiting.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else {
            let name = path.strip_prefix(folder).expect("below it").display().to_string();
            files.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
    files
}

/// A ledger without what differs between two runs.
fn ledger(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("a line of JSON");
            let members = line.as_object_mut().expect("an object");
            members.shift_remove("duration_ms");
            members.shift_remove("request_id");
            line.to_string()
        })
        .collect();
    lines.sort();
    lines
}

/// Ends the test unless a bucket holds what a folder holds.
#[track_caller]
fn expect_same(objects: &BTreeMap<String, Value>, files: &BTreeMap<String, String>) {
    assert!(objects.keys().eq(files.keys()), "{:?}\n{:?}", objects.keys(), files.keys());
    for (name, text) in files {
        let uploaded = objects[name]["text"].as_str().expect("a text");
        match name.as_str() {
            "scan.log" => assert!(uploaded.contains("run ended"), "the log has no end"),
            "manifest.json" => {
                let (mut ours, mut theirs) = (json_of(uploaded), json_of(text));
                assert!(ours["settings"]["bucket_folder"].take().is_string());
                assert!(theirs["settings"]["bucket_folder"].take().is_null());
                for time in ["started", "finished"] {
                    assert!(ours[time].take().is_string() && theirs[time].take().is_string());
                }
                assert_eq!(ours["totals"], theirs["totals"]);
                assert_eq!(ours["state"], theirs["state"]);
            }
            "ledger.ndjson" => assert_eq!(ledger(uploaded), ledger(text)),
            _ => assert_eq!(uploaded, text, "{name}"),
        }
    }
}

pub(super) fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_bucket_gets_the_tree_that_a_folder_gets() {
    let aws = Simulated::new(world(5));
    let sandbox = organization(&aws).env("TMPDIR", "tmp");
    fs::create_dir(sandbox.path("tmp")).expect("a folder");
    scan(&sandbox, "output", &["--run-name", "tree"]).expect_exit(4);
    let run = scan(&sandbox, "s3://inventory/daily", &["--run-name", "tree"]);
    run.expect_exit(4).stdout_contains("s3://inventory/daily/tree");
    let uploaded = objects("inventory", "daily/tree");
    expect_same(&uploaded, &files(&sandbox.path("output/tree")));
    for (name, object) in &uploaded {
        let expected = match name.rsplit_once('.').expect("an extension").1 {
            "json" => "application/json",
            "ndjson" => "application/x-ndjson",
            _ => "text/plain; charset=utf-8",
        };
        assert_eq!(object["content_type"], expected, "{name}");
        assert!(object["crc32"].is_string(), "{name} has no checksum");
        assert_ne!(object["encryption"], "aws:kms", "{name} is encrypted without being asked for");
    }
    assert!(files(&sandbox.path("tmp")).is_empty(), "files stay on the disk");
}

#[test]
fn files_of_single_calls_are_uploaded_as_well() {
    let aws = Simulated::new(world(2));
    let sandbox = organization(&aws);
    let more = ["--run-name", "calls", "--layout", "call"];
    scan(&sandbox, "output", &more).expect_exit(0);
    scan(&sandbox, "s3://inventory", &more).expect_exit(0);
    expect_same(&objects("inventory", "calls"), &files(&sandbox.path("output/calls")));
}

#[test]
fn a_large_file_goes_in_parts_and_arrives_whole() {
    // Some kilobytes each, all in one file.
    let amounts = Amounts { reservations: 5_000, ..Amounts::default() };
    let mut world = World::sized(1, 1, amounts);
    world.page_size = 1_000;
    let aws = Simulated::new(world);
    let sandbox = organization(&aws).spec(&json!([{"service": "ec2", "function": "describe_instances"}]));
    let scan = |output: &str, more: &[&str]| {
        let arguments = ["-s", "spec.json", "-r", "us-east-1", "--run-name", "parts", "-o", output];
        sandbox.run([&arguments, more].concat()).expect_exit(0);
    };
    scan("output", &[]);
    scan("s3://inventory/large", &["--s3-sse-kms-key-id", &buckets().key]);
    let uploaded = objects("inventory", "large/parts");
    let name = uploaded.keys().find(|name| name.ends_with("us-east-1/ec2.json")).expect("a result").clone();
    let text = fs::read_to_string(sandbox.path("output/parts").join(&name)).expect("a file");
    assert!(text.len() > 16 * 1024 * 1024, "the file has {} bytes only", text.len());
    assert!(uploaded[&name]["text"] == *text, "the object differs from the file");
    assert!(uploaded[&name]["etag"].as_str().expect("a tag").contains('-'), "it went in one piece");
    assert_eq!(buckets().moto.ask("buckets.py", &["uploads", "inventory"]), json!([]));
    for (name, object) in &uploaded {
        assert_eq!(object["encryption"], "aws:kms", "{name}");
        assert_eq!(object["key"], *buckets().key, "{name}");
    }
}

#[test]
fn taken_run_name_gets_number_and_is_not_overwritten() {
    let aws = Simulated::new(world(2));
    let sandbox = organization(&aws);
    let more = ["--run-name", "attempts"];
    scan(&sandbox, "s3://inventory", &more).expect_exit(0);
    let first = objects("inventory", "attempts");
    let second = scan(&sandbox, "s3://inventory", &more);
    second.expect_exit(0).stdout_contains("Not continuing s3://inventory/attempts: it is finished");
    assert_eq!(objects("inventory", "attempts"), first);
    assert!(objects("inventory", "attempts-2").keys().eq(first.keys()));
}

#[test]
fn a_bucket_of_another_region_is_written_to() {
    let aws = Simulated::new(world(1));
    let sandbox = organization(&aws);
    scan(&sandbox, "s3://far-inventory", &["--run-name", "far"]).expect_exit(0);
    assert!(objects("far-inventory", "far").contains_key("manifest.json"));
}

#[test]
fn a_bucket_that_is_not_there_is_told_before_the_scan() {
    let aws = Simulated::new(world(2));
    let sandbox = organization(&aws);
    let run = scan(&sandbox, "s3://no-such-inventory/x", &[]);
    run.expect_exit(2).stderr_contains("bucket `no-such-inventory` does not exist").stderr_is_one_paragraph();
    run.stderr_contains("correct its name in s3://no-such-inventory/x");
    // The accounts are listed while the caller is identified.
    let is_start = |service: &str| matches!(service, "sts" | "organizations");
    assert!(aws.requests().keys().all(|(_, _, service, _)| is_start(service)), "{:?}", aws.requests());
}

#[test]
fn an_owner_other_than_the_expected_one_is_told_before_the_scan() {
    let aws = Simulated::new(world(2));
    let sandbox = organization(&aws);
    let owned_by = |account| {
        scan(
            &sandbox,
            "s3://second-inventory",
            &["--run-name", "mine", "--s3-expected-bucket-owner", account],
        )
    };
    let run = owned_by("999999999999");
    run.expect_exit(3).stderr_contains("AccessDenied").stderr_is_one_paragraph();
    run.stderr_contains("allow s3:GetObject on arn:aws:s3:::second-inventory/*");
    run.stderr_contains("allow s3:ListBucket on arn:aws:s3:::second-inventory:");
    run.stderr_contains("check that the bucket belongs to account 999999999999");
    assert!(objects("second-inventory", "mine").is_empty());
    owned_by(OWNER).expect_exit(0);
    assert!(objects("second-inventory", "mine").contains_key("ledger.ndjson"));
}

#[test]
fn failed_upload_ends_run_and_keeps_local_file() {
    let aws = Simulated::new(world(2));
    let denied = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    let absent = "<Error><Code>NoSuchKey</Code><Message>Not there</Message></Error>";
    let is_taken = "<Error><Code>PreconditionFailed</Code><Message>It is there</Message></Error>";
    let error = |status, text: &str| Reply::new(status).header("content-type", "application/xml").body(text);
    let bucket = Loopback::answering([
        Reply::new(200),
        error(404, absent),
        // The manifest and the lock, which is there the second time.
        Reply::new(200),
        Reply::new(200),
        error(412, is_taken),
        // The lock again, and what a resumed run needs.
        Reply::new(200),
        Reply::new(200),
        Reply::new(200),
        Reply::new(200),
        Reply::new(403).header("content-type", "application/xml").body(denied),
    ]);
    let sandbox = aws
        .sandbox()
        .env("AWS_ENDPOINT_URL_S3", format!("http://{}", bucket.address()))
        .env("TMPDIR", "tmp")
        .spec(&spec());
    fs::create_dir(sandbox.path("tmp")).expect("a folder");
    let run = scan(&sandbox, "s3://inventory/daily", &["--run-name", "denied"]);
    run.expect_exit(1).stderr_is_one_paragraph();
    run.stderr_contains("cannot write s3://inventory/daily/denied/").stderr_contains("AccessDenied");
    run.stderr_contains("allow s3:PutObject on arn:aws:s3:::inventory/daily/*");
    run.stderr_contains("/tmp/scan-").stderr_contains("scan resume s3://inventory/daily/denied");
    let left = files(&sandbox.path("tmp"));
    let is_left = |end: &str| left.keys().any(|name| name.ends_with(end));
    assert!(is_left("denied/manifest.json") && is_left("denied/ledger.ndjson"), "{left:?}");
    assert!(is_left(".json") && left.keys().any(|name| name.contains("/denied/1000")), "{left:?}");
    let manifest = left.iter().find(|(name, _)| name.ends_with("manifest.json")).expect("a manifest");
    assert_eq!(json_of(manifest.1)["state"], "interrupted");
    // Nothing is called done that is not in the bucket.
    let ledger = left.iter().find(|(name, _)| name.ends_with("ledger.ndjson")).expect("a ledger").1;
    assert!(!ledger.contains("\"ok\""), "{ledger}");
}

#[test]
fn a_run_that_is_stopped_leaves_its_ledger_in_the_bucket() {
    let aws = Simulated::new(world(3));
    let sandbox = organization(&aws);
    let bell = Bell::new();
    let frozen = aws.freeze_at(6, bell.ring());
    let arguments = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1,eu-central-1"];
    let more = ["-o", "s3://inventory", "--run-name", "stopped"];
    let mut run = sandbox.start([&arguments[..], &more].concat(), bell);
    assert!(run.wait_for_bell().is_none(), "the run ended early");
    run.signal("INT");
    run.wait_for_error_line("a second signal ends the process immediately");
    drop(frozen);
    run.finish().expect_exit(130).stdout_contains("Run `scan resume s3://inventory/stopped` to finish it.");
    let uploaded = objects("inventory", "stopped");
    assert_eq!(json_of(uploaded["manifest.json"]["text"].as_str().expect("a text"))["state"], "interrupted");
    assert!(uploaded.contains_key("ledger.ndjson"));
}

#[test]
fn a_dry_run_asks_nothing_of_the_bucket() {
    let aws = Simulated::new(world(2));
    let bucket = Loopback::answering([Reply::new(500)]);
    let sandbox =
        aws.sandbox().env("AWS_ENDPOINT_URL_S3", format!("http://{}", bucket.address())).spec(&spec());
    scan(&sandbox, "s3://inventory", &["--dry-run"]).expect_exit(0);
    assert!(bucket.received().is_empty(), "{:?}", bucket.received());
}

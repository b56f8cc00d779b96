//! Several runs in one folder: they do not overlap, the last one has a link, and old ones make room.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::sync::mpsc::channel;

use aws_auto_inventory::simulator::World;
use aws_auto_inventory::simulator::world::Amounts;
use serde_json::json;

use crate::sandbox::{Bell, Finished, Sandbox, Simulated};

/// A small run of the demonstration.
#[track_caller]
fn demo(sandbox: &Sandbox, more: &[&str]) -> Finished {
    demo_of(sandbox, "rds", more)
}

#[track_caller]
fn demo_of(sandbox: &Sandbox, spec: &str, more: &[&str]) -> Finished {
    let run = ["demo", "-s", spec, "-r", "eu-central-1", "--accounts", "416620593301"];
    sandbox.run([&run, more].concat())
}

/// What is in the folder for results, hidden names included.
fn names(sandbox: &Sandbox) -> BTreeSet<String> {
    let entries = fs::read_dir(sandbox.path("output")).expect("the folder for results");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

/// Lets a run of the demonstration look older than it is, in its name and its manifest.
fn make_older(sandbox: &Sandbox, day: u32) {
    let name = fs::read_link(sandbox.path("output/latest")).expect("a link");
    let from = sandbox.path("output").join(name);
    let time = format!("2026-01-{day:02}T03-00-00Z");
    let to = sandbox.path("output").join(format!("organization-{time}"));
    fs::rename(from, &to).expect("renames");
    let path = to.join("manifest.json");
    let mut manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).expect("a manifest")).expect("JSON");
    manifest["started"] = json!(format!("2026-01-{day:02}T03:00:00Z"));
    fs::write(path, manifest.to_string()).expect("writes");
}

#[test]
fn latest_leads_to_the_run_that_finished_last() {
    let sandbox = Sandbox::new();
    for name in ["first", "second"] {
        demo(&sandbox, &["--run-name", name]).expect_exit(0);
        let link = fs::read_link(sandbox.path("output/latest")).expect("a link");
        assert_eq!(link, Path::new(name), "relative, so that the folder can be moved");
    }
    assert_eq!(names(&sandbox), BTreeSet::from(["first", "latest", "second"].map(str::to_owned)));
    sandbox
        .run(["diff", "output/first", "output/latest"])
        .expect_exit(0)
        .stdout_contains("0 added, 0 removed");
    let run = demo(&sandbox, &["--run-name", "latest"]);
    run.expect_exit(2).stderr_contains("the link to the last run").stderr_is_one_paragraph();
}

/// The file takes the place of the link where the file system has none.
#[test]
fn all_verbs_find_the_run_that_latest_txt_names() {
    let sandbox = Sandbox::new();
    for name in ["first", "second"] {
        demo(&sandbox, &["--run-name", name]).expect_exit(0);
    }
    fs::remove_file(sandbox.path("output/latest")).expect("removes");
    fs::write(sandbox.path("output/latest.txt"), "second\n").expect("writes");
    for verb in [
        &["export", "output/latest", "--format", "csv"] as &[_],
        &["query", "output/latest", "--tables"],
        &["report", "output/latest"],
        &["diff", "output/first", "output/latest"],
        &["diff", "output/latest"],
        &["resume", "output/latest"],
        &["demo", "--dry-run", "-s", "rds", "--counts", "output/latest"],
    ] {
        sandbox.run(verb).expect_exit(0);
    }
    demo(&sandbox, &["--run-name", "third"]).expect_exit(0);
    let link = fs::read_link(sandbox.path("output/latest")).expect("a link");
    assert_eq!((link.as_path(), sandbox.path("output/latest.txt").exists()), (Path::new("third"), false));
}

#[test]
fn names_of_windows_are_no_names_of_runs() {
    let sandbox = Sandbox::new();
    for name in ["NUL", "com1.backup", "Latest"] {
        demo(&sandbox, &["--run-name", name]).expect_exit(2).stderr_contains("--run-name: ");
    }
}

#[test]
fn foreign_latest_is_not_replaced() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("output/latest")).expect("a folder");
    demo(&sandbox, &["--run-name", "run"]).expect_exit(0).stderr_contains("output/latest was not updated");
    assert!(sandbox.path("output/latest").is_dir());
}

#[test]
fn older_runs_make_room_and_are_named() {
    let sandbox = Sandbox::new();
    for day in 1..=3 {
        demo(&sandbox, &[]).expect_exit(0);
        make_older(&sandbox, day);
    }
    // One of another spec, and one that was interrupted.
    demo_of(&sandbox, "sqs", &[]).expect_exit(0);
    make_older(&sandbox, 4);
    let manifest = sandbox.path("output/organization-2026-01-01T03-00-00Z/manifest.json");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(
        &manifest,
        text.replace("\"finished\",", "\"interrupted\",")
            .replace("\"state\":\"finished\"", "\"state\":\"interrupted\""),
    )
    .expect("writes");

    let run = demo(&sandbox, &["--keep", "2"]);
    run.expect_exit(0).stdout_contains("Removed output/organization-2026-01-02T03-00-00Z (--keep 2)");
    let kept = names(&sandbox);
    for day in [1, 3, 4] {
        assert!(kept.contains(&format!("organization-2026-01-{day:02}T03-00-00Z")), "{kept:?}");
    }
    assert_eq!(kept.len(), 5, "with the run itself and the link: {kept:?}");

    let sandbox = sandbox.env("SCAN_KEEP", "1");
    demo(&sandbox, &[]).expect_exit(0);
    assert_eq!(names(&sandbox).len(), 4, "{:?}", names(&sandbox));
}

#[test]
fn a_run_that_was_interrupted_or_cannot_begin_removes_nothing() {
    let sandbox = Sandbox::new();
    demo(&sandbox, &[]).expect_exit(0);
    make_older(&sandbox, 1);
    demo_of(&sandbox, "no-such-spec", &["--keep", "1"]).expect_exit(2);
    demo(&sandbox, &["--keep", "0"]).expect_exit(2).stderr_contains("--keep");
    demo(&sandbox, &["--keep", "1", "--shard", "1/1"]).expect_exit(2).stderr_contains("a shard");
    let run = sandbox.run(["-s", "rds", "-o", "s3://bucket/prefix", "--keep", "1"]);
    run.expect_exit(2).stderr_contains("lifecycle rule").stderr_is_one_paragraph();
    assert!(names(&sandbox).contains("organization-2026-01-01T03-00-00Z"));
}

#[test]
fn a_scan_does_not_begin_while_another_is_under_way() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("output")).expect("a folder");
    let lock = File::create(sandbox.path("output/scan.lock")).expect("a file");
    lock.lock().expect("takes the lock");
    let run = demo(&sandbox, &["--run-name", "run"]);
    run.expect_exit(2).stderr_contains("another scan is writing to output").stderr_is_one_paragraph();
    run.stderr_contains("--allow-overlap");
    assert_eq!(names(&sandbox).len(), 1, "{:?}", names(&sandbox));

    demo(&sandbox, &["--run-name", "run", "--allow-overlap"]).expect_exit(0);
    demo(&sandbox, &["--run-name", "parts", "--shard", "1/1"]).expect_exit(0);
    demo(&sandbox, &["--dry-run"]).expect_exit(0);
    drop(lock);
    demo(&sandbox, &["--run-name", "next"]).expect_exit(0);
    assert!(!names(&sandbox).contains("scan.lock"), "a scan that ends removes its lock");
}

/// The folder for results does not exist yet, and the first scan has not found its accounts.
#[test]
fn scan_takes_its_folder_before_it_sends_anything() {
    let aws = Simulated::new(World::sized(2, 1, Amounts::default()));
    let sandbox = aws.sandbox().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    let scan = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1"];
    let bell = Bell::new();
    let (thaw, frozen) = channel::<()>();
    let ring = bell.ring();
    aws.ring_at(
        1,
        |_| true,
        move || {
            ring();
            let _ = frozen.recv();
        },
    );
    let mut first = sandbox.start(scan, bell);
    assert!(first.wait_for_bell().is_none(), "the first request comes");
    // It sends nothing: nothing would respond to it.
    let second = format!("AWS_ENDPOINT_URL=http://127.0.0.1:1 scan {} --max-retries 0", scan.join(" "));
    sandbox.shell(&second).expect_exit(2).stderr_contains("another scan is writing to output");
    drop(thaw);
    first.finish().expect_exit(0);
    assert_eq!(names(&sandbox).len(), 2, "one run and its link: {:?}", names(&sandbox));
}

#[test]
fn scan_that_cannot_start_leaves_no_folder() {
    let sandbox = Sandbox::new();
    sandbox.run(["-s", "s3"]).expect_exit(3).stderr_contains("credentials");
    assert!(!sandbox.path("output").exists());
}

#[test]
fn a_quiet_scan_says_nothing_of_runs_that_make_room() {
    let aws = Simulated::new(World::sized(2, 1, Amounts::default()));
    let sandbox = aws.sandbox().spec(&json!([{"service": "sqs", "function": "list_queues"}]));
    let scan = ["-s", "spec.json", "--organization-scan", "-r", "us-east-1", "--run-name", "run", "--quiet"];
    for _ in 0..3 {
        let run = sandbox.run([&scan[..], &["--keep", "1"]].concat());
        run.expect_exit(0);
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    }
    assert_eq!(names(&sandbox).len(), 2, "the last run and its link: {:?}", names(&sandbox));
}

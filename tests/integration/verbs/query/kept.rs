//! The database that is kept for the next query.

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;

use serde_json::json;

use super::Demo;

const COUNT: &str = "SELECT count(*) AS number FROM rds_db_instance";

/// The kept databases of a run, and what belongs to them.
fn kept(demo: &Demo) -> Vec<PathBuf> {
    let entries = fs::read_dir(demo.sandbox.path("output/run")).expect("a run");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.file_name().expect("a name").to_string_lossy().starts_with(".query")).collect()
}

#[track_caller]
fn only_kept(demo: &Demo) -> PathBuf {
    let kept = kept(demo);
    assert_eq!(kept.len(), 1, "{kept:?}");
    kept[0].clone()
}

#[test]
fn second_query_uses_kept_database() {
    let demo = Demo::small();
    let first = demo.query(&[COUNT]);
    let path = only_kept(&demo);
    let built = fs::metadata(&path).expect("a database");
    assert_eq!(built.mode() & 0o777, 0o600);
    let second = demo.query(&[COUNT]);
    assert_eq!((first.stdout, first.stderr), (second.stdout, second.stderr), "also the warning about gaps");
    assert_eq!(fs::metadata(only_kept(&demo)).expect("a database").ino(), built.ino());
}

#[test]
fn changed_run_is_queried_as_it_is() {
    let demo = Demo::small();
    let before = demo.rows(COUNT);
    let path = only_kept(&demo);
    let mut results = Vec::new();
    for account in fs::read_dir(demo.sandbox.path("output/run")).expect("a run") {
        let file = account.expect("an entry").path().join("eu-central-1/rds.json");
        results.extend(file.exists().then_some(file));
    }
    for file in results {
        let mut result: serde_json::Value =
            serde_json::from_slice(&fs::read(&file).expect("a result")).expect("JSON");
        if result.get("describe_db_instances").is_some() {
            result["describe_db_instances"] = json!([]);
            fs::write(file, result.to_string()).expect("writes");
        }
    }
    assert_ne!(demo.rows(COUNT), before);
    assert_ne!(only_kept(&demo), path);
}

#[test]
fn damaged_or_linked_database_is_built_again() {
    let demo = Demo::small();
    let before = demo.rows(COUNT);
    let path = only_kept(&demo);
    fs::write(&path, "hello, this is no database").expect("writes");
    assert_eq!(demo.rows(COUNT), before);
    let elsewhere = demo.sandbox.path("elsewhere.sqlite");
    fs::rename(only_kept(&demo), &elsewhere).expect("renames");
    symlink(&elsewhere, &path).expect("links");
    assert_eq!(demo.rows(COUNT), before);
    assert!(fs::symlink_metadata(&path).expect("a database").is_file(), "the link is replaced");
    assert!(elsewhere.exists());
}

/// A folder that cannot be written: here, because something else has the name of the lock.
#[test]
fn run_is_queried_where_nothing_can_be_kept() {
    let demo = Demo::small();
    fs::create_dir(demo.sandbox.path("output/run/.query.lock")).expect("a folder");
    let run = demo.query(&[COUNT, "--format", "json"]);
    run.expect_exit(0).stderr_contains("note: the next query will build the database of this run again");
    assert_eq!(run.stderr.matches("note:").count(), 1);
    assert_eq!(kept(&demo).len(), 1, "only the folder");
}

#[test]
fn interrupted_run_keeps_nothing() {
    let demo = Demo::small();
    let path = demo.sandbox.path("output/run/manifest.json");
    let manifest = fs::read_to_string(&path).expect("a manifest");
    fs::write(
        &path,
        manifest.replace("\"finished\"", "\"interrupted\"").replace("\"interrupted\":", "\"finished\":"),
    )
    .expect("writes");
    demo.query(&[COUNT]).expect_exit(0).stderr_contains("did not finish");
    assert!(kept(&demo).is_empty(), "{:?}", kept(&demo));
}

#[test]
fn filter_needs_no_database() {
    let demo = Demo::small();
    demo.query(&["--jq", ".id"]).expect_exit(0);
    assert!(kept(&demo).is_empty(), "{:?}", kept(&demo));
}

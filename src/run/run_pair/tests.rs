use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::json;

use super::super::lock::ReadLock;
use super::super::samples::finished_run;
use super::super::{Manifest, RunState, Status};
use super::{RunPair, UnpairedReason};
use crate::plan::Shard;

/// Creates the run of a day of November.
fn run(output: &Path, day: u32, edit: impl FnOnce(&mut Manifest)) {
    finished_run(&output.join(name(day)), &format!("2026-11-{day:02}T03:00:00Z"), edit);
}

fn name(day: u32) -> String {
    format!("organization-2026-11-{day:02}T03-00-00Z")
}

/// A folder with a run for each of the first days of November.
fn output(days: u32) -> tempfile::TempDir {
    let output = tempfile::tempdir().expect("a temporary folder");
    (1..=days).for_each(|day| run(output.path(), day, |_| {}));
    output
}

/// The names of the old and the new run.
fn names(pair: &RunPair) -> [String; 2] {
    [&pair.old, &pair.new].map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
}

fn last(output: &Path) -> RunPair {
    RunPair::last_in(output).expect("two runs")
}

#[test]
fn last_two_runs_of_a_kind_are_a_pair() {
    let output = output(3);
    let pair = last(output.path());
    assert_eq!(names(&pair), [name(2), name(3)]);
    assert!(pair.skipped.is_empty(), "{:?}", pair.skipped);
}

/// Runs with names of the user are of one kind by what they scanned.
#[test]
fn names_of_folders_do_not_matter() {
    let output = output(1);
    finished_run(&output.path().join("monday"), "2026-11-02T03:00:00Z", |_| {});
    assert_eq!(names(&last(output.path())), [name(1), "monday".to_owned()]);
}

#[test]
fn pair_skips_runs_that_cannot_be_compared() {
    let output = output(2);
    run(output.path(), 3, |manifest| manifest.state = RunState::Interrupted);
    run(output.path(), 4, |manifest| manifest.totals.calls = [(Status::Denied, 9)].into());
    run(output.path(), 5, |manifest| manifest.spec.document = json!([{"service": "sqs"}]));
    run(output.path(), 6, |_| {});
    fs::write(output.path().join(name(6)).join("manifest.json"), "{").expect("writes");
    let pair = last(output.path());
    assert_eq!(names(&pair), [name(1), name(2)]);
    let reasons: Vec<UnpairedReason> = pair.skipped.iter().map(|skipped| skipped.reason).collect();
    assert_eq!(
        reasons,
        [
            UnpairedReason::OnlyOfItsKind,
            UnpairedReason::WithoutResults,
            UnpairedReason::Unfinished,
            UnpairedReason::Unreadable
        ]
    );
    // A run from before the pair does not matter.
    run(output.path(), 7, |_| {});
    run(output.path(), 8, |_| {});
    assert_eq!(last(output.path()).skipped.len(), 1, "the one whose time is unknown");
}

#[test]
fn shards_are_paired_with_the_same_shard() {
    let output = tempfile::tempdir().expect("a temporary folder");
    let shard = |text: &str| Some(text.parse::<Shard>().expect("a shard"));
    for (day, part) in [(1, "1/2"), (2, "2/2"), (3, "1/2"), (4, "2/2")] {
        run(output.path(), day, |manifest| manifest.settings.shard = shard(part));
    }
    assert_eq!(names(&last(output.path())), [name(2), name(4)]);
    let pair = RunPair::ending_with(&output.path().join(name(3))).expect("a run before");
    assert_eq!(names(&pair), [name(1), name(3)]);
}

#[test]
fn run_is_paired_with_the_one_before() {
    let output = output(4);
    let before = |run: &Path| names(&RunPair::ending_with(run).expect("a run before"));
    assert_eq!(before(&output.path().join(name(3))), [name(2), name(3)]);
    symlink(name(4), output.path().join("latest")).expect("links");
    assert_eq!(before(&output.path().join("latest")), [name(3), "latest".to_owned()]);
    // Without a link, a file has the name.
    fs::remove_file(output.path().join("latest")).expect("removes");
    fs::write(output.path().join("latest.txt"), format!("{}\n", name(2))).expect("writes");
    assert_eq!(before(&output.path().join("latest")), [name(1), name(2)]);
    let error = RunPair::ending_with(&output.path().join(name(1))).expect_err("it is the first");
    assert!(error.to_string().starts_with("there is no finished run of the same kind before"), "{error}");
    RunPair::ending_with(output.path()).expect_err("no run");
}

#[test]
fn run_that_is_read_is_compared_and_one_that_is_removed_is_not() {
    let output = output(3);
    let manifest = output.path().join(name(3)).join("manifest.json");
    let reader = ReadLock::take(&manifest).expect("reads");
    assert_eq!(names(&last(output.path())), [name(2), name(3)]);
    drop(reader);
    let _removal = ReadLock::exclude_readers(&manifest).expect("opens").expect("no reader");
    let pair = last(output.path());
    assert_eq!(names(&pair), [name(1), name(2)]);
    assert_eq!(pair.skipped[0].reason, UnpairedReason::BeingRemoved);
}

#[test]
fn too_few_runs_are_an_error_with_the_skipped_ones() {
    let output = output(1);
    run(output.path(), 2, |manifest| manifest.state = RunState::Running);
    let error = RunPair::last_in(output.path()).expect_err("one run").to_string();
    let path = |day| output.path().join(name(day)).display().to_string();
    assert_eq!(
        error,
        format!(
            "{} has no two finished runs of the same kind; skipped: {} (not finished), {} (no other run of its \
             kind)",
            output.path().display(),
            path(2),
            path(1)
        )
    );
    let missing = RunPair::last_in(&output.path().join("nowhere")).expect_err("no folder");
    assert!(missing.to_string().starts_with("cannot list the runs in"), "{missing}");
}

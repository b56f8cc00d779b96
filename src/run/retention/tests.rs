use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::json;

use super::super::lock::ReadLock;
use super::super::samples::finished_run;
use super::super::{Manifest, ResultLayout, RunFolder, RunLock, RunState};
use super::{Series, prune};
use crate::names::Region;
use crate::run::Status;

/// Creates a folder with a run for each day of November from the first, at three o'clock.
fn output(days: u32) -> tempfile::TempDir {
    let output = tempfile::tempdir().expect("a temporary folder");
    for day in 1..=days {
        run(output.path(), day, |_| {});
    }
    output
}

/// Creates a folder with a run of this spec on the first of November.
fn output_of(document: serde_json::Value) -> tempfile::TempDir {
    let output = output(0);
    run(output.path(), 1, |manifest| manifest.spec.document = document);
    output
}

fn name(day: u32) -> String {
    format!("organization-2026-11-{day:02}T03-00-00Z")
}

fn run(output: &Path, day: u32, edit: impl FnOnce(&mut Manifest)) {
    finished_run(&output.join(name(day)), &format!("2026-11-{day:02}T03:00:00Z"), edit);
}

/// Returns the days whose runs remain after the run of `day` finished with `--keep`.
fn left_after(output: &Path, day: u32, keep: usize) -> Vec<u32> {
    let run = RunFolder::for_run(&output.join(name(day)));
    let manifest = Manifest::read(&run.manifest()).expect("a manifest");
    let pruned = prune(&run, &manifest, None, keep).expect("prunes");
    assert!(pruned.failed.is_empty(), "{pruned:?}");
    (1..=30).filter(|day| output.join(name(*day)).exists()).collect()
}

#[test]
fn the_newest_runs_are_kept_with_the_one_that_has_ended() {
    let output = output(5);
    assert_eq!(left_after(output.path(), 5, 3), [3, 4, 5]);
    assert_eq!(left_after(output.path(), 5, 3), [3, 4, 5]);
    assert_eq!(left_after(output.path(), 5, 1), [5]);
}

#[test]
fn runs_that_are_not_finished_or_of_another_kind_stay() {
    let output = output(1);
    run(output.path(), 2, |manifest| manifest.state = RunState::Interrupted);
    run(output.path(), 3, |manifest| manifest.state = RunState::Running);
    run(output.path(), 4, |manifest| manifest.spec.document = json!([{"service": "sqs"}]));
    run(output.path(), 5, |manifest| manifest.simulated = true);
    run(output.path(), 6, |manifest| manifest.settings.organization_scan = false);
    run(output.path(), 7, |manifest| manifest.settings.account_filters = vec!["--ou r-1".to_owned()]);
    run(output.path(), 8, |_| {});
    run(output.path(), 9, |_| {});
    assert_eq!(left_after(output.path(), 8, 1), [2, 3, 4, 5, 6, 7, 8, 9], "9 is newer");
}

/// A folder that is no run of ours is kept, whatever its name is.
#[test]
fn retention_keeps_folders_that_are_no_runs() {
    let output = output(2);
    let here = output.path();
    let outside = tempfile::tempdir().expect("a temporary folder");
    finished_run(&outside.path().join("run"), "2026-10-01T03:00:00Z", |_| {});
    symlink(outside.path().join("run"), here.join("organization-2026-10-01T03-00-00Z")).expect("links");
    finished_run(&here.join("precious"), "2026-10-02T03:00:00Z", |_| {});
    finished_run(&here.join("2026-10-02T03-00-00Z"), "2026-10-02T03:00:00Z", |_| {});
    fs::create_dir(here.join("organization-2026-10-03T03-00-00Z")).expect("a folder");
    fs::write(here.join("organization-2026-10-04T03-00-00Z"), "a file").expect("a file");
    let linked = here.join("organization-2026-10-05T03-00-00Z");
    fs::create_dir(&linked).expect("a folder");
    symlink(outside.path().join("run/manifest.json"), linked.join("manifest.json")).expect("links");
    let count = || fs::read_dir(here).expect("lists").count();
    let before = count();
    assert_eq!(left_after(here, 2, 1), [2]);
    assert_eq!(count(), before - 1, "only the run of the first is removed");
    assert!(outside.path().join("run/manifest.json").exists());
}

/// Runs are of one kind by what they scan, and not by the name of the spec.
#[test]
fn run_kind_depends_on_scan_and_not_on_spec_name() {
    /// The name of a difference, and the change that makes it.
    type Difference = (&'static str, fn(&mut Manifest));
    let others: [Difference; 8] = [
        ("spec", |manifest| manifest.spec.document = json!([{"service": "sqs"}])),
        ("role", |manifest| manifest.settings.role_name = Some("Another".to_owned())),
        ("layout", |manifest| manifest.settings.layout = ResultLayout::Call),
        ("redaction", |manifest| manifest.settings.redact = false),
        ("redacted paths", |manifest| manifest.settings.redact_paths = vec![".Tags".to_owned()]),
        ("bulk data", |manifest| manifest.settings.allow = vec!["logs:get_log_events".to_owned()]),
        ("unreviewed", |manifest| manifest.settings.allow_unreviewed = vec!["s3:get_thing".to_owned()]),
        ("regions", |manifest| manifest.settings.exclude_regions = vec![Region::new("eu-west-1").into()]),
    ];
    for (what, edit) in others {
        let output = output(1);
        run(output.path(), 2, edit);
        run(output.path(), 3, |_| {});
        assert_eq!(left_after(output.path(), 3, 1), [2, 3], "another {what}");
    }
    let output = output(1);
    run(output.path(), 2, |manifest| manifest.spec.source = "elsewhere/spec.json".to_owned());
    assert_eq!(left_after(output.path(), 2, 1), [2], "the same content under another name");
    let accepted = |gaps: &str| json!({"calls": [], "accepted_gaps": [gaps]});
    for document in [accepted("others"), json!({"calls": []})] {
        let output = output_of(accepted("known"));
        run(output.path(), 2, |manifest| manifest.spec.document = document);
        assert_eq!(left_after(output.path(), 2, 1), [2], "other accepted gaps");
    }
    let output = output_of(accepted("known"));
    run(output.path(), 2, |manifest| manifest.spec.document = json!({"calls": [], "regions": ["eu-*"]}));
    assert_eq!(left_after(output.path(), 2, 1), [1, 2], "other regions");
}

#[test]
fn a_run_that_is_read_stays() {
    let output = output(2);
    let reader = ReadLock::take(&output.path().join(name(1)).join("manifest.json")).expect("reads");
    assert_eq!(left_after(output.path(), 2, 1), [1, 2]);
    drop(reader);
    assert_eq!(left_after(output.path(), 2, 1), [2]);
}

#[test]
fn links_in_a_run_are_removed_and_not_followed() {
    let output = output(2);
    let outside = tempfile::tempdir().expect("a temporary folder");
    fs::write(outside.path().join("mine"), "mine").expect("writes");
    symlink(outside.path(), output.path().join(name(1)).join("link")).expect("links");
    assert_eq!(left_after(output.path(), 2, 1), [2]);
    assert!(outside.path().join("mine").exists());
}

#[test]
fn a_run_that_somebody_works_on_stays() {
    let output = output(3);
    let busy = RunFolder::for_run(&output.path().join(name(1)));
    let lock = RunLock::take(&busy.lock()).expect("takes the lock");
    assert_eq!(left_after(output.path(), 3, 1), [1, 3]);
    drop(lock);
    assert_eq!(left_after(output.path(), 3, 1), [3]);
}

#[test]
fn nights_of_refusals_do_not_push_out_the_last_inventory() {
    let output = output(2);
    let without_results = |manifest: &mut Manifest| {
        manifest.totals.calls = [(Status::Denied, 9)].into();
    };
    for day in 3..=5 {
        run(output.path(), day, without_results);
    }
    assert_eq!(left_after(output.path(), 5, 1), [1, 2, 3, 4, 5], "such a run removes nothing");
    run(output.path(), 6, |_| {});
    assert_eq!(left_after(output.path(), 6, 2), [2, 3, 4, 5, 6]);
    run(output.path(), 7, |_| {});
    assert_eq!(left_after(output.path(), 7, 2), [6, 7]);
}

#[test]
fn retention_finishes_interrupted_removal() {
    let output = output(1);
    let rest = output.path().join(format!(".removed-{}", name(9)));
    let other = output.path().join(".removed-something");
    for folder in [&rest, &other] {
        fs::create_dir(folder).expect("a folder");
    }
    assert_eq!(left_after(output.path(), 1, 5), [1]);
    assert!(!rest.exists() && other.exists());
}

#[test]
fn runs_belong_together_by_their_names() {
    let time = "organization-2026-11-21T22-10-05Z";
    let by_time = Series::of(time, None);
    assert!(by_time.has("organization-2026-01-01T00-00-00Z-2"));
    for other in ["2026-11-21T22-10-05Z", "organization", "organization-2026-13-01T00-00-00Z", "weekly"] {
        assert!(!by_time.has(other), "{other}");
    }
    assert!(!Series::of("2026-11-21T22-10-05Z", None).has(time));
    let weekly = Series::of("weekly-3", Some("weekly"));
    assert!(weekly.has("weekly") && weekly.has("weekly-2"));
    for other in ["weekly-1", "weekly-x", "week", time, "monthly-2"] {
        assert!(!weekly.has(other), "{other}");
    }
}

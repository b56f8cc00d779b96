//! Old runs that make room for new ones.
//!
//! Only what is certainly a run of this program, finished, and of the same kind as the one that has just
//! ended is removed: everything else in the folder is somebody's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};

use super::lock::{LockError, RunLock};
use super::manifest::{Manifest, RunState};
use super::run_folder::RunFolder;
use crate::engine::Status;

/// How runs are called on their way out, so that none that is half removed passes for a run.
const ON_THE_WAY_OUT: &str = ".removed-";

/// What became of the runs that are more than should be kept.
#[derive(Debug, Default)]
pub struct Pruned {
    /// Those that were removed, the oldest first.
    pub removed: Vec<PathBuf>,
    /// Those that could not be removed, and why.
    pub failed: Vec<(PathBuf, io::Error)>,
}

/// A run that may be removed.
struct Candidate {
    path: PathBuf,
    started: DateTime<Utc>,
    has_results: bool,
}

/// Removes the older runs of the same kind as `run`, which has finished, until so many are left with it.
/// `given_name` is what the run was to be called, if that was said.
///
/// Runs that are under way, interrupted, named otherwise, or locked stay, and so does everything that is
/// no run. Runs without a single result count for nothing: a week of refusals must not push out the last
/// inventory; and one that is such itself removes nothing.
pub fn prune(
    run: &RunFolder,
    manifest: &Manifest,
    given_name: Option<&str>,
    keep: usize,
) -> io::Result<Pruned> {
    let mut pruned = Pruned::default();
    let (Some(folder), true) = (run.path().parent(), has_results(manifest)) else { return Ok(pruned) };
    let Some(own_name) = run.path().file_name().and_then(|name| name.to_str()) else { return Ok(pruned) };
    let series = Series::of(own_name, given_name);
    let mut candidates = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        // A link is no folder here, wherever it leads.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder || name == own_name {
            continue;
        }
        match name.strip_prefix(ON_THE_WAY_OUT) {
            Some(name) if series.has(name) => remove_rest(entry.path(), &mut pruned),
            None if series.has(name) => candidates.extend(candidate(entry.path(), manifest)),
            _ => {}
        }
    }
    candidates.sort_by(|one, other| other.started.cmp(&one.started).then_with(|| other.path.cmp(&one.path)));
    let mut kept = 1;
    let mut surplus = Vec::new();
    for candidate in candidates {
        if kept >= keep {
            surplus.push(candidate.path);
        } else {
            kept += usize::from(candidate.has_results);
        }
    }
    for path in surplus.into_iter().rev() {
        match remove(&path) {
            Ok(true) => pruned.removed.push(path),
            Ok(false) => {}
            Err(cause) => pruned.failed.push((path, cause)),
        }
    }
    Ok(pruned)
}

/// The run in a folder, if it may be removed in favour of one with this manifest.
fn candidate(path: PathBuf, newest: &Manifest) -> Option<Candidate> {
    let manifest = Manifest::read(&path.join("manifest.json")).ok()?;
    let is_older = manifest.state == RunState::Finished && manifest.started <= newest.started;
    (is_older && is_same_kind(&manifest, newest)).then(|| Candidate {
        has_results: has_results(&manifest),
        started: manifest.started,
        path,
    })
}

/// Whether two runs ask the same of the same: the newer one stands for the older.
fn is_same_kind(one: &Manifest, other: &Manifest) -> bool {
    let kind = |manifest: &Manifest| {
        let settings = &manifest.settings;
        (
            [manifest.simulated, settings.organization_scan],
            manifest.caller.account.clone(),
            manifest.organization.clone(),
            manifest.spec.source.clone(),
            (settings.shard, settings.account_filters.clone(), settings.profiles.clone()),
            (settings.regions.clone(), settings.exclude_regions.clone()),
        )
    };
    kind(one) == kind(other)
}

/// Whether any call was answered.
fn has_results(manifest: &Manifest) -> bool {
    let answered = [Status::Ok, Status::Empty, Status::Truncated];
    answered.iter().any(|status| manifest.totals.calls.get(status).is_some_and(|count| *count > 0))
}

/// Removes a run, unless a process is at work in it.
fn remove(path: &Path) -> io::Result<bool> {
    let run = RunFolder::of_run(path);
    let lock = match RunLock::take(&run.lock()) {
        Ok(lock) => lock,
        Err(LockError::Held(_)) => return Ok(false),
        Err(LockError::Unwritable(cause)) => return Err(cause),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let out = path.with_file_name(format!("{ON_THE_WAY_OUT}{name}"));
    fs::rename(path, &out)?;
    drop(lock);
    // Links in it are removed and not followed.
    fs::remove_dir_all(&out)?;
    Ok(true)
}

/// Removes what a process that was killed meanwhile has left of a run.
fn remove_rest(path: PathBuf, pruned: &mut Pruned) {
    if let Err(cause) = fs::remove_dir_all(&path) {
        pruned.failed.push((path, cause));
    }
}

/// How the runs are called that belong together.
#[derive(Debug)]
enum Series<'name> {
    /// `organization-<timestamp>` and `<timestamp>`: with what is before the timestamp.
    ByTime(&'static str),
    /// `--run-name`, with a number behind it from the second on.
    Named(&'name str),
}

impl<'name> Series<'name> {
    /// Those of the run with this name; `given` is what it was to be called.
    fn of(name: &str, given: Option<&'name str>) -> Self {
        const ORGANIZATION: &str = "organization-";
        match given {
            Some(given) => Self::Named(given),
            None if name.starts_with(ORGANIZATION) => Self::ByTime(ORGANIZATION),
            None => Self::ByTime(""),
        }
    }

    fn has(&self, name: &str) -> bool {
        match self {
            Self::ByTime(prefix) => {
                name.strip_prefix(prefix).is_some_and(|rest| is_time(rest) || is_time(without_number(rest)))
            }
            Self::Named(given) => name == *given || without_number(name) == *given,
        }
    }
}

/// A name without the `-2` of a second run of this name.
fn without_number(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((rest, number)) if number.parse::<u32>().is_ok_and(|number| number >= 2) => rest,
        _ => name,
    }
}

fn is_time(text: &str) -> bool {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H-%M-%SZ").is_ok()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::super::samples::finished_run;
    use super::super::{Manifest, RunFolder, RunLock, RunState};
    use super::{Series, prune};
    use crate::engine::Status;

    /// A folder with a run for each day of November from the first, at three o'clock.
    fn output(days: u32) -> tempfile::TempDir {
        let output = tempfile::tempdir().expect("a temporary folder");
        for day in 1..=days {
            run(output.path(), day, |_| {});
        }
        output
    }

    fn name(day: u32) -> String {
        format!("organization-2026-11-{day:02}T03-00-00Z")
    }

    fn run(output: &Path, day: u32, edit: impl FnOnce(&mut Manifest)) {
        finished_run(&output.join(name(day)), &format!("2026-11-{day:02}T03:00:00Z"), edit);
    }

    /// The days whose runs are left after the run of a day has kept so many.
    fn left_after(output: &Path, day: u32, keep: usize) -> Vec<u32> {
        let run = RunFolder::of_run(&output.join(name(day)));
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
        run(output.path(), 4, |manifest| manifest.spec.source = "another".to_owned());
        run(output.path(), 5, |manifest| manifest.simulated = true);
        run(output.path(), 6, |manifest| manifest.settings.organization_scan = false);
        run(output.path(), 7, |manifest| manifest.settings.account_filters = vec!["--ou r-1".to_owned()]);
        run(output.path(), 8, |_| {});
        run(output.path(), 9, |_| {});
        assert_eq!(left_after(output.path(), 8, 1), [2, 3, 4, 5, 6, 7, 8, 9], "9 is newer");
    }

    #[test]
    fn what_is_no_run_of_ours_stays_whatever_it_is_called() {
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
        assert_eq!(count(), before - 1, "only the run of the first is gone");
        assert!(outside.path().join("run/manifest.json").exists());
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
        let busy = RunFolder::of_run(&output.path().join(name(1)));
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
    fn what_was_left_half_removed_is_removed_the_next_time() {
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
}

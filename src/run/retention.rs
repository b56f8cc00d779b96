//! Old runs that make room for new ones.
//!
//! Only what is certainly a run of this program, finished, and of the same kind as the one that has just
//! ended is removed: everything else in the folder is somebody's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Status;
use super::layout::RunFolder;
use super::lock::{LockError, ReadLock, RunLock};
use super::manifest::{Manifest, RunState};

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

/// Whether the newer of two runs stands for the older: both made the same calls, in the same accounts and
/// regions, through the same role, and wrote what they found in the same form.
///
/// What counts of the spec is its content. Where it was read from does not: two projects may both have
/// a `spec.json`, and standard input has no name.
fn is_same_kind(one: &Manifest, other: &Manifest) -> bool {
    let (ours, theirs) = (&one.settings, &other.settings);
    let is_same_scope = one.simulated == other.simulated
        && ours.organization_scan == theirs.organization_scan
        && one.caller.account == other.caller.account
        && one.organization == other.organization
        && ours.shard == theirs.shard
        && ours.account_filters == theirs.account_filters
        && ours.profiles == theirs.profiles
        && ours.regions == theirs.regions
        && ours.exclude_regions == theirs.exclude_regions;
    let is_same_role = ours.role_name == theirs.role_name && ours.role == theirs.role;
    let is_same_form = ours.layout == theirs.layout
        && ours.redact == theirs.redact
        && ours.redact_paths == theirs.redact_paths
        && ours.allow == theirs.allow;
    one.spec.document == other.spec.document && is_same_scope && is_same_role && is_same_form
}

/// Whether any call was answered.
fn has_results(manifest: &Manifest) -> bool {
    let answered = [Status::Ok, Status::Empty, Status::Truncated];
    answered.iter().any(|status| manifest.totals.calls.get(status).is_some_and(|count| *count > 0))
}

/// Removes a run, unless a process works on it or reads it.
fn remove(path: &Path) -> io::Result<bool> {
    let run = RunFolder::for_run(path);
    let lock = match RunLock::take(&run.lock()) {
        Ok(lock) => lock,
        Err(LockError::Held(_)) => return Ok(false),
        Err(LockError::Unwritable(cause)) => return Err(cause),
    };
    let Some(_without_readers) = ReadLock::exclude_readers(&run.manifest())? else { return Ok(false) };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let out = path.with_file_name(format!("{ON_THE_WAY_OUT}{name}"));
    // From here on there is no run of this name, so that a kill leaves none that is half there.
    fs::rename(path, &out)?;
    drop(lock);
    // Links in it are removed and not followed.
    fs::remove_dir_all(&out)?;
    Ok(true)
}

/// Removes what a process that was killed while it removed a run has left of it.
fn remove_rest(path: PathBuf, pruned: &mut Pruned) {
    match fs::remove_dir_all(&path) {
        // Another process has just removed it.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
        Err(cause) => pruned.failed.push((path, cause)),
        Ok(()) => {}
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
mod tests;

//! Removes old runs in favour of new ones.
//!
//! A folder is only removed if it is certainly a run of this program, finished, and of the same kind as the run
//! that has just ended. Everything else in the folder is kept, because it may belong to the user.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};

use super::layout::RunFolder;
use super::lock::{LockError, ReadLock, RunLock};
use super::manifest::{Manifest, RunState};
use super::run_kind::{has_results, is_same_kind};
use super::siblings::{remove_sibling, siblings};
use crate::util::system::folder_handle::OPEN_FILES_KEEP_FOLDERS;

/// The prefix of runs that are being removed, so that a partially removed run is not taken for a run.
const REMOVED_PREFIX: &str = ".removed-";

/// The outcome of removing surplus runs.
#[derive(Debug, Default)]
pub struct Pruned {
    /// The removed runs, the oldest first, each after its exports and reports.
    pub removed: Vec<PathBuf>,
    /// What could not be removed, with the error.
    pub failed: Vec<(PathBuf, io::Error)>,
}

/// A run that may be removed.
struct Candidate {
    path: PathBuf,
    started: DateTime<Utc>,
    has_results: bool,
}

/// Removes older runs of the same kind as `run`, which has finished, until `keep` runs remain, including `run`.
/// `given_name` is the value of `--run-name`, if given.
///
/// Runs that are running, interrupted, locked or named differently are kept, and so is everything that is not a
/// run. Runs without a single result do not count towards `keep`: a week of denied calls must not push out the
/// last inventory. If `run` itself has no result, nothing is removed.
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
        // A symbolic link is not treated as a folder, whatever it points to.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder || name == own_name {
            continue;
        }
        match name.strip_prefix(REMOVED_PREFIX) {
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
        match remove(&path, &mut pruned) {
            Ok(true) => pruned.removed.push(path),
            Ok(false) => {}
            Err(cause) => pruned.failed.push((path, cause)),
        }
    }
    Ok(pruned)
}

/// Returns the run in a folder, if it may be removed in favour of a run with this manifest.
fn candidate(path: PathBuf, newest: &Manifest) -> Option<Candidate> {
    let manifest = Manifest::read(&path.join("manifest.json")).ok()?;
    let is_older = manifest.state == RunState::Finished && manifest.started <= newest.started;
    (is_older && is_same_kind(&manifest, newest)).then(|| Candidate {
        has_results: has_results(&manifest),
        started: manifest.started,
        path,
    })
}

/// Removes a run with its exports and reports, unless a process works on it or reads it.
fn remove(path: &Path, pruned: &mut Pruned) -> io::Result<bool> {
    let run = RunFolder::for_run(path);
    let lock = match RunLock::take(&run.lock()) {
        Ok(lock) => lock,
        Err(LockError::Held(_)) => return Ok(false),
        Err(LockError::Unwritable(cause)) => return Err(cause),
    };
    let Some(without_readers) = ReadLock::exclude_readers(&run.manifest())? else { return Ok(false) };
    // They are found by the run's name, which therefore is removed last.
    for sibling in siblings(path) {
        match remove_sibling(&sibling) {
            Ok(()) => pruned.removed.push(sibling),
            Err(cause) => pruned.failed.push((sibling, cause)),
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let out = path.with_file_name(format!("{REMOVED_PREFIX}{name}"));
    // Where open files keep the folder's name, the next line fails if another process reads the run since then.
    let locks = (!OPEN_FILES_KEEP_FOLDERS).then_some((lock, without_readers));
    // After this the run's name no longer exists, so that a kill leaves no partially removed run under it.
    fs::rename(path, &out)?;
    drop(locks);
    // Links in the folder are removed and not followed.
    fs::remove_dir_all(&out)?;
    Ok(true)
}

/// Removes the rest of a run whose removal was interrupted by a kill.
fn remove_rest(path: PathBuf, pruned: &mut Pruned) {
    match fs::remove_dir_all(&path) {
        // Another process has just removed it.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
        Err(cause) => pruned.failed.push((path, cause)),
        Ok(()) => {}
    }
}

/// The names of runs that belong together.
#[derive(Debug)]
enum Series<'name> {
    /// `organization-<timestamp>` and `<timestamp>`: the part before the timestamp.
    ByTime(&'static str),
    /// The value of `--run-name`, followed by a number from the second run on.
    Named(&'name str),
}

impl<'name> Series<'name> {
    /// Returns the series of the run with this name; `given` is the value of `--run-name`.
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

/// Removes the `-2` of a second run with the same name.
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

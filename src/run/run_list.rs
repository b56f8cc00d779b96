//! The runs in a folder for results.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::layout::RunFolder;
use super::manifest::{Manifest, ManifestError, RunState};

/// Passes each folder in a folder for results to `take`, with its manifest or the reason why there is none. The order
/// is that of the file system.
///
/// Manifests are read one by one, because they contain the whole spec.
///
/// # Errors
///
/// Returns an error if the folder cannot be listed.
pub(super) fn each_folder(
    folder: &Path,
    take: &mut dyn FnMut(PathBuf, Result<Manifest, ManifestError>),
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Links, such as `latest`, lead to runs that are listed anyway, or to other folders. The rest of a removed
        // run is hidden.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && !entry.file_name().to_string_lossy().starts_with('.') {
            let path = entry.path();
            let manifest = Manifest::read(&path.join("manifest.json"));
            take(path, manifest);
        }
    }
    Ok(())
}

/// Returns the finished run in a folder for results that started last.
///
/// # Errors
///
/// Returns an error if the folder cannot be listed.
pub(crate) fn last_finished(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut last = None;
    each_folder(folder, &mut |path, manifest| {
        if let Ok(manifest) = manifest
            && manifest.state == RunState::Finished
        {
            last = last.take().max(Some((manifest.started, path)));
        }
    })?;
    Ok(last.map(|(_, path)| path))
}

/// Returns the path of a run under its own name. That is another name than the given one if the path is a link such as
/// `latest`, or has no name, such as `.`. Other paths than those
/// of runs are returned as they are.
#[must_use]
pub(crate) fn under_own_name(run: &Path) -> PathBuf {
    let found = RunFolder::for_run(run);
    let run = found.path();
    if !found.manifest().exists() {
        return run.to_owned();
    }
    let is_link = fs::symlink_metadata(run).is_ok_and(|found| found.is_symlink());
    if !is_link && run.file_name().is_some() {
        return run.to_owned();
    }
    match fs::canonicalize(run) {
        Ok(own) => own.file_name().map_or_else(|| own.clone(), |name| folder_of(run, &own).join(name)),
        Err(_) => run.to_owned(),
    }
}

/// Returns the folder that a run is in, as the user wrote it if possible. `own` is the canonical path of the run.
pub(super) fn folder_of(run: &Path, own: &Path) -> PathBuf {
    let own_folder = own.parent().unwrap_or(own);
    let written = run.parent().filter(|parent| {
        !parent.as_os_str().is_empty() && fs::canonicalize(parent).is_ok_and(|path| path == own_folder)
    });
    written.unwrap_or(own_folder).to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::super::RunState;
    use super::super::samples::finished_run;
    use super::{last_finished, under_own_name};

    #[test]
    fn last_finished_run_is_the_one_that_started_last() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let last = || last_finished(output.path()).expect("lists");
        assert_eq!(last(), None);
        for (name, day) in [("b", 17), ("a", 18), ("c", 16)] {
            finished_run(&output.path().join(name), &format!("2026-11-{day}T03:00:00Z"), |_| {});
        }
        finished_run(&output.path().join("d"), "2026-11-19T03:00:00Z", |run| {
            run.state = RunState::Interrupted;
        });
        finished_run(&output.path().join(".removed-e"), "2026-11-20T03:00:00Z", |_| {});
        fs::create_dir(output.path().join("f")).expect("a folder");
        assert_eq!(last(), Some(output.path().join("a")));
        last_finished(&output.path().join("nowhere")).expect_err("no folder");
    }

    #[test]
    fn run_behind_a_link_has_its_own_name() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let (run, latest) = (output.path().join("monday"), output.path().join("latest"));
        finished_run(&run, "2026-11-16T03:00:00Z", |_| {});
        symlink("monday", &latest).expect("links");
        assert_eq!(under_own_name(&latest), run);
        assert_eq!(under_own_name(&run), run);
        fs::create_dir(run.join("below")).expect("a folder");
        assert_eq!(under_own_name(&run.join("below/..")), fs::canonicalize(&run).expect("a path"));
        fs::remove_file(&latest).expect("removes");
        fs::write(output.path().join("latest.txt"), "monday\n").expect("writes");
        assert_eq!(under_own_name(&latest), run);
        for no_run in [output.path().join("nowhere"), run.join("below/..").join("..")] {
            assert_eq!(under_own_name(&no_run), no_run);
        }
    }
}

//! The link `latest` to the most recent finished run.

use std::fs;
use std::io;
use std::path::Path;

use super::latest_file::{self, LATEST};
use super::layout::RunFolder;
use super::manifest::Manifest;
use crate::util::system::links::replace_folder_link;

/// Points `latest`, beside a run's folder, to the run, unless it already points to a run that started later. On Unix,
/// the link is relative, so that it stays valid when the folder for results is moved or mounted elsewhere, and it is
/// replaced atomically. Where there can be no link, `latest.txt` gets the name of the run.
///
/// # Errors
///
/// If `latest` exists and is not a link, it is kept and an error is returned.
pub fn link_latest(run: &RunFolder) -> io::Result<()> {
    let (Some(folder), Some(name)) = (run.path().parent(), run.path().file_name()) else { return Ok(()) };
    let link = folder.join(LATEST);
    // The run was resumed under the name `latest`.
    if name == LATEST {
        return Ok(());
    }
    match fs::symlink_metadata(&link) {
        Ok(found) if !found.is_symlink() => {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it exists and is not a link"));
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ if started(RunFolder::for_run(&link).path()) > started(run.path()) => return Ok(()),
        _ => {}
    }
    match replace_folder_link(&link, name) {
        Ok(()) => latest_file::remove(folder),
        // An earlier link would be followed, and not the file.
        Err(cause) if fs::symlink_metadata(&link).is_ok() => Err(cause),
        Err(cause) => latest_file::write(folder, &name.to_string_lossy()).map_err(|_| cause),
    }
}

/// Returns when a run started; `None` if the path is not a run.
fn started(run: &Path) -> Option<chrono::DateTime<chrono::Utc>> {
    Manifest::read(&run.join("manifest.json")).ok().map(|manifest| manifest.started)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::RunFolder;
    use super::super::samples::finished_run;
    use super::{latest_file, link_latest};

    fn target(output: &Path) -> String {
        fs::read_link(output.join("latest")).expect("a link").display().to_string()
    }

    #[test]
    fn the_link_leads_to_the_run_that_began_last() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let link = |name: &str| link_latest(&RunFolder::for_run(&output.path().join(name)));
        finished_run(&output.path().join("monday"), "2026-11-16T03:00:00Z", |_| {});
        finished_run(&output.path().join("tuesday"), "2026-11-17T03:00:00Z", |_| {});
        link("monday").expect("links");
        assert_eq!(target(output.path()), "monday");
        link("tuesday").expect("links");
        assert_eq!(target(output.path()), "tuesday");
        link("monday").expect("a resumed run is not newer");
        assert_eq!(target(output.path()), "tuesday");
        assert_eq!(fs::read_dir(output.path()).expect("lists").count(), 3, "nothing else is left");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_replaced() {
        let output = tempfile::tempdir().expect("a temporary folder");
        std::os::unix::fs::symlink("removed", output.path().join("latest")).expect("links");
        finished_run(&output.path().join("monday"), "2026-11-16T03:00:00Z", |_| {});
        link_latest(&RunFolder::for_run(&output.path().join("monday"))).expect("links");
        assert_eq!(target(output.path()), "monday");
    }

    #[test]
    fn a_run_that_is_known_by_the_link_stays_behind_it() {
        let output = tempfile::tempdir().expect("a temporary folder");
        finished_run(&output.path().join("monday"), "2026-11-16T03:00:00Z", |_| {});
        for name in ["monday", "latest", "latest/"] {
            link_latest(&RunFolder::for_run(&output.path().join(name))).expect("links");
            assert_eq!(target(output.path()), "monday");
        }
    }

    #[test]
    fn link_replaces_file_that_names_earlier_run() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let link = |name: &str| link_latest(&RunFolder::for_run(&output.path().join(name))).expect("links");
        for (name, day) in [("monday", 16), ("tuesday", 17), ("wednesday", 18)] {
            finished_run(&output.path().join(name), &format!("2026-11-{day}T03:00:00Z"), |_| {});
        }
        latest_file::write(output.path(), "tuesday").expect("writes");
        link("monday");
        assert!(!output.path().join("latest").is_symlink(), "the file names a later run");
        link("wednesday");
        assert_eq!(target(output.path()), "wednesday");
        assert_eq!(fs::read_dir(output.path()).expect("lists").count(), 4, "the file is removed");
    }

    #[test]
    fn latest_that_is_no_link_is_never_replaced() {
        let output = tempfile::tempdir().expect("a temporary folder");
        finished_run(&output.path().join("latest"), "2026-11-16T03:00:00Z", |_| {});
        finished_run(&output.path().join("monday"), "2026-11-17T03:00:00Z", |_| {});
        link_latest(&RunFolder::for_run(&output.path().join("monday"))).expect_err("it is a run");
        assert!(output.path().join("latest/manifest.json").exists());
    }
}

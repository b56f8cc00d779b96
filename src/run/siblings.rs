//! Exports and reports beside a run: their default names are that of the run, with a suffix.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The suffixes of the default names. Exports that are folders have files with only one extension.
const SIBLINGS: &[(&str, Option<&str>)] = &[
    (".html", None),
    (".ndjson", None),
    (".missing.ndjson", None),
    (".csv", None),
    (".missing.csv", None),
    ("-csv", Some("csv")),
    (".xlsx", None),
    (".sqlite", None),
    ("-parquet", Some("parquet")),
];

/// Returns the existing exports and reports with default names beside a run. Links are none, and neither are folders
/// that contain anything else than an export does.
pub(super) fn siblings(run: &Path) -> Vec<PathBuf> {
    let Some(name) = run.file_name() else { return Vec::new() };
    let found = SIBLINGS.iter().filter_map(|(suffix, extension)| {
        let mut name = name.to_owned();
        name.push(suffix);
        let path = run.with_file_name(name);
        let kind = fs::symlink_metadata(&path).ok()?.file_type();
        let is_sibling = match extension {
            None => kind.is_file(),
            Some(extension) => kind.is_dir() && has_only(&path, extension).unwrap_or_default(),
        };
        is_sibling.then_some(path)
    });
    found.collect()
}

/// Removes an export or a report.
pub(super) fn remove_sibling(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Returns whether a name is that of a run with the suffix of a default name.
#[must_use]
#[cfg(test)]
pub(crate) fn is_sibling_suffix(suffix: &str) -> bool {
    SIBLINGS.iter().any(|(known, _)| *known == suffix)
}

/// Returns whether a folder and those below it have no other files than those with this extension.
pub(crate) fn has_only(folder: &Path, extension: &str) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let (entry, path) = entry.map(|entry| (entry.file_type(), entry.path()))?;
        let kind = entry?;
        let is_own = if kind.is_dir() {
            has_only(&path, extension)?
        } else {
            kind.is_file() && path.extension().is_some_and(|found| found == extension)
        };
        if !is_own {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::siblings;

    #[test]
    fn only_own_exports_and_reports_are_siblings() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| output.path().join(name);
        for name in ["run.html", "run.missing.csv", "run-2.html", "runs.html", "run.txt", "run.html.bak"] {
            fs::write(path(name), "").expect("writes");
        }
        symlink(path("run.txt"), path("run.sqlite")).expect("links");
        fs::create_dir(path("run.xlsx")).expect("a folder");
        fs::create_dir_all(path("run-parquet/ec2-instance/account=1")).expect("folders");
        fs::write(path("run-parquet/ec2-instance/account=1/part-0.parquet"), "").expect("writes");
        fs::create_dir(path("run-csv")).expect("a folder");
        fs::write(path("run-csv/ec2-instance.csv"), "").expect("writes");
        let found = || siblings(&path("run"));
        assert_eq!(found(), ["run.html", "run.missing.csv", "run-csv", "run-parquet"].map(path));
        // A file of the user makes the folder more than an export.
        fs::write(path("run-csv/notes.txt"), "").expect("writes");
        symlink(path("run.txt"), path("run-parquet/link.parquet")).expect("links");
        assert_eq!(found(), ["run.html", "run.missing.csv"].map(path));
    }
}

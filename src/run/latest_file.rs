//! The file `latest.txt`, which names the most recent finished run where the file system has no links to folders.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use crate::util::atomic_file;

/// The name of the link to the most recent finished run; no run has this name.
pub const LATEST: &str = "latest";

/// The file beside it, with the name of the run.
const FILE: &str = "latest.txt";

/// Returns the run that a path to `latest` means if there is no such link or folder: the one that `latest.txt` names.
pub(super) fn run_behind(path: &Path) -> Option<PathBuf> {
    let is_latest = path.file_name().is_some_and(|name| name == LATEST);
    if !is_latest || path.exists() {
        return None;
    }
    read(&path.with_file_name(FILE)).map(|name| path.with_file_name(name))
}

/// Writes the file in a folder for results, and replaces an existing one.
///
/// # Errors
///
/// Returns an error if `latest.txt` is not such a file, or cannot be written.
pub(super) fn write(folder: &Path, name: &str) -> io::Result<()> {
    let file = folder.join(FILE);
    if file.exists() && read(&file).is_none() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} has other text", file.display()),
        ));
    }
    atomic_file::write_file(&file, |writer| writeln!(writer, "{name}")).map(drop)
}

/// Removes the file from a folder for results, since a link replaces it. A file with other text is kept.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    let file = folder.join(FILE);
    if read(&file).is_some() { atomic_file::remove_file(&file) } else { Ok(()) }
}

/// Reads the file: one line with the name of a folder.
fn read(file: &Path) -> Option<String> {
    let text = String::from_utf8(atomic_file::read(file).ok()?).ok()?;
    let name = text.lines().next()?;
    let mut parts = Path::new(name).components();
    let is_name =
        matches!((parts.next(), parts.next()), (Some(Component::Normal(only)), None) if only == name);
    (is_name && text.lines().count() == 1 && name != LATEST).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{remove, run_behind, write};

    #[test]
    fn latest_means_the_run_that_the_file_names() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let latest = output.path().join("latest");
        assert_eq!(run_behind(&latest), None);
        for name in ["monday", "tuesday"] {
            write(output.path(), name).expect("writes");
            assert_eq!(run_behind(&latest), Some(output.path().join(name)));
        }
        assert_eq!(run_behind(&output.path().join("monday")), None, "the path of a run");
        fs::create_dir(&latest).expect("a folder");
        assert_eq!(run_behind(&latest), None, "latest itself exists");
        remove(output.path()).expect("removes");
        assert_eq!(fs::read_dir(output.path()).expect("lists").count(), 1);
    }

    #[test]
    fn text_that_names_no_run_is_kept() {
        let output = tempfile::tempdir().expect("a temporary folder");
        let file = output.path().join("latest.txt");
        for text in ["", "../outside\n", "latest\n", "monday\ntuesday\n", "/monday\n", "monday/\n"] {
            fs::write(&file, text).expect("writes");
            assert_eq!(run_behind(&output.path().join("latest")), None, "{text:?}");
            write(output.path(), "monday").expect_err("it has other text");
            remove(output.path()).expect("nothing to do");
            assert_eq!(fs::read_to_string(&file).expect("reads"), text);
        }
    }
}

//! An open folder, whose files are written and removed relative to it.
//!
//! The folder is checked when it is opened. If one of its parents is replaced by a symbolic link afterwards, its files
//! still get into the same folder. A file takes four system calls: it is created, written, renamed and closed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::ops::Deref;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::system::folder_handle::FolderHandle;

/// The suffix of unfinished files, so that a resumed run recognizes them.
pub const UNFINISHED: &str = ".part";
pub(super) const UNFINISHED_PREFIX: &str = ".";

/// The bytes that are collected before they are written: a short file is written at once.
const BUFFER: usize = 64 * 1024;

/// The number of the next unfinished file of this process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// An open folder.
#[derive(Debug)]
pub(crate) struct OpenFolder {
    folder: FolderHandle,
    path: PathBuf,
}

/// Writes to an unfinished file, and counts.
pub(crate) struct FileWriter {
    buffer: BufWriter<File>,
    length: u64,
}

/// A file that is being written under a temporary name. It is removed unless it is finished.
pub(crate) struct TemporaryFile<Folder: Deref<Target = OpenFolder>> {
    folder: Folder,
    /// The name that the file will have.
    name: PathBuf,
    /// `None` once the file has its name.
    temporary: Option<String>,
    writer: FileWriter,
}

impl OpenFolder {
    /// Opens a folder. The path may contain symbolic links.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let folder = FolderHandle::open(path).map_err(|error| at(path, &error))?;
        Ok(Self { folder, path: path.to_owned() })
    }

    /// Opens the folder with this name; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Fails for a symbolic link too.
    pub(crate) fn folder(&self, name: &str) -> io::Result<Option<Self>> {
        let path = self.path_of(Path::new(name))?;
        match self.folder.folder(name) {
            Ok(folder) => Ok(Some(Self { folder, path })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // Which of the errors a link causes depends on the system.
            Err(_) if fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) => {
                Err(symbolic_link(&path))
            }
            Err(error) => Err(at(&path, &error)),
        }
    }

    /// Opens the folder with this name, and creates it if it does not exist, readable only for the owner.
    pub(crate) fn create_folder(&self, name: &str) -> io::Result<Self> {
        if let Some(folder) = self.folder(name)? {
            return Ok(folder);
        }
        match self.folder.create_folder(name) {
            // Another task has created it in the meantime.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(at(&self.path.join(name), &error));
            }
            _ => {}
        }
        self.folder(name)?.ok_or_else(|| at(&self.path.join(name), &io::ErrorKind::NotFound.into()))
    }

    /// Returns the path of the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file through `write` to an unfinished file in the folder, and then renames it. Only its owner may read
    /// it. Returns its length in bytes.
    pub(crate) fn write_file(
        &self,
        name: impl AsRef<Path>,
        write: impl FnOnce(&mut FileWriter) -> io::Result<()>,
    ) -> io::Result<u64> {
        let mut file = TemporaryFile::create(self, name.as_ref())?;
        write(file.writer())?;
        file.finish()
    }

    /// Removes a file, if it exists.
    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        let path = self.path_of(Path::new(name))?;
        match self.folder.remove_file(name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Creates a file with a temporary name for `path`, and returns that name.
    fn unfinished(&self, path: &Path) -> io::Result<(String, File)> {
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("{UNFINISHED_PREFIX}{number}{UNFINISHED}");
            match self.folder.create_file(&name) {
                Ok(file) => return Ok((name, file)),
                // The file of a process that was killed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(at(path, &error)),
            }
        }
    }

    /// Returns the path of a file or folder directly in this one.
    fn path_of(&self, name: &Path) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        let mut parts = name.components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(_)), None) => Ok(path),
            _ => Err(io::Error::other(format!("{} is not in {}", path.display(), self.path.display()))),
        }
    }
}

impl FileWriter {
    /// Returns the number of bytes so far.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Removes everything after the first `length` bytes.
    pub(crate) fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.buffer.flush()?;
        let file = self.buffer.get_mut();
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length))?;
        self.length = length;
        Ok(())
    }
}

impl<Folder: Deref<Target = OpenFolder>> TemporaryFile<Folder> {
    /// Creates a file in `folder` that will have this name. Only its owner may read it.
    pub(crate) fn create(folder: Folder, name: &Path) -> io::Result<Self> {
        let path = folder.path_of(name)?;
        let (temporary, file) = folder.unfinished(&path)?;
        let writer = FileWriter { buffer: BufWriter::with_capacity(BUFFER, file), length: 0 };
        Ok(Self { folder, name: name.to_owned(), temporary: Some(temporary), writer })
    }

    /// Returns the folder of the file.
    pub(crate) fn folder(&self) -> &OpenFolder {
        &self.folder
    }

    /// Returns the writer of the file.
    pub(crate) fn writer(&mut self) -> &mut FileWriter {
        &mut self.writer
    }

    /// Gives the file its name, and replaces an existing one. Returns its length in bytes.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        self.writer.flush()?;
        if let Some(temporary) = &self.temporary {
            let renamed = self.folder.folder.rename(temporary, &self.name);
            renamed.map_err(|error| at(&self.folder.path.join(&self.name), &error))?;
        }
        self.temporary = None;
        Ok(self.writer.length)
    }
}

impl Write for FileWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.buffer.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.buffer.flush()
    }
}

impl<Folder: Deref<Target = OpenFolder>> Drop for TemporaryFile<Folder> {
    fn drop(&mut self) {
        if let Some(name) = &self.temporary {
            // The error that prevented the file is more important.
            let _ = self.folder.folder.remove_file(name);
        }
    }
}

/// Returns the error of a path that is a symbolic link.
pub(super) fn symbolic_link(path: &Path) -> io::Error {
    io::Error::other(format!("{} is a symbolic link, which is not followed", path.display()))
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::OpenFolder;

    #[test]
    fn files_and_folders_are_readable_only_for_the_owner() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let run = OpenFolder::open(parent.path()).expect("opens");
        assert!(run.folder("account").expect("looks").is_none());
        for _ in 0..2 {
            let folder = run.create_folder("account").expect("a folder");
            assert_eq!(folder.write_file("s3.json", |writer| writer.write_all(b"{}")).expect("writes"), 2);
        }
        let folder = run.folder("account").expect("looks").expect("a folder");
        assert_eq!(fs::read(folder.path().join("s3.json")).expect("reads"), b"{}");
        let mode = |path| fs::metadata(path).expect("exists").permissions().mode() & 0o777;
        assert_eq!(mode(folder.path().to_owned()), 0o700);
        assert_eq!(mode(folder.path().join("s3.json")), 0o600);
    }

    #[test]
    fn failed_or_panicked_write_leaves_no_file() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let folder = OpenFolder::open(parent.path()).expect("opens");
        let failed = folder.write_file("s3.json", |writer| {
            writer.write_all(&vec![0; 100_000])?;
            Err(io::Error::other("no space"))
        });
        assert!(failed.is_err());
        let panicked =
            catch_unwind(AssertUnwindSafe(|| folder.write_file("s3.json", |_| panic!("a defect"))));
        assert!(panicked.is_err());
        assert_eq!(fs::read_dir(parent.path()).expect("lists").count(), 0);
    }

    #[test]
    fn link_to_folder_is_not_entered() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let outside = parent.path().join("outside");
        fs::create_dir(&outside).and_then(|()| fs::create_dir(parent.path().join("run"))).expect("folders");
        symlink(&outside, parent.path().join("run/account")).expect("links");
        let run = OpenFolder::open(&parent.path().join("run")).expect("opens");
        for outcome in [run.folder("account").map(drop), run.create_folder("account").map(drop)] {
            let message = outcome.expect_err("a link").to_string();
            assert!(message.ends_with("run/account is a symbolic link, which is not followed"), "{message}");
        }
    }

    /// The folder was checked when it was opened.
    #[test]
    fn link_that_replaces_open_folder_has_no_effect() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| parent.path().join(name);
        fs::create_dir(path("account")).and_then(|()| fs::create_dir(path("outside"))).expect("folders");
        let folder = OpenFolder::open(&path("account")).expect("opens");
        fs::rename(path("account"), path("moved")).expect("moves");
        symlink(path("outside"), path("account")).expect("links");
        folder.write_file("s3.json", |writer| writer.write_all(b"{}")).expect("writes");
        assert!(path("moved/s3.json").exists() && !path("outside/s3.json").exists());
    }

    #[test]
    fn names_outside_of_the_folder_are_errors() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let run = OpenFolder::open(parent.path()).and_then(|run| run.create_folder("run")).expect("opens");
        for name in ["..", ".", "", "/tmp", "../outside", "a/b"] {
            let outcomes = [
                run.create_folder(name).map(drop),
                run.write_file(name, |_| Ok(())).map(drop),
                run.remove_file(name),
            ];
            for outcome in outcomes {
                let message = outcome.expect_err("outside").to_string();
                assert!(message.contains(" is not in "), "{name}: {message}");
            }
        }
    }

    #[test]
    fn errors_have_the_path() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        fs::write(parent.path().join("account"), "").expect("a file");
        let error = OpenFolder::open(parent.path()).and_then(|run| run.create_folder("account"));
        let message = error.expect_err("a file").to_string();
        assert!(message.contains("account: Not a directory"), "{message}");
        let missing = OpenFolder::open(&parent.path().join("missing")).expect_err("no folder");
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}

//! Atomic file writes, and safe access to regular files.
//!
//! A run's folder may come from an untrusted source before it is read or resumed. Symbolic links in it are not
//! followed, so that nothing outside of it is read, written or removed; and only regular files are opened, since
//! opening a pipe would block, and a device has no end.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};

use super::open_folder::{FileWriter, OpenFolder, UNFINISHED_PREFIX, symbolic_link};
use super::system::links::{NoFollowError, open_without_following};
use super::system::owner_only;

pub use super::open_folder::UNFINISHED;

/// The maximum size of a manifest or a list of accounts: a list of a million accounts is smaller.
const MAX_SIZE: u64 = 1 << 30;

/// Writes a file through `write` to a temporary file in the same folder, and then renames it. Returns its length in
/// bytes.
pub(crate) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut FileWriter) -> io::Result<()>,
) -> io::Result<u64> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = OpenFolder::open(folder.unwrap_or(Path::new(".")))?;
    folder.write_file(path.file_name().unwrap_or_default(), write)
}

/// Returns whether a file of this name is unfinished: a temporary file of [`write_file`], or a list that is being
/// written, where the file system does not support unnamed temporary files.
pub(crate) fn is_unfinished(name: &str) -> bool {
    const SCRATCH_PREFIX: &str = ".tmp";
    let is_unfinished = name.starts_with(UNFINISHED_PREFIX) && name.ends_with(UNFINISHED);
    is_unfinished || name.starts_with(SCRATCH_PREFIX)
}

/// Removes a file, if it exists.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Creates a folder and its parents, readable only for the owner.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    owner_only::folder_builder().recursive(true).create(path)
}

/// Creates the folders between `run` and `place`, which is below it. Existing parts have to be folders, and not
/// links to folders.
pub(crate) fn create_below(run: &Path, place: &Path) -> io::Result<()> {
    below(run, place, |folder| match owner_only::folder_builder().create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    })
}

/// Checks that there is no link between `run` and `place`; folders may be missing.
pub(crate) fn check_below(run: &Path, place: &Path) -> io::Result<()> {
    below(run, place, |_| Ok(()))
}

fn below(run: &Path, place: &Path, mut make: impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    let outside = || io::Error::other(format!("{} is not below {}", place.display(), run.display()));
    let mut folder = run.to_owned();
    for part in place.strip_prefix(run).map_err(|_| outside())?.components() {
        let Component::Normal(name) = part else { return Err(outside()) };
        folder.push(name);
        make(&folder)?;
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_symlink() => return Err(symbolic_link(&folder)),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Opens a file for appending, readable only for the owner.
pub fn append_to(path: &Path) -> io::Result<File> {
    open(path, owner_only::restrict(fs::OpenOptions::new().create(true).append(true)))
}

/// Opens a regular file that is not a symbolic link. It never blocks, whatever the path leads to.
pub(crate) fn open(path: &Path, options: &mut fs::OpenOptions) -> io::Result<File> {
    open_without_following(path, options).map_err(|error| match error {
        NoFollowError::Link => symbolic_link(path),
        NoFollowError::SpecialFile => io::Error::other(format!("{} is not a regular file", path.display())),
        NoFollowError::Other(error) => error,
    })
}

/// Opens a regular file for reading, if it is not a symbolic link.
pub(crate) fn open_to_read(path: &Path) -> io::Result<File> {
    open(path, fs::OpenOptions::new().read(true))
}

/// Reads a regular file that is not a symbolic link, and not larger than any file that a run writes in one piece.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = open_to_read(path)?;
    let too_large = || {
        let message = format!("{} is larger than {} MiB", path.display(), MAX_SIZE >> 20);
        io::Error::new(io::ErrorKind::InvalidData, message)
    };
    if file.metadata()?.len() > MAX_SIZE {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // The file may grow in the meantime.
    let read = file.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    if read as u64 > MAX_SIZE { Err(too_large()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::{append_to, check_below, create_below, read, write_file};

    #[test]
    fn a_finished_file_is_the_owners_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s3.json");
        write_file(&path, |writer| writer.write_all(b"{}")).expect("writes");
        assert_eq!(fs::read(&path).expect("reads"), b"{}");
        assert_eq!(fs::metadata(&path).expect("exists").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_link_is_replaced_and_never_written_through_or_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (outside, link) = (folder.path().join("outside"), folder.path().join("ledger.ndjson"));
        fs::write(&outside, "mine").expect("writes");
        symlink(&outside, &link).expect("links");
        for error in [append_to(&link).map(drop), read(&link).map(drop)] {
            let message = error.expect_err("a link").to_string();
            assert!(
                message.ends_with("ledger.ndjson is a symbolic link, which is not followed"),
                "{message}"
            );
        }
        write_file(&link, |writer| writer.write_all(b"new")).expect("writes");
        assert!(fs::symlink_metadata(&link).expect("exists").is_file());
        assert_eq!(fs::read_to_string(&outside).expect("reads"), "mine");
    }

    /// A pipe or a socket is an error, and opening it does not block.
    #[test]
    fn special_file_is_error_and_does_not_block() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipe = folder.path().join("manifest.json");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
            .expect("a pipe");
        let socket = folder.path().join("ledger.ndjson");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        let sub = folder.path().join("accounts.json");
        fs::create_dir(&sub).expect("a folder");
        for path in [&pipe, &socket] {
            for outcome in [read(path).map(drop), append_to(path).map(drop)] {
                let message = outcome.expect_err("no file").to_string();
                assert!(message.ends_with("is not a regular file"), "{message}");
            }
        }
        assert!(read(&sub).is_err() && append_to(&sub).is_err());
    }

    #[test]
    fn a_file_that_is_too_large_is_an_error() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("manifest.json");
        // Without a block on the disk.
        fs::File::create(&path).and_then(|file| file.set_len(1 << 40)).expect("a file");
        // Its length is known before it is read.
        let message = read(&path).expect_err("too large").to_string();
        assert!(message.ends_with("manifest.json is larger than 1024 MiB"), "{message}");
    }

    #[test]
    fn a_folder_that_is_a_link_is_not_entered() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (run, outside) = (folder.path().join("run"), folder.path().join("outside"));
        fs::create_dir_all(&run).and_then(|()| fs::create_dir(&outside)).expect("makes folders");
        symlink(&outside, run.join("account")).expect("links");
        let place = run.join("account").join("eu-west-1");
        for outcome in [create_below(&run, &place), check_below(&run, &place)] {
            let message = outcome.expect_err("a link").to_string();
            assert!(message.contains("run/account is a symbolic link"), "{message}");
        }
        assert_eq!(fs::read_dir(&outside).expect("lists").count(), 0);
        assert!(create_below(&run, &run.join("..").join("outside")).is_err());
    }

    #[test]
    fn folders_below_the_run_are_made_for_the_owner_alone() {
        let run = tempfile::tempdir().expect("a temporary folder");
        let place = run.path().join("account").join("eu-west-1");
        check_below(run.path(), &place).expect("nothing is there yet");
        for _ in 0..2 {
            create_below(run.path(), &place).expect("makes folders");
        }
        for folder in [place.parent().expect("a folder"), &place] {
            assert_eq!(fs::metadata(folder).expect("exists").permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_failed_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s3.json");
        let failed = write_file(&path, |writer| {
            writer.write_all(b"half")?;
            Err(io::Error::other("no space"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 0);
    }
}

//! Links to files and folders: files are opened without following one, and a link to a folder is created or replaced.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// The error of opening a path without following links.
#[derive(Debug)]
pub(crate) enum NoFollowError {
    /// The path is a link.
    Link,
    /// The path is no regular file.
    SpecialFile,
    /// The path cannot be opened.
    Other(io::Error),
}

/// Opens a regular file that is not a symbolic link. It never blocks, whatever the path leads to.
pub(crate) fn open_without_following(path: &Path, options: &mut OpenOptions) -> Result<File, NoFollowError> {
    let file = system::open_without_following(path, options)?;
    let found = file.metadata().map_err(NoFollowError::Other)?;
    if found.is_file() { Ok(file) } else { Err(NoFollowError::SpecialFile) }
}

/// Links to the folder `name` beside the link, without any privilege, and replaces an existing link.
///
/// On Unix, it is a relative symbolic link, which is replaced atomically. On Windows, where symbolic links need a
/// privilege, it is a junction, which has an absolute path, and does not exist for a moment when it is replaced.
///
/// # Errors
///
/// Returns an error if the file system has no such links.
pub(crate) fn replace_folder_link(link: &Path, name: &OsStr) -> io::Result<()> {
    system::replace_folder_link(link, name)
}

#[cfg(unix)]
mod system {
    use std::ffi::OsStr;
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{OpenOptionsExt, symlink};
    use std::path::Path;

    use rustix::fs::OFlags;
    use rustix::io::Errno;

    use super::NoFollowError;

    pub(super) fn open_without_following(
        path: &Path,
        options: &mut OpenOptions,
    ) -> Result<File, NoFollowError> {
        // The second flag has no effect on a regular file. Without it, opening a pipe blocks until a process opens
        // its other end.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let flags =
            i32::try_from(flags.bits()).map_err(|error| NoFollowError::Other(io::Error::other(error)))?;
        options.custom_flags(flags).open(path).map_err(|error| match Errno::from_io_error(&error) {
            Some(Errno::LOOP) => NoFollowError::Link,
            // The errors of a pipe without a reader and of a socket.
            Some(Errno::NXIO | Errno::OPNOTSUPP) => NoFollowError::SpecialFile,
            _ => NoFollowError::Other(error),
        })
    }

    pub(super) fn replace_folder_link(link: &Path, name: &OsStr) -> io::Result<()> {
        let file = link.file_name().unwrap_or_default().to_string_lossy();
        // No other process uses this name at the same time.
        let temporary = link.with_file_name(format!(".{file}-{}", std::process::id()));
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        symlink(name, &temporary)?;
        fs::rename(&temporary, link).inspect_err(|_| drop(fs::remove_file(&temporary)))
    }
}

#[cfg(windows)]
mod system {
    use std::ffi::OsStr;
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    use super::NoFollowError;
    use crate::util::system::folder_handle::FILE_FLAG_OPEN_REPARSE_POINT;

    pub(super) fn open_without_following(
        path: &Path,
        options: &mut OpenOptions,
    ) -> Result<File, NoFollowError> {
        let file =
            options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT).open(path).map_err(NoFollowError::Other)?;
        let found = file.metadata().map_err(NoFollowError::Other)?;
        if found.is_symlink() { Err(NoFollowError::Link) } else { Ok(file) }
    }

    pub(super) fn replace_folder_link(link: &Path, name: &OsStr) -> io::Result<()> {
        // Only a link, or an empty folder.
        match fs::remove_dir(link) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let target = std::path::absolute(link.with_file_name(name))?;
        // Where links are not supported, an empty folder remains.
        junction::create(target, link).inspect_err(|_| drop(fs::remove_dir(link)))
    }
}
